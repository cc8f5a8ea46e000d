"""The certificate's code: it fits the record and the name it was made for, and no other."""

import random

import pytest

from exercises.certificate import check, make_code
from exercises.record import Entry

NAME = "Zoë O'Brien"


def attempt(second: int, text: str = "A reply.", total: float | None = 80) -> Entry:
    time = f"2026-03-01T10:00:{second:02}.250+00:00"
    return Entry("cake", "rewrite", text, {"reflect": 2, "blame": 0}, total, time)


RECORD = [attempt(second) for second in range(3)]


def fits(code: str, record: list[Entry], name: str | None = NAME) -> tuple[bool, bool | None]:
    found = check(code, record, name)
    return found.fits_record, found.fits_name


def test_code_fits_its_record_and_name() -> None:
    code = make_code(NAME, RECORD)
    assert [len(part) for part in code.split("-")] == [7, 5, 5, 5]
    assert fits(code, RECORD) == (True, True)
    assert fits(code, RECORD, None) == (True, None)
    assert check(code, RECORD).entries == tuple(RECORD)


def test_code_may_be_typed_in_any_way_a_person_would() -> None:
    code = make_code(NAME, RECORD)
    typed = code.lower().replace("-", "  ").replace("0", "o").replace("1", "l")
    assert fits(f" {typed}\n", RECORD, "  zoë   o'brien ") == (True, True)
    assert fits(code, RECORD, "Zoe\u0308 O'Brien") == (True, True)


def test_practice_after_the_certificate_and_another_order_change_nothing() -> None:
    code = make_code(NAME, RECORD)
    later = [*RECORD, attempt(0), attempt(40)]
    random.Random(1).shuffle(later)
    assert fits(code, later) == (True, True)
    assert len(check(code, later).entries) == 4  # not the one of 40 seconds past


@pytest.mark.parametrize(
    "other",
    [
        [],
        RECORD[1:],
        [*RECORD, attempt(1, "Put in later.")],
        [*RECORD[:2], attempt(2, "Another reply.")],
        [*RECORD[:2], attempt(2, total=100)],
        [attempt(second + 10) for second in range(3)],
    ],
    ids=["empty", "one-gone", "one-more", "text", "total", "times"],
)
def test_code_fits_no_record_with_other_lines(other: list[Entry]) -> None:
    assert fits(make_code(NAME, RECORD), other) == (False, False)


def test_code_fits_no_other_name_and_no_slip() -> None:
    code = make_code(NAME, RECORD)
    assert fits(code, RECORD, "Zoë Brien") == (True, False)
    assert make_code("Somebody else", RECORD)[:-6] == code[:-6]
    for place, digit in enumerate(code):
        if digit != "-":
            slip = code[:place] + ("0" if digit != "0" else "2") + code[place + 1 :]
            assert fits(slip, RECORD) != (True, True)


@pytest.mark.parametrize("code", ["", "abc", "U" * 22, "0" * 21, "0" * 23, "é" * 22])
def test_what_is_no_code_is_told(code: str) -> None:
    with pytest.raises(ValueError, match="no certificate's code"):
        check(code, RECORD)


def test_empty_record_has_no_certificate() -> None:
    with pytest.raises(ValueError, match="empty"):
        make_code(NAME, [])
