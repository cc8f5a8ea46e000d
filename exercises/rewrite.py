"""The rewrite exercise without a screen: write a reply, have it graded, mend it, grade it again."""

from __future__ import annotations

import re
from dataclasses import dataclass

from exercises.bank import BankScenario
from exercises.drafts import Draft
from exercises.files import clean
from exercises.record import Entry, Record
from grader import Assessment, assess, load_rubric

KIND = "rewrite"
# With fewer words than this, nobody has tried what the model reply shows.
HONEST_WORDS = 8


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try in practice: the reply as checked, and what it is worth."""

    reply: str
    assessment: Assessment


@dataclass(frozen=True, slots=True)
class Hint:
    """The criterion that a reply lacks most, and the level it has now."""

    criterion: str
    level: int


def word_count(text: str) -> int:
    """How many words the text has; "don't" and "half-term" are one each."""
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


class Rewrite:
    """One learner's work on one scenario.

    `text` is what stands in the reply box. `attempts` are the last two different replies that
    were graded and not rejected, the older first, those of earlier sessions too. `trouble` is
    the key of a text for the learner where files are not as they should be, else None. `record`
    is None where attempts are not kept. Nothing here raises for what is wrong with files.
    """

    def __init__(self, scenario: BankScenario, draft: Draft, record: Record | None = None) -> None:
        self.scenario = scenario
        self.text = ""
        self.attempts: list[Attempt] = []
        self.trouble: str | None = None
        self.model_open = False
        self._draft = draft
        self._record = record
        try:
            self.text = draft.load()
            self._take_up(record)
        except OSError:
            self.trouble = "not_read"

    def _take_up(self, record: Record | None) -> None:
        """Go on from the attempts of earlier sessions; they are graded again to be compared."""
        entries = list(record.read(self.scenario.id)) if record else []
        replies = [entry.text for entry in entries if entry.kind == KIND]
        for reply in replies[-2:]:
            self._count(self._grade(reply))
        if record and record.mended:
            self.trouble = "record_damaged"
        self.model_open = any(word_count(reply) >= HONEST_WORDS for reply in replies)

    def write(self, text: str) -> None:
        """Keep the text of the reply box; called for every change."""
        self.text = clean(text)
        try:
            self.trouble = "other_window" if self._draft.save(self.text) else None
        except OSError:
            self.trouble = "not_saved"

    def check(self, text: str) -> Attempt:
        """Grade a reply, and record it unless it is rejected or the same as the last attempt."""
        attempt = self._grade(clean(text))
        if self._count(attempt) and self._record is not None:
            found = attempt.assessment
            entry = Entry(self.scenario.id, KIND, attempt.reply, found.levels, found.total)
            try:
                self._record.append(entry)
            except OSError:
                self.trouble = "not_saved"
        return attempt

    def _grade(self, reply: str) -> Attempt:
        return Attempt(reply, assess(reply, self.scenario.scenario, self.scenario.asks))

    def _count(self, attempt: Attempt) -> bool:
        """Take an attempt among the attempts; False where it is rejected or nothing new."""
        if attempt.assessment.rejected:
            return False
        if self.attempts and self.attempts[-1].reply == attempt.reply:
            return False
        self.attempts = [*self.attempts[-1:], attempt]
        self.model_open |= word_count(attempt.reply) >= HONEST_WORDS
        return True

    def before(self, attempt: Attempt) -> Attempt | None:
        """The attempt to compare one with: the last that has another text."""
        return next((a for a in reversed(self.attempts) if a.reply != attempt.reply), None)

    def hint(self, text: str) -> Hint | None:
        """What would bring this reply on most; None where it does fully all that is asked.

        Nothing is recorded: asking for help is no attempt.
        """
        levels = self._grade(clean(text)).assessment.levels
        criteria = load_rubric().criteria
        asked = [criterion for criterion in criteria.values() if criterion.id in self.scenario.asks]
        missing = {c.id: self.scenario.asks[c.id] * (c.top - levels[c.id]) for c in asked}
        if not any(missing.values()):
            return None
        weakest = max(missing, key=missing.__getitem__)  # of equal ones the first in the rubric
        return Hint(weakest, levels[weakest])

    def reload(self) -> None:
        """Take the draft from its file, where another window may have written meanwhile."""
        if self.trouble == "not_saved":
            return  # the words in the box stand nowhere else
        try:
            self.text = self._draft.load()
        except OSError:
            self.trouble = "not_read"

    def set_aside(self) -> list[str]:
        """Words of other windows that are nowhere else to be seen, the newest first."""
        try:
            texts = self._draft.set_aside()
        except OSError:
            return []
        seen = [self.text, *(attempt.reply for attempt in self.attempts)]
        return [text for text in texts if not any(text in other for other in seen)]
