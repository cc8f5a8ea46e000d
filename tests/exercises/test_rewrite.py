"""The rewrite exercise without a screen."""

from dataclasses import replace
from pathlib import Path

import pytest

from exercises.bank import BankScenario
from exercises.drafts import Draft
from exercises.record import Record
from exercises.rewrite import Hint, Rewrite
from exercises.writing import word_count

SCENARIO = BankScenario(
    id="late-cake",
    setting="Bakery, at the counter",
    customer="The cake came at six. The party was at four! My daughter cried.",
    agent_bad="There was traffic.",
    asks={"acknowledge": 1, "reflect": 1, "explore": 1},
)
WEAK = "I understand your frustration. We will pass on your comments to the team."
BETTER = (
    "Your cake turned up two hours after the party had begun. Anyone would be furious. "
    "What would make it up to your little girl?"
)


def rewrite(home: Path, *, keep: bool = True) -> Rewrite:
    """The exercise as a new session finds it."""
    draft = Draft(home / "drafts" / "late-cake.txt", home / "drafts" / "late-cake.aside.json")
    return Rewrite(SCENARIO, draft, Record(home) if keep else None)


def recorded(home: Path) -> list[str]:
    return [entry.text for entry in Record(home).read("late-cake")]


def test_check_grades_the_reply_and_records_it(learner_home: Path) -> None:
    work = rewrite(learner_home)
    attempt = work.check(BETTER)
    assert attempt.reply == BETTER
    assert attempt.assessment.levels["explore"] == 2
    (entry,) = Record(learner_home).read()
    assert (entry.exercise, entry.kind, entry.text) == ("late-cake", "rewrite", BETTER)
    assert entry.levels == attempt.assessment.levels
    assert entry.total == attempt.assessment.total


def test_second_draft_is_compared_with_the_first(learner_home: Path) -> None:
    work = rewrite(learner_home)
    first = work.check(WEAK)
    assert work.before(first) is None
    second = work.check(BETTER)
    assert work.before(second) == first
    assert second.assessment.levels["explore"] > first.assessment.levels["explore"]


def test_same_reply_checked_twice_is_one_attempt_with_the_same_comparison(
    learner_home: Path,
) -> None:
    work = rewrite(learner_home)
    first, second, again = work.check(WEAK), work.check(BETTER), work.check(BETTER)
    assert again == second
    assert work.before(again) == first
    assert recorded(learner_home) == [WEAK, BETTER]


def test_next_session_finds_text_attempts_and_comparison(learner_home: Path) -> None:
    work = rewrite(learner_home)
    first = work.check(WEAK)
    work.write(f"{WEAK} And")
    again = rewrite(learner_home)
    assert again.text == f"{WEAK} And"
    assert again.attempts == [first]
    assert again.before(again.check(BETTER)) == first


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        (SCENARIO.customer, "copied"),
        ("Sorry word " * 600, "too-long"),
        ("Es tut mir leid, dass die Torte zu spät kam. Was kann ich für Sie tun?", "not-english"),
        ("".join(map(chr, range(1, 256))) * 300, None),
        ("\0\ud83d" * 50_000, None),
        ("<script>alert(1)</script>" * 40_000, None),
    ],
    ids=["empty", "blank", "copied", "huge", "german", "binary", "surrogates", "html"],
)
def test_rejected_reply_is_told_why_kept_and_no_attempt(
    learner_home: Path, reply: str, reason: str | None
) -> None:
    work = rewrite(learner_home)
    work.write(reply)
    attempt = work.check(reply)
    assert attempt.assessment.rejected == reason or (reason is None and attempt.assessment.rejected)
    assert (work.attempts, recorded(learner_home)) == ([], [])
    assert rewrite(learner_home).text == work.text == attempt.reply
    assert not work.model_open


def test_model_reply_opens_after_an_honest_attempt_and_stays_open(learner_home: Path) -> None:
    work = rewrite(learner_home)
    for reply in ("", SCENARIO.customer, "So the cake was late."):
        work.check(reply)
        assert not work.model_open
    work.check(WEAK)
    assert work.model_open
    work.check("So it was late.")
    work.check("So it was too late.")
    assert rewrite(learner_home).model_open


FULL = f"{BETTER} So the party was over by the time your cake came at six."


