"""What learners read is easy to read: Flesch-Kincaid grade 9 at most, page by page."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
import textstat
from markdown_it import MarkdownIt

from exercises.schema import load_yaml

ROOT = Path(__file__).parents[2]
HARDEST = 9
PAGES = sorted((ROOT / "book").rglob("*.md"))
# Files that hold nothing but what learners read, and those of which they read some fields.
TEXTS = [*sorted((ROOT / "exercises" / "texts").glob("*.yml")), ROOT / "grader" / "texts.yml"]
DATA = [
    ROOT / "exercises" / "glossary.yml",
    ROOT / "exercises" / "sources.yml",
    *sorted((ROOT / "grader" / "rubric").glob("*.yml")),
]
SHOWN = (
    *("means", "shows", "limit", "question", "descriptor", "feedback", "step"),
    *("task", "why", "note", "answer", "points", "facts", "limits", "pitfalls"),
)


def prose(markdown: str) -> str:
    """The sentences of a page: paragraphs and list items, without headings, tables and code."""
    text = re.sub(r"\A---\n.*?\n---\n", "", markdown, flags=re.DOTALL)
    parts = []
    within: list[str] = []
    for token in MarkdownIt("commonmark").enable("table").parse(text):
        if token.nesting == 1:
            within.append(token.type)
        elif token.nesting == -1:
            within.pop()
        elif token.type == "inline" and not {"table_open", "heading_open"} & set(within):
            words = "".join(
                " " if child.type in ("softbreak", "hardbreak") else child.content
                for child in token.children or ()
                if child.type in ("text", "softbreak", "hardbreak", "code_inline")
            ).strip()
            # An item such as "Thursday, at five" is a sentence of its own.
            parts.append(words if re.search(r"[.!?…:]\W*$", words) else f"{words}.")
    return "\n".join(parts)


def sentences(node: object, *, shown: bool) -> Iterator[str]:
    """The texts of a data file that learners read: all of them, or those of the fields SHOWN."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from sentences(value, shown=shown or name in SHOWN)
    elif isinstance(node, list):
        for value in node:
            yield from sentences(value, shown=shown)
    elif isinstance(node, str) and shown:
        words = re.sub(r"\{\w+\}", "ten", node.strip())
        yield words if re.search(r"[.!?…:]\W*$", words) else f"{words}."


def grade(text: str) -> float:
    return float(textstat.flesch_kincaid_grade(text))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: f"{page.parent.name}/{page.stem}")
def test_page_is_easy_to_read(page: Path) -> None:
    assert grade(prose(page.read_text(encoding="utf-8"))) <= HARDEST


@pytest.mark.parametrize("path", [*TEXTS, *DATA], ids=lambda path: path.stem)
def test_texts_are_easy_to_read(path: Path) -> None:
    texts = list(sentences(load_yaml(path), shown=path in TEXTS))
    assert texts
    assert grade("\n".join(texts)) <= HARDEST


@pytest.mark.parametrize("folder", ["bank", "quizzes"])
def test_what_stands_beside_the_exercises_is_easy_to_read(folder: str) -> None:
    texts: dict[str, list[str]] = {}
    for path in sorted((ROOT / "exercises" / folder).glob("*.yml")):
        data = load_yaml(path)
        texts.setdefault(data["source"], []).extend(sentences(data, shown=False))
    grades = {section: grade("\n".join(found)) for section, found in texts.items()}
    assert {section: found for section, found in grades.items() if found > HARDEST} == {}


def test_hard_prose_is_found_out() -> None:
    """The measure itself: a page must not pass because nothing of it was read."""
    hard = (
        "Notwithstanding organisational considerations, representatives are systematically "
        "encouraged to demonstrate appropriate understanding of dissatisfied individuals."
    )
    page = f"---\na: b\n---\n# Title\n\n```python\nx\n```\n\n| a |\n|---|\n| b |\n\n- {hard}\n"
    assert prose(page) == hard
    assert grade(prose(page)) > HARDEST
