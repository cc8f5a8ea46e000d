"""A learner's role play: kept between sessions, played again from any turn, put on record."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from exercises import rehearsal
from exercises.debrief import COOLED, HEATED, TURNED, effects, turning_points
from exercises.dialogues import dialogues
from exercises.record import Entry, Record
from exercises.rehearsal import Rehearsal
from exercises.role_play import play_out
from tests.exercises.players import FORMULAIC, HOSTILE, SILENT

ID = "trimmed-watercolour"
ABUSIVE = "van-on-the-ramp"
DIALOGUE = dialogues()[ID]
STRONG = DIALOGUE["strong"]


def at_work(home: Path, id: str = ID, *, dialogue: Mapping[str, Any] | None = None) -> Rehearsal:
    """The role play as a new session finds it."""
    return Rehearsal(id, dialogue or dialogues()[id], home / "drafts", Record(home))


def recorded(home: Path) -> list[Entry]:
    return list(Record(home).read())


def say_all(work: Rehearsal, *replies: str) -> None:
    for reply in replies:
        work.write(reply)
        work.say(reply)


def test_a_talk_goes_on_where_the_last_session_left_it(learner_home: Path) -> None:
    work = at_work(learner_home)
    say_all(work, *STRONG[:2])
    work.write("And now I would")
    again = at_work(learner_home)
    assert again.conversation == work.conversation
    assert again.replies == [reply.strip() for reply in again.replies] == list(work.replies)
    assert again.text == "And now I would"
    assert again.trouble is None


def test_a_finished_talk_is_one_attempt(learner_home: Path) -> None:
    work = at_work(learner_home)
    say_all(work, *STRONG)
    assert work.conversation.end is not None
    (entry,) = recorded(learner_home)
    assert (entry.exercise, entry.kind) == (ID, "role-play")
    assert entry.total == 100 - work.conversation.temper
    assert entry.text.splitlines()[0] == f"1. {STRONG[0].strip()}"
    assert entry.levels["explore"] == 2
    assert at_work(learner_home).conversation.end == work.conversation.end
    work.say("And another thing.")
    assert len(recorded(learner_home)) == 1


def test_an_unfinished_talk_is_no_attempt(learner_home: Path) -> None:
    say_all(at_work(learner_home), *STRONG[:2])
    assert recorded(learner_home) == []


def test_any_turn_can_be_played_again(learner_home: Path) -> None:
    work = at_work(learner_home)
    say_all(work, *STRONG)
    whole = work.conversation
    work.again(3)
    assert work.conversation.turns == whole.turns[:2]
    assert work.conversation.said == whole.turns[2].said
    assert work.text == STRONG[2]
    assert work.conversation.end is None
    assert work.trouble is None
    assert at_work(learner_home).conversation == work.conversation
    say_all(work, *HOSTILE)
    assert work.conversation.end is not None
    assert [entry.total for entry in recorded(learner_home)][1] < 30


@pytest.mark.parametrize("turn", [0, -1, 9])
def test_a_turn_that_was_not_played_cannot_be_played_again(learner_home: Path, turn: int) -> None:
    work = at_work(learner_home)
    say_all(work, *STRONG[:2])
    before = work.conversation
    work.again(turn)
    assert work.conversation == before


def test_ending_an_abusive_talk_fairly_is_no_failure(learner_home: Path) -> None:
    work = at_work(learner_home, ABUSIVE)
    say_all(
        work,
        "Please don't speak to me like that. If you can leave the names out, I'll help you. If "
        "not, I'll end the call.",
        "We are looking into it and somebody will be in touch.",
        "We value your custom.",
        "I'm ending this call now. You can ring again in an hour.",
    )
    assert work.conversation.end is not None
    assert work.conversation.end.id == "ended-fairly"
    (entry,) = recorded(learner_home)
    assert entry.total == rehearsal.FAIR


def test_the_good_run_opens_after_an_honest_try(learner_home: Path) -> None:
    work = at_work(learner_home)
    assert not work.tried
    for _ in range(8):
        work.say("")
    assert work.conversation.end is not None
    assert not work.tried
    work.again(1)
    say_all(work, *FORMULAIC)
    assert work.tried


def test_two_windows_lose_nothing(learner_home: Path) -> None:
    one, other = at_work(learner_home), at_work(learner_home)
    say_all(one, STRONG[0])
    say_all(other, FORMULAIC[0])
    assert other.trouble == "role_play_other_window"
    assert other.set_aside() == [f"1. {STRONG[0].strip()}"]
    one.reload()
    assert one.replies == [FORMULAIC[0]]


def test_a_damaged_file_keeps_what_can_be_read(learner_home: Path) -> None:
    say_all(at_work(learner_home), *STRONG[:2])
    path = learner_home / "drafts" / f"{ID}.turns"
    path.write_bytes(path.read_bytes() + b'{"not": "a reply"}\n"lost"\n\xff')
    assert at_work(learner_home).replies == [STRONG[0], STRONG[1]]
    path.write_bytes(b"\x00\xff")
    assert at_work(learner_home).replies == []


def test_an_author_who_changes_the_talk_does_no_harm(learner_home: Path) -> None:
    say_all(at_work(learner_home), *HOSTILE)
    path = learner_home / "drafts" / f"{ID}.turns"
    path.write_bytes(path.read_bytes() * 5)  # more replies than the talk has turns
    assert at_work(learner_home).conversation.end is not None


def test_a_full_disk_is_told_and_the_talk_goes_on(
    learner_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work = at_work(learner_home)

    def full(*_: object) -> None:
        raise OSError("No space left on device")

    monkeypatch.setattr("exercises.drafts.write_atomic", full)
    monkeypatch.setattr(Record, "append", full)
    say_all(work, *STRONG)
    assert work.conversation.end is not None
    assert work.trouble == "role_play_not_saved"
    work.reload()
    assert work.conversation.end is not None


# ---- the look back ----


def test_turning_points_are_in_the_learners_words() -> None:
    talk = play_out(DIALOGUE, [STRONG[0], HOSTILE[1], *STRONG[1:], *STRONG])
    points = turning_points(talk)
    kinds = {point.kind: point for point in points}
    assert kinds[HEATED].turn.number == 2
    assert kinds[COOLED].turn.change == min(turn.change for turn in talk.turns)
    assert [point.turn.number for point in points] == sorted(point.turn.number for point in points)
    for point in points:
        assert point.quote.rstrip("…") in " ".join(point.turn.reply.split())


def test_where_the_heat_went_out_is_a_turning_point() -> None:
    talk = play_out(DIALOGUE, STRONG)
    crossed = [t.number for t in talk.turns if t.before >= 55 > t.temper]
    points = {point.turn.number: point.kind for point in turning_points(talk)}
    assert points[crossed[0]] in (TURNED, COOLED)


def test_silence_has_turning_points_without_words() -> None:
    talk = play_out(DIALOGUE, SILENT)
    (point,) = turning_points(talk)
    assert (point.kind, point.cause, point.quote) == (HEATED, "silence", "")


def test_what_cooled_and_what_heated_are_told_apart() -> None:
    cooled, heated = effects(play_out(DIALOGUE, [STRONG[0], *HOSTILE]))
    assert {effect.cause for effect in cooled} & {"reflect", "explore"}
    assert all(effect.points < 0 for effect in cooled)
    assert heated
    assert all(effect.points > 0 for effect in heated)
    assert all(effect.turns for effect in (*cooled, *heated))
