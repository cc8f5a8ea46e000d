"""`python -m exercises play DIALOGUE_ID --replies FILE.jsonl`: a role play without a screen.

FILE holds one JSON string a line, `-` is standard input. Prints one JSON object a turn,

    {"turn", "customer", "temper", "reply", "levels", "total"}

where `customer` is what was said before that reply and `temper` (0 to 100) what came of it; `total`
weighs what that moment of the talk asked for. The last line is {"end", "customer", "temper"}.
Replies left over are not read, missing ones count as silence.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from exercises.dialogues import dialogue
from exercises.role_play import Conversation, play_out
from exercises.unknown import UnknownExerciseError


def main(argv: Sequence[str]) -> int:
    """Play a role play; 1 where the dialogue or the replies cannot be used."""
    parser = argparse.ArgumentParser(
        prog="python -m exercises play",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("dialogue", metavar="DIALOGUE_ID", help="see python -m exercises list")
    parser.add_argument("--replies", required=True, metavar="FILE", help="a JSON string a line")
    args = parser.parse_args(argv)
    try:
        found = dialogue(args.dialogue)
        replies = read_replies(args.replies)
    except UnknownExerciseError as error:
        return _fail(f"{error} (see python -m exercises list --kind role-play)")
    except ValueError as error:
        return _fail(str(error))
    for row in rows(play_out(found, replies)):
        sys.stdout.write(json.dumps(row, ensure_ascii=True) + "\n")
    return 0


def rows(conversation: Conversation) -> Iterator[dict[str, Any]]:
    """A conversation that has ended, one object a turn and one for the end."""
    for turn in conversation.turns:
        yield {
            "turn": turn.number,
            "customer": turn.said,
            "temper": turn.temper,
            "reply": turn.reply,
            "levels": dict(turn.assessment.levels),
            "total": turn.assessment.total,
        }
    if conversation.end is not None:
        end = conversation.end
        yield {"end": end.id, "customer": end.says, "temper": conversation.temper}


def read_replies(file: str) -> list[str]:
    """The replies of a file, "-" for standard input; empty lines at the end are no replies.

    Raises ValueError that names the file and the line.
    """
    name = "standard input" if file == "-" else file
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        text = data.decode("utf-8-sig").rstrip()
        lines = text.split("\n") if text else []
    except OSError as error:
        raise ValueError(f"{name}: cannot be read: {error.strerror}") from None
    except UnicodeDecodeError as error:
        raise ValueError(f"{name}: byte {error.start} is no UTF-8; save it as UTF-8") from None
    replies = []
    for number, line in enumerate(lines, 1):
        try:
            reply = json.loads(line)
        except (ValueError, RecursionError):
            reply = None
        if not isinstance(reply, str):
            raise ValueError(f'{name}: line {number} is no JSON string; write "…" on each line')
        replies.append(reply)
    return replies


def _fail(words: str) -> int:
    sys.stderr.write(words + "\n")
    return 1
