"""Derives what runs and what learners open from what authors write.

`python -m exercises.build` checks every authored YAML file, compiles the rubric and the bank to
the packages' JSON data, and turns the lessons in `book/` into notebooks and the assignments into
instructor notebooks. `--check` writes nothing and lists what is missing, stale or left over.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from exercises.files import write_atomic
from exercises.finder import phrases_of
from exercises.kinds import QUIZZES
from exercises.lessons import cards, chapters, notebooks
from exercises.schema import BadDataError, load, load_yaml, read_bank
from grader.assignment import is_name
from grader.rubric import FAULTS, MOVES, make_guide

ROOT = Path(__file__).resolve().parent.parent
# The grader does without: tests read them from the YAML, the phrase finder from a file of its own.
_TEST_FIELDS = ("hits", "near_misses")
# The module of a kind whose schema has another name.
_MODULES = {"dialogue": "role_play"}
# Derived too, but by training (grader/corpus/train.py).
TRAINED = ("grader/data/model.json", "grader/data/card.json")

Derived = dict[str, str]


def derive(root: Path) -> Derived:
    """Every derived file: path below `root` -> text. Raises BadDataError, all problems in it."""
    derived: Derived = {}
    found: list[str] = []

    def collect(step: Callable[[], Mapping[str, str]]) -> None:
        try:
            derived.update(step())
        except BadDataError as error:
            found.extend(error.problems)

    collect(lambda: _rubric(root))
    collect(lambda: compiled_bank(root))
    collect(lambda: _texts(root))
    collect(lambda: _quizzes(root))
    collect(lambda: _dialogues(root))
    collect(lambda: _glossary(root))
    collect(lambda: _coverage(root))
    for name in ("sources", "outline", "role_play", "guide"):
        collect(partial(_as_json, root, name))
    collect(lambda: _placement(root))
    collect(lambda: _lessons(root))
    if not found and (root / "exercises" / "assignments.yml").exists():
        from exercises import assignment

        collect(lambda: assignment.derive(root))
    if found:
        raise BadDataError(found)
    return derived


def differences(root: Path, derived: Derived) -> list[str]:
    """What differs on disk from the derived files, one line each, sorted."""
    left_over = [f"left over: {name}" for name in _left_over(root, derived)]
    return sorted([*_changed(root, derived), *left_over])


def write(root: Path, derived: Derived) -> list[str]:
    """Bring the files on disk up to date; returns the differences there were."""
    left_over = _left_over(root, derived)
    for name in left_over:
        (root / name).unlink()
    return sorted([*_write_changed(root, derived), *(f"left over: {name}" for name in left_over)])


def _changed(root: Path, derived: Derived) -> list[str]:
    lines = []
    for name, text in derived.items():
        path = root / name
        if not path.is_file():
            lines.append(f"missing: {name}")
        elif path.read_bytes() != text.encode("utf-8"):
            lines.append(f"stale: {name}")
    return lines


def _write_changed(root: Path, derived: Derived) -> list[str]:
    lines = _changed(root, derived)
    for line in lines:
        name = line.partition(": ")[2]
        write_atomic(root / name, derived[name])
    return lines


def _rubric(root: Path) -> Derived:
    """The rubric and what the grader knows of English, as the grader reads them."""
    found: list[str] = []
    folders = {"criterion": "rubric", "list": "language/lists"}
    loaded: dict[str, dict[str, Any]] = {schema: {} for schema in folders}
    for schema, folder in folders.items():
        for path in sorted((root / "grader" / folder).glob("*.yml")):
            name = path.relative_to(root).as_posix()
            try:
                data = load(path, schema, name=name)
            except BadDataError as error:
                found += error.problems
                continue
            if data.get("id", path.stem) != path.stem:
                found.append(f"{name}: id: {data['id']!r} does not fit; allowed: {path.stem}")
            loaded[schema][path.stem] = data
    found += [
        f"grader/rubric/{id}.yml: is missing; every criterion has its file"
        for id in (*MOVES, *FAULTS)
        if not (root / "grader" / "rubric" / f"{id}.yml").is_file()
    ]
    found += _unknown_sources(root, loaded["criterion"])
    if found:
        raise BadDataError(found)
    english = _load(root, "grader/language/english.yml")
    compiled = {
        "criteria": {
            id: {key: value for key, value in data.items() if key not in _TEST_FIELDS}
            for id, data in loaded["criterion"].items()
        },
        "language": {
            "english": {
                key: value.split() if isinstance(value, str) else value
                for key, value in english.items()
            },
            "lists": {name: data["entries"] for name, data in loaded["list"].items()},
            "spelling": _load(root, "grader/language/spelling.yml"),
        },
        "rejections": _load(root, "grader/rejections.yml"),
        "texts": _load(root, "grader/texts.yml", schema="feedback_texts"),
    }
    try:
        make_guide(compiled)  # what no schema knows: patterns, and the lists they name
    except ValueError as error:
        raise BadDataError([f"grader/rubric: {error}"]) from None
    return {
        "grader/data/rubric.json": _json(compiled),
        "exercises/data/phrases.json": _json(phrases_of(loaded["criterion"])),
    }


def compiled_bank(root: Path) -> Derived:
    """The bank as the exercises read it: of assessments only what a learner may see."""
    bank = read_bank(root / "exercises" / "bank", name="exercises/bank")
    if found := _not_in_outline(root, "exercises/bank", bank):
        raise BadDataError(found)
    for data in bank.values():
        if data["pool"] != "practice":
            del data["models"]
            data.pop("pitfalls", None)
    return {"exercises/data/bank.json": _json(bank)}


def _lessons(root: Path) -> Derived:
    """The notebooks, and which exercises and which take-away card each chapter has."""
    return {
        **notebooks(root),
        "exercises/data/chapters.json": _json(chapters(root), sort=False),
        "exercises/data/cards.json": _json(cards(root), sort=False),
    }


def _texts(root: Path) -> Derived:
    """What learners read in the views: the texts of all files as one."""
    texts: dict[str, str] = {}
    found = []
    for path in sorted((root / "exercises" / "texts").glob("*.yml")):
        name = path.relative_to(root).as_posix()
        own = _load(root, name, schema="texts")
        found += [
            f"{name}: {key}: another file has a text of this name" for key in own if key in texts
        ]
        texts.update(own)
    if found:
        raise BadDataError(found)
    return {"exercises/data/texts.json": _json(texts)}


def _quizzes(root: Path) -> Derived:
    """The short exercises, each by the schema of its kind."""
    return {"exercises/data/quizzes.json": _json(_folder(root, "exercises/quizzes", _quiz_schema))}


def _quiz_schema(data: object, name: str) -> str:
    kind = data.get("kind") if isinstance(data, dict) else None
    if kind not in QUIZZES:
        raise BadDataError([f"{name}: kind: {kind!r} does not fit; allowed: {', '.join(QUIZZES)}"])
    return f"quiz_{str(kind).replace('-', '_')}"


def _dialogues(root: Path) -> Derived:
    """The role plays."""
    dialogues = _folder(root, "exercises/dialogues", lambda *_: "dialogue")
    return {"exercises/data/dialogues.json": _json(dialogues)}


def _folder(root: Path, folder: str, schema_of: Callable[[object, str], str]) -> dict[str, Any]:
    """Every exercise of a folder as checked data, by id. Raises BadDataError.

    What no schema can know is checked by the module of the kind, where it has `problems(data)`:
    lines such as "items[2].bin: is no bin; allowed: ...".
    """
    loaded: dict[str, Any] = {}
    found: list[str] = []
    for path in sorted((root / folder).glob("*.yml")):
        name = path.relative_to(root).as_posix()
        try:
            schema = schema_of(load_yaml(path, name=name), name)
            data = load(path, schema, name=name)
        except BadDataError as error:
            found += error.problems
            continue
        if not is_name(path.stem):
            found.append(f"{name}: {path.stem!r} is no id; allowed: small letters, digits, hyphens")
        module = import_module(f"exercises.{_MODULES.get(schema, schema.removeprefix('quiz_'))}")
        found += [f"{name}: {line}" for line in getattr(module, "problems", lambda _: ())(data)]
        loaded[path.stem] = data
    found += _not_in_outline(root, folder, loaded)
    if found:
        raise BadDataError(found)
    return loaded


def _not_in_outline(root: Path, folder: str, loaded: Mapping[str, Any]) -> list[str]:
    # What goes with no section stands on a page beside the parts.
    sections = {*_sections(root), *(page.stem for page in (root / "book").glob("*.md"))}
    return [
        f"{folder}/{id}.yml: source: {_no_section(data['source'])}"
        for id, data in loaded.items()
        if data["source"] not in sections
    ]


def _placement(root: Path) -> Derived:
    """The placement check; what its messages ask for are moves."""
    placement = _load(root, "exercises/placement.yml")
    found = [
        f"exercises/placement.yml: messages[{i}].asks: {_no_criterion(name)}"
        for i, message in enumerate(placement["messages"])
        for name in message["asks"]
        if name not in MOVES
    ]
    if found:
        raise BadDataError(found)
    return {"exercises/data/placement.json": _json(placement)}


def _glossary(root: Path) -> Derived:
    """The glossary; what it leads to is there."""
    glossary = _load(root, "exercises/glossary.yml")
    sections = _sections(root)
    found = []
    for id, entry in glossary.items():
        where = f"exercises/glossary.yml: {id}"
        if "chapter" in entry and entry["chapter"] not in sections:
            found.append(f"{where}.chapter: {_no_section(entry['chapter'])}")
        if "criterion" in entry and entry["criterion"] not in (*MOVES, *FAULTS):
            found.append(f"{where}.criterion: {_no_criterion(entry['criterion'])}")
    if found:
        raise BadDataError(found)
    return {"exercises/data/glossary.json": _json(glossary)}


def _coverage(root: Path) -> Derived:
    """What is taught where, in the outline's order. The tests hold it against the chapters."""
    table = _load(root, "exercises/coverage.yml")
    sections = _sections(root)
    name = "exercises/coverage.yml"
    found = [f"{name}: {_no_section(id)}" for id in table if id not in sections]
    found += [f"{name}: {id}: is missing" for id in sections if id not in table]
    found += [
        f"{name}: {id}.taught[{i}].criteria: {_no_criterion(criterion)}"
        for id, section in table.items()
        for i, point in enumerate(section["taught"])
        for criterion in point["criteria"]
        if criterion not in (*MOVES, *FAULTS)
    ]
    if found:
        raise BadDataError(found)
    ordered = {id: table[id] for id in sections}
    return {"exercises/data/coverage.json": _json(ordered, sort=False)}


