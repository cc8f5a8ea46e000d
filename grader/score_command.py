"""`python -m grader score FILE [--out FILE]`: score reply rows, or the replies of a CSV table.

Rows are JSON Lines, one object a line, and so are the results. A table needs the columns customer
and reply; its results are the same table with columns for the grader's levels, or JSON Lines where
--out does not end in .csv.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.commands import CommandError, trouble
from grader.files import write_whole
from grader.learned import load_learned
from grader.replies import is_table, parse_asks, read_table, reply_rows, scored_table
from grader.rows import dumps, score_line
from grader.tables import csv_lines


def _rows(source: str) -> Iterator[str]:
    """Lines of a file or of standard input; bytes that are no UTF-8 become replacement marks."""
    if source == "-":
        stream = sys.stdin.buffer
        yield from (line.decode("utf-8", "replace") for line in stream)
    else:
        with Path(source).open("rb") as stream:
            yield from (line.decode("utf-8", "replace") for line in stream)


def score(source: str, out: str | None, *, explain: bool) -> int:
    """Score reply rows. Exit status 1 where a row was bad, 2 where a file cannot be used."""
    try:
        load_learned()
    except RuntimeError as error:
        sys.stderr.write(f"score: {error}\n")
        return 2
    bad = False

    def results() -> Iterator[str]:
        nonlocal bad
        for number, line in enumerate(_rows(source)):
            text = line.lstrip("\ufeff") if number == 0 else line
            if not text.strip():
                continue
            row = score_line(text, explain=explain)
            bad = bad or "error" in row
            yield dumps(row) + "\n"

    try:
        if out is None:
            for line in results():
                sys.stdout.write(line)
            sys.stdout.flush()
        else:
            write_whole(Path(out), results(), encoding="ascii")
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    except OSError as error:
        name = error.filename or source
        sys.stderr.write(f"score: {name}: {error.strerror}; give a file that can be used\n")
        return 2
    return 1 if bad else 0


def score_table(options: argparse.Namespace) -> int:
    """Score the replies of a table. Exit status as of `score`."""
    path, out = Path(options.rows), options.out
    bad = False

    def lines() -> Iterator[str]:
        nonlocal bad
        for row in reply_rows(table, asks):
            result = score_line(dumps(row), explain=options.explain)
            bad = bad or "error" in result
            yield dumps(result) + "\n"

    def cells() -> Iterator[str]:
        nonlocal bad
        header, *rows = scored_table(table, asks)
        place = header.index("grader_error")
        bad = any(row[place] for row in rows)
        yield from csv_lines([str(name) for name in header], rows)

    with trouble("score") as failed:
        asks = parse_asks(options.asks)
        table = read_table(path)
        if out is None:
            if hasattr(sys.stdout, "reconfigure"):
                sys.stdout.reconfigure(encoding="utf-8", newline="")
            sys.stdout.writelines(cells())
        elif is_table(out):
            if options.explain:
                raise CommandError("--explain has no place in a table; let --out end in .jsonl")
            write_whole(Path(out), cells(), encoding="utf-8-sig" if options.excel else "utf-8")
        else:
            write_whole(Path(out), lines(), encoding="ascii")
    return failed.status or int(bad)


def main(argv: Sequence[str]) -> int:
    """Score a file of rows; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m grader score",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("rows", metavar="FILE", help="rows, or a .csv table; - is standard input")
    parser.add_argument("--out", metavar="FILE", help="write here instead of printing")
    parser.add_argument("--explain", action="store_true", help="add why each level was given")
    parser.add_argument(
        "--asks",
        metavar="MOVES",
        default="",
        help="for tables: what every reply should do, as in apologise=2,solve; gives totals",
    )
    parser.add_argument("--excel", action="store_true", help="for tables: so that Excel reads them")
    options = parser.parse_args(argv)
    if is_table(options.rows):
        return score_table(options)
    if options.asks or options.excel:
        parser.error("--asks and --excel are for tables; rows say for themselves what they ask")
    return score(options.rows, options.out, explain=options.explain)
