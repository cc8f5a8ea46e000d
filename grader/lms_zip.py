"""Submissions in the one zip that a learning platform gives: a folder or a zip for each learner.

Learners make what is in it, so it is untrusted. Only the files that grading reads are taken, under
names of our own, and never more of each than may be handed in: nothing in a zip says where
anything is written, and a small zip that unpacks to a huge one ends at that limit. When it was
handed in is taken from the names that the platform gives; a time that a learner has packed, as a
file or as an entry's date, is left out.
"""

from __future__ import annotations

import io
import re
import stat
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from grader.assignment import Assignment
from grader.submission import (
    ANSWERS,
    LARGEST_ANSWER,
    LARGEST_NOTEBOOK,
    LARGEST_OTHER,
    RECORD,
    TIME,
)

LARGEST_ZIP = LARGEST_NOTEBOOK  # a learner's own, as it is packed
MOST_ENTRIES = 500_000  # of all learners together
_DEEPEST = 3  # folders around what was handed in

# How platforms name what a learner handed in. The groups together are the learner, but for those
# of _NO_NAME: the time of handing in, and the platform's own word that it is late.
PLATFORMS = (
    re.compile(r"(?P<name>.+)_(?P<id>\d+)_assignsubmission_(?:file|onlinetext)_?.*"),  # Moodle
    re.compile(r"(?P<name>[a-z]+)(?P<late>_LATE)?_(?P<id>\d+)_\d+_.+"),  # Canvas
)
_NO_NAME = ("timestamp", "late")

Entries = dict[PurePosixPath, ZipInfo]


class RefusedError(ValueError):
    """What a learner handed in cannot be used; the message says why."""


@dataclass(frozen=True, slots=True)
class Label:
    """What a platform says in the name of a folder or zip: whose it is, when it was handed in (as
    nbgrader writes times; "" where it does not say), and whether that was late.
    """

    learner: str
    time: str = ""
    late: bool = False


@dataclass(frozen=True, slots=True)
class HandIn:
    """What one learner handed in: their files by name, or why there are none.

    Among the files is the time, where the platform says it; `late` is its own word for that.
    """

    learner: str
    files: Mapping[str, bytes]
    refused: str = ""
    late: bool = False


def hand_ins(
    path: Path, assignment: Assignment, learner: re.Pattern[str] | None = None
) -> Iterator[HandIn]:
    """Read a platform's zip, one learner after the other.

    `learner` finds the learner in the name of their folder or zip: its groups, joined by "_", or
    all of its match. A group called `timestamp` is the time of handing in, from year to minute or
    second, by this machine's clock. Raises OSError where the zip cannot be opened, ValueError
    where it is none.
    """
    try:
        with ZipFile(path) as archive:
            if len(archive.infolist()) > MOST_ENTRIES:
                raise ValueError(f"holds more than {MOST_ENTRIES:,} files")
            seen: set[str] = set()
            for name, entries in sorted(_by_learner(archive).items()):
                label = label_of(name, learner)
                again = label.learner in seen
                seen.add(label.learner)
                yield _hand_in(archive, label, entries, assignment, again=again)
    except BadZipFile as error:
        raise ValueError(f"is no zip that can be read ({error})") from error


def label_of(name: str, pattern: re.Pattern[str] | None = None) -> Label:
    """What the name of a folder or zip says."""
    stem = name.removesuffix(".zip")
    for known in [pattern] if pattern else PLATFORMS:
        match = known.fullmatch(stem) if pattern is None else known.search(stem)
        if match:
            told = match.groupdict()
            besides = {known.groupindex[group] for group in _NO_NAME if group in told}
            names = [text for at, text in enumerate(match.groups(), 1) if at not in besides]
            learner = "_".join(filter(None, names)) or match.group()
            return Label(learner, _time(told.get("timestamp") or ""), bool(told.get("late")))
    return Label(stem)


def _time(text: str) -> str:
    """A time from the numbers of a name, year first; "" where they are none."""
    numbers = [int(digits) for digits in re.findall(r"\d+", text, re.ASCII)]
    try:
        year, month, day, hour, minute, *rest = numbers
        second = rest[0] if rest else 0
        local = datetime(year, month, day, hour, minute, second)
        return local.astimezone(UTC).strftime("%Y-%m-%d %H:%M:%S UTC")
    except (ValueError, OverflowError, OSError):
        return ""


def _by_learner(archive: ZipFile) -> dict[str, Entries | str]:
    """The entries of each folder or zip at the top, or why they cannot be used."""
    found: dict[str, Entries | str] = {}
    listed = [(info, _path(info)) for info in archive.infolist() if not info.is_dir()]
    listed = [(info, path) for info, path in listed if path is None or not _is_clutter(path)]
    depth = _wrapping([path for _, path in listed if path])
    for info, path in listed:
        if path is None or len(path.parts) <= depth:
            found[info.filename] = "its name leads out of the zip"
            continue
        name, rest = path.parts[depth], PurePosixPath(*path.parts[depth + 1 :])
        if rest == PurePosixPath():
            if path.suffix != ".zip":
                continue  # a list of names or the like, which no learner handed in
            rest = PurePosixPath(name)
        entries = found.setdefault(name, {})
        if isinstance(entries, dict):
            if rest in entries:
                found[name] = f"holds {str(rest)!a} twice"
            entries[rest] = info
    return found


