"""Assignments: what is made is valid for nbgrader, always the same, and gives nothing away."""

import json
import re
from datetime import datetime
from pathlib import Path

import pytest
from nbgrader.nbgraderformat import reads

from exercises import assignment, bank
from exercises.__main__ import main
from exercises.bank import BankScenario
from exercises.schema import BadDataError
from grader.assignment import parse_assignment

ROOT = Path(__file__).resolve().parents[2]
SHIPPED = "active-listening"
SCENARIOS = {
    id: BankScenario(id, f"Setting {id}", "Where is it?", "Wait.", {"acknowledge": 1})
    for id in ("late-sofa", "cold-soup", "x" * 65)
}
WORDS = {
    "assignment_intro": "# {name}\n\nAll of it is worth {points} points.",
    "assignment_due": "By {due}.",
}


def made(*ids: str, points: float = 10, feedback: str = "full", name: str = "week-1") -> str:
    whole = assignment.make_assignment(name, ids, SCENARIOS, points=points, feedback=feedback)
    return assignment.assignment_files(whole, WORDS)[
        f"notebooks/assignments/source/{name}/{name}.ipynb"
    ]


def test_notebook_has_one_graded_cell_a_scenario_in_order() -> None:
    notebook = reads(made("late-sofa", "cold-soup", points=2.5), as_version=4)
    graded = [cell for cell in notebook.cells if cell.metadata.get("nbgrader", {}).get("grade")]
    assert [cell.metadata.nbgrader.grade_id for cell in graded] == ["late-sofa", "cold-soup"]
    assert [cell.metadata.nbgrader.points for cell in graded] == [2.5, 2.5]
    assert 'practice("late-sofa", assignment="assignment.json")' in graded[0].source
    assert [cell.metadata.get("editable") for cell in notebook.cells] == [False] * 4
    assert notebook.cells[0].source == "# Week 1\n\nAll of it is worth 5 points."


def test_notebook_is_always_the_same_and_has_fixed_ids() -> None:
    assert made("late-sofa", "cold-soup") == made("late-sofa", "cold-soup")
    cells = json.loads(made("late-sofa", "cold-soup"))["cells"]
    assert [cell["id"] for cell in cells] == ["intro", "late-sofa", "cold-soup", "hand-in"]
    assert all(cell.get("outputs", []) == [] for cell in cells)


@pytest.mark.parametrize(
    ("ids", "options", "told"),
    [
        (["late-sofa"], {"name": "Week 1"}, "NAME: 'Week 1'"),
        (["late-sofa"], {"name": "../week-1"}, "NAME"),
        (["late-sofa"], {"name": ""}, "NAME"),
        (["late-soap"], {}, "no scenario has the id 'late-soap'; the nearest: late-sofa"),
        ([], {}, "name at least one"),
        (["late-sofa", "late-sofa"], {}, "late-sofa is given twice"),
        (["x" * 65], {}, "too long"),
        (["late-sofa"], {"points": 0}, "points: 0"),
        (["late-sofa"], {"points": -1}, "points: -1"),
        (["late-sofa"], {"points": float("nan")}, "points: nan"),
        (["late-sofa"], {"points": float("inf")}, "points: inf"),
        (["late-sofa"], {"feedback": "some"}, "feedback: 'some'; allowed: full, levels, none"),
    ],
)
def test_what_cannot_be_made_is_named(
    ids: list[str], options: dict[str, object], told: str
) -> None:
    arguments: dict[str, object] = {"name": "week-1"} | options
    with pytest.raises(ValueError, match=told):
        assignment.make_assignment(ids=ids, bank=SCENARIOS, **arguments)  # type: ignore[arg-type]


# ---- the assignment that comes with the course ----


def test_shipped_assignment_is_what_its_sources_make() -> None:
    files = assignment.derive(ROOT)
    assert f"notebooks/assignments/source/{SHIPPED}/{SHIPPED}.ipynb" in files
    differ = [name for name, text in files.items() if (ROOT / name).read_bytes() != text.encode()]
    assert differ == []


