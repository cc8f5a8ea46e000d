"""The spot exercise without a screen: mark the words that heat or calm, and name what they do.

The key is the grader's own evidence, found when the exercise is opened, so that text and grader
cannot disagree.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from hashlib import sha256
from pathlib import Path
from typing import Any

from grader import Evidence, assess, load_rubric
from grader.model import Criterion
from grader.rubric import load_guide
from grader.text import Sentence, sentences

KIND = "spot"
LOOK_FOR = ("heat", "calm", "both")
# A phrase breaks before these words where enough of it stands on both sides.
BREAKS = frozenset("and but because so if although though unless which while".split())
SHORTEST = 4  # words
FEWEST_MARKS = 2
FEWEST_OTHERS = 2
# How many names that fit nowhere stand among those to choose from.
WRONG_NAMES = 3


@dataclass(frozen=True, slots=True)
class Phrase:
    """A clause of the reply; `start` and `end` are half-open code point offsets.

    `opens` says that it begins a new paragraph.
    """

    start: int
    end: int
    text: str
    opens: bool = False


@dataclass(frozen=True, slots=True)
class Verdict:
    """What is to be said of one phrase that the learner marked.

    `right` is the evidence looked for that the phrase shares words with; `half` are moves there
    that are only half made, where calm is looked for; `other` are faults and full moves that are
    not looked for. `name` is the criterion that the learner chose, "" for none.
    """

    phrase: Phrase
    name: str
    right: tuple[Evidence, ...]
    half: tuple[Evidence, ...]
    other: tuple[Evidence, ...]

    @property
    def named(self) -> bool:
        """Whether the phrase is marked with reason and named rightly."""
        return any(e.criterion == self.name for e in self.right)


@dataclass(frozen=True, slots=True)
class Result:
    """The learner's marks beside the key: a verdict for each, what is missed, 0 to 100."""

    verdicts: tuple[Verdict, ...]
    missed: tuple[Evidence, ...]
    score: int

    @property
    def found(self) -> tuple[Evidence, ...]:
        """The evidence of the key that was marked, in the order of the text."""
        seen = dict.fromkeys(e for v in self.verdicts for e in v.right)
        return tuple(sorted(seen, key=lambda e: (e.start, e.end, e.criterion)))


@dataclass(frozen=True)
class Spot:
    """One exercise, and what the grader finds in its reply."""

    id: str
    source: str
    task: str
    look_for: str
    setting: str
    customer: str
    agent_bad: str
    reply: str

    @classmethod
    def of(cls, id: str, data: Mapping[str, Any]) -> Spot:
        """Read an exercise from its checked data."""
        return cls(id, **{key: value for key, value in data.items() if key != "kind"})

    @cached_property
    def phrases(self) -> tuple[Phrase, ...]:
        """The reply in phrases; together they hold all of it but the spaces between them."""
        return tuple(_phrases(self.reply))

    @cached_property
    def levels(self) -> Mapping[str, int]:
        """The reply's levels, as the grader sees them."""
        return self._assessment[0]

    @cached_property
    def key(self) -> tuple[Evidence, ...]:
        """What is looked for: evidence of faults for heat, of moves made in full for calm."""
        return tuple(e for e in self._assessment[1] if self._is_looked_for(e))

    @cached_property
    def choices(self) -> tuple[Criterion, ...]:
        """The names to choose from: those in the reply and a few others, always the same."""
        rubric = load_rubric()
        kinds = {"heat": rubric.faults, "calm": rubric.moves}
        pool = kinds.get(self.look_for, (*rubric.moves, *rubric.faults))
        there = {e.criterion for e in self._assessment[1]}
        absent = sorted(
            (c for c in pool if c.id not in there),
            key=lambda c: sha256(f"{self.id} {c.id}".encode()).digest(),
        )
        shown = {e.criterion for e in self.key} | {c.id for c in absent[:WRONG_NAMES]}
        return tuple(c for c in pool if c.id in shown)

    @cached_property
    def _assessment(self) -> tuple[Mapping[str, int], tuple[Evidence, ...]]:
        scenario = {
            "setting": self.setting,
            "customer": self.customer,
            "agent_bad": self.agent_bad,
        }
        found = assess(self.reply, scenario)
        return found.levels, found.evidence

    def _is_looked_for(self, evidence: Evidence) -> bool:
        criterion = load_rubric().criteria[evidence.criterion]
        side = "heat" if criterion.kind == "fault" else "calm"
        return self.look_for in (side, "both") and self.levels[criterion.id] == criterion.top

    def compare(self, marks: Mapping[int, str]) -> Result:
        """Compare the learner's marks, phrase number -> chosen criterion or "", with the key.

        Score: 100 x F1 of the marks, where one with a wrong name or none counts half. Halves of
        moves are neither right nor wrong.
        """
        verdicts = tuple(self._verdict(self.phrases[at], marks[at]) for at in sorted(marks))
        worth: dict[Evidence, float] = {}
        for verdict in verdicts:
            for e in verdict.right:
                worth[e] = max(worth.get(e, 0.0), 1.0 if verdict.named else 0.5)
        counted = [v for v in verdicts if v.right or not v.half]
        earned = sum((1.0 if v.named else 0.5) for v in counted if v.right)
        precision = earned / len(counted) if counted else 0.0
        recall = sum(worth.values()) / len(self.key) if self.key else 0.0
        both = precision + recall
        score = round(200 * precision * recall / both) if both else 0
        return Result(verdicts, tuple(e for e in self.key if e not in worth), score)

    def _verdict(self, phrase: Phrase, name: str) -> Verdict:
        criteria = load_rubric().criteria
        there = [e for e in self._assessment[1] if e.start < phrase.end and phrase.start < e.end]
        right = tuple(e for e in there if e in self.key)
        full = {e for e in there if self.levels[e.criterion] == criteria[e.criterion].top}
        half = () if self.look_for == "heat" else tuple(e for e in there if e not in full)
        other = tuple(e for e in there if e in full and e not in right)
        return Verdict(phrase, name, right, half, other)


