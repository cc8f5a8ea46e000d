"""The certificate's code: a digest that ties a name to a record, and how to check it.

A code such as 0A1B2C3-D4E5F-6G7H8-J9K0M says up to which second the record counts, then gives a
digest of every line up to there, then one of the name with it. It proves that this name and these
lines belong together and that no line has changed since. It does not prove who typed them: there
is no secret in it, so somebody who can program can make one up.
"""

from __future__ import annotations

import json
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from hashlib import sha256

from exercises.record import Entry

_DIGITS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ"  # none that look alike (Crockford's base 32)
_TIME, _LINES, _NAME = 7, 10, 5  # digits of each part


@dataclass(frozen=True, slots=True)
class Check:
    """Whether a code fits a record, and the attempts it speaks of.

    `fits_name` is None where no name was given.
    """

    fits_record: bool
    fits_name: bool | None
    entries: tuple[Entry, ...]


def make_code(name: str, entries: Iterable[Entry]) -> str:
    """The code of a certificate for all these attempts. Raises ValueError where there are none."""
    counted = list(entries)
    if not counted:
        raise ValueError("an empty record has no certificate")
    # Up to the end of the last attempt's second.
    return _code(name, counted, int(max(entry.when().timestamp() for entry in counted)) + 1)


def check(code: str, entries: Iterable[Entry], name: str | None = None) -> Check:
    """Check a code against a record. Raises ValueError where it is no code."""
    digits = _read(code)
    until = 0
    for digit in digits[:_TIME]:
        until = until << 5 | _DIGITS.index(digit)
    counted = tuple(entry for entry in entries if entry.when().timestamp() < until)
    found = _read(_code(name or "", counted, until))
    fits_record = bool(counted) and found[: _TIME + _LINES] == digits[: _TIME + _LINES]
    fits_name = None if name is None else fits_record and found == digits
    return Check(fits_record, fits_name, counted)


def _code(name: str, entries: Iterable[Entry], until: int) -> str:
    time = "".join(_DIGITS[until >> 5 * place & 31] for place in reversed(range(_TIME)))
    # Each attempt once and in an order of its own, so that merged and exported records agree.
    lines = sorted({_line(entry) for entry in entries})
    record = sha256("\n".join([time, *lines]).encode("ascii")).hexdigest()
    plain = " ".join(unicodedata.normalize("NFC", name).split()).casefold()
    owner = sha256(f"{record}\n{plain}".encode("utf-8", "replace")).digest()
    found = _digits(bytes.fromhex(record), _LINES) + _digits(owner, _NAME)
    groups = [found[start : start + 5] for start in range(0, len(found), 5)]
    return "-".join([time, *groups])


def _line(entry: Entry) -> str:
    values = [entry.time, entry.exercise, entry.kind, entry.text, entry.total]
    return json.dumps([*values, sorted(entry.levels.items())], ensure_ascii=True)


def _digits(digest: bytes, count: int) -> str:
    number = int.from_bytes(digest, "big")
    return "".join(_DIGITS[number >> 5 * place & 31] for place in range(count))


def _read(code: str) -> str:
    """The digits of a code as somebody may have typed it. Raises ValueError."""
    typed = "".join(code.upper().replace("-", " ").split())
    digits = typed.translate(str.maketrans("OIL", "011"))
    if len(digits) != _TIME + _LINES + _NAME or not {*digits} <= {*_DIGITS}:
        raise ValueError(f"{code!r} is no certificate's code; it has 22 letters and digits")
    return digits