def test_shipped_assignment_gives_no_model_reply_away() -> None:
    files = assignment.derive(ROOT)
    shown = parse_assignment(files[f"notebooks/assignments/source/{SHIPPED}/assignment.json"])
    assert len(shown.items) >= 3
    everything = "".join(files.values())
    for item in shown.items:
        scenario = bank.scenario(item.id)
        assert (item.scenario, item.facts) == (scenario.scenario, scenario.facts)
        assert scenario.models
        assert all(model.reply[:60] not in everything for model in scenario.models)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("week-1: {scenarios: [no-such-thing]}", "week-1: scenarios: no scenario has the id"),
        ("week-1: {scenarios: []}", "week-1.scenarios"),
        ("Week 1: {scenarios: [a]}", "Week 1"),
        ("week-1: {scenarios: [a], points: 0}", "week-1.points"),
        ("week-1: {scenarios: [a], feedback: loud}", "week-1.feedback"),
        ("week-1: {scenarios: [a], point: 1}", "week-1.point: is unknown"),
    ],
)
def test_bad_list_of_assignments_is_named(text: str, told: str, tmp_path: Path) -> None:
    (tmp_path / "exercises" / "bank").mkdir(parents=True)
    (tmp_path / "exercises" / "assignments.yml").write_text(text, encoding="utf-8")
    (tmp_path / "exercises" / "texts").mkdir()
    texts = tmp_path / "exercises" / "texts" / "assignment.yml"
    texts.write_text("assignment_intro: Hello", encoding="utf-8")
    with pytest.raises(BadDataError) as caught:
        assignment.derive(tmp_path)
    assert caught.value.problems[0].startswith("exercises/assignments.yml")
    assert told in caught.value.problems[0]


# ---- the command ----


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_command_writes_notebook_and_data(here: Path) -> None:
    ids = [scenario.id for scenario in bank.scenarios()[:2]]
    arguments = ["--scenarios", ",".join(ids), "--points", "4", "--feedback", "none"]
    assert main(["assignment", "week-2", *arguments]) == 0
    folder = here / "notebooks" / "assignments" / "source" / "week-2"
    shown = parse_assignment((folder / "assignment.json").read_text(encoding="utf-8"))
    assert [(item.id, item.points) for item in shown.items] == [(id, 4) for id in ids]
    assert shown.feedback == "none"
    assert sorted(path.name for path in folder.iterdir()) == ["assignment.json", "week-2.ipynb"]


def test_deadline_is_in_the_notebook_and_in_the_data(here: Path) -> None:
    command = ["assignment", "week-7", "--scenarios", bank.scenarios()[0].id, "--due"]
    assert main([*command, "2026-12-04 17:00+01:00"]) == 0
    folder = here / "notebooks" / "assignments" / "source" / "week-7"
    intro = json.loads((folder / "week-7.ipynb").read_text("utf-8"))["cells"][0]["source"]
    assert "**Hand in by Friday 4 December 2026, 17:00 (UTC+01:00).**" in intro[-1]
    data = json.loads((folder / "assignment.json").read_text("utf-8"))
    assert data["due"] == "2026-12-04T17:00+01:00"
    # Without a zone it is this machine's time.
    assert main([*command, "2026-12-04 17:00"]) == 0
    due = parse_assignment((folder / "assignment.json").read_text("utf-8")).due
    assert due == datetime(2026, 12, 4, 17).astimezone()


def test_command_takes_a_bank_of_ones_own(here: Path) -> None:
    own = here / "mine"
    own.mkdir()
    text = (ROOT / "exercises" / "bank" / f"{bank.scenarios()[0].id}.yml").read_bytes()
    (own / "our-own-case.yml").write_bytes(text)
    command = ["assignment", "week-3", "--scenarios", "our-own-case", "--bank", "mine"]
    assert main(command) == 0
    assert (here / "notebooks/assignments/source/week-3/week-3.ipynb").is_file()


