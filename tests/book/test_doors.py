"""The other ways to open a chapter: where their buttons lead, and what JupyterLite is made of."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any
from urllib.parse import unquote
from xml.etree import ElementTree

import pytest
from jupyterlite_pyodide_kernel.constants import PYODIDE_VERSION

from book._web import lite
from book._web.build import SOURCE, find_pin
from book._web.talk_it_down_doors import add_doors, places

PAGE = "book/rebuilding-trust/active-listening"
NOTEBOOK = "rebuilding-trust/02-active-listening.ipynb"
GITHUB = "https://github.com/talkers/talk-it-down"


def doors(page: str, *, repository: str = "", lite: str = "") -> dict[str, str]:
    """The buttons of a page: text -> address."""
    theme = {"repository_url": repository, "repository_branch": "main"}
    config = SimpleNamespace(html_theme_options=theme, talk_it_down_lite=lite)
    context: dict[str, Any] = {"header_buttons": [], "pathto": lambda path, _kind: f"../../{path}"}
    add_doors(SimpleNamespace(config=config), page, "", context, None)  # type: ignore[arg-type]
    return {
        button["text"]: button["url"]
        for group in context["header_buttons"]
        for button in group["buttons"]
    }


def test_there_is_no_button_for_what_is_not_there() -> None:
    assert doors(PAGE) == {}


def test_jupyterlite_opens_the_pages_own_notebook() -> None:
    expected = {"Open in JupyterLite": f"../../lite/lab/index.html?path={NOTEBOOK}"}
    assert doors(PAGE, lite="built") == expected


@pytest.mark.parametrize("page", ["book/review", "book/privacy", "search", "genindex"])
def test_a_page_that_jupyterlite_cannot_show_has_no_button(page: str) -> None:
    assert doors(page, lite="built") == {}


@pytest.mark.parametrize("ending", ["", "/", ".git"])
def test_binder_and_colab_open_the_notebook_of_the_repository(ending: str) -> None:
    found = places(GITHUB + ending, "main", f"{PAGE}.md")
    assert unquote(found["Binder"]) == (
        f"https://mybinder.org/v2/git/{GITHUB}{ending}/main?urlpath=lab/tree/notebooks/{NOTEBOOK}"
    )
    assert found["Colab"] == (
        "https://colab.research.google.com/github/talkers/talk-it-down/blob/main/"
        f"notebooks/{NOTEBOOK}"
    )


def test_colab_opens_notebooks_of_github_only() -> None:
    assert list(doors(PAGE, repository="https://git.example/talk-it-down")) == ["Open in Binder"]


def test_jupyterlites_notebooks_find_their_kernel_and_figures(tmp_path: Path) -> None:
    lite.copy_contents(tmp_path)
    named = 0
    for name in lite.notebooks().values():
        text = (tmp_path / name).read_text(encoding="utf-8")
        assert json.loads(text)["metadata"]["kernelspec"]["name"] == "python"
        for link in re.findall(r"\]\(([^)\s]+\.svg)\)", text):
            assert (tmp_path / name).parent.joinpath(link).is_file()
            named += 1
    assert named > 20


def test_jupyterlites_figures_hold_no_letter_that_it_would_garble(tmp_path: Path) -> None:
    lite.copy_figures(tmp_path)
    said = (tmp_path / "figures" / "hear-three-ask-fourth.svg").read_bytes()
    assert said.isascii()
    assert "".join(ElementTree.fromstring(said).itertext()).count("£340") == 1


def test_jupyterlite_is_made_for_the_sites_pyodide() -> None:
    package = json.loads((SOURCE / "package.json").read_text(encoding="utf-8"))
    assert package["dependencies"]["pyodide"] == PYODIDE_VERSION


def test_the_browser_gets_what_ipython_needs_there_and_nothing_compiled() -> None:
    names = lite.closure(lite.WANTED)
    assert {"ipython", "ipywidgets", "traitlets", "pygments", "micropip"} <= set(names)
    assert not {"pexpect", "psutil", "widgetsnbextension"} & set(names)


def test_a_pin_is_taken_whatever_python_it_is_for() -> None:
    pin = find_pin("micropip")
    assert " ;" in pin
    first, rest = lite.without_marker(pin).split("\n", 1)
    assert re.fullmatch(r"micropip==[\d.]+ \\", first)
    assert rest == pin.split("\n", 1)[1]
