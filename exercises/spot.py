"""The spot exercise without a screen: mark the words that heat or calm, and name what they do.

The key is the grader's own evidence, found when the exercise is opened, so that text and grader
cannot disagree.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from exercises.kept import Kept
from exercises.phrases import Phrase, phrases
from exercises.record import Entry
from exercises.shuffle import shuffled
from grader import Assessment, Evidence, Scenario, assess, load_rubric
from grader.model import Criterion

KIND = "spot"
# A reply that can be searched has so many marks, and so many phrases that need none.
FEWEST_MARKS = 2
FEWEST_OTHERS = 2
# How many names that fit nowhere stand among those to choose from.
WRONG_NAMES = 3
# After so many checks the answer is shown.
TRIES = 2


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one phrase.

    `name` is the criterion that the learner chose for it, "" for none. `right` is the evidence
    looked for that the phrase shares words with; `half` are moves there that are only half made,
    where calm is looked for; `other` are faults and full moves that are not looked for.
    """

    phrase: Phrase
    name: str
    right: tuple[Evidence, ...]
    half: tuple[Evidence, ...]
    other: tuple[Evidence, ...]

    @property
    def named(self) -> tuple[Evidence, ...]:
        """The evidence looked for that has the chosen name."""
        return tuple(e for e in self.right if e.criterion == self.name)


@dataclass(frozen=True, slots=True)
class Result:
    """The learner's marks beside the key; `total` is 0 to 100.

    `key` is all that is looked for, `missed` what of it the learner has not marked.
    """

    verdicts: tuple[Verdict, ...]
    key: tuple[Evidence, ...]
    missed: tuple[Evidence, ...]
    total: int

    @property
    def perfect(self) -> bool:
        """Whether everything is marked, nothing else is, and all names are right."""
        return self.total == 100


