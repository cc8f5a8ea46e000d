"""A JupyterLab for the tests, and what a learner does in it."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from pathlib import Path

from playwright.sync_api import Page

from tests.e2e.jupyter import TOKEN


@dataclass
class Lab:
    """A running JupyterLab: its folder, and the learner's folder that its kernels use."""

    url: str
    course: Path
    home: Path

    def notebook(self, name: str, *cells: str) -> str:
        """Write a notebook of code cells; returns its path in the course."""
        empty: dict[str, object] = {
            "cell_type": "code",
            "metadata": {},
            "outputs": [],
            "execution_count": None,
        }
        made = {
            "cells": [{**empty, "id": f"c{i}", "source": cell} for i, cell in enumerate(cells)],
            "metadata": {"kernelspec": {"display_name": "Python 3", "name": "python3"}},
            "nbformat": 4,
            "nbformat_minor": 5,
        }
        (self.course / name).write_text(json.dumps(made), encoding="utf-8")
        return name


def open_notebook(page: Page, lab: Lab, name: str) -> None:
    """Open a notebook of the course, and wait until its kernel is ready."""
    page.goto(f"{lab.url}/doc/tree/{name}?token={TOKEN}")
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    wait_until_idle(page)


def wait_until_idle(page: Page) -> None:
    """Wait until the kernel has nothing to do."""
    page.get_by_text(re.compile(r"Python 3.*\| Idle")).wait_for()


def run_all(page: Page) -> None:
    """Choose Run All Cells, as a learner does."""
    page.get_by_role("menuitem", name="Run", exact=True).click()
    page.locator("#jp-mainmenu-run").get_by_text("Run All Cells", exact=True).click()


def run_cells(page: Page, lab: Lab, name: str, *cells: str) -> None:
    """Run cells in a new notebook, with a learner's folder of their own: `name` in `lab.home`."""
    home = f"import os\nos.environ['TALK_IT_DOWN_HOME'] = {str(lab.home / name)!r}"
    open_notebook(page, lab, lab.notebook(f"{name}.ipynb", home, *cells))
    run_all(page)


def reload_and_run_all(page: Page) -> None:
    """Load JupyterLab anew and run all cells of the notebook in it."""
    page.reload()
    page.locator(".jp-Notebook .jp-Cell").first.wait_for()
    wait_until_idle(page)
    run_all(page)


def restart_and_run_all(page: Page) -> None:
    """Restart the kernel and run all cells, as a learner does; wait until old widgets are gone."""
    page.get_by_role("menuitem", name="Kernel", exact=True).click()
    page.get_by_text("Restart Kernel and Run All Cells…", exact=True).click()
    page.locator(".jp-Dialog button.jp-mod-accept").click()
    page.locator(".jupyter-widgets-disconnected").first.wait_for(state="detached")


def choose_theme(page: Page, name: str) -> None:
    """Choose the theme "Light" or "Dark" in JupyterLab's menu."""
    page.get_by_role("menuitem", name="Settings", exact=True).click()
    page.get_by_text("Theme", exact=True).hover()
    page.get_by_text(f"JupyterLab {name}", exact=True).click()
    light = "true" if name == "Light" else "false"
    page.locator(f"[data-jp-theme-light='{light}']").wait_for(state="attached")
