"""Writes files whole or not at all, and one process at a time."""

from __future__ import annotations

import os
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO


def write_whole(path: Path, parts: Iterable[str], *, encoding: str = "utf-8") -> None:
    """Write all parts, one after the other, or leave the file as it was. Raises OSError."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
            stream.writelines(parts)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


if sys.platform == "emscripten":
    # A browser's worker is the only process there is.

    @contextmanager
    def locked(path: Path) -> Iterator[None]:
        """Make the file's folder; there is nobody to lock out."""
        path.parent.mkdir(parents=True, exist_ok=True)
        yield

else:

    @contextmanager
    def locked(path: Path) -> Iterator[None]:
        """Hold the lock of a file, kept beside it as `.<name>.lock`, against other processes.

        Makes the folder where it is missing. Raises OSError.
        """
        path.parent.mkdir(parents=True, exist_ok=True)
        with path.with_name(f".{path.name}.lock").open("a+b") as file:
            _lock(file)
            try:
                yield
            finally:
                _unlock(file)


if sys.platform == "win32":
    import msvcrt

    def _lock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_LOCK, 1)

    def _unlock(file: IO[bytes]) -> None:
        file.seek(0)
        msvcrt.locking(file.fileno(), msvcrt.LK_UNLCK, 1)

elif sys.platform != "emscripten":
    import fcntl

    def _lock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_EX)

    def _unlock(file: IO[bytes]) -> None:
        fcntl.flock(file, fcntl.LOCK_UN)