def _phrases(text: str) -> Iterator[Phrase]:
    starts = [
        _opened(text, sentence.spans[at][0])
        for sentence in sentences(text, load_guide().language.spelling)
        for at in _cuts(sentence)
    ]
    starts[:1] = [0]
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        words = text[start:end]
        gap = text[:start][len(text[:start].rstrip()) :]
        first = start + len(words) - len(words.lstrip())
        yield Phrase(first, start + len(words.rstrip()), words.strip(), "\n" in gap)


def _cuts(sentence: Sentence) -> Iterator[int]:
    """The words at which a phrase of a sentence begins."""
    yield 0
    places = list(dict.fromkeys(sentence.spans))  # "can't" is two words in one place
    begun = 0
    for at, word in enumerate(sentence.words):
        place = places.index(sentence.spans[at])
        breaks = at in sentence.pauses or word in BREAKS
        if breaks and place - begun >= SHORTEST and len(places) - place >= SHORTEST:
            yield at
            begun = place


def _opened(text: str, start: int) -> int:
    """Where a phrase begins with the quotation mark or bracket before its first word."""
    while start > 0 and text[start - 1] in "\"'“‘([*":
        start -= 1
    return start


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What no schema can know of an exercise's data, one line each."""
    spot = Spot.of("", data)
    counts = {
        side: sum(
            (load_rubric().criteria[e.criterion].kind == "fault") == (side == "heat")
            for e in spot.key
        )
        for side in ("heat", "calm")
    }
    found = "; ".join(f"{e.criterion}: {e.quote!r}" for e in spot.key) or "nothing"
    if len(spot.key) < FEWEST_MARKS:
        yield (
            f"reply: the grader finds too little of {spot.look_for} ({found}); "
            f"allowed: a reply with at least {FEWEST_MARKS} marks"
        )
    elif spot.look_for == "both" and not all(counts.values()):
        yield f"reply: the grader finds only one of heat and calm ({found}); allowed: some of each"
    idle = sum(not spot._verdict(phrase, "").right for phrase in spot.phrases)
    if idle < FEWEST_OTHERS:
        yield (
            f"reply: only {idle} of its {len(spot.phrases)} phrases do nothing of what is looked for; "
            f"allowed: a reply with at least {FEWEST_OTHERS} such phrases"
        )


def explain(path: str | Path) -> None:
    """Print the phrases of an exercise's file and what the grader finds in each, for authors."""
    from exercises.schema import load

    spot = Spot.of("", load(Path(path), "quiz_spot"))
    for phrase in spot.phrases:
        verdict = spot._verdict(phrase, "")
        names = [e.criterion for e in verdict.right]
        names += [f"({e.criterion} {spot.levels[e.criterion]})" for e in verdict.half]
        names += [f"[{e.criterion} {spot.levels[e.criterion]}]" for e in verdict.other]
        sys.stdout.write(f"{', '.join(names) or '-':40} {phrase.text}\n")
    for line in problems(load(Path(path), "quiz_spot")):
        sys.stdout.write(line + "\n")


def in_words(result: Result) -> str:
    """The learner's marks as text, for the record."""
    criteria = load_rubric().criteria
    return "\n".join(
        f"{v.phrase.text} – {criteria[v.name].name}" if v.name in criteria else v.phrase.text
        for v in result.verdicts
    )


__all__: Sequence[str] = ("Phrase", "Result", "Spot", "Verdict", "explain", "in_words", "problems")
