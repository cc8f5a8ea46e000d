"""The words of the field as frozen values: scenario, rubric, criterion, evidence, assessment."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

Kind = Literal["move", "fault"]
Rejection = Literal["empty", "copied", "not-english", "no-prose", "too-long"]


@dataclass(frozen=True, slots=True)
class Scenario:
    """What a reply answers: the setting, the customer's message, the agent's bad reply."""

    setting: str = ""
    customer: str = ""
    agent_bad: str = ""

    @classmethod
    def of(cls, value: Scenario | Mapping[str, Any]) -> Scenario:
        """Read a scenario from a mapping; keys it does not know are ignored.

        Raises ValueError where `customer` is missing or a field is no text.
        """
        if isinstance(value, Scenario):
            return value
        if not isinstance(value, Mapping):
            raise ValueError("scenario: must be an object with setting, customer and agent_bad")
        if "customer" not in value:
            raise ValueError('scenario.customer: missing; give the customer\'s message, or ""')
        fields = {name: value.get(name, "") for name in ("setting", "customer", "agent_bad")}
        for name, text in fields.items():
            if not isinstance(text, str):
                raise ValueError(f"scenario.{name}: must be text, not {type(text).__name__}")
        return cls(**fields)


@dataclass(frozen=True, slots=True)
class Level:
    """One column of the rubric: what a reply at `points` (0, 1 or 2) does."""

    points: int
    descriptor: str


@dataclass(frozen=True, slots=True)
class Criterion:
    """One row of the rubric.

    `levels` and `feedback` are indexed by level: three entries for a move, two for a fault.
    `step` is the single next step towards level 2, empty for faults.
    """

    id: str
    kind: Kind
    name: str
    question: str
    levels: tuple[Level, ...]
    feedback: tuple[str, ...]
    step: str
    source: tuple[tuple[str, str], ...]

    @property
    def top(self) -> int:
        """The highest level: 2 for a move, 1 for a fault."""
        return len(self.levels) - 1


@dataclass(frozen=True, slots=True)
class Rubric:
    """The analytic rubric: moves and faults in their fixed order, and texts for rejections."""

    moves: tuple[Criterion, ...]
    faults: tuple[Criterion, ...]
    rejections: Mapping[str, str]

    @property
    def criteria(self) -> dict[str, Criterion]:
        """Every criterion by id, moves first."""
        return {criterion.id: criterion for criterion in (*self.moves, *self.faults)}


@dataclass(frozen=True, slots=True)
class Evidence:
    """Where a criterion was found: half-open code point offsets into the reply as given."""

    criterion: str
    start: int
    end: int
    quote: str


@dataclass(frozen=True, slots=True)
class Judgement:
    """Why a criterion has its level.

    `sentence` holds the offsets of the sentence it was decided on, `rule` the id of a rule that
    fired there, `words` what spoke loudest for it; nothing of these where nothing was found.
    `confidence` is 0.5 to 1: how sure the grader is of this level.
    """

    criterion: str
    level: int
    confidence: float
    rule: str | None = None
    sentence: tuple[int, int] | None = None
    words: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Advice:
    """One text to the learner about one criterion."""

    criterion: str
    text: str


@dataclass(frozen=True, slots=True)
class Assessment:
    """What a reply is worth.

    `total` is 0 to 100 with two decimals, None where nothing was asked for. `levels` has every
    criterion of the rubric. A rejected reply has all levels 0, no evidence and total 0.
    """

    total: float | None
    levels: Mapping[str, int]
    evidence: tuple[Evidence, ...]
    feedback: tuple[Advice, ...]
    rejected: Rejection | None
    judgements: tuple[Judgement, ...]
    asks: Mapping[str, float]
