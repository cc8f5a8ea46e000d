"""What is derived: package data, lesson notebooks; byte for byte, and nothing of a learner's."""

import json
import re
import shutil
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml

from exercises.build import derive, differences, main, write
from exercises.schema import BadDataError

ROOT = Path(__file__).parents[2]
HEAD = """---
jupytext:
  text_representation: {extension: .md, format_name: myst}
kernelspec: {name: python3}
---

"""
LESSON = f"""{HEAD}# Listen

[Start](../index.md), [next](say-it-back.md#now), [rubric](../rubric.md), [print
this](../card.md), ![a face](../_static/face.svg "Calm") and [outside](https://example.org/a.md).

```{{code-cell}} ipython3
:tags: [remove-input]

from exercises import practice

practice("crown-not-back")
```

| a table | is fine |
|---|---|
| yes | no |

```python
print("[link](../index.md) in an example")
```
"""
TOC = """
format: jb-book
root: book/index
parts:
  - caption: One
    chapters:
      - file: book/rebuilding-trust/listen
      - file: book/rebuilding-trust/say-it-back.md
  - chapters: [{file: book/rubric}, {file: book/card}]
"""


# Those of the assignment that comes with the course, and one more.
SCENARIOS = (
    "cafe-rewire-overrun",
    "crown-not-back",
    "payroll-third-failure",
    "unapproved-boiler-bill",
)
RULE = {"id": "told-you-so", "type": "says", "level": 1, "any": ["you should have <read>"]}


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A small course: a few scenarios, a rubric of one rule, a book of a few lines."""
    root = tmp_path_factory.mktemp("template")
    for name in ("grader", "exercises"):
        for path in (ROOT / name).rglob("*.yml"):
            if path.parent.name in ("exercises", "language", "grader", "texts"):
                _write(root / path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    for id in SCENARIOS:
        path = ROOT / "exercises" / "bank" / f"{id}.yml"
        _write(root / path.relative_to(ROOT), path.read_text(encoding="utf-8"))
    for path in (ROOT / "grader" / "rubric").glob("*.yml"):
        criterion = yaml.safe_load(path.read_text(encoding="utf-8"))
        criterion["rules"] = [RULE] if path.stem == "blame" else []
        _write(root / path.relative_to(ROOT), yaml.safe_dump(criterion, sort_keys=False))
    pages = {
        "grader/language/lists/read.yml": "{about: Reading., entries: [read, looked at]}",
        "_toc.yml": TOC,
        "book/index.md": f"{HEAD}# Course\n\n[Listen](rebuilding-trust/listen.md)\n",
        "book/rebuilding-trust/listen.md": LESSON,
        "book/rebuilding-trust/say-it-back.md": f"{HEAD}# Say it back\n",
        "book/rubric.md": f"{HEAD}# Rubric\n",
        "book/card.md": f"{HEAD}# Card\n\n```{{note}}\nFor the book alone.\n```\n",
        "book/_static/face.svg": "<svg/>",
    }
    for name, text in pages.items():
        _write(root / name, text)
    return root


def _write(path: Path, text: str) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(text, encoding="utf-8")


@pytest.fixture
def course(template: Path, tmp_path: Path) -> Path:
    """A copy of the small course to change."""
    return shutil.copytree(template, tmp_path / "course")


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def problems(course: Path) -> list[str]:
    with pytest.raises(BadDataError) as raised:
        derive(course)
    return list(raised.value.problems)


def test_derived_files_in_the_repository_are_up_to_date() -> None:
    assert differences(ROOT, derive(ROOT)) == []


def test_deriving_twice_gives_the_same_bytes(course: Path) -> None:
    first = derive(course)
    assert {name.split("/")[0] for name in first} == {"exercises", "grader", "notebooks"}
    write(course, first)
    assert derive(course) == first
    assert write(course, derive(course)) == []


# ---- lessons ----


def notebook(course: Path, name: str) -> dict[str, Any]:
    made: dict[str, Any] = json.loads(derive(course)[f"notebooks/{name}.ipynb"])
    return made


def test_lesson_becomes_a_notebook_in_its_part_by_its_place(course: Path) -> None:
    names = [name for name in derive(course) if re.match(r"notebooks/(?!assignments)", name)]
    assert sorted(names) == [
        "notebooks/index.ipynb",
        "notebooks/rebuilding-trust/01-listen.ipynb",
        "notebooks/rebuilding-trust/02-say-it-back.ipynb",
        "notebooks/rubric.ipynb",  # card.md is for the book alone
    ]


def test_notebook_is_valid_and_holds_nothing_that_changes(course: Path) -> None:
    made = notebook(course, "rebuilding-trust/01-listen")
    nbformat.validate(nbformat.from_dict(made))  # type: ignore[no-untyped-call]
    assert (made["nbformat"], made["nbformat_minor"]) == (4, 5)
    assert list(made["metadata"]) == ["kernelspec"]
    assert [cell["id"] for cell in made["cells"]] == [f"01-listen-0{i}" for i in (1, 2, 3)]
    before, code, after = made["cells"]
    assert (before["cell_type"], before["metadata"]) == ("markdown", {})
    assert code["metadata"] == {"jupyter": {"source_hidden": True}}
    assert (code["outputs"], code["execution_count"]) == ([], None)
    assert "".join(code["source"]) == (
        'from exercises import practice\n\npractice("crown-not-back")'
    )
    assert "".join(after["source"]).startswith("| a table")


def test_notebook_of_a_public_repository_brings_the_course_to_colab(course: Path) -> None:
    _write(course / "_config.yml", "repository: {url: https://github.com/a/b/, branch: next}")
    install, first, *_ = notebook(course, "rebuilding-trust/01-listen")["cells"]
    assert '"git+https://github.com/a/b@next"' in "".join(install["source"])
    assert install["metadata"] == {"jupyter": {"source_hidden": True}}
    assert "".join(first["source"]).startswith("# Listen")


def test_links_lead_to_the_notebooks(course: Path) -> None:
    made = notebook(course, "rebuilding-trust/01-listen")
    first, last = ("".join(made["cells"][i]["source"]) for i in (0, 2))
    assert first == (
        "# Listen\n\n[Start](../index.ipynb), [next](02-say-it-back.ipynb), "
        '[rubric](../rubric.ipynb), print\nthis, ![a face](../../book/_static/face.svg "Calm") '
        "and [outside](https://example.org/a.md)."
    )
    assert '"[link](../index.md) in an example"' in last
    start = notebook(course, "index")
    assert "(rebuilding-trust/01-listen.ipynb)" in "".join(start["cells"][0]["source"])


@pytest.mark.parametrize(
    ("added", "what"),
    [
        ("```{note}\nMind this.\n```", "a directive, {note}"),
        (":::{note}\nMind this.\n:::", "a directive, :::"),
        ("See {ref}`there`.", "a role"),
        ("(there)=\n## There", "a target"),
        ("% not for readers", "a comment"),
        ("It costs {{ price }}.", "a substitution"),
        ("So they say[^1].\n\n[^1]: Somewhere.", "a footnote"),
        ("- a list\n\n  ```{code-cell}\n  1\n  ```", "a directive, {code-cell}"),
        ("```{raw-cell}\nraw\n```", "a raw cell"),
    ],
)
def test_lesson_that_jupyterlab_would_not_show_is_refused(
    course: Path, added: str, what: str
) -> None:
    page = course / "book" / "rebuilding-trust" / "listen.md"
    line = len(LESSON.splitlines()) + 2
    page.write_text(f"{LESSON}\n{added}\n", encoding="utf-8")
    (found, *others) = problems(course)
    assert all("footnote" in other for other in others)
    assert found.startswith("book/rebuilding-trust/listen.md: line ")
    assert what in found
    assert int(re.findall(r"line (\d+)", found)[0]) == line + 2 * added.startswith("- ")


def test_code_cells_without_the_head_of_a_notebook_are_told(course: Path) -> None:
    edit(course / "book" / "rebuilding-trust" / "listen.md", HEAD, "")
    (found,) = problems(course)
    assert found.startswith("book/rebuilding-trust/listen.md: has code cells but")


def test_link_to_nowhere_is_told(course: Path) -> None:
    edit(course / "book" / "index.md", "listen.md", "listening.md")
    (found,) = problems(course)
    assert found.startswith("book/index.md: rebuilding-trust/listening.md: links to book/")


def test_page_in_the_contents_that_is_not_there_is_told(course: Path) -> None:
    (course / "book" / "rubric.md").unlink()
    assert problems(course) == ["_toc.yml: book/rubric.md: there is no such file"]


# ---- package data ----


CARD = """
## Take-away card

