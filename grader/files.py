"""Writes files whole or not at all, and one process at a time."""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO


def write_whole(path: Path, parts: Iterable[str], *, encoding: str = "utf-8") -> None:
    """Write all parts, one after the other, or leave the file as it was. Raises OSError.

    A file that was there keeps who may read and write it.
    """
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "w", encoding=encoding, newline="") as stream:
            stream.writelines(parts)
        with suppress(FileNotFoundError):
            shutil.copymode(path, name)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def append_line(path: Path, line: bytes) -> None:
    """Add a line; only with the file's lock held. Raises OSError.

    Whoever was killed while writing may have left a line without its end: the new one is whole.
    """
    with path.open("a+b") as file:
        if file.tell():
            file.seek(-1, os.SEEK_END)
            line = line if file.read(1) == b"\n" else b"\n" + line
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())


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
