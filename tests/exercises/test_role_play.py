"""A conversation without a screen, the command that plays one, and what authors may get wrong."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from io import BytesIO, TextIOWrapper
from pathlib import Path
from typing import Any

import pytest

from exercises import schema
from exercises.__main__ import main
from exercises.dialogues import dialogues
from exercises.role_play import begin, play, play_out, problems
from tests.exercises.players import FORMULAIC, HOSTILE, TEXTBOOK

ID = "trimmed-watercolour"
ABUSIVE = "van-on-the-ramp"
LIMIT = (
    "I want to help you, and I can as soon as the names stop. If they go on, I'll have to put the "
    "phone down and ring you back in an hour."
)


@pytest.fixture
def dialogue() -> Mapping[str, Any]:
    return dialogues()[ID]


def test_a_conversation_begins_with_the_customer(dialogue: Mapping[str, Any]) -> None:
    start = begin(dialogue)
    assert start.said == dialogue["opening"].strip()
    assert start.temper == dialogue["temper"]
    assert start.end is None


def test_an_open_question_opens_the_story(dialogue: Mapping[str, Any]) -> None:
    after = begin(dialogue).reply("I'd like to understand this. What does the picture mean to you?")
    asked = [part["says"].strip() for part in dialogue["story"] if part["opens"] == "asked"]
    assert any(text in after.said for text in asked)


def test_an_insult_opens_nothing(dialogue: Mapping[str, Any]) -> None:
    after = begin(dialogue).reply("Oh, shut up, you silly old woman. What is the picture, anyway?")
    assert not after.told
    assert after.temper > dialogue["temper"]


def test_the_same_replies_make_the_same_conversation(dialogue: Mapping[str, Any]) -> None:
    assert play_out(dialogue, TEXTBOOK) == play_out(dialogue, TEXTBOOK)


def test_a_conversation_can_be_taken_up_again_at_any_turn(dialogue: Mapping[str, Any]) -> None:
    whole = play_out(dialogue, dialogue["strong"])
    for n in range(len(whole.turns)):
        part = play(dialogue, [turn.reply for turn in whole.turns[:n]])
        assert part.turns == whole.turns[:n]
        assert part.said == whole.turns[n].said
        assert part.end is None


def test_what_is_said_after_the_end_is_refused(dialogue: Mapping[str, Any]) -> None:
    ended = play_out(dialogue, HOSTILE)
    with pytest.raises(ValueError, match="has ended"):
        ended.reply("Sorry.")
    assert play(dialogue, [*HOSTILE, "Sorry."]) == play(dialogue, HOSTILE)


def test_saying_the_same_again_is_noticed(dialogue: Mapping[str, Any]) -> None:
    good = dialogue["strong"][0]
    once = begin(dialogue).reply(good)
    twice = once.reply(good.upper())
    assert twice.turns[-1].cause == "repeated"
    assert twice.temper > once.temper


@pytest.mark.parametrize("text", ["", "   ", "\n"])
def test_saying_nothing_is_silence(dialogue: Mapping[str, Any], text: str) -> None:
    after = begin(dialogue).reply(text)
    assert after.turns[-1].cause == "silence"
    assert after.temper > dialogue["temper"]


@pytest.mark.parametrize(
    "text", ["???", "asdf qwer zxcv", "Es tut mir sehr leid, das war unser Fehler."]
)
def test_what_cannot_be_followed_is_told_so(dialogue: Mapping[str, Any], text: str) -> None:
    after = begin(dialogue).reply(text)
    assert after.turns[-1].cause == "lost"
    assert after.temper > dialogue["temper"]


def test_a_promise_against_the_limits_is_caught(dialogue: Mapping[str, Any]) -> None:
    after = begin(dialogue).reply(
        "We'll mend it and you'll never see the join, it'll be good as new."
    )
    assert after.turns[-1].cause == "impossible"
    assert dialogue["impossible"][0]["says"].strip() in after.said
    honest = begin(dialogue).reply("It won't be good as new, and I'm sorry about that.")
    assert dialogue["impossible"][0]["says"].strip() not in honest.said


def test_a_quiet_agent_who_has_done_the_work_is_let_go(dialogue: Mapping[str, Any]) -> None:
    done = play(dialogue, dialogue["strong"][:3])
    assert done.end is None
    left = play_out(dialogue, dialogue["strong"][:3])
    assert left.end is not None
    assert left.end.id in ("settled", "thankful")
    assert left.temper <= done.temper


def test_abuse_meets_a_fair_limit_and_only_then_may_the_agent_end_it() -> None:
    dialogue = dialogues()[ABUSIVE]
    bye = "I'm ending this call now. You can ring again in an hour."
    early = begin(dialogue).reply(bye)
    assert early.end is None
    warned = begin(dialogue).reply(LIMIT)
    assert warned.turns[-1].cause == "warned"
    assert not warned.memory.abuse
    again = warned.reply("We are looking into it and somebody will be in touch.")
    assert again.memory.abuse
    threat = again.reply("If you carry on like that I'll have to hang up, and I don't want to.")
    assert threat.end is None or threat.end.id != "ended-fairly"
    over = again.reply(bye)
    assert over.end is not None
    assert over.end.id == "ended-fairly"


def test_a_wish_to_end_is_no_ending_where_nobody_was_abusive(dialogue: Mapping[str, Any]) -> None:
    after = play(dialogue, [LIMIT, "I'm ending this call now."])
    assert after.end is None or after.end.id != "ended-fairly"


# ---- python -m exercises play ----


def replies_file(folder: Path, *replies: str) -> str:
    path = folder / "replies.jsonl"
    path.write_text("".join(json.dumps(reply) + "\n" for reply in replies), encoding="utf-8")
    return str(path)


def test_play_prints_a_line_a_turn_and_the_end(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = replies_file(tmp_path, *FORMULAIC)
    assert main(["play", ID, "--replies", file]) == 0
    out = capsys.readouterr().out
    assert out.isascii()
    *turns, end = (json.loads(line) for line in out.splitlines())
    assert [list(row) for row in turns] == [
        ["turn", "customer", "temper", "reply", "levels", "total"]
    ] * len(turns)
    assert [row["turn"] for row in turns] == list(range(1, len(turns) + 1))
    assert [row["reply"] for row in turns] == list(FORMULAIC[: len(turns)])
    assert turns[0]["customer"] == dialogues()[ID]["opening"].strip()
    assert list(end) == ["end", "customer", "temper"]
    assert end["end"] in dialogues()[ID]["endings"]
    assert end["temper"] == turns[-1]["temper"]


def test_missing_replies_count_as_silence_and_empty_lines_are_none(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "none.jsonl"
    path.write_text("\n\n", encoding="utf-8")
    assert main(["play", ID, "--replies", str(path)]) == 0
    *turns, end = (json.loads(line) for line in capsys.readouterr().out.splitlines())
    assert {row["reply"] for row in turns} == {""}
    assert end["end"] == "hung-up"


def test_replies_can_come_from_standard_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    text = json.dumps("What happened?").encode()
    monkeypatch.setattr(sys, "stdin", TextIOWrapper(BytesIO(text)))
    assert main(["play", ID, "--replies", "-"]) == 0
    assert json.loads(capsys.readouterr().out.splitlines()[0])["reply"] == "What happened?"


def test_an_unknown_dialogue_is_told_what_is_near(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    file = replies_file(tmp_path, "Hello.")
    assert main(["play", "trimmed-watercolor", "--replies", file]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert "'trimmed-watercolor'" in said.err
    assert ID in said.err


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b'"Hello."\nnot json\n', "line 2 is no JSON string"),
        (b'"Hello."\n42\n', "line 2 is no JSON string"),
        (b'"Hello."\n\n"There."\n', "line 2 is no JSON string"),
        (b'"now\xe9"\n', "byte 4 is no UTF-8"),
        (None, "cannot be read"),
    ],
)
def test_replies_that_cannot_be_used_are_an_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None, words: str
) -> None:
    path = tmp_path / "replies.jsonl"
    if content is not None:
        path.write_bytes(content)
    assert main(["play", ID, "--replies", str(path)]) == 1
    said = capsys.readouterr()
    assert said.out == ""
    assert str(path) in said.err
    assert words in said.err


# ---- what authors may get wrong ----


def changed(dialogue: Mapping[str, Any], **changes: object) -> dict[str, Any]:
    copy: dict[str, Any] = json.loads(json.dumps(dialogue))
    return {**copy, **changes}


def test_a_missing_list_of_reactions_is_named(dialogue: Mapping[str, Any]) -> None:
    data = changed(dialogue)
    del data["reactions"]["blamed"]
    data["temperament"] = "grumpy"
    found = schema.problems(data, "dialogue", "d.yml")
    assert "d.yml: reactions.blamed: is missing; allowed: at least two texts" in found
    assert any("temperament: 'grumpy' does not fit" in line for line in found)


def test_too_few_lines_are_named(dialogue: Mapping[str, Any]) -> None:
    data = changed(dialogue)
    data["wants"]["hearing"] = data["wants"]["hearing"][:2]
    (line,) = schema.problems(data, "dialogue", "d.yml")
    assert line.startswith("d.yml: wants.hearing: ")
    assert line.endswith("allowed: at least four texts")


def test_every_dialogue_meets_its_schema_and_has_no_other_problem() -> None:
    for id, data in dialogues().items():
        assert schema.problems(data, "dialogue", id) == []
        assert list(problems(data)) == []


def test_a_line_given_twice_is_found(dialogue: Mapping[str, Any]) -> None:
    data = changed(dialogue)
    data["reactions"]["ignored"][1] = data["wants"]["action"][0]
    (line,) = problems(data)
    assert line.startswith("reactions.ignored[1]: says the same as wants.action[0]")


def test_a_story_that_no_question_opens_is_found(dialogue: Mapping[str, Any]) -> None:
    data = changed(dialogue)
    for part in data["story"]:
        part["opens"] = "owned"
    assert len(list(problems(data))) == 3


def test_abuse_goes_with_an_ending_for_it(dialogue: Mapping[str, Any]) -> None:
    data = changed(dialogue, abuse=["One.", "Two.", "Three."], warned=["Well.", "All right."])
    (line,) = problems(data)
    assert line.startswith("endings.ended-fairly: goes with abuse")