def _no_criterion(id: str) -> str:
    return f"{id!r} is none; allowed: {', '.join((*MOVES, *FAULTS))}"


def _sections(root: Path) -> list[str]:
    outline = _load(root, "exercises/outline.yml")
    return [f"{part}/{section}" for part, data in outline.items() for section in data["sections"]]


def _no_section(name: str) -> str:
    return f"{name!r} is no section of exercises/outline.yml; allowed: <part>/<section>"


def _as_json(root: Path, name: str) -> Derived:
    data = _load(root, f"exercises/{name}.yml")
    return {f"exercises/data/{name}.json": _json(data, sort=name != "outline")}  # in its order


def _unknown_sources(root: Path, criteria: Mapping[str, Any]) -> list[str]:
    outline = _load(root, "exercises/outline.yml")
    known = {part["title"]: set(part["sections"].values()) for part in outline.values()}
    return [
        f"grader/rubric/{id}.yml: source[{i}]: {entry['document']!r}, {entry['section']!r} is no "
        "section; allowed: the titles in exercises/outline.yml"
        for id, data in criteria.items()
        for i, entry in enumerate(data["source"])
        if entry["section"] not in known.get(entry["document"], ())
    ]


def _load(root: Path, name: str, *, schema: str = "") -> Any:  # noqa: ANN401  (any YAML value)
    path = root / name
    return load(path, schema or path.stem, name=name)


