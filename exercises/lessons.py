"""Turns the lessons of the book into notebooks.

A lesson is a page of `book/` listed in `_toc.yml` that begins as a MyST notebook. It holds plain
CommonMark and code cells only, so that JupyterLab shows it as the book does. A section of a part,
`book/<part>/<section>.md`, must keep to that; a page beside the parts, `book/<page>.md`, that uses
more of MyST is for the book alone.
"""

from __future__ import annotations

import json
import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any

from exercises.kinds import LISTED, call_of
from exercises.schema import BadDataError, load_yaml

if TYPE_CHECKING:
    from markdown_it.token import Token

_KERNELSPEC = {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"}
_INSTALL = """\
import sys

if "google.colab" in sys.modules:
    %pip install --quiet "git+{url}@{branch}"
"""
_BOOK = "book/"
CARD = "Take-away card"  # the heading of a chapter's card
# Tokens of MyST that plain CommonMark does not have.
_MYST = {
    "myst_role": "a role",
    "myst_target": "a target, (name)=",
    "myst_line_comment": "a comment, %",
    "substitution_inline": "a substitution",
    "substitution_block": "a substitution",
    "colon_fence": "a directive, :::",
    "footnote_ref": "a footnote",
    "footnote_block": "a footnote",
    "math_inline": "mathematics",
    "math_block": "mathematics",
    "amsmath": "mathematics",
}


def notebooks(root: Path) -> dict[str, str]:
    """Every lesson's notebook: path below `root` -> text. Raises BadDataError with all problems."""
    lessons = paths(root)
    found: list[str] = []
    derived: dict[str, str] = {}
    for page, target in lessons.items():
        try:
            derived[target] = _notebook(root, page, lessons)
        except BadDataError as error:
            found += error.problems
    if found:
        raise BadDataError(found)
    return derived


def paths(root: Path) -> dict[str, str]:
    """Every lesson's page -> its notebook, as paths below `root`. Raises BadDataError."""
    return _lessons(root, _pages(root))


def chapters(root: Path) -> dict[str, dict[str, Any]]:
    """The chapters in the book's order: <part>/<section> -> its title, notebook and exercises.

    An exercise is {"kind", "id"}, as a code cell of the page calls it. A page beside the parts is
    among them, by its name alone, where it has exercises; but not the first page, which shows an
    exercise of a chapter. Raises BadDataError.
    """
    calls = {call_of(kind): kind for kind in LISTED}
    pages = _pages(root)
    found = {}
    for page, notebook in _lessons(root, pages).items():
        cells = _cells(root, page)
        title = re.search(r"^# (.+)", "\n".join(c.source for c in cells if c.kind != "code"), re.M)
        shown = [
            {"kind": calls[call], "id": id}
            for cell in cells
            if cell.kind == "code"
            for call, id in re.findall(r"^(\w+)\(\"([\w-]+)\"", cell.source, re.M)
            if call in calls
        ]
        name = page.removeprefix(_BOOK).removesuffix(".md")
        if "/" not in name and (not shown or page == pages[0]):
            continue
        found[name] = {
            "title": title[1].strip() if title else name,
            "notebook": notebook,
            "exercises": shown,
        }
    return found


def cards(root: Path) -> dict[str, dict[str, Any]]:
    """The take-away cards in the book's order: <part>/<section> -> what stands on the card.

    That is "chapter" (the chapter's title), "title", "lines", "ordered" and "notes", in CommonMark.
    The task for the week, which follows a card, is left out. Raises BadDataError.
    """
    found = {}
    for name, chapter in chapters(root).items():
        text = (root / _BOOK / f"{name}.md").read_text(encoding="utf-8")
        section = re.search(rf"^## {CARD}\n(.*?)(?=^## |\Z)", text, re.MULTILINE | re.DOTALL)
        if section:
            found[name] = {"chapter": chapter["title"], **_card(section[1], f"{_BOOK}{name}.md")}
    return found


def _card(text: str, page: str) -> dict[str, Any]:
    title, *blocks = re.split(r"\n\s*\n", text.strip())
    marks = ("- ", "1. ")
    listed = [block for block in blocks if block.startswith(marks)]
    if not re.fullmatch(r"\*\*[^*]+\*\*", title) or len(listed) != 1:
        allowed = "a title, **in bold**, then one list, then notes"
        raise BadDataError([f"{page}: {CARD}: does not fit; allowed: {allowed}"])
    lines = re.split(r"^(?:-|\d+\.) ", listed[0], flags=re.MULTILINE)[1:]
    rest = [block for block in blocks if block not in listed]
    return {
        "title": title.strip("*"),
        "ordered": listed[0].startswith("1. "),
        "lines": [_joined(line) for line in lines],
        "notes": [_joined(block) for block in rest if not block.startswith("**")],
    }


def _joined(text: str) -> str:
    return " ".join(text.split())


def _pages(root: Path) -> list[str]:
    """The pages of the book in its order, as paths of their files below `root`."""
    if not (root / "_toc.yml").exists():
        return []
    toc = load_yaml(root / "_toc.yml", name="_toc.yml")

    def walk(node: object) -> Iterator[str]:
        if isinstance(node, list):
            for entry in node:
                yield from walk(entry)
        elif isinstance(node, dict):
            for key, value in node.items():
                if key in ("root", "file"):
                    yield f"{value}" if str(value).endswith(".md") else f"{value}.md"
                else:
                    yield from walk(value)

    pages = [page for page in walk(toc) if page.startswith(_BOOK)]
    missing = [page for page in pages if not (root / page).is_file()]
    if missing:
        raise BadDataError([f"_toc.yml: {page}: there is no such file" for page in missing])
    return pages


def _lessons(root: Path, pages: list[str]) -> dict[str, str]:
    """The lessons among the pages: page -> its notebook. Raises BadDataError."""
    lessons: dict[str, str] = {}
    place: dict[str, int] = {}
    found = []
    for page in pages:
        part, _, section = page.removeprefix(_BOOK).removesuffix(".md").rpartition("/")
        text = (root / page).read_text(encoding="utf-8")
        if not _is_notebook(text):
            if "{code-cell}" in text:
                found.append(
                    f"{page}: has code cells but does not begin as a notebook; "
                    "copy the first lines of another lesson"
                )
        elif part:
            place[part] = place.get(part, 0) + 1
            lessons[page] = f"notebooks/{part}/{place[part]:02}-{section}.ipynb"
        elif not any(cell.problems() for cell in _cells(root, page)):
            lessons[page] = f"notebooks/{section}.ipynb"
    if found:
        raise BadDataError(found)
    return lessons


def _is_notebook(text: str) -> bool:
    from myst_nb.core.read import is_myst_markdown_notebook

    return bool(is_myst_markdown_notebook(text))


@dataclass(frozen=True)
class _Cell:
    """A cell of a page: "markdown", "code" or "raw", beginning at a line counted from 1."""

    kind: str
    source: str
    line: int

    def problems(self) -> list[str]:
        """What JupyterLab would not show as the book does."""
        if self.kind == "markdown":
            return list(_beyond_commonmark(self.source, self.line))
        if self.kind == "raw":
            return [f"line {self.line}: is a raw cell; allowed in a lesson: Markdown, code cells"]
        return []


def _cells(root: Path, page: str) -> list[_Cell]:
    # The reader the book itself uses, so that book and notebook cannot disagree.
    from myst_nb.core.read import read_myst_markdown_notebook

    text = (root / page).read_text(encoding="utf-8")
    try:
        read = read_myst_markdown_notebook(text, add_source_map=True)
    except Exception as error:  # of its own, or of YAML
        raise BadDataError([f"{page}: cannot be read as a notebook: {error}"]) from None
    lines = text.splitlines()
    cells = []
    for cell, start in zip(read.cells, read.metadata["source_map"], strict=True):
        # The reader counts from 0; of Markdown it drops blank lines, of other cells the fence.
        while cell.cell_type == "markdown" and not lines[start]:
            start += 1
        line = start + 1 if cell.cell_type == "markdown" else start
        cells.append(_Cell(cell.cell_type, cell.source, line))
    return cells


def _notebook(root: Path, page: str, lessons: Mapping[str, str]) -> str:
    stem = PurePosixPath(lessons[page]).stem
    found: list[str] = []
    hidden = {"jupyter": {"source_hidden": True}}
    install = _install_cell(root)
    out = [_json_cell("code", f"{stem}-00", install, hidden)] if install else []
    for i, cell in enumerate(_cells(root, page), start=1):
        found += cell.problems()
        source = cell.source
        metadata: dict[str, Any] = {}
        if cell.kind == "code":
            metadata = hidden
        else:
            source, problems = _relink(source, root, page, lessons)
            found += problems
        out.append(_json_cell(cell.kind, f"{stem}-{i:02}", source, metadata))
    if found:
        raise BadDataError([f"{page}: {problem}" for problem in found])
    notebook = {
        "cells": out,
        "metadata": {"kernelspec": _KERNELSPEC},
        "nbformat": 4,
        "nbformat_minor": 5,
    }
    return json.dumps(notebook, ensure_ascii=False, indent=1, sort_keys=True) + "\n"


def _install_cell(root: Path) -> str:
    """What brings the course to Colab, which has only the notebook; "" for no public repository."""
    config = root / "_config.yml"
    site = load_yaml(config, name=config.name) if config.is_file() else {}
    repository = site.get("repository", {})
    if not repository.get("url"):
        return ""
    return _INSTALL.format(
        url=repository["url"].rstrip("/"), branch=repository.get("branch", "main")
    )


def _json_cell(kind: str, id: str, source: str, metadata: dict[str, Any]) -> dict[str, Any]:
    cell: dict[str, Any] = {
        "cell_type": kind,
        "id": id,
        "metadata": metadata,
        "source": source.splitlines(keepends=True),
    }
    if kind == "code":
        cell |= {"execution_count": None, "outputs": []}
    return cell


def _tokens(source: str) -> Iterator[Token]:
    from markdown_it.renderer import RendererHTML
    from myst_parser.config.main import MdParserConfig
    from myst_parser.parsers.mdit import create_md_parser

    extensions = {"colon_fence", "substitution", "dollarmath", "amsmath"}
    config = MdParserConfig(enable_extensions=extensions)
    for token in create_md_parser(config, RendererHTML).parse(source):
        yield token
        for child in token.children or ():
            child.map = token.map
            yield child


def _beyond_commonmark(source: str, first: int) -> Iterator[str]:
    """Where a Markdown cell uses what JupyterLab would not show as the book does."""
    for token in _tokens(source):
        what = _MYST.get(token.type, "")
        if token.type == "fence" and token.info.lstrip().startswith("{"):
            what = f"a directive, {token.info.split()[0]}"
        if what:
            line = first + (token.map[0] if token.map else 0)
            yield f"line {line}: holds {what}; allowed in a lesson: plain CommonMark, {{code-cell}}"


def _relink(
    source: str, root: Path, page: str, lessons: Mapping[str, str]
) -> tuple[str, list[str]]:
    """The source with its links set for the notebook's place, and links that lead nowhere.

    A link to a lesson leads to its notebook; one to a page of the book alone becomes plain text;
    other files are linked where they are.
    """
    problems: list[str] = []
    here = posixpath.dirname(lessons[page])
    used = {
        str(token.attrs.get("href") or token.attrs.get("src"))
        for token in _tokens(source)
        if token.type in ("link_open", "image")
    }

    def relink(match: re.Match[str]) -> str:
        whole, text, link = match.group(0, "text", "link")
        path, _, _ = link.partition("#")
        if link not in used or not path or re.match(r"[a-z][a-z0-9+.-]*:|/", path):
            return whole
        target = posixpath.normpath(posixpath.join(posixpath.dirname(page), path))
        if target in lessons:
            # Without the place on the page: JupyterLab names headings in its own way.
            return whole.replace(link, posixpath.relpath(lessons[target], here))
        if not (root / target).is_file():
            problems.append(f"{link}: links to {target}, which is not there")
        elif target.endswith(".md"):
            return text
        return whole.replace(link, posixpath.relpath(target, here))

    pattern = r"!?\[(?P<text>[^\[\]]*)\]\((?P<link>[^()\s]+)(?:\s+\"[^\"]*\")?\)"
    return re.sub(pattern, relink, source), problems