def _path(info: ZipInfo) -> PurePosixPath | None:
    """Where an entry says it belongs; None where that is outside of the zip."""
    path = PurePosixPath(info.filename.replace("\\", "/"))
    inside = (
        not path.is_absolute() and not {"..", ""} & set(path.parts) and ":" not in path.parts[0]
    )
    return path if inside else None


def _is_clutter(path: PurePosixPath) -> bool:
    return path.parts[0] == "__MACOSX" or path.name in {".DS_Store", "Thumbs.db"}


def _wrapping(paths: list[PurePosixPath]) -> int:
    """How many folders are around the learners' folders, as with a zip of one folder."""
    for depth in range(_DEEPEST):
        tops = {path.parts[depth] for path in paths if len(path.parts) > depth}
        below = {path.parts[depth + 1] for path in paths if len(path.parts) > depth + 1}
        inside = any(len(path.parts) == depth + 1 for path in paths)
        if len(tops) != 1 or inside or ANSWERS in below or len(below) < 2:
            return depth
    return _DEEPEST


def _hand_in(
    archive: ZipFile, label: Label, entries: Entries | str, assignment: Assignment, *, again: bool
) -> HandIn:
    who = label.learner
    try:
        if isinstance(entries, str):
            raise RefusedError(entries)
        if again:
            raise RefusedError("is there twice; keep one of them")
        packed = [path for path in entries if path.suffix == ".zip"]
        if len(packed) == 1 and not any(ANSWERS in path.parts for path in entries):
            content = _read(archive, entries[packed[0]], LARGEST_ZIP)
            if len(content) > LARGEST_ZIP:
                raise RefusedError(f"is a zip of more than {LARGEST_ZIP:,} bytes")
            with ZipFile(io.BytesIO(content)) as own:
                files = _files(own, _own_entries(own), assignment)
        else:
            files = _files(archive, entries, assignment)
        if label.time:
            files[TIME] = label.time.encode("ascii")
        return HandIn(who, files, late=label.late)
    except RefusedError as error:
        return HandIn(who, {}, str(error))
    except Exception as error:  # a zip can be broken in any way; the rest go on
        return HandIn(who, {}, f"cannot be unpacked ({type(error).__name__}: {error})")


def _own_entries(archive: ZipFile) -> Entries:
    entries: Entries = {}
    for info in archive.infolist():
        path = _path(info)
        if path is None:
            raise RefusedError(f"holds {info.filename!a}, a name that leads out of the zip")
        if not info.is_dir() and not _is_clutter(path):
            if path in entries:
                raise RefusedError(f"holds {str(path)!a} twice")
            entries[path] = info
    return entries


def _files(archive: ZipFile, entries: Entries, assignment: Assignment) -> dict[str, bytes]:
    """What grading reads, of the folder with the answers. One byte too many is left in too large
    a file, so that it is told as such.
    """
    limits = {f"{ANSWERS}/{item.id}.txt": LARGEST_ANSWER for item in assignment.items}
    beside = {RECORD: LARGEST_OTHER}  # what nothing is graded by
    limits |= {f"{assignment.name}.ipynb": LARGEST_NOTEBOOK, **beside}
    found: dict[PurePosixPath, dict[str, ZipInfo]] = {}
    for path, info in entries.items():
        for wanted in limits:
            if path.parts[-len(PurePosixPath(wanted).parts) :] == PurePosixPath(wanted).parts:
                base = PurePosixPath(*path.parts[: -len(PurePosixPath(wanted).parts)])
                found.setdefault(base, {})[wanted] = info
    bases = [base for base, names in found.items() if set(names) - set(beside)]
    if not bases:
        raise RefusedError(f"holds no {ANSWERS} to {assignment.name}")
    if len(bases) > 1:
        raise RefusedError(f"holds {len(bases)} folders with answers; keep one of them")
    return {name: _read(archive, info, limits[name]) for name, info in found[bases[0]].items()}


def _read(archive: ZipFile, info: ZipInfo, limit: int) -> bytes:
    """At most one byte more than `limit`, whatever the zip says about its size."""
    if stat.S_IFMT(info.external_attr >> 16) not in (0, stat.S_IFREG):
        raise RefusedError(f"holds {info.filename!a}, which is no regular file")
    if info.flag_bits & 1:
        raise RefusedError("is encrypted")
    if info.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
        raise RefusedError("is packed in a way that platforms do not use")
    with archive.open(info) as file:
        return file.read(limit + 1)
