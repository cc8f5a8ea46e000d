"""CSV that a spreadsheet opens as what it is: text as text, never as a formula.

What learners and customers write can begin with "=", and a spreadsheet would calculate it, look
it up or send it somewhere. OWASP, "CSV Injection": such a cell gets an apostrophe in front. The
same goes for later lines of a cell and for what follows ";" or a tab in it: a spreadsheet that
expects another separator begins a new cell there.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterable, Iterator, Sequence
from io import StringIO
from pathlib import Path

from grader.files import write_whole

# A cell begins at the start, or behind what some spreadsheet takes for an end of cell or line.
_ENDS = r"\t\n\v\f\r;|\x85\u2028\u2029"
# "=", "+", "-", "@" and their wide forms begin a formula, also behind blanks and quotation marks.
_FORMULA = re.compile(rf"""(^|[{_ENDS}])(?=(?:[^\S{_ENDS}]|["'“”„\u200b\ufeff])*[=+\-@＝＋－＠])""")
_LEADING = re.compile(r"[\t\n]")
_LINE_END = re.compile(r"\r\n?")
_NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")
_UNSEEN = re.compile(r"[\x00-\x08\x0e-\x1f\x7f]")  # no spreadsheet can hold them


def safe(value: object) -> str | int | float:
    """A value as a cell: numbers as they are, None as nothing, text that can be no formula."""
    if value is None:
        return ""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return value
    text = _UNSEEN.sub("", _LINE_END.sub("\n", str(value)))
    if _NUMBER.fullmatch(text):
        return text
    guarded = _FORMULA.sub(r"\1'", text)
    return f"'{guarded}" if _LEADING.match(guarded) else guarded


def csv_lines(header: Sequence[str], rows: Iterable[Sequence[object]]) -> Iterator[str]:
    """The lines of a table; every cell of text in quotation marks."""
    for row in (header, *rows):
        line = StringIO()
        csv.writer(line, quoting=csv.QUOTE_NONNUMERIC).writerow(map(safe, row))
        yield line.getvalue()


def write_csv(
    path: Path, header: Sequence[str], rows: Iterable[Sequence[object]], *, excel: bool = False
) -> None:
    """Write a table as UTF-8; `excel` adds the mark by which Excel knows it. Raises OSError."""
    encoding = "utf-8-sig" if excel else "utf-8"
    write_whole(path, csv_lines(header, rows), encoding=encoding)
