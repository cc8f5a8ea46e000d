"""`python -m grader score ROWS.jsonl [--out FILE] [--explain]`: score reply rows."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from grader.files import write_whole
from grader.learned import load_learned
from grader.rows import dumps, score_line


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


def main(argv: Sequence[str]) -> int:
    """Score a file of rows; returns the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m grader score", description="Score reply rows, one JSON object a line."
    )
    parser.add_argument("rows", metavar="ROWS.jsonl", help="the rows; - for standard input")
    parser.add_argument("--out", metavar="FILE", help="write here instead of printing")
    parser.add_argument("--explain", action="store_true", help="add why each level was given")
    options = parser.parse_args(argv)
    return score(options.rows, options.out, explain=options.explain)
