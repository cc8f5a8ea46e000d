"""What a learner writes and has graded: the draft in its file, the attempts, the record."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from exercises.drafts import Draft
from exercises.files import clean
from exercises.record import Entry, Record
from grader import Assessment


@dataclass(frozen=True, slots=True)
class Attempt:
    """One try in practice: the reply as checked, and what it is worth."""

    reply: str
    assessment: Assessment


def word_count(text: str) -> int:
    """How many words the text has; "don't" and "half-term" are one each."""
    return len(re.findall(r"\w+(?:['’-]\w+)*", text))


class Writing:
    """One learner's written work on one exercise; each kind says how it is graded.

    `text` is what stands in the box. `attempts` are the last two different replies that were
    graded and not rejected, the older first, those of earlier sessions too. `model_open` says
    that the model may be shown: after a try of `honest_words`. `trouble` is the key of a text for
    the learner where files are not as they should be, else None. `record` is None where attempts
    are not kept. Nothing here raises for what is wrong with files.
    """

    kind: str
    honest_words: int

    def __init__(self, id: str, draft: Draft, record: Record | None = None) -> None:
        self.id = id
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

    def grade(self, reply: str) -> Assessment:
        """What a reply is worth."""
        raise NotImplementedError

    def levels(self, assessment: Assessment) -> Mapping[str, int]:
        """The levels that go on record."""
        return assessment.levels

    def _take_up(self, record: Record | None) -> None:
        """Go on from the attempts of earlier sessions; they are graded again to be compared."""
        entries = list(record.read(self.id)) if record else []
        replies = [entry.text for entry in entries if entry.kind == self.kind]
        for reply in replies[-2:]:
            self._count(Attempt(reply, self.grade(reply)))
        if record and record.mended:
            self.trouble = "record_damaged"
        self.model_open = any(word_count(reply) >= self.honest_words for reply in replies)

    def write(self, text: str) -> None:
        """Keep the text of the box; called for every change."""
        self.text = clean(text)
        try:
            self.trouble = "other_window" if self._draft.save(self.text) else None
        except OSError:
            self.trouble = "not_saved"

    def check(self, text: str) -> Attempt:
        """Grade a reply, and record it unless it is rejected or the same as the last attempt."""
        reply = clean(text)
        attempt = Attempt(reply, self.grade(reply))
        if self._count(attempt) and self._record is not None:
            found = attempt.assessment
            entry = Entry(self.id, self.kind, reply, self.levels(found), found.total)
            try:
                self._record.append(entry)
            except OSError:
                self.trouble = "not_saved"
        return attempt

    def _count(self, attempt: Attempt) -> bool:
        """Take an attempt among the attempts; False where it is rejected or nothing new."""
        if attempt.assessment.rejected:
            return False
        if self.attempts and self.attempts[-1].reply == attempt.reply:
            return False
        self.attempts = [*self.attempts[-1:], attempt]
        self.model_open |= word_count(attempt.reply) >= self.honest_words
        return True

    def before(self, attempt: Attempt) -> Attempt | None:
        """The attempt to compare one with: the last that has another text."""
        return next((a for a in reversed(self.attempts) if a.reply != attempt.reply), None)

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
