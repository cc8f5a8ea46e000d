"""`python -m exercises record`: a learner's record as a file and in numbers; its certificate."""

# ruff: noqa: T201  (a command line prints)

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence
from datetime import date
from pathlib import Path

from exercises import bank
from exercises.certificate import check
from exercises.files import write_atomic
from exercises.home import home
from exercises.kinds import REWRITE
from exercises.progress import mean_levels, measure
from exercises.record import Entry, Record, entries_of
from exercises.unknown import UnknownExerciseError
from grader import assess


def main(argv: Sequence[str]) -> int:
    """Run the command; 1 where a file cannot be used, or a code does not fit."""
    parser = argparse.ArgumentParser(
        prog="python -m exercises record",
        description="The record is in the learner's folder: TALK_IT_DOWN_HOME, or the usual one.",
    )
    task = parser.add_mutually_exclusive_group(required=True)
    task.add_argument("--export", metavar="FILE", type=Path, help="write all attempts to a file")
    task.add_argument(
        "--import",
        metavar="FILE",
        type=Path,
        dest="merge",
        help="add the attempts of an exported file that are not here yet",
    )
    task.add_argument(
        "--summary",
        action="store_true",
        help="print JSON: attempts, mean level per criterion, next practice",
    )
    task.add_argument(
        "--check",
        nargs=2,
        metavar=("CODE", "FILE"),
        help="check a certificate's code against an exported record",
    )
    parser.add_argument("--name", help="with --check: the name on the certificate")
    args = parser.parse_args(argv)
    if args.name is not None and not args.check:
        parser.error("--name goes with --check")
    try:
        if args.export:
            return _export(args.export)
        if args.merge:
            return _import(args.merge)
        if args.check:
            return _check(args.check[0], Path(args.check[1]), args.name)
        return _summary()
    except OSError as error:
        print(f"{args.export or error.filename}: {error.strerror or error}", file=sys.stderr)
        return 1


def _export(path: Path) -> int:
    text = Record(home()).export().decode("utf-8")
    write_atomic(path, text)
    count = text.count("\n")
    print(f"{count} attempts written to {path}")
    return 0


def _import(path: Path) -> int:
    found = Record(home()).merge(path.read_bytes())
    if found.unreadable:
        print(f"{path}: {found.unreadable} lines are no attempts; left out", file=sys.stderr)
    if found.unreadable and not found.added and not found.known:
        print(f"{path}: is no exported record; nothing was added", file=sys.stderr)
        return 1
    print(f"{found.added} attempts added, {found.known} were here already")
    return 0


def _summary() -> int:
    record = Record(home())
    entries = list(record.read())
    for path in record.damaged():
        print(f"{path}: a damaged record, set aside; what is readable is kept", file=sys.stderr)
    coming = measure(entries, date.today()).next[:1]
    summary = {
        "attempts": len(entries),
        "levels": mean_levels(entries),
        "next": None,
    }
    for practice in coming:
        summary["next"] = {
            "exercise": practice.exercise,
            "kind": practice.kind,
            "chapter": practice.chapter or None,
            "criterion": practice.criterion or None,
            "due": practice.due.isoformat(),
        }
    json.dump(summary, sys.stdout, indent=1)
    print()
    return 0


def _check(code: str, path: Path, name: str | None) -> int:
    entries = entries_of(path.read_bytes())
    try:
        found = check(code, entries, name)
    except ValueError as error:
        print(error, file=sys.stderr)
        return 1
    if not found.fits_record:
        print("The code does not fit this record: it belongs to another, or a line has changed.")
        return 1
    last = found.entries[-1].when()
    print(f"The code fits this record, up to {last:%Y-%m-%d %H:%M} UTC: {_counted(found.entries)}.")
    progress = measure(found.entries, date.today())
    for chapter in progress.chapters:
        state = f"done on {chapter.done_on}" if chapter.done_on else "not done"
        print(f"  {chapter.title}: {state}, {chapter.passed} of {len(chapter.best)} exercises")
    if found.fits_name is None:
        print("The name was not checked; add --name with the name on the certificate.")
    else:
        print("The name fits." if found.fits_name else "The name does not fit.")
    return 0 if progress.is_complete and found.fits_name is not False else 1


def _counted(entries: Sequence[Entry]) -> str:
    """How many attempts there are, and how many replies get their total again when graded now."""
    replies = [entry for entry in entries if entry.kind == REWRITE]
    same = sum(_is_worth_its_total(entry) for entry in replies)
    return (
        f"{len(entries)} attempts; {same} of {len(replies)} rewritten replies get the same total "
        "when they are graded again"
    )


def _is_worth_its_total(entry: Entry) -> bool:
    try:
        found = bank.scenario(entry.exercise)
    except UnknownExerciseError:
        return False
    return assess(entry.text, found.scenario, found.asks).total == entry.total
