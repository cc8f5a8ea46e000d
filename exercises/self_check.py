"""The self-check without a screen: answer in your own words, compare, rate yourself."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
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

    First the learner answers: `text` is what stands in the box. When the model answer `is_open`,
    they compare: `ticked` holds the places of the points they find in their own answer. Then they
    rate it: `rating` is its total, and `rated` their answer, which leaves the box. When a review
    is due, or when they want to, the question is asked afresh; `earlier` is what they answered
    before this time. `trouble` is the key of a text where files are not as they should be, else
    None. Nothing here raises for what is wrong with files.
    """

    def __init__(
        self,
        id: str,
        data: Mapping[str, Any],
        draft: Draft,
        kept: Kept,
        record: Record,
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
        self.rated = ""
        self.earlier: Entry | None = None
        self.review: Review | None = None
        self._words_trouble: str | None = None
        self._draft = draft
        self._kept = kept
        self._record = record
        self._today = today
        self.reload()

    def reload(self) -> None:
        """Take words and ticks from their files, where another window may have written since."""
        state = self._kept.load()
        ticked = state.get("ticked")
        ticked = ticked if isinstance(ticked, list) else []
        self.ticked = {i for i, point in enumerate(self.points) if point in ticked}
        self.rating = state["rating"] if state.get("rating") in RATINGS.values() else None
        self.rated = str(state.get("rated", ""))
        self.is_open = state.get("open") is True or self.rating is not None
        self._take_up()
        if self.rating is not None and self.is_due:
            self._begin()
        if self._words_trouble == "not_saved":
            return  # the words in the box stand nowhere else
        try:
            self.text = self._draft.load()
        except OSError:
            self._words_trouble = "not_read"

    def _take_up(self) -> None:
        """Read from the record what was answered before, and when it is due again."""
        try:
            found = [entry for entry in self._record.read(self.id) if entry.kind == KIND]
        except OSError:
            found = []
        self.review = review((day_of(entry), result_of(entry.total)) for entry in found)
        others = [entry for entry in found if self.rating is None or entry.text != self.rated]
        self.earlier = others[-1] if others else None

    @property
    def trouble(self) -> str | None:
        """The key of a text for the learner, where there is trouble with files."""
        return self._words_trouble or self._kept.trouble

    @property
    def is_due(self) -> bool:
        """Whether a review of an earlier answer is due today or was due before."""
        return self.review is not None and self._today() >= self.review.due

    @property
    def own_answer(self) -> str:
        """The learner's answer that is compared or rated."""
        return self.text if self.rating is None else self.rated

    def write(self, text: str) -> None:
        """Keep the text of the box; called for every change."""
        if clean(text) == self.text:
            return
        if self.rating is not None:
            self._begin()  # typed into the page's copy of the box, before Python was there
        self.text = clean(text)
        try:
            self._words_trouble = "other_window" if self._draft.save(self.text) else None
        except OSError:
            self._words_trouble = "not_saved"

    def open(self) -> bool:
        """Open the model answer; False where there was no honest try."""
        if not self.is_open and word_count(self.text) >= HONEST_WORDS:
            self.is_open = True
            self._keep()
        return self.is_open

    def close(self) -> None:
        """Go back to the answer, with every word of it, or from a rated one to an empty box."""
        if self.rating is not None:
            self._begin()
        self.is_open = False
        self._keep()

    def tick(self, place: int, *, on: bool) -> None:
        """Tick a point as found in the learner's answer, or take the tick away."""
        (self.ticked.add if on else self.ticked.discard)(place)
        self._keep()

    def rate(self, total: int) -> None:
        """Record the learner's own rating, one of RATINGS; they may think again."""
        if not self.is_open or total == self.rating:
            return
        self.rated = self.own_answer
        self.rating = total
        self._keep()
        self._kept.forget()
        self._kept.add(Entry(self.id, KIND, self.rated, {}, total))
        if self._kept.trouble is None:
            # The words are on record now; the next time the box is empty.
            self.text = ""
            with suppress(OSError):
                self._draft.save("")
        self._take_up()

    def set_aside(self) -> list[str]:
        """Words of other windows that are nowhere else to be seen, the newest first."""
        try:
            texts = self._draft.set_aside()
        except OSError:
            return []
        return [text for text in texts if text not in self.text and text not in self.rated]

    def _begin(self) -> None:
        """Ask the question afresh; the answer so far is on record."""
        self.is_open, self.ticked, self.rating, self.rated = False, set(), None, ""
        self._keep()
        self._take_up()

    def _keep(self) -> None:
        self._kept.save(
            {
                "open": self.is_open,
                "ticked": [self.points[i] for i in sorted(self.ticked)],
                "rating": self.rating,
                "rated": self.rated,
            }
        )


def day_of(entry: Entry) -> date:
    """The day of an attempt, where the learner is."""
    return entry.when().astimezone().date()
