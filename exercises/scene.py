"""The scene without a screen: choose how to stand, look and sound with a customer."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from exercises.kept import Kept
from exercises.record import Entry
from exercises.shuffle import shuffled

KIND = "scene"


@dataclass(frozen=True, slots=True)
class Option:
    """A way to deal with it. `pose` names its drawing; `pose` and `words` may be ""."""

    direction: str
    right: bool
    why: str
    pose: str = ""
    words: str = ""

    @property
    def text(self) -> str:
        """The option in words, for the record."""
        return f"{self.direction} {self.words}".strip()


def problems(data: Mapping[str, Any]) -> Iterator[str]:
    """What is wrong with an exercise that its schema cannot see."""
    options = data["options"]
    right = sum(option["right"] for option in options)
    if not data.get("several") and right != 1:
        yield f"options: {right} of them are right; allowed: exactly one, or several: true"
    if data.get("several") and not 1 <= right < len(options):
        yield f"options: {right} of them are right; allowed with several: one or more, not all"
    if len({"pose" in option for option in options}) > 1:
        missing = next(i for i, option in enumerate(options) if "pose" not in option)
        yield f"options[{missing}].pose: is missing; allowed: a pose in every option, or in none"
    seen = [(o.get("pose"), o["direction"], o.get("words")) for o in options]
    for i, option in enumerate(seen):
        if option in seen[:i]:
            yield f"options[{i}]: is the same as an earlier one; allowed: another option"


class Scene:
    """One learner's work on one scene.

    `options` are in the order in which they are shown. `chosen` holds the places chosen so far;
    `total` is that of the last check, 0 to 100, and None as soon as the learner starts again.
    """

    def __init__(self, id: str, data: Mapping[str, Any], kept: Kept) -> None:
        self.id = id
        self.task = str(data["task"])
        self.setting = str(data["setting"])
        self.customer = str(data["customer"])
        self.speaker = str(data.get("speaker", ""))
        self.several = bool(data.get("several"))
        fields = ("direction", "right", "why", "pose", "words")
        options = [Option(**{f: o[f] for f in fields if f in o}) for o in data["options"]]
        order = shuffled([option.text for option in options], id)
        self.options = tuple(options[i] for i in order)
        self.chosen: set[int] = set()
        self.total: int | None = None
        self.kept = kept
        self.reload()

    @property
    def right(self) -> set[int]:
        """The places of the right options."""
        return {place for place, option in enumerate(self.options) if option.right}

    def reload(self) -> None:
        """Take what was chosen from the file, where another window may have written since."""
        state = self.kept.load()
        chosen = state.get("chosen")
        chosen = chosen if isinstance(chosen, list) else []
        self.chosen = {i for i, option in enumerate(self.options) if option.text in chosen}
        done = state.get("checked") is True and self.chosen
        self.total = self._judge() if done else None

    def choose(self, place: int) -> None:
        """Choose an option; where several may be right, choosing it again takes it back."""
        if self.total is not None:
            return
        self.chosen = self.chosen ^ {place} if self.several else {place}
        self._keep()

    def check(self) -> int | None:
        """Judge and record the choice; None where nothing is chosen."""
        if not self.chosen:
            return None
        self.total = self._judge()
        self._keep()
        text = "\n".join(self.options[i].text for i in sorted(self.chosen))
        self.kept.add(Entry(self.id, KIND, text, {}, self.total))
        return self.total

    def start_again(self) -> None:
        """Forget choice and result; what was recorded stays in the record."""
        self.chosen, self.total = set(), None
        self._keep()
        self.kept.forget()

    def _judge(self) -> int:
        # A wrong choice costs what a right one earns, so that choosing all is worth nothing.
        earned = len(self.right & self.chosen) - len(self.chosen - self.right)
        return round(100 * max(0, earned) / len(self.right))

    def _keep(self) -> None:
        chosen = [self.options[i].text for i in sorted(self.chosen)]
        self.kept.save({"chosen": chosen, "checked": self.total is not None})
