"""A learner's role play: what was said so far is kept, any turn can be played again."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from exercises.debrief import best_levels, total_of
from exercises.drafts import Draft
from exercises.files import clean
from exercises.kinds import ROLE_PLAY
from exercises.record import Entry, Record
from exercises.rewrite import HONEST_WORDS
from exercises.role_play import ENDED_FAIRLY, is_capstone, play
from exercises.writing import word_count

TOP = 100
# What it is worth to end the talk fairly, after a limit that was not kept, at any temper.
FAIR = 70


class Rehearsal:
    """One learner's work on one dialogue.

    `text` is what stands in the reply box; `conversation` is where the talk stands. `trouble` is
    the key of a text for the learner where files are not as they should be, else None. `record` is
    where finished conversations go. `folder` holds `<id>.txt`, the text of the box, and
    `<id>.turns`, the replies so far, a JSON string a line. Nothing here raises for what is wrong
    with files.
    """

    def __init__(
        self, id: str, dialogue: Mapping[str, Any], folder: Path, record: Record | None = None
    ) -> None:
        self.id = id
        self.dialogue = dialogue
        self.text = ""
        self.trouble: str | None = None
        self.conversation = play(dialogue, ())
        self._record = record
        self._draft = Draft(folder / f"{id}.txt", folder / f"{id}.aside.json")
        self._turns = Draft(folder / f"{id}.turns", folder / f"{id}.turns.aside.json")
        self.reload()

    def reload(self) -> None:
        """Take up what stands in the files, where another window may have written meanwhile."""
        if self.trouble == "role_play_not_saved":
            return  # what was said stands nowhere else
        try:
            self.text = self._draft.load()
            self.conversation = play(self.dialogue, _replies(self._turns.load()))
        except OSError:
            self.trouble = "role_play_not_read"

    @property
    def replies(self) -> list[str]:
        """What the learner has said so far, one a turn."""
        return [turn.reply for turn in self.conversation.turns]

    @property
    def tried(self) -> bool:
        """Whether the learner has made an honest try, after which the good run may be read."""
        return self.conversation.end is not None and any(
            word_count(reply) >= HONEST_WORDS for reply in self.replies
        )

    def write(self, text: str) -> None:
        """Keep the text of the reply box; called for every change."""
        self.text = clean(text)
        try:
            self.trouble = "other_window" if self._draft.save(self.text) else None
        except OSError:
            self.trouble = "role_play_not_saved"

    def say(self, text: str) -> None:
        """Say something to the customer; "" is to say nothing. Nothing happens after the end."""
        if self.conversation.end is not None:
            return
        self.conversation = self.conversation.reply(clean(text))
        self._keep_turns()
        if self.conversation.end is not None and self._record is not None:
            self._put_on_record(self._record)
        self._clear()

    def again(self, turn: int = 1) -> None:
        """Play again from a turn (1 is the first); what was said there is in the box to change."""
        turns = self.conversation.turns
        if not 1 <= turn <= len(turns):
            return
        said = turns[turn - 1].reply
        self.conversation = play(self.dialogue, [t.reply for t in turns[: turn - 1]])
        self._keep_turns()
        trouble = self.trouble
        self.write(said)
        self.trouble = trouble or self.trouble

    def set_aside(self) -> list[str]:
        """Words of other windows that are nowhere else to be seen, the newest first."""
        try:
            turns = [numbered(_replies(text)) for text in self._turns.set_aside()]
            drafts = self._draft.set_aside()
        except OSError:
            return []
        seen = [self.text, *self.replies]
        mine = numbered(self.replies)
        return [text for text in turns if text and not mine.startswith(text)] + [
            text for text in drafts if not any(text in other for other in seen)
        ]

    def _keep_turns(self) -> None:
        lines = "".join(json.dumps(reply, ensure_ascii=True) + "\n" for reply in self.replies)
        try:
            self.trouble = "role_play_other_window" if self._turns.save(lines) else None
        except OSError:
            self.trouble = "role_play_not_saved"

    def _clear(self) -> None:
        trouble = self.trouble
        self.write("")
        self.trouble = trouble or self.trouble

    def _put_on_record(self, record: Record) -> None:
        end, total = self.conversation.end, float(TOP - self.conversation.temper)
        if is_capstone(self.dialogue):
            total = total_of(self.conversation.turns)
        elif end is not None and end.id == ENDED_FAIRLY:
            total = max(total, float(FAIR))
        levels = best_levels(self.conversation.turns)
        try:
            record.append(Entry(self.id, ROLE_PLAY, numbered(self.replies), levels, total))
        except OSError:
            self.trouble = "role_play_not_saved"


def numbered(replies: Sequence[str]) -> str:
    """Replies as one text, a number before each; a silent turn is a dash."""
    return "\n".join(f"{i}. {reply.strip() or '-'}" for i, reply in enumerate(replies, 1))


def _replies(text: str) -> list[str]:
    """The replies of a file, up to the first line that is none."""
    replies = []
    for line in text.split("\n"):
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            break
        if not isinstance(reply, str):
            break
        replies.append(reply)
    return replies
