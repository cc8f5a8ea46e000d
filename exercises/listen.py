"""Do not interrupt, without a screen: let the customer finish, then say what matters.

The message comes in bit by bit, which is the screen's business; here is only the clock.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry
from exercises.shuffle import shuffled

KIND = "listen"
# Points: 50 for patience, 50 for the answer.
FOR_LISTENING = 40
FOR_THE_SILENCE = 10
FOR_THE_ANSWER = 50
COST = 20  # of an interruption
SILENCE = 1.0  # seconds after the end that are worth waiting
DOUBLE = 0.5  # seconds in which a second press of a button is not meant
BEFORE, LISTENING, ASKED, DONE = "before", "listening", "asked", "done"


@dataclass(frozen=True, slots=True)
class Option:
    """An answer to the question at the end."""

    text: str
    right: bool
    why: str


@dataclass(frozen=True, slots=True)
class Result:
    """What a round was worth: `total` is `patience` (0 to 50) and `answer` (0 or 50)."""

    patience: int
    answer: int

    @property
    def total(self) -> int:
        """0 to 100."""
        return self.patience + self.answer


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    options = data["question"]["options"]
    right = sum(option["right"] for option in options)
    if right != 1:
        yield f"question.options: {right} of them are right; allowed: exactly one"
    texts = [option["text"] for option in options]
    for i, text in enumerate(texts):
        if text in texts[:i]:
            yield f"question.options[{i}].text: is the same as an earlier one; allowed: another"


class Listen:
    """One learner's work on one message.

    A round goes from BEFORE to LISTENING to ASKED to DONE, as `stage` says. `cut_in` counts the
    interruptions of the round, `waited` says whether there was a silence after the end, `at_once`
    whether the learner reads the message instead. `chosen` is the place of the answer. `clock`
    gives seconds. A new session begins with the last round that was done.
    """

    def __init__(
        self,
        id: str,
        data: Mapping[str, Any],
        kept: Kept,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        self.id = id
        self.task = str(data["task"])
        self.setting = str(data["setting"])
        self.parts: tuple[str, ...] = tuple(data["customer"])
        self.pause = float(data["pause"])
        self.interrupted = str(data["interrupted"])
        self.ask = str(data["question"]["ask"])
        options = [Option(o["text"], o["right"], o["why"]) for o in data["question"]["options"]]
        order = shuffled([option.text for option in options], id)
        self.options = tuple(options[i] for i in order)
        self.stage = BEFORE
        self.round = 0
        self.cut_in = 0
        self.waited = False
        self.at_once = False
        self.chosen: int | None = None
        self.kept = kept
        self._begun = 0.0
        self._clock = clock
        self._load()

    @property
    def spoken(self) -> tuple[str, ...]:
        """What they say in this round, a part every `pause` seconds, the first one at once."""
        return (self.interrupted, *self.parts) if self.cut_in else self.parts

    @property
    def length(self) -> float:
        """How many seconds they speak."""
        return self.pause * len(self.spoken)

    @property
    def patience(self) -> int:
        """What the listening is worth so far: 0 to 50. Who reads instead loses nothing."""
        if self.at_once:
            return FOR_LISTENING + FOR_THE_SILENCE
        kept = max(0, FOR_LISTENING - COST * self.cut_in)
        return kept + (FOR_THE_SILENCE if self.waited else 0)

    @property
    def result(self) -> Result | None:
        """What the round was worth, once it is done."""
        if self.stage != DONE or self.chosen is None:
            return None
        right = self.options[self.chosen].right
        return Result(self.patience, FOR_THE_ANSWER if right else 0)

    def start(self) -> None:
        """Begin a round: they start to speak now."""
        self._begin()
        self.cut_in, self.waited, self.at_once, self.chosen = 0, False, False, None

    def answer(self) -> bool:
        """The learner wants to speak. False where that cuts them off: they start again."""
        if self.stage != LISTENING:
            return self.stage in (ASKED, DONE)
        spoken = self._clock() - self._begun
        silence = spoken - self.length
        if spoken < DOUBLE:
            return False
        if silence < 0:
            self.cut_in += 1
            self._begin()
            return False
        self.waited = silence >= SILENCE
        self.stage = ASKED
        return True

    def read(self) -> None:
        """Read the message as a whole instead of listening, and go on to the question."""
        self.start()
        self.at_once = True
        self.stage = ASKED

    def choose(self, place: int) -> Result | None:
        """Answer the question; the round is done and recorded. None where it is not asked."""
        if self.stage != ASKED:
            return self.result
        self.chosen = place
        self.stage = DONE
        self._keep()
        result = self.result
        if result is not None:
            self.kept.forget()  # every round that was listened to counts
            self.kept.add(Entry(self.id, KIND, self.options[place].text, {}, result.total))
        return result

    def stop(self) -> None:
        """Break off a round that has no question yet, without loss."""
        if self.stage == LISTENING:
            self.stage = BEFORE

    def _begin(self) -> None:
        self.stage = LISTENING
        self.round += 1
        self._begun = self._clock()

    def _load(self) -> None:
        """Take up the last round that was done."""
        state = self.kept.load()
        texts = [option.text for option in self.options]
        cut_in = state.get("cut_in")
        if state.get("chosen") in texts and type(cut_in) is int and cut_in >= 0:
            self.chosen = texts.index(state["chosen"])
            self.cut_in = cut_in
            self.waited = state.get("waited") is True
            self.at_once = state.get("at_once") is True
            self.stage = DONE

    def _keep(self) -> None:
        self.kept.save(
            {
                "chosen": None if self.chosen is None else self.options[self.chosen].text,
                "cut_in": self.cut_in,
                "waited": self.waited,
                "at_once": self.at_once,
            }
        )
