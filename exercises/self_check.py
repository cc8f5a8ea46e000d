"""The self-check without a screen: answer in your own words, compare, rate yourself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import Any

from exercises.drafts import Draft
from exercises.files import clean
from exercises.kept import Kept
from exercises.record import Entry, Record
from exercises.review import Review, result_of, review
from exercises.writing import word_count

KIND = "self-check"
# With fewer words than this, nobody has tried what the model answer shows.
HONEST_WORDS = 4
# What the learner can say of their own answer, as text keys, and what it counts of 100.
RATINGS = {"self_check_not_yet": 0, "self_check_partly": 50, "self_check_got_it": 100}


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    points = [point.casefold() for point in data["points"]]
    for i, point in enumerate(points):
        if point in points[:i]:
            yield f"points[{i}]: is the same as an earlier one; allowed: another point"


class SelfCheck:
    """One learner's work on one question.

    `text` is their own answer. `is_open` says whether the model answer is open, `ticked` holds the
    places of the points they found in their own answer, `rating` is the total they gave it in this
    round, None before. A round ends when a review is due: then the question is asked afresh, and
    `earlier` is what they answered last. `trouble` is the key of a text where files are not as they
    should be, else None. Nothing here raises for what is wrong with files.
    """

    def __init__(
        self,
        id: str,
        data: Mapping[str, Any],
        draft: Draft,
        kept: Kept,
        record: Record | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self.id = id
        self.question = str(data["question"])
        self.answer = str(data["answer"])
        self.points: tuple[str, ...] = tuple(data["points"])
        self.text = ""
        self.is_open = False
        self.ticked: set[int] = set()
        self.rating: int | None = None
        self.earlier: Entry | None = None
        self.review: Review | None = None
        self.trouble: str | None = None
        self._draft = draft
        self._kept = kept
        self._record = record
        self._today = today
        self.reload()

    def reload(self) -> None:
        """Take words and ticks from their files, where another window may have written since."""
        if self.trouble == "not_saved":
            return  # the words in the box stand nowhere else
        try:
            self.text = self._draft.load()
            state = self._kept.load()
        except OSError:
            self.trouble = "not_read"
            return
        self.is_open = state.get("open") is True
        ticked = state.get("ticked")
        ticked = ticked if isinstance(ticked, list) else []
        self.ticked = {i for i, point in enumerate(self.points) if point in ticked}
        self.rating = state["rating"] if state.get("rating") in RATINGS.values() else None
        self._take_up()
        if self.rating is not None and self.is_due:
            self.start_again()

    def _take_up(self) -> None:
        """Read from the record what was answered last and when it is due again."""
        try:
            found = list(self._record.read(self.id)) if self._record else []
        except OSError:
            found = []
        found = [entry for entry in found if entry.kind == KIND]
        days = [(day_of(entry), result_of(entry.total)) for entry in found]
        self.review = review(days)
        if self.rating is not None:
            found = found[:-1]
        self.earlier = found[-1] if found else None

    @property
    def is_due(self) -> bool:
        """Whether a review of an earlier answer is due today or was due before."""
        return self.review is not None and self._today() >= self.review.due

    @property
    def may_open(self) -> bool:
        """Whether the model answer may be opened: only after an honest try."""
        return self.is_open or word_count(self.text) >= HONEST_WORDS

    def write(self, text: str) -> None:
        """Keep the text of the box; called for every change."""
        self.text = clean(text)
        try:
            self.trouble = "other_window" if self._draft.save(self.text) else None
        except OSError:
            self.trouble = "not_saved"

    def open(self) -> bool:
        """Open the model answer; False where there was no honest try."""
        if self.may_open and not self.is_open:
            self.is_open = True
            self._keep()
        return self.is_open

    def tick(self, place: int, *, on: bool) -> None:
        """Tick a point as found in the learner's answer, or take the tick away."""
        (self.ticked.add if on else self.ticked.discard)(place)
        self._keep()

    def rate(self, total: int) -> Review | None:
        """Record the learner's own rating, one of RATINGS; returns when the question comes back."""
        if not self.is_open or total == self.rating:
            return self.review
        self.rating = total
        self._keep()
        if self._record is not None:
            try:
                self._record.append(Entry(self.id, KIND, self.text, {}, total))
            except OSError:
                self.trouble = "not_saved"
            self._take_up()
        return self.review

    def start_again(self) -> None:
        """Ask the question afresh: an empty box, the model answer closed."""
        self.is_open, self.ticked, self.rating = False, set(), None
        self.write("")
        self._keep()
        self._take_up()

    def set_aside(self) -> list[str]:
        """Words of other windows that are nowhere else to be seen, the newest first."""
        try:
            texts = self._draft.set_aside()
        except OSError:
            return []
        return [text for text in texts if text not in self.text]

    def _keep(self) -> None:
        ticked = [self.points[i] for i in sorted(self.ticked)]
        try:
            self._kept.save({"open": self.is_open, "ticked": ticked, "rating": self.rating})
        except OSError:
            self.trouble = "not_saved"


def day_of(entry: Entry) -> date:
    """The day of an attempt, where the learner is."""
    return entry.when().astimezone().date()