def _json(value: object, *, sort: bool = True) -> str:
    return json.dumps(value, ensure_ascii=False, indent=1, sort_keys=sort) + "\n"


def _left_over(root: Path, derived: Derived) -> list[str]:
    """Derived files that nothing derives any more. A learner's own notebooks are not ours."""
    ours = [
        path
        for folder in ("grader/data", "exercises/data")
        for path in (root / folder).glob("*.json")
    ]
    for path in (root / "notebooks").glob("**/*.ipynb"):
        if "assignments" not in path.relative_to(root).parts and _is_derived(path):
            ours.append(path)
    names = (path.relative_to(root).as_posix() for path in ours)
    return [name for name in names if name not in derived and name not in TRAINED]


def _is_derived(path: Path) -> bool:
    """Whether a notebook's first cell has the id that a lesson of its name gives it."""
    try:
        cells = json.loads(path.read_bytes())["cells"]
        return bool(cells[0]["id"] == f"{path.stem}-01")
    except (ValueError, LookupError, TypeError):
        return False


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; 1 where sources are bad or, with --check, where a file differs."""
    parser = argparse.ArgumentParser(prog="python -m exercises.build", description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; list what differs")
    parser.add_argument("--root", type=Path, default=ROOT, help="the course's folder")
    args = parser.parse_args(argv)
    if not (args.root / "grader" / "rubric").is_dir():
        print(f"{args.root}: is no source folder of the course (no grader/rubric)", file=sys.stderr)
        return 1
    try:
        written = [] if args.check else _write_changed(args.root, _rubric(args.root))
        derived = derive(args.root)  # with the grader, which reads the rubric
    except BadDataError as error:
        print(error, file=sys.stderr)
        return 1
    if not args.check:
        written += write(args.root, derived)
        for line in written:
            print(line.replace("stale", "wrote").replace("missing", "wrote"))
        return 0
    lines = differences(args.root, derived)
    print("\n".join(lines) or f"{len(derived)} derived files are up to date")
    if lines:
        print("Run python -m exercises.build and commit what it writes.", file=sys.stderr)
    return 1 if lines else 0


if __name__ == "__main__":
    sys.exit(main())