@dataclass(frozen=True)
class Spot:
    """One exercise, and what the grader finds in its reply.

    `look_for` is "heat" (faults), "calm" (moves made in full) or "both".
    """

    id: str
    task: str
    look_for: str
    scenario: Scenario
    reply: str

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> Spot:
        """Read an exercise from its checked data."""
        return cls(id, data["task"], data["look_for"], Scenario.of(data), data["reply"])

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The reply in the phrases that can be marked."""
        return phrases(self.reply)

    @cached_property
    def found(self) -> Assessment:
        """What the grader finds in the reply."""
        return assess(self.reply, self.scenario)

    @cached_property
    def key(self) -> tuple[Evidence, ...]:
        """What is looked for, in the order of the text."""
        return tuple(e for e in self.found.evidence if self._is_full(e) and self._is_looked_for(e))

    @cached_property
    def choices(self) -> tuple[Criterion, ...]:
        """The names to choose from: those of the key and a few others, always the same."""
        rubric = load_rubric()
        pool = {"heat": rubric.faults, "calm": rubric.moves}.get(
            self.look_for, (*rubric.moves, *rubric.faults)
        )
        absent = [criterion for criterion in pool if not self.found.levels[criterion.id]]
        others = shuffled([criterion.id for criterion in absent], self.id)[:WRONG_NAMES]
        shown = {e.criterion for e in self.key} | {absent[i].id for i in others}
        return tuple(criterion for criterion in pool if criterion.id in shown)

    def _is_full(self, evidence: Evidence) -> bool:
        criterion = load_rubric().criteria[evidence.criterion]
        return self.found.levels[criterion.id] == criterion.top

    def _is_half(self, evidence: Evidence) -> bool:
        # Without a rule behind it, half a move is too much of a guess to be told about.
        by_rule = {j.criterion for j in self.found.judgements if j.rule}
        return not self._is_full(evidence) and evidence.criterion in by_rule

    def _is_looked_for(self, evidence: Evidence) -> bool:
        heats = load_rubric().criteria[evidence.criterion].kind == "fault"
        return self.look_for in ("both", "heat" if heats else "calm")

    def compare(self, marks: Mapping[int, str]) -> Result:
        """Compare the learner's marks, number of the phrase -> criterion or "", with the key.

        The total is 100 x F1 over the marks, where a mark with a wrong name or none counts half.
        Halves of moves are neither right nor wrong.
        """
        verdicts = tuple(self.verdict(at, marks[at]) for at in sorted(marks))
        worth: dict[Evidence, float] = {}
        for verdict in verdicts:
            for e in verdict.right:
                worth[e] = max(worth.get(e, 0.0), _worth(verdict))
        counted = [v for v in verdicts if v.right or not v.half]
        earned = sum(_worth(v) for v in counted if v.right)
        precision = earned / len(counted) if counted else 0.0
        recall = sum(worth.values()) / len(self.key) if self.key else 0.0
        both = precision + recall
        total = round(200 * precision * recall / both) if both else 0
        missed = tuple(e for e in self.key if e not in worth)
        return Result(verdicts, self.key, missed, total)

    def verdict(self, at: int, name: str = "") -> Verdict:
        """What is to be said of a phrase that the learner gave a name, "" for none."""
        phrase = self.phrases[at]
        there = [e for e in self.found.evidence if e.start < phrase.end and phrase.start < e.end]
        right = tuple(e for e in there if e in self.key)
        half = tuple(e for e in there if self.look_for != "heat" and self._is_half(e))
        other = tuple(e for e in there if self._is_full(e) and e not in right)
        return Verdict(phrase, name, right, half, other)


def _worth(verdict: Verdict) -> float:
    return 1.0 if verdict.named else 0.5


class Hunt:
    """One learner's work on one exercise.

    `marks` are the phrases marked so far: number -> chosen criterion, "" for none. `tries` counts
    the checks since the start, and `answer_open` says that the answer may be shown. `is_checked`
    is whether the marks are those of the last check.
    """

    def __init__(self, spot: Spot, kept: Kept) -> None:
        self.spot = spot
        self.kept = kept
        self.reload()

    def reload(self) -> None:
        """Take the marks from their file, where another window may have changed them."""
        state = self.kept.load()
        places = {phrase.text: at for at, phrase in enumerate(self.spot.phrases)}
        names = [criterion.id for criterion in self.spot.choices]
        marks, tries = state.get("marks"), state.get("tries")
        self.marks: dict[int, str] = {
            places[text]: name if name in names else ""
            for text, name in (marks.items() if isinstance(marks, dict) else ())
            if text in places
        }
        self.tries = tries if type(tries) is int and tries > 0 else 0
        self.answer_open = state.get("open") is True
        self.is_checked = state.get("checked") is True

    def mark(self, at: int, *, on: bool) -> None:
        """Mark a phrase, or take its mark away."""
        if on is not (at in self.marks):
            if on:
                self.marks[at] = ""
            else:
                del self.marks[at]
            self._changed()

    def name(self, at: int, criterion: str) -> None:
        """Say what a marked phrase does."""
        if self.marks.get(at, criterion) != criterion:
            self.marks[at] = criterion
            self._changed()

    def check(self) -> Result | None:
        """Compare the marks with the key; None where there are none.

        Put on record while the answer is not open yet, unless it is the same as the last check.
        """
        if not self.marks:
            return None
        result = self.spot.compare(self.marks)
        if not self.answer_open and not self.is_checked:
            self.tries += 1
            self.is_checked = True
            self.answer_open = result.perfect or self.tries >= TRIES
            self._keep()
            self.kept.add(Entry(self.spot.id, KIND, in_words(result), {}, float(result.total)))
        return result

    def open_answer(self) -> None:
        """Give up looking."""
        self.answer_open = True
        self._keep()

    def start_again(self) -> None:
        """Take all marks away; what was recorded stays in the record."""
        self.marks, self.tries, self.answer_open, self.is_checked = {}, 0, False, False
        self.kept.forget()
        self._keep()

    def _changed(self) -> None:
        self.is_checked = False
        self._keep()

    def _keep(self) -> None:
        # By their words and not their numbers: an author may have changed the reply meanwhile.
        marks = {self.spot.phrases[at].text: self.marks[at] for at in sorted(self.marks)}
        self.kept.save(
            {
                "marks": marks,
                "tries": self.tries,
                "open": self.answer_open,
                "checked": self.is_checked,
            }
        )


def in_words(result: Result) -> str:
    """The learner's marks and their names as text."""
    criteria = load_rubric().criteria
    return "\n".join(
        f"{v.phrase.text} – {criteria[v.name].name}" if v.name else v.phrase.text
        for v in result.verdicts
    )


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What no schema can know of an exercise's data, one line each."""
    spot = Spot.of("", data)
    criteria = load_rubric().criteria
    found = "; ".join(f"{e.criterion}: {e.quote!r}" for e in spot.key) or "nothing"
    if len(spot.key) < FEWEST_MARKS:
        yield (
            f"reply: the grader finds too little of {spot.look_for} ({found}); "
            f"allowed: a reply with at least {FEWEST_MARKS} marks"
        )
    elif spot.look_for == "both" and len({criteria[e.criterion].kind for e in spot.key}) < 2:
        yield f"reply: the grader finds only one of heat and calm ({found}); allowed: some of each"
    count = len(spot.phrases)
    idle = sum(not spot.verdict(at).right for at in range(count))
    if idle < FEWEST_OTHERS:
        yield (
            f"reply: {idle} of its {count} phrases do nothing of what is looked for; "
            f"allowed: a reply with at least {FEWEST_OTHERS} such phrases"
        )
    texts = [phrase.text for phrase in spot.phrases]
    for text in sorted({text for text in texts if texts.count(text) > 1}):
        yield f"reply: the phrase {text!r} stands in it twice; allowed: a reply without it"
