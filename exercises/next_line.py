"""What a customer in a role play says next: a reaction, and what it leads to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from exercises.temper import GOOD, Moved, rules


@dataclass(frozen=True, slots=True)
class Line:
    """A customer's line. `told` is the part of the story it tells, `tender` where that hurts."""

    text: str
    told: int | None = None
    tender: bool = False
    abuse: bool = False


def next_line(
    dialogue: Mapping[str, Any],
    spoken: Sequence[str],
    told: AbstractSet[int],
    moved: Moved,
    levels: Mapping[str, int],
    promise: str | None = None,
) -> Line:
    """The line after a reply that did `moved`, with these levels.

    `spoken` is all that the customer has said, `told` the parts of the story among it; nothing of
    it is said again. `promise` is how they take up a promise that the case rules out.
    """
    customer = _Customer(dialogue, "\n".join(spoken), moved)
    part = abuse = None
    if moved.cause != "warned" and moved.memory.temper >= rules()["marks"]["abuse"]:
        abuse = customer.new(dialogue.get("abuse", ()))
    if abuse is None:
        part = next(customer.opened(levels, told, first=len(spoken) == 1), None)
    if abuse is not None:
        goes_on: str | None = abuse
    elif part is not None:
        goes_on = dialogue["story"][part]["says"].strip()
    else:
        goes_on = customer.new(customer.wants())
    # A question is answered by what it has opened.
    answered = moved.cause == "asked" and part is not None
    reaction = None if answered else customer.reaction(promise)
    text = " ".join(filter(None, (reaction, goes_on))) or customer.new(customer.anything()) or "…"
    tender = part is not None and dialogue["story"][part].get("tender", False)
    return Line(text, part, tender, abuse is not None)


class _Customer:
    """A customer after a reply; `spoken` is all that they have said."""

    def __init__(self, dialogue: Mapping[str, Any], spoken: str, moved: Moved) -> None:
        self.dialogue = dialogue
        self.spoken = spoken
        self.cause = moved.cause
        self.memory = moved.memory
        self.spare: Mapping[str, Sequence[str]] = rules()["spare"][dialogue["temperament"]]
        self.hot = moved.memory.temper >= rules()["marks"]["hot"]

    def new(self, texts: Iterable[str]) -> str | None:
        """The first text that was not said yet."""
        return next((text.strip() for text in texts if text.strip() not in self.spoken), None)

    def opened(
        self, levels: Mapping[str, int], told: AbstractSet[int], *, first: bool
    ) -> Iterator[int]:
        """The parts of the story that this reply opens; last those that come without being asked.

        `first` says that it is the first reply, which brings none of the latter.
        """
        opens = {
            "asked": levels["explore"] == 2 or (levels["explore"] == 1 and not self.hot),
            "heard": levels["acknowledge"] == 2 or levels["reflect"] == 2,
            "owned": levels["own"] == 2 or levels["apologise"] == 2,
            "helped": levels["solve"] == 2 or levels["options"] == 2,
            "calmer": not self.hot,
        }
        untold = [(i, p["opens"]) for i, p in enumerate(self.dialogue["story"]) if i not in told]
        if self.cause in GOOD:
            yield from (i for i, key in untold if opens.get(key))
        if not first:
            yield from (i for i, key in untold if key == "always")

    def reaction(self, promise: str | None) -> str | None:
        """What they say to what the reply did."""
        own = self.dialogue["reactions"].get(self.cause, ())
        if self.cause == "warned":
            own = self.dialogue["warned"]
        elif self.cause == "impossible" and promise:
            own = [promise, *own]
        if isinstance(own, Mapping):
            own = own["hot" if self.hot else "calm"]
        return self.new([*own, *self.spare.get(self.cause, ())])

    def wants(self) -> list[str]:
        """What they are still waiting for, in several ways; empty where that is nothing."""
        wants = self.dialogue["wants"]
        if self.hot:
            return [*wants["hearing"], *self.spare["wants"]]
        if not self.memory.acted:
            return [*wants["action"], *self.spare["wants"]]
        return [] if self.memory.assured else [*wants["certainty"], *self.spare["wants"]]

    def anything(self) -> list[str]:
        """What they can say at any time."""
        own = [text for texts in self.dialogue["wants"].values() for text in texts]
        return [*self.spare["wants"], *own]
