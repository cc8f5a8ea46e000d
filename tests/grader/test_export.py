"""The tables: what has a row, and what stands in it."""

import csv
from collections.abc import Sequence
from dataclasses import replace
from io import StringIO

from grader.export import PER
from grader.results import Learner, Results, anonymous
from grader.rubric import FAULTS, MOVES
from grader.tables import csv_lines
from tests.grader.classroom import BAD, BILL, GOOD, LATE, classroom

CLASS = classroom({"ana": (GOOD, BAD), "=bea": ("", GOOD)}, ana="Ana Adams")


def table(results: Results, per: str, *, texts: bool = True) -> list[dict[str, str]]:
    header, rows = PER[per](results, texts=texts)
    lines = "".join(csv_lines([str(name) for name in header], rows))
    return list(csv.DictReader(StringIO(lines, newline="")))


def one(rows: Sequence[dict[str, str]], **wanted: str) -> dict[str, str]:
    (found,) = [row for row in rows if wanted.items() <= row.items()]
    return found


def test_a_row_for_each_learner_scenario_and_criterion() -> None:
    rows = table(CLASS, "criterion")
    keys = [(row["learner"], row["scenario"], row["criterion"]) for row in rows]
    assert keys == [
        (learner, task.id, criterion)
        for learner in ("ana", "'=bea")
        for task in (LATE, BILL)
        for criterion in (*MOVES, *FAULTS)
    ]
    row = one(rows, learner="ana", scenario="late-parcel", criterion="apologise")
    assert (row["kind"], row["level"], row["top"], row["weight"]) == ("move", "2", "2", "2")
    assert row["evidence"] in GOOD
    assert row["evidence"]
    assert one(rows, learner="ana", scenario="late-parcel", criterion="thank")["weight"] == ""
    blame = one(rows, learner="ana", scenario="wrong-bill", criterion="blame")
    assert (blame["kind"], blame["level"], blame["top"]) == ("fault", "1", "1")


def test_mark_by_hand_stands_beside_the_graders() -> None:
    first = CLASS.replies[0]
    changed = replace(CLASS, replies=(replace(first, manual=9.5, extra=1), *CLASS.replies[1:]))
    for per in ("answer", "criterion"):
        row = next(iter(table(changed, per)))
        assert (float(row["auto_score"]), row["manual_score"]) == (first.auto, "9.5")
        assert row["score"] == "10.5"
    row = table(CLASS, "answer")[0]
    assert (row["manual_score"], row["score"]) == ("", row["auto_score"])


def test_an_answer_has_its_levels_and_its_words() -> None:
    rows = table(CLASS, "answer")
    assert [row["reply"] for row in rows] == [GOOD, BAD, "", GOOD]
    assert [row["rejected"] for row in rows] == ["", "", "empty", ""]
    assert {*MOVES, *FAULTS} <= rows[0].keys()
    assert rows[0]["apologise"] == "2"
    assert rows[0]["handed_in"] == "2026-11-02T10:00:00Z"


def test_reply_without_a_marked_notebook_has_no_levels() -> None:
    results = replace(CLASS, replies=(replace(CLASS.replies[0], row=None), *CLASS.replies[1:]))
    assert table(results, "answer")[0]["apologise"] == ""
    assert {row["level"] for row in table(results, "criterion")[: len(MOVES) + len(FAULTS)]} == {""}


def test_a_learner_has_the_sum_less_what_being_late_costs() -> None:
    ana = replace(CLASS.learners[0], late=2.0)
    absent = Learner("cas", submitted=False)
    rows = table(replace(CLASS, learners=(ana, CLASS.learners[1], absent)), "learner")
    assert [row["learner"] for row in rows] == ["ana", "'=bea", "cas"]
    marks = [reply.auto or 0 for reply in CLASS.of("ana")]
    assert float(rows[0]["score"]) == round(sum(marks) - 2, 2)
    assert float(rows[0]["percent"]) == round(100 * float(rows[0]["score"]) / 15, 2)
    assert rows[0]["name"] == "Ana Adams"
    assert (rows[2]["submitted"], rows[2]["score"], rows[2]["solve"]) == ("no", "0.0", "")
    # The mean over the replies that ask for the move; for a fault over all.
    assert rows[0]["apologise"] == "2.0"
    assert rows[0]["blame"] == "0.5"


def test_anonymous_table_names_nobody_and_quotes_nothing() -> None:
    hidden = anonymous(CLASS)
    for per in PER:
        rows = table(hidden, per, texts=False)
        shown = " ".join(cell for row in rows for cell in row.values())
        assert {row["learner"] for row in rows} == {"Learner 1", "Learner 2"}
        assert "Adams" not in shown
        assert "sorry" not in shown
