"""A draft: the text in a reply box, kept in a file as it is typed.

Two windows may hold the same draft. The one that writes second finds words in the file that it
did not put there; it sets them aside before it writes its own, so that none are lost.
"""

from __future__ import annotations

import json
from pathlib import Path

from exercises.files import clean, read_text, write_atomic
from exercises.home import home

MOST_ASIDE = 20


class Draft:
    """One draft file, and `aside`, the JSON file for other windows' words.

    `text` is what this window has last read or written.
    """

    def __init__(self, path: Path, aside: Path) -> None:
        self.path = path
        self._aside = aside
        self.text = ""

    def load(self) -> str:
        """Read the draft. Raises OSError."""
        self.text = read_text(self.path)
        return self.text

    def save(self, text: str) -> bool:
        """Write the draft; True if another window's words were set aside. Raises OSError."""
        text = clean(text)
        found = read_text(self.path)
        if text == found:
            self.text = text
            return False
        foreign = found != self.text and bool(found.strip())
        if foreign:
            self._set_aside(found)
        write_atomic(self.path, text)
        self.text = text
        return foreign

    def set_aside(self) -> list[str]:
        """Words of other windows that were set aside, the newest first. Raises OSError."""
        try:
            kept = json.loads(read_text(self._aside) or "[]")
        except ValueError:
            return []
        return [text for text in kept if isinstance(text, str)] if isinstance(kept, list) else []

    def _set_aside(self, text: str) -> None:
        # An earlier state of the same words says nothing that the later one does not.
        others = [other for other in self.set_aside() if not text.startswith(other)]
        kept = [text, *others][:MOST_ASIDE]
        write_atomic(self._aside, json.dumps(kept, ensure_ascii=True, indent=1) + "\n")


def draft_here(id: str) -> Draft:
    """The draft of an exercise, in the learner's folder."""
    folder = home() / "drafts"
    return Draft(folder / f"{id}.txt", folder / f"{id}.aside.json")