**When it's loud**

1. Put it down.
2. "Go on", and
   wait.

Not *now*.

**Tomorrow**, try it.

## Sources
"""


def test_take_away_card_is_kept_without_its_task(course: Path) -> None:
    _write(course / "book/rebuilding-trust/listen.md", LESSON + CARD)
    cards = json.loads(derive(course)["exercises/data/cards.json"])
    assert cards["rebuilding-trust/listen"] == {
        "chapter": "Listen",
        "title": "When it's loud",
        "ordered": True,
        "lines": ["Put it down.", '"Go on", and wait.'],
        "notes": ["Not *now*."],
    }


def test_take_away_card_without_a_list_is_told(course: Path) -> None:
    bad = CARD.replace("1. ", "").replace("2. ", "")
    _write(course / "book/rebuilding-trust/listen.md", LESSON + bad)
    with pytest.raises(BadDataError, match=r"listen\.md: Take-away card: does not fit; allowed: "):
        derive(course)


def test_table_of_what_is_taught_has_every_section_and_known_criteria(course: Path) -> None:
    path = course / "exercises" / "coverage.yml"
    table = yaml.safe_load(path.read_text(encoding="utf-8"))
    section = table.pop("difficult-clients/follow-up")
    table["difficult-clients/follow-down"] = section
    section["taught"][0]["criteria"] = ["kindness"]
    _write(path, yaml.safe_dump(table))
    with pytest.raises(BadDataError) as caught:
        derive(course)
    told = "\n".join(caught.value.problems)
    assert "coverage.yml: 'difficult-clients/follow-down' is no section" in told
    assert "coverage.yml: difficult-clients/follow-up: is missing" in told
    assert "follow-down.taught[0].criteria: 'kindness' is none; allowed: acknowledge" in told


def test_bank_keeps_model_replies_of_practice_only(course: Path) -> None:
    folder = course / "exercises" / "bank"
    practice, exam = sorted(folder.glob("*.yml"))[:2]
    edit(exam, "pool: practice", "pool: assessment")
    (course / "exercises" / "assignments.yml").unlink()
    bank = json.loads(derive(course)["exercises/data/bank.json"])
    assert list(bank) == sorted(path.stem for path in folder.glob("*.yml"))
    assert [model["kind"] for model in bank[practice.stem]["models"]][:2] == ["strong", "strong"]
    assert "models" not in bank[exam.stem]
    first = yaml.safe_load(exam.read_text(encoding="utf-8"))["models"][0]["reply"]
    assert json.dumps(first)[1:60] not in json.dumps(bank)


def test_rubric_leaves_out_what_only_tests_read(course: Path) -> None:
    compiled = json.loads(derive(course)["grader/data/rubric.json"])
    assert len(compiled["criteria"]) == 23
    assert not {"hits", "near_misses"} & set(compiled["criteria"]["reflect"])
    assert "understand" not in compiled["language"]["english"]["foreign"]
    assert isinstance(compiled["language"]["english"]["common"], list)


@pytest.mark.parametrize(
    ("name", "old", "new", "expected"),
    [
        (
            "exercises/bank/crown-not-back.yml",
            "source: rebuilding-trust/active-listening",
            "source: rebuilding-trust/listening",
            "exercises/bank/crown-not-back.yml: source: 'rebuilding-trust/listening' is no section",
        ),
        (
            "grader/rubric/reflect.yml",
            "section: Active listening",
            "section: Listening",
            "grader/rubric/reflect.yml: source[0]: ",
        ),
        (
            "grader/rubric/reflect.yml",
            "id: reflect",
            "id: mirror",
            "grader/rubric/reflect.yml: id: 'mirror' does not fit; allowed: reflect",
        ),
        (
            "grader/rubric/blame.yml",
            "<read>",
            "<reads>",
            "grader/rubric: blame.told-you-so.any: pattern 'you should have <reads>'",
        ),
        (
            "exercises/texts/rewrite.yml",
            "check: ",
            "Check: ",
            "exercises/texts/rewrite.yml: 'Check' does not fit; allowed: snake_case",
        ),
        (
            "exercises/placement.yml",
            "asks: {acknowledge: 2,",
            "asks: {accept: 2,",
            "exercises/placement.yml: messages[0].asks: 'accept' is none; allowed: acknowledge,",
        ),
        (
            "exercises/glossary.yml",
            "criterion: reflect",
            "criterion: mirror",
            "exercises/glossary.yml: active-listening.criterion: 'mirror' is none",
        ),
        (
            "exercises/glossary.yml",
            "chapter: difficult-clients/set-boundaries",
            "chapter: difficult-clients/boundaries",
            "exercises/glossary.yml: abuse.chapter: 'difficult-clients/boundaries' is no section",
        ),
    ],
)
def test_bad_data_is_told_by_file_and_field(
    course: Path, name: str, old: str, new: str, expected: str
) -> None:
    edit(course / name, old, new)
    assert any(line.startswith(expected) for line in problems(course)), problems(course)


def test_missing_criterion_is_told(course: Path) -> None:
    (course / "grader" / "rubric" / "relate.yml").unlink()
    assert any(line.startswith("grader/rubric/relate.yml: is missing") for line in problems(course))


# ---- the command ----


def test_check_lists_what_is_missing_stale_and_left_over(
    course: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(course)]) == 0
    assert main(["--root", str(course), "--check"]) == 0
    old = course / "notebooks" / "rebuilding-trust" / "01-listening.ipynb"
    old.write_text('{"cells": [{"id": "01-listening-01"}]}')
    mine = course / "notebooks" / "my-notes.ipynb"
    shutil.copyfile(course / "notebooks" / "index.ipynb", mine)
    (course / "exercises" / "data" / "bank.json").unlink()
    (course / "exercises" / "data" / "old.json").write_text("{}")
    edit(course / "notebooks" / "index.ipynb", "Course", "My course")
    capsys.readouterr()
    assert main(["--root", str(course), "--check"]) == 1
    out, err = capsys.readouterr()
    assert out.splitlines() == [
        "left over: exercises/data/old.json",
        "left over: notebooks/rebuilding-trust/01-listening.ipynb",
        "missing: exercises/data/bank.json",
        "stale: notebooks/index.ipynb",
    ]
    assert "python -m exercises.build" in err
    assert main(["--root", str(course)]) == 0
    assert main(["--root", str(course), "--check"]) == 0
    assert mine.is_file()
    assert not old.exists()


def test_bad_sources_write_nothing(course: Path, capsys: pytest.CaptureFixture[str]) -> None:
    edit(course / "exercises" / "texts" / "rewrite.yml", "check: ", "Check: ")
    assert main(["--root", str(course)]) == 1
    assert "exercises/texts/rewrite.yml: 'Check'" in capsys.readouterr().err
    assert not (course / "notebooks").exists()


def test_folder_that_is_no_course_is_told(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["--root", str(tmp_path)]) == 1
    assert "is no source folder of the course" in capsys.readouterr().err
