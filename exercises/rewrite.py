"""The rewrite exercise without a screen: write a reply, have it graded, mend it, grade it again."""

from __future__ import annotations

from dataclasses import dataclass

from exercises.bank import BankScenario
from exercises.drafts import Draft
from exercises.files import clean
from exercises.kinds import REWRITE
from exercises.record import Record
from exercises.writing import Writing
from grader import Assessment, assess, load_rubric

KIND = REWRITE
# With fewer words than this, nobody has tried what the model reply shows.
HONEST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Hint:
    """The criterion that a reply lacks most, and the level it has now."""

    criterion: str
    level: int


class Rewrite(Writing):
    """One learner's work on one scenario."""

    kind = KIND
    honest_words = HONEST_WORDS

    def __init__(self, scenario: BankScenario, draft: Draft, record: Record | None = None) -> None:
        self.scenario = scenario
        super().__init__(scenario.id, draft, record)

    def grade(self, reply: str) -> Assessment:
        """What a reply is worth by what the scenario asks for."""
        return assess(reply, self.scenario.scenario, self.scenario.asks)

    def hint(self, text: str) -> Hint | None:
        """What would bring this reply on most; None where it does fully all that is asked.

        Nothing is recorded: asking for help is no attempt.
        """
        levels = self.grade(clean(text)).levels
        criteria = load_rubric().criteria
        asked = [criterion for criterion in criteria.values() if criterion.id in self.scenario.asks]
        missing = {c.id: self.scenario.asks[c.id] * (c.top - levels[c.id]) for c in asked}
        if not any(missing.values()):
            return None
        weakest = max(missing, key=missing.__getitem__)  # of equal ones the first in the rubric
        return Hint(weakest, levels[weakest])
