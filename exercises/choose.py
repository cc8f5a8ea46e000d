"""The choose exercise without a screen: pick the better option and say why it is better."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry
from exercises.shuffle import shuffled
from grader import Assessment, Evidence, Scenario, assess
from grader.rubric import FAULTS, FULL, MOVES, USUAL_ASKS

KIND = "choose"
# Of the 100 points, where there are reasons to tick; the rest is for the reasons.
FOR_THE_CHOICE = 60


@dataclass(frozen=True, slots=True)
class Option:
    """Something to choose; `why` says what it does."""

    text: str
    right: bool
    why: str = ""


@dataclass(frozen=True, slots=True)
class Result:
    """What a check found: whether the best was chosen, and 0 to 100 for choice and reasons."""

    right: bool
    total: int


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    right = [i for i, option in enumerate(data["options"]) if option["right"]]
    if len(right) != 1:
        yield f"options: {len(right)} of them are right; allowed: exactly one"
    yield from _twice(data["options"], "options")
    if "reasons" in data:
        reasons = data["reasons"]["options"]
        yield from _twice(reasons, "reasons.options")
        if len({reason["right"] for reason in reasons}) != 2:
            yield "reasons.options: all are right or all wrong; allowed: at least one of each"
    if "agent_bad" in data and "customer" not in data:
        yield "agent_bad: there is nothing it could answer; allowed: only with customer"
    if data.get("graded") and "customer" not in data:
        yield "graded: the grader needs the customer's message; allowed: only with customer"
    for move in data.get("asks", ()):
        if move not in MOVES:
            yield f"asks.{move}: is no move; allowed: {', '.join(MOVES)}"
    if "asks" in data and not _is_graded(data):
        yield "asks: nothing is graded here; allowed: only with customer and not graded: false"
    elif len(right) == 1 and _is_graded(data) and set(data.get("asks", ())) <= set(MOVES):
        yield from _grader_differs(data, right[0])


def _twice(options: list[Mapping[str, Any]], field: str) -> Iterator[str]:
    texts = [option["text"] for option in options]
    for i, text in enumerate(texts):
        if text in texts[:i]:
            yield f"{field}[{i}].text: is the same as an earlier one; allowed: another text"


def _is_graded(data: Mapping[str, Any]) -> bool:
    return "customer" in data and bool(data.get("graded", True))


def _grader_differs(data: Mapping[str, Any], right: int) -> Iterator[str]:
    """Text and grader must not disagree: no wrong option has a higher total than the right one."""
    totals = [_assess(data, option["text"]).total or 0.0 for option in data["options"]]
    for i, total in enumerate(totals):
        if total > totals[right]:
            yield (
                f"options[{i}]: the grader gives it {total:.0f}, and only {totals[right]:.0f} to "
                f"the right one, options[{right}]; allowed: texts or asks that put the right one "
                "first, or graded: false where the options are no replies"
            )


def _assess(data: Mapping[str, Any], reply: str) -> Assessment:
    texts = (data.get(key, "") for key in ("setting", "customer", "agent_bad"))
    return assess(reply, Scenario(*texts), data.get("asks", USUAL_ASKS))


class Choose:
    """One learner's work on one exercise.

    `options` and `reasons` are in the order in which they are shown. `chosen` is the place of the
    option chosen so far, `ticked` holds the places of the reasons ticked. `result` is what the
    check found, until the learner starts again.
    """

    def __init__(self, id: str, data: Mapping[str, Any], kept: Kept) -> None:
        self.id = id
        self.data = data
        self.kept = kept
        reasons = data.get("reasons", {})
        self.options = _shown(data["options"], id)
        self.ask = str(reasons.get("ask", ""))
        self.reasons = _shown(reasons.get("options", ()), id)
        self.reload()

    @property
    def is_graded(self) -> bool:
        """Whether the options are replies, which the grader has marks for."""
        return _is_graded(self.data)

    @property
    def best(self) -> int:
        """The place of the right option."""
        return next(place for place, option in enumerate(self.options) if option.right)

    @property
    def lacks(self) -> str | None:
        """What is still to do before a check: "choice", "reason" or None."""
        if self.chosen is None:
            return "choice"
        return "reason" if self.reasons and not self.ticked else None

    def evidence(self, place: int) -> list[Evidence]:
        """The grader's evidence in an option: of the asked moves made fully, and of faults."""
        if not self.is_graded:
            return []
        found = _assess(self.data, self.options[place].text)
        shown = {move for move in found.asks if found.levels[move] == FULL} | set(FAULTS)
        return [e for e in found.evidence if e.criterion in shown]

    def reload(self) -> None:
        """Take what was chosen from the file, where another window may have written meanwhile."""
        state = self.kept.load()
        texts = [option.text for option in self.options]
        self.chosen = texts.index(state["chosen"]) if state.get("chosen") in texts else None
        ticked = state.get("ticked")
        ticked = ticked if isinstance(ticked, list) else []
        self.ticked = {i for i, reason in enumerate(self.reasons) if reason.text in ticked}
        done = state.get("checked") is True and not self.lacks
        self.result = self._judge() if done else None

    def choose(self, place: int) -> None:
        """Choose an option."""
        if self.result is None and self.chosen != place:
            self.chosen = place
            self._keep()

    def tick(self, place: int, *, on: bool) -> None:
        """Tick a reason, or take the tick away."""
        if self.result is None and on is not (place in self.ticked):
            self.ticked ^= {place}
            self._keep()

    def check(self) -> Result | None:
        """Judge the choice and put it on record; None while something is lacking."""
        if self.lacks:
            return None
        self.result = self._judge()
        self._keep()
        self.kept.add(Entry(self.id, KIND, self._words(), {}, self.result.total))
        return self.result

    def start_again(self) -> None:
        """Forget choice, ticks and result; what was recorded stays in the record."""
        self.chosen, self.ticked, self.result = None, set(), None
        self.kept.forget()
        self._keep()

    def _judge(self) -> Result:
        right = self.chosen == self.best
        true = {i for i, reason in enumerate(self.reasons) if reason.right}
        if not true:
            return Result(right, 100 if right else 0)
        # Who ticks everything has understood nothing: a wrong tick costs what a right one earns.
        earned = len(self.ticked & true) - len(self.ticked - true)
        share = max(0, earned) / len(true)
        return Result(right, round(FOR_THE_CHOICE * right + (100 - FOR_THE_CHOICE) * share))

    def _words(self) -> str:
        """What was chosen, in words."""
        chosen = "" if self.chosen is None else self.options[self.chosen].text.strip()
        return "\n".join([chosen, *(f"- {self.reasons[i].text}" for i in sorted(self.ticked))])

    def _keep(self) -> None:
        chosen = None if self.chosen is None else self.options[self.chosen].text
        ticked = [self.reasons[i].text for i in sorted(self.ticked)]
        self.kept.save({"chosen": chosen, "ticked": ticked, "checked": self.result is not None})


def _shown(options: Any, seed: str) -> tuple[Option, ...]:  # noqa: ANN401  (a list of objects)
    texts = [option["text"] for option in options]
    made = [Option(o["text"], o["right"], o.get("why", "")) for o in options]
    return tuple(made[i] for i in shuffled(texts, seed))
