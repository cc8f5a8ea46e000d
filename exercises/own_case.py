"""The learner's own case without a screen: a real message and their reply, graded as any other.

Nothing is kept, in a file or otherwise, unless the learner says so; and the customer's message is
never kept at all: it is somebody else's.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from exercises.files import clean
from exercises.kinds import OWN_CASE
from exercises.record import Entry, Record
from exercises.writing import Attempt
from grader import assess
from grader.rubric import FAULTS, MOVES, USUAL_ASKS

KIND = OWN_CASE

# What gives a person away: an address, a number, a name after a form of address.
_PRIVATE = re.compile(
    r"[\w.+-]+@[\w-]+\.[\w.]+"
    r"|\b(?:\+?\d[ -]?){6,}\d\b"
    r"|\b[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}\b"
    r"|\b(?:Mrs?|Ms|Miss|Dr|Mx|Prof)\b\.? +[A-Z][\w'’-]+"
    r"|\b(?:Dear|Hi|Hello)[ ,]+(?!Sir|Madam|Customer|All|Team|There|Mrs?\b|Ms|Miss|Dr)[A-Z][\w'’-]+"
)


def private_words(text: str) -> list[str]:
    """Words that look like somebody's name, address or number, each once, in order."""
    return list(dict.fromkeys(" ".join(found.split()) for found in _find(text)))


def _find(text: str) -> Iterator[str]:
    return (match.group() for match in _PRIVATE.finditer(text))


class OwnCase:
    """One learner's work on a case of their own.

    `asks` are the chosen moves with their weights. `keep` says whether replies that are checked
    go to the record. `attempts` are the last two different ones that were not rejected, the older
    first. `trouble` is the key of a text where the record could not be written, else None.
    """

    def __init__(self, record: Record | None = None) -> None:
        self.asks: dict[str, int] = dict(USUAL_ASKS)
        self.keep = False
        self.attempts: list[Attempt] = []
        self.trouble: str | None = None
        self._record = record
        self._case: tuple[str, dict[str, int]] | None = None  # what the attempts answered
        self._kept: set[tuple[str, str]] = set()

    def ask(self, move: str, *, on: bool) -> None:
        """Choose a move that the reply should make, or leave it out."""
        chosen = {*self.asks, move} if on else {*self.asks} - {move}
        self.asks = {name: USUAL_ASKS.get(name, 1) for name in MOVES if name in chosen}

    def check(self, message: str, reply: str) -> Attempt:
        """Grade the reply to a message; it is recorded if the learner wants it kept."""
        message, reply = clean(message), clean(reply)
        scenario = {"setting": "", "customer": message, "agent_bad": ""}
        attempt = Attempt(reply, assess(reply, scenario, self.asks or None))
        self.trouble = None
        if (message, self.asks) != self._case:
            self._case = (message, dict(self.asks))
            self.attempts = []
        if attempt.assessment.rejected:
            return attempt
        if not self.attempts or self.attempts[-1].reply != reply:
            self.attempts = [*self.attempts[-1:], attempt]
        if self.keep:
            self._keep_last()
        return attempt

    def before(self, attempt: Attempt) -> Attempt | None:
        """The attempt at the same case to compare one with: the last that has another text."""
        return next((a for a in reversed(self.attempts) if a.reply != attempt.reply), None)

    def keep_attempts(self, *, on: bool) -> None:
        """Say whether replies are kept: the last one checked, and those to come."""
        self.keep = on
        self.trouble = None
        if on:
            self._keep_last()

    @property
    def is_kept(self) -> bool:
        """Whether the last reply that was checked is in the record."""
        return bool(self.attempts) and self._identity() in self._kept

    def _identity(self) -> tuple[str, str]:
        return self.attempts[-1].reply, repr(self._case)

    def _keep_last(self) -> None:
        if self._record is None or not self.attempts or self.is_kept:
            return
        found = self.attempts[-1].assessment
        # Only what this reply was to do: the record says nothing of the rest.
        levels = {
            name: level
            for name, level in found.levels.items()
            if name in FAULTS or name in found.asks
        }
        try:
            self._record.append(Entry(KIND, KIND, self.attempts[-1].reply, levels, found.total))
            self._kept.add(self._identity())
        except OSError:
            self.trouble = "own_case_not_saved"