@pytest.mark.parametrize(
    ("reply", "asks", "hint"),
    [
        ("", {"acknowledge": 1, "explore": 1}, Hint("acknowledge", 0)),  # the rubric's first
        (SCENARIO.customer, {"explore": 1}, Hint("explore", 0)),
        (WEAK, {"acknowledge": 1, "explore": 1}, Hint("explore", 0)),
        (WEAK, {"acknowledge": 3, "explore": 1}, Hint("acknowledge", 1)),  # counts for more
        (BETTER, SCENARIO.asks, Hint("reflect", 1)),
        (FULL, SCENARIO.asks, None),
        (WEAK, {}, None),
    ],
    ids=["empty", "copied", "weak", "by weight", "half", "full", "nothing asked"],
)
def test_hint_names_what_would_bring_the_reply_on_most(
    learner_home: Path, reply: str, asks: dict[str, float], hint: Hint | None
) -> None:
    draft = Draft(learner_home / "d.txt", learner_home / "d.json")
    assert Rewrite(replace(SCENARIO, asks=asks), draft).hint(reply) == hint


def test_asking_for_a_hint_is_no_attempt(learner_home: Path) -> None:
    work = rewrite(learner_home)
    assert work.hint(WEAK) is not None
    assert (work.attempts, work.model_open, recorded(learner_home)) == ([], False, [])


def test_damaged_record_is_told_and_what_is_readable_is_taken_up(learner_home: Path) -> None:
    rewrite(learner_home).check(BETTER)
    with Record(learner_home).path.open("ab") as file:
        file.write(b"{damaged")
    work = rewrite(learner_home)
    assert work.trouble == "record_damaged"
    assert [attempt.reply for attempt in work.attempts] == [BETTER]
    assert rewrite(learner_home).trouble is None


def test_attempts_do_not_grow_with_use(learner_home: Path) -> None:
    work = rewrite(learner_home, keep=False)
    for i in range(50):
        work.check(f"{BETTER} I'll ring you at {i}.")
    assert len(work.attempts) == 2


def test_without_record_nothing_but_the_draft_is_kept(learner_home: Path) -> None:
    work = rewrite(learner_home, keep=False)
    work.write(BETTER)
    work.check(BETTER)
    assert [p.name for p in learner_home.rglob("*") if p.is_file()] == ["late-cake.txt"]


def test_words_of_another_window_are_kept_and_told(learner_home: Path) -> None:
    work, other = rewrite(learner_home), rewrite(learner_home)
    other.write("Words of the other window.")
    work.write("Mine.")
    assert work.trouble == "other_window"
    assert work.set_aside() == ["Words of the other window."]
    work.write("Mine. Words of the other window.")
    assert work.trouble is None
    assert work.set_aside() == []  # they are in the box


def test_reload_takes_up_what_another_window_wrote(learner_home: Path) -> None:
    work = rewrite(learner_home)
    work.write("First.")
    rewrite(learner_home).write("First. And second.")
    work.reload()
    assert work.text == "First. And second."
    work.write("First. And second, too.")
    assert work.trouble is None


def test_folder_that_cannot_be_written_is_told_and_checking_goes_on(tmp_path: Path) -> None:
    home = tmp_path / "file"
    home.write_text("no folder")
    work = rewrite(home)
    work.write(WEAK)
    assert work.trouble == "not_saved"
    assert work.check(BETTER).assessment.levels["explore"] == 2
    assert work.trouble == "not_saved"
    work.reload()
    assert work.text == WEAK


def test_draft_that_cannot_be_read_is_told_and_never_overwritten(learner_home: Path) -> None:
    (learner_home / "drafts" / "late-cake.txt").mkdir(parents=True)
    work = rewrite(learner_home)
    assert work.trouble == "not_read"
    work.write(WEAK)
    assert work.trouble == "not_saved"
    assert (learner_home / "drafts" / "late-cake.txt").is_dir()


@pytest.mark.parametrize(
    ("text", "count"),
    [("", 0), ("one", 1), ("don't", 1), ("half-term fee: £5", 3), ("…  – !", 0), ("a\nb\tc", 3)],
)
def test_word_count(text: str, count: int) -> None:
    assert word_count(text) == count
