"""Checks what authors write. A schema is JSON Schema, written in YAML in `exercises/schemas`."""

from __future__ import annotations

from collections.abc import Hashable, Iterator, Mapping, Sequence
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Any

import yaml
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError

from exercises.bank import BankScenario
from grader.assignment import is_name
from grader.rubric import FAULTS, MOVES


class BadDataError(ValueError):
    """Authored files that cannot be used; `problems` has one line for each fault found."""

    def __init__(self, problems: Sequence[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(problems))


# The same loader in C, ten times as fast, where PyYAML has it.
_SafeLoader: type[yaml.SafeLoader] = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_SafeLoader):  # type: ignore[misc, valid-type]
    """Safe YAML that refuses a key given twice, of which YAML would keep only the last."""

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        mapping: dict[Hashable, Any] = super().construct_mapping(node, deep=deep)
        if len(mapping) != len(node.value):
            seen: set[Any] = set()
            for key_node, _ in node.value:
                key = self.construct_object(key_node, deep=True)
                if key in seen:
                    raise yaml.MarkedYAMLError(
                        problem=f"the key {key!r} is given twice", problem_mark=key_node.start_mark
                    )
                seen.add(key)
        return mapping


def load_yaml(path: Path, *, name: str = "") -> Any:  # noqa: ANN401  (any YAML value)
    """The file's value. `name` stands for the file in errors. Raises BadDataError."""
    name = name or path.name
    try:
        return yaml.load(path.read_text(encoding="utf-8"), Loader=_Loader)  # noqa: S506
    except OSError as error:
        raise BadDataError([f"{name}: cannot be read: {error.strerror}"]) from None
    except UnicodeDecodeError as error:
        raise BadDataError(
            [f"{name}: byte {error.start} is no UTF-8; save the file as UTF-8"]
        ) from None
    except yaml.MarkedYAMLError as error:
        line = f"line {error.problem_mark.line + 1}: " if error.problem_mark else ""
        what = error.problem or error.context
        raise BadDataError([f"{name}: {line}is no YAML that can be used: {what}"]) from None
    except yaml.YAMLError as error:
        raise BadDataError([f"{name}: is no YAML that can be used: {error}"]) from None


@lru_cache
def _validator(schema: str) -> Draft202012Validator:
    text = files("exercises").joinpath("schemas", f"{schema}.yml").read_text(encoding="utf-8")
    return Draft202012Validator(yaml.safe_load(text))


def problems(data: object, schema: str, name: str) -> list[str]:
    """What is wrong with the data, one line each: file (`name`), field, what is allowed."""
    validator = _validator(schema)
    errors = sorted(validator.iter_errors(data), key=lambda e: (list(map(str, e.path)), e.message))
    lines = (line for error in errors for line in _lines(error, validator.schema, name))
    return list(dict.fromkeys(lines))


def load(path: Path, schema: str, *, name: str = "") -> Any:  # noqa: ANN401  (any YAML value)
    """Read and check a file. Raises BadDataError."""
    data = load_yaml(path, name=name)
    if found := problems(data, schema, name or path.name):
        raise BadDataError(found)
    return data


def read_bank(folder: Path, *, name: str = "bank") -> dict[str, dict[str, Any]]:
    """Every scenario of a bank folder as checked data, by id, sorted.

    `name` stands for the folder in errors. Raises BadDataError with every problem of every file.
    """
    bank: dict[str, dict[str, Any]] = {}
    found: list[str] = []
    for path in sorted(folder.glob("*.yml")):
        file = f"{name}/{path.name}"
        try:
            data = load(path, "scenario", name=file)
        except BadDataError as error:
            found += error.problems
            continue
        found += _scenario_problems(path.stem, data, file)
        bank[path.stem] = data
    found += [
        f"{name}/{path.name}: would not be read; rename it to {path.stem}.yml"
        for path in sorted(folder.glob("*.yaml"))
    ]
    if not bank and not found:
        found.append(f"{name}: holds no scenario; add <scenario-id>.yml")
    if found:
        raise BadDataError(found)
    return bank


def bank_scenarios(folder: Path) -> dict[str, BankScenario]:
    """A bank folder as scenarios, model replies and all. Raises BadDataError."""
    bank = read_bank(folder, name=folder.name)
    return {id: BankScenario.of(id, data) for id, data in bank.items()}


def _scenario_problems(id: str, data: Mapping[str, Any], file: str) -> Iterator[str]:
    if not is_name(id):
        yield f"{file}: {id!r} is no id; allowed: small letters, digits and hyphens, at most 64"
    for move in data["asks"]:
        if move not in MOVES:
            yield f"{file}: asks.{move}: is no move; allowed: {', '.join(MOVES)}"
    for i, model in enumerate(data["models"]):
        for criterion, level in model["expected"].items():
            field = f"{file}: models[{i}].expected.{criterion}"
            if criterion not in (*MOVES, *FAULTS):
                yield f"{field}: is no criterion; allowed: {', '.join((*MOVES, *FAULTS))}"
            elif criterion in FAULTS and level > 1:
                yield f"{field}: {level} is no level of a fault; allowed: 0 or 1"


def _lines(error: ValidationError, schema: Mapping[str, Any], name: str) -> Iterator[str]:
    field = _field(error.absolute_path)
    if error.validator == "required":
        for key in error.validator_value:
            if key not in error.instance:
                what = error.schema.get("properties", {}).get(key, {}).get("description", "a value")
                yield f"{name}: {_join(field, key)}: is missing; allowed: {what}"
    elif error.validator == "additionalProperties" and error.validator_value is False:
        known = error.schema["properties"]
        for key in error.instance:
            if key not in known:
                yield f"{name}: {_join(field, str(key))}: is unknown; allowed: {', '.join(known)}"
    else:
        allowed = _allowed(schema, error.absolute_schema_path) or error.message
        value = repr(error.instance)
        shown = f"{value[:57]}…" if len(value) > 60 else value
        where = f"{name}: {field}" if field else name
        yield f"{where}: {shown} does not fit; allowed: {allowed}"


def _field(path: Sequence[str | int]) -> str:
    field = ""
    for step in path:
        field = f"{field}[{step}]" if isinstance(step, int) else _join(field, str(step))
    return field


def _join(field: str, key: str) -> str:
    return f"{field}.{key}" if field else key


def _allowed(schema: Mapping[str, Any], path: Sequence[str | int]) -> str:
    """The description nearest to the broken rule, on the way to it through the schema."""
    node: Any = schema
    allowed = ""
    for step in path:
        if isinstance(node, dict) and step not in node:  # such a path leaves "$ref" out
            node = schema["$defs"][node["$ref"].rpartition("/")[2]]
        node = node[step]
        if isinstance(node, dict) and isinstance(node.get("description"), str):
            allowed = node["description"]
    return allowed
