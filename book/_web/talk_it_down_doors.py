"""Sphinx extension: other ways to open a chapter, as the theme's launch buttons.

JupyterLite is there where `nox -s lite` has built it from the same sources as the site. Binder and
Colab are there where _config.yml names the repository. All are plain links.
"""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import quote

from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.util import logging

from book._web import build, lite
from exercises.texts import say

LITE = "lite"  # JupyterLite's folder in the site
BINDER = "https://mybinder.org/v2/git/{repository}/{branch}?urlpath=lab/tree/{notebook}"
COLAB = "https://colab.research.google.com/github/{project}/blob/{branch}/{notebook}"
ON_GITHUB = re.compile(r"https://github\.com/([^/]+/[^/]+?)(?:\.git)?/?")
LOG = logging.getLogger(__name__)


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the build; called by Sphinx."""
    app.add_config_value("talk_it_down_lite", "", "html", [str])
    app.connect("config-inited", find_lite, priority=900)  # the site's scripts are built
    app.connect("html-page-context", add_doors, priority=600)  # the theme has begun its buttons
    app.connect("build-finished", add_lite)
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def find_lite(app: Sphinx, config: Config) -> None:
    """Note which JupyterLite there is; one that was built from older sources is left out."""
    if not lite.OUT.is_dir():
        return
    state = lite.state()
    if build.is_done(lite.OUT, state):
        config.talk_it_down_lite = state
    else:
        LOG.info("JupyterLite is older than the course and left out: `nox -s lite` builds it anew.")


def add_doors(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Put the buttons on a page that has a notebook."""
    page = f"{pagename}.md"
    if page not in lite.lessons():
        return
    pathto: Callable[[str, int], str] = context["pathto"]
    theme = app.config.html_theme_options
    links = places(theme.get("repository_url", ""), theme.get("repository_branch", "main"), page)
    if app.config.talk_it_down_lite and page in (notebooks := lite.notebooks()):
        address = f"{pathto(f'{LITE}/lab/index.html', 1)}?path={quote(notebooks[page])}"
        links = {"JupyterLite": address, **links}
    buttons = [
        {"type": "link", "text": say("open_in", place=name), "url": address}
        for name, address in links.items()
    ]
    if buttons:
        looks = {"label": "launch-buttons", "icon": "fas fa-rocket"}
        group = {"type": "group", "tooltip": say("open_elsewhere"), "buttons": buttons}
        context["header_buttons"].append({**looks, **group})


def places(repository: str, branch: str, page: str) -> dict[str, str]:
    """Return the services that open a page's notebook from the repository: name -> address."""
    if not repository:
        return {}
    parts = {"branch": quote(branch, safe=""), "notebook": quote(lite.lessons()[page])}
    found = {"Binder": BINDER.format(repository=quote(repository, safe=""), **parts)}
    if project := ON_GITHUB.fullmatch(repository):
        found["Colab"] = COLAB.format(project=project[1], **parts)
    return found


def add_lite(app: Sphinx, error: Exception | None) -> None:
    """Put JupyterLite into the site, or take out one that does not belong to it."""
    if error is None and app.builder.format == "html":
        target = Path(app.outdir, LITE)
        shutil.rmtree(target, ignore_errors=True)
        if app.config.talk_it_down_lite:
            shutil.copytree(lite.OUT, target, ignore=shutil.ignore_patterns(".*"))
