"""The table of what is taught where is true, and the book prints it."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import yaml

from exercises import coverage_table
from exercises.bank import scenario
from exercises.compiled import compiled
from exercises.quizzes import quizzes
from exercises.spot import Spot
from exercises.views.coverage_page import coverage_html
from grader import load_rubric
from grader.rubric import FAULTS, MOVES, USUAL_ASKS

ROOT = Path(__file__).parents[2]
TABLE: Mapping[str, Any] = yaml.safe_load(
    (ROOT / "exercises" / "coverage.yml").read_text(encoding="utf-8")
)
CHAPTERS = compiled("chapters")


def page(section: str) -> str:
    return (ROOT / "book" / f"{section}.md").read_text(encoding="utf-8")


def judged(kind: str, id: str) -> set[str]:
    """The criteria that an exercise is judged on by itself.

    A role play reads every criterion and so is proof of none; the other kinds read none.
    """
    if kind == "rewrite":
        found = scenario(id)
        weak = [model.expected for model in found.models if model.kind == "weak"]
        return {*found.asks, *(f for expected in weak for f in FAULTS if expected.get(f))}
    data = quizzes().get(id, {})
    if kind == "complete":
        return {data["criterion"]}
    if kind == "sort":
        return {bin["id"] for bin in data["bins"]} & {*MOVES, *FAULTS}
    if kind == "spot":
        return {evidence.criterion for evidence in Spot.of(id, data).key}
    if kind == "choose" and "customer" in data and data.get("graded", True):
        return set(data.get("asks", USUAL_ASKS))
    return set()


@pytest.mark.parametrize("section", TABLE)
def test_every_section_is_taught_where_the_table_says(section: str) -> None:
    headings = re.findall(r"^##+ (.+)$", page(section), re.MULTILINE)
    points = TABLE[section]["taught"]
    assert [point["heading"] for point in points if point["heading"] not in headings] == []
    texts = [point["point"] for point in points]
    assert len(set(texts)) == len(texts)


@pytest.mark.parametrize("section", TABLE)
def test_table_has_the_exercises_of_the_chapter_and_no_others(section: str) -> None:
    used = {exercise["id"] for exercise in CHAPTERS[section]["exercises"]}
    listed = {id for point in TABLE[section]["taught"] for id in point["exercises"]}
    assert listed | set(TABLE[section]["recalled"]) == used


@pytest.mark.parametrize("section", TABLE)
def test_criteria_of_a_point_are_judged_in_its_exercises(section: str) -> None:
    kinds = {exercise["id"]: exercise["kind"] for exercise in CHAPTERS[section]["exercises"]}
    unproved = [
        (point["point"], criterion)
        for point in TABLE[section]["taught"]
        for criterion in point["criteria"]
        if not any(criterion in judged(kinds[id], id) for id in point["exercises"])
    ]
    assert unproved == []


@pytest.mark.parametrize("section", TABLE)
def test_criteria_that_a_chapter_says_it_trains_are_in_the_table(section: str) -> None:
    """What its opening links to on the rubric page."""
    (opening, *_) = page(section).partition("\nexchange(")
    said = set(re.findall(r"rubric\.md#(\w+)\)", opening))
    assert said
    assert said - {id for point in TABLE[section]["taught"] for id in point["criteria"]} == set()


def test_every_criterion_is_taught_somewhere() -> None:
    taught = {id for section in TABLE.values() for p in section["taught"] for id in p["criteria"]}
    assert taught == {*MOVES, *FAULTS}


def test_recalled_questions_are_questions_to_answer_from_memory() -> None:
    recalled = {id for section in TABLE.values() for id in section["recalled"]}
    assert {quizzes()[id]["kind"] for id in recalled} == {"self-check"}


def test_page_prints_the_whole_table(monkeypatch: pytest.MonkeyPatch) -> None:
    shown: list[str] = []
    monkeypatch.setattr("exercises.views.coverage_page.show_html", shown.append)
    parts = re.findall(r'^coverage_table\("(.+)"\)$', page("coverage"), re.MULTILINE)
    for part in parts:
        coverage_table(part)
    cells = re.sub(r"<[^>]+>", "\n", "".join(shown))
    text = cells.replace("&#x27;", "'").replace("&quot;", '"').replace("&amp;", "&")
    names = {criterion.id: criterion.name for criterion in load_rubric().criteria.values()}
    for section, data in TABLE.items():
        wanted = [CHAPTERS[section]["title"], *data["recalled"]]
        for point in data["taught"]:
            wanted += [point["point"], point["heading"], *point["exercises"]]
            wanted += [names[id] for id in point["criteria"]]
        assert [part for part in wanted if part not in text] == []


def test_page_escapes_its_data() -> None:
    point = {"point": "<b>", "heading": "<i>", "criteria": [], "exercises": ["<u>"]}
    chapter = {
        "title": "<s>",
        "notebook": "notebooks/a/01-b.ipynb",
        "exercises": [{"kind": "sort", "id": "<u>"}],
    }
    html = coverage_html("a", {"a/b": {"taught": [point], "recalled": []}}, {"a/b": chapter})
    assert re.search("<[bius]>", html) is None
    assert html.count("&lt;") == 4
