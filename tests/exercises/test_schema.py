"""What authors write is checked: an error names file, field and what is allowed."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from exercises.schema import BadDataError, bank_scenarios, load, problems, read_bank
from exercises.unknown import UnknownExerciseError


def scenario(**changes: object) -> dict[str, Any]:
    """A scenario as an author writes it; a field is left out where its change is None."""
    models = [
        {"kind": kind, "reply": f"A {kind} reply.", "expected": {"reflect": level}}
        for kind, level in (("strong", 2), ("strong", 2), ("weak", 0), ("weak", 1))
    ]
    data: dict[str, Any] = {
        "setting": "Bakery, at the counter",
        "customer": "The cake came at six!",
        "agent_bad": "Traffic.",
        "asks": {"acknowledge": 3, "reflect": 1},
        "facts": ["You are Ann."],
        "limits": [],
        "pool": "practice",
        "source": "rebuilding-trust/active-listening",
        "models": models,
    }
    data |= changes
    return {field: value for field, value in data.items() if value is not None}


def model(**changes: object) -> list[dict[str, Any]]:
    """The models of a scenario, the first one changed."""
    first, *others = scenario()["models"]
    return [first | changes, *others]


def bank(folder: Path, **scenarios: dict[str, Any]) -> Path:
    for id, data in scenarios.items():
        (folder / f"{id}.yml").write_text(yaml.safe_dump(data), encoding="utf-8")
    return folder


def test_good_scenarios_are_read_by_id(tmp_path: Path) -> None:
    bank(tmp_path, **{"late-cake": scenario(), "cold-tea": scenario(pool="assessment")})
    assert list(read_bank(tmp_path)) == ["cold-tea", "late-cake"]
    found = bank_scenarios(tmp_path)["cold-tea"]
    assert (found.id, found.pool, found.asks) == (
        "cold-tea",
        "assessment",
        {"acknowledge": 3, "reflect": 1},
    )
    assert [m.kind for m in found.models] == ["strong", "strong", "weak", "weak"]


@pytest.mark.parametrize(
    ("changes", "field", "allowed"),
    [
        ({"setting": None}, "setting: is missing", "one line"),
        ({"setting": "two\nlines"}, "setting: 'two\\nlines'", "one line"),
        ({"customer": " "}, "customer: ' '", "the customer's message"),
        ({"agent_bad": 5}, "agent_bad: 5", "the agent's bad reply"),
        ({"mood": "angry"}, "mood: is unknown", "setting, trade, channel"),
        ({"asks": {}}, "asks: {}", "at least one"),
        ({"asks": {"reflect": 0.5}}, "asks.reflect: 0.5", "a whole number from 1 to 9"),
        ({"asks": {"reflect": "2"}}, "asks.reflect: '2'", "a whole number from 1 to 9"),
        ({"asks": {"listen": 1}}, "asks.listen: is no move", "acknowledge, reflect"),
        ({"asks": {"blame": 1}}, "asks.blame: is no move", "acknowledge, reflect"),
        ({"facts": "You are Ann."}, "facts: 'You are Ann.'", "a list of texts"),
        ({"limits": [""]}, "limits[0]: ''", "text"),
        ({"pool": "exam"}, "pool: 'exam'", "practice or assessment"),
        ({"source": "Active listening"}, "source: 'Active listening'", "<part>/<section>"),
        ({"models": scenario()["models"][1:]}, "models: [", "two strong and two weak"),
        ({"models": model(kind="good")}, "models[0].kind: 'good'", "strong or weak"),
        ({"models": model(reply="")}, "models[0].reply: ''", "text"),
        ({"models": model(expected={"reflect": 3})}, "models[0].expected.reflect: 3", "0, 1 or 2"),
        ({"models": model(expected={"blame": 2})}, "models[0].expected.blame: 2", "0 or 1"),
        ({"models": model(expected={"kind": 1})}, "models[0].expected.kind: is no", "reflect"),
    ],
)
def test_bad_scenario_names_file_field_and_what_is_allowed(
    tmp_path: Path, changes: dict[str, object], field: str, allowed: str
) -> None:
    bank(tmp_path, **{"late-cake": scenario(**changes), "cold-tea": scenario()})
    with pytest.raises(BadDataError) as raised:
        read_bank(tmp_path, name="exercises/bank")
    found = [line for line in raised.value.problems if field in line]
    assert len(found) == 1
    assert found[0].startswith(f"exercises/bank/late-cake.yml: {field}")
    what, _, said = found[0].partition("allowed: ")
    assert what
    assert allowed in said


@pytest.mark.parametrize("id", ["Late-Cake", "late_cake", "late--cake", "x" * 65])
def test_name_of_the_file_is_an_id(tmp_path: Path, id: str) -> None:
    bank(tmp_path, **{id: scenario()})
    with pytest.raises(BadDataError, match="small letters, digits and hyphens"):
        read_bank(tmp_path)


def test_all_problems_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    bank(tmp_path, a=scenario(pool="x", setting=None), b=scenario(asks={}))
    with pytest.raises(BadDataError) as raised:
        read_bank(tmp_path)
    assert [line.split(": ")[:2] for line in raised.value.problems] == [
        ["bank/a.yml", "setting"],
        ["bank/a.yml", "pool"],
        ["bank/b.yml", "asks"],
    ]


def test_empty_bank_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match="bank: holds no scenario; add <scenario-id>"):
        read_bank(tmp_path)


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"setting: a\nsetting: b\n", "x.yml: line 2: .*the key 'setting' is given twice"),
        (b"setting: [a\n", "x.yml: line 2: is no YAML that can be used"),
        (b"setting: \xff\n", "x.yml: byte 9 is no UTF-8; save the file as UTF-8"),
        (b"a: !!python/object/apply:os.system [ls]\n", "x.yml: line 1: is no YAML"),
        (b"", "x.yml: "),
    ],
)
def test_file_that_is_no_usable_yaml_is_told(tmp_path: Path, data: bytes, message: str) -> None:
    path = tmp_path / "x.yml"
    path.write_bytes(data)
    with pytest.raises(BadDataError, match=message):
        load(path, "scenario")


def test_missing_file_is_told(tmp_path: Path) -> None:
    with pytest.raises(BadDataError, match=r"texts\.yml: cannot be read: No such file"):
        load(tmp_path / "texts.yml", "texts")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"levels": ["no", "yes"]}, "x.yml: levels: ['no', 'yes'] does not fit; allowed: three"),
        ({"kind": "virtue"}, "x.yml: kind: 'virtue' does not fit; allowed: move or fault"),
        (
            {"rules": [{"id": "a", "type": "guess"}]},
            "x.yml: rules[0].type: 'guess' does not fit; allowed: says, ",
        ),
        (
            {"rules": [{"id": "a", "type": "says", "level": 2, "trsut": 1}]},
            "x.yml: rules[0].trsut: is unknown; allowed: id, type, level",
        ),
        ({"hits": [{"text": "Yes."}]}, "x.yml: hits[0].level: is missing; allowed: 1 or 2"),
    ],
)
def test_bad_criterion_is_told(changes: dict[str, object], expected: str) -> None:
    path = Path(__file__).parents[2] / "grader" / "rubric" / "reflect.yml"
    good = load(path, "criterion")
    found = problems(good | changes, "criterion", "x.yml")
    assert any(line.startswith(expected) for line in found), found


@pytest.mark.parametrize(
    ("entries", "expected"),
    [
        (yaml.safe_load("[no, oh]"), "entries[0]: False does not fit; allowed: text; words that"),
        ([], "entries: [] does not fit; allowed: a list of words and phrases"),
    ],
)
def test_words_that_yaml_reads_as_something_else_are_told(
    entries: list[object], expected: str
) -> None:
    (found,) = problems({"about": "Ways to say no.", "entries": entries}, "list", "x.yml")
    assert found.startswith(f"x.yml: {expected}")


def test_unknown_scenario_names_the_nearest() -> None:
    known = ["cafe-rewire", "crown-not-back", "zoo"]
    error = UnknownExerciseError("crown-not-bakc", known, "scenario")
    assert error.near[0] == "crown-not-back"
    assert "crown-not-back" in str(error)
    assert str(UnknownExerciseError("?", ["zoo"])) == "no exercise has the id '?'"
