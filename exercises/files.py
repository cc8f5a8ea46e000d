"""Files that survive a killed kernel, a full disk and a second window."""

from __future__ import annotations

import os
import secrets
import time
from contextlib import suppress
from pathlib import Path


def clean(text: str) -> str:
    """The text with lone surrogates, which UTF-8 cannot hold, replaced by "\ufffd"."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def read_text(path: Path) -> str:
    """The file as text, line ends as they are; "" where there is no such file.

    Bytes that are no UTF-8 become "\ufffd". Raises OSError where the file cannot be read.
    """
    try:
        return path.read_bytes().decode("utf-8", "replace")
    except FileNotFoundError:
        return ""


def write_atomic(path: Path, text: str | bytes) -> None:
    """Write the file whole or not at all, text as UTF-8; makes the folder where it is missing.

    Raises OSError where it cannot be written; the file that was there is then unharmed.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{secrets.token_hex(8)}.tmp")
    try:
        part.write_bytes(text.encode("utf-8") if isinstance(text, str) else text)
        put_in_place(part, path)
    except BaseException:
        with suppress(OSError):
            part.unlink()
        raise


# Windows replaces no file that another program reads at this moment; seconds to wait for it.
_WAITS = (0.01, 0.05, 0.2) if os.name == "nt" else ()


def put_in_place(part: Path, path: Path) -> None:
    """Put a file that is written in the place of another, all at once. Raises OSError."""
    for wait in _WAITS:
        try:
            part.replace(path)
        except PermissionError:
            time.sleep(wait)
        else:
            return
    part.replace(path)