def test_command_takes_a_sample_that_is_the_same_every_time(here: Path) -> None:
    def made(*more: str) -> list[str]:
        command = ["assignment", "week-5", "--criteria", "acknowledge", "--sample", "5", *more]
        assert main([*command, "--feedback", "none"]) == 0
        path = here / "notebooks" / "assignments" / "source" / "week-5" / "assignment.json"
        items = parse_assignment(path.read_text(encoding="utf-8")).items
        assert all("acknowledge" in item.asks for item in items)
        return [item.id for item in items]

    assert made() == made("--seed", "week-5")
    assert len({*made("--seed", "1"), *made("--seed", "2"), *made("--seed", "3")}) > 5


BAD_BANK = {
    "late-sofa.yml": ("channel: pigeon", "late-sofa.yml: channel: 'pigeon' does not fit"),
    "cold-soup.yml": ("asks: {calm: 1}", "cold-soup.yml: asks.calm: is no move"),
    "two-times.yml": ("pool: practice\npool: assessment", "the key 'pool' is given twice"),
    "Not_An_Id.yml": ("", "'Not_An_Id' is no id"),
    "not-text.yml": (None, "not-text.yml: byte 0 is no UTF-8"),
    "other.yaml": ("", "other.yaml: would not be read; rename it to other.yml"),
}


def test_bank_of_ones_own_is_checked_like_the_courses(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    own = here / "mine"
    own.mkdir()
    good = (ROOT / "exercises" / "bank" / f"{bank.scenarios()[0].id}.yml").read_text("utf-8")
    for name, (field, _) in BAD_BANK.items():
        if field is None:
            (own / name).write_bytes(b"\xff")
            continue
        kept = re.sub(rf"(?m)^{field.partition(':')[0]}:.*\n(  .*\n)*", "", good) if field else good
        (own / name).write_text(f"{field}\n{kept}", encoding="utf-8")
    assert main(["assignment", "week-6", "--pool", "practice", "--bank", "mine"]) == 1
    told = capsys.readouterr().err
    assert [why for _, why in BAD_BANK.values() if why not in told] == []
    assert not (here / "notebooks").exists()


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["week-4", "--scenarios", "nope-nope"], "no scenario has the id 'nope-nope'"),
        (["week-4", "--scenarios", " , "], "name at least one"),
        (["Week 4", "--scenarios", "a"], "NAME"),
        (["week-4", "--scenarios", "a", "--bank", "nowhere"], "nowhere is no folder"),
        (["week-4", "--scenarios", "a", "--points", "-3"], "points"),
        (["week-4"], "give --scenarios, or choose by"),
        (["week-4", "--scenarios", "crown-not-back", "--due", "Friday"], "--due: 'Friday' is no"),
        (["week-4", "--scenarios", "crown-not-back", "--due", "2026-12-04"], "with a time"),
        (["week-4", "--scenarios", "a", "--pool", "practice"], "leave out --pool"),
        (["week-4", "--scenarios", "a", "--seed", ""], "leave out --pool"),
        (["week-4", "--pool", "practice", "--seed", "1"], "--seed: is for --sample"),
        (["week-4", "--criteria", "calm"], "no move 'calm'; allowed: acknowledge, "),
        (["week-4", "--criteria", "blame"], "blame is a fault"),
        (["week-4", "--sample", "0"], "allowed: 1 to"),
        (["week-4", "--sample", "9999"], "allowed: 1 to"),
    ],
)
def test_command_says_what_is_wrong_and_writes_nothing(
    arguments: list[str], told: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["assignment", *arguments]) == 1
    told_us = capsys.readouterr().err
    assert told in told_us
    assert "Traceback" not in told_us
    assert not (here / "notebooks").exists()
