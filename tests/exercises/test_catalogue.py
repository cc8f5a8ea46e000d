"""`python -m exercises list` and the command line around it."""

import json

import pytest

from exercises import bank
from exercises.__main__ import COMMANDS, main
from exercises.catalogue import catalogue


def test_list_prints_every_exercise_with_kind_part_and_section(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert main(["list"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [set(entry) for entry in listed] == [{"id", "kind", "part", "section"}] * len(listed)
    practice = [scenario.id for scenario in bank.scenarios() if scenario.pool == "practice"]
    assert [entry["id"] for entry in listed if entry["kind"] == "rewrite"] == practice
    assert {
        "id": "crown-not-back",
        "kind": "rewrite",
        "part": "rebuilding-trust",
        "section": "active-listening",
    } in listed


def test_list_can_be_of_one_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--kind", "rewrite"]) == 0
    assert json.loads(capsys.readouterr().out) == catalogue("rewrite")
    with pytest.raises(SystemExit) as stopped:
        main(["list", "--kind", "nap"])
    assert stopped.value.code == 2
    assert "rewrite" in capsys.readouterr().err


def test_assessments_are_not_listed(monkeypatch: pytest.MonkeyPatch) -> None:
    exam = bank.BankScenario("exam", "", "", "", {}, pool="assessment")
    monkeypatch.setattr(bank, "scenarios", lambda: (exam,))
    assert catalogue("rewrite") == []


def test_unknown_command_is_told_what_there_is(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["lisst"])
    said = capsys.readouterr().err
    assert all(command in said for command in COMMANDS)
