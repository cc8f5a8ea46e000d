"""Sphinx extension: makes the book a site that runs its exercises and asks no host but its own."""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from docutils import nodes
from sphinx.application import Sphinx
from sphinx.config import Config
from sphinx.errors import ExtensionError

from book._web import release
from book._web.icons import leave_out_icons
from exercises.pocket_guide import NAME, make_guide
from exercises.views.screen import stylesheet

ROOT = Path(__file__).resolve().parents[2]
SCRIPTS = Path(__file__).with_name("build.py")
WEB = ROOT / "_build" / "web"
STATIC = ROOT / "book" / "_static"
EXERCISE_STYLES = ROOT / "exercises" / "views"
# Of what jupyter-book adds to every page, these are of no use here: thebe would run cells on
# somebody else's server.
UNWANTED = ("thebe",)
THEME = """{
  const root = document.documentElement.dataset;
  const dark = matchMedia("(prefers-color-scheme: dark)").matches;
  if (root.mode === "auto") root.theme = dark ? "dark" : "light";
}"""

# With an icon named; else some browsers ask the host's root for one, which has none.
FRONT_PAGE = "index.html"
FRONT_DOOR = """<!DOCTYPE html>
<html lang="en">
<meta charset="utf-8">
<meta http-equiv="refresh" content="0; url={page}">
<link rel="icon" href="_static/favicon.svg">
<title>{title}</title>
<p><a href="{page}">{title}</a></p>
</html>
"""


def setup(app: Sphinx) -> dict[str, Any]:
    """Connect to the build; called by Sphinx."""
    # For the notebooks' kernels: the packages of this folder, and exercises as plain HTML.
    os.environ["TALK_IT_DOWN_OUTPUT"] = "page"
    paths = [str(ROOT), os.environ.get("PYTHONPATH", "")]
    os.environ["PYTHONPATH"] = os.pathsep.join(filter(None, paths))

    app.add_config_value("talk_it_down_code", "", "env", [str])
    app.add_config_value("talk_it_down_files", "", "html", [str])
    app.add_css_file("talk-it-down/exercises.css")
    app.add_css_file("book.css")
    app.add_js_file("talk-it-down/page.js", type="module")
    # Before anything is drawn, so that no light page flashes up at night.
    app.add_js_file(None, body=THEME, priority=100)
    app.connect("config-inited", keep_results_of_this_code)
    app.connect("config-inited", build_scripts)
    app.connect("builder-inited", add_files)
    app.connect("doctree-read", find_printed_targets)
    app.connect("html-page-context", ask_no_other_host, priority=900)
    app.connect("build-finished", make_smaller)
    app.connect("build-finished", open_front_door)
    app.connect("build-finished", keep_in_the_browser, priority=900)  # when all files are there
    return {"parallel_read_safe": True, "parallel_write_safe": True}


def keep_results_of_this_code(app: Sphinx, config: Config) -> None:
    """Execute pages anew when the code or data they print from has changed, and only then."""
    parts = [path for name in ("grader", "exercises") for path in (ROOT / name).rglob("*")]
    kinds = {".py", ".json", ".js"}
    config.talk_it_down_code = digest(path for path in parts if path.suffix in kinds)
    cache = Path(config.nb_execution_cache_path or ROOT / "_build" / ".jupyter_cache")
    current = cache / config.talk_it_down_code[:12]
    for old in cache.glob("*"):
        if old != current:
            shutil.rmtree(old) if old.is_dir() else old.unlink()
    config.nb_execution_cache_path = str(current)


def build_scripts(app: Sphinx, config: Config) -> None:
    """Build the site's scripts where they are out of date; then every page is written anew."""
    built = subprocess.run([sys.executable, str(SCRIPTS)], check=False)
    if built.returncode:
        raise ExtensionError("The site's scripts could not be built; see the message above.")
    styles = [path for path in STATIC.rglob("*") if path.is_file()]
    config.talk_it_down_files = digest([WEB / ".state", *EXERCISE_STYLES.glob("*.css"), *styles])


def digest(paths: Iterable[Path]) -> str:
    """Return a hash of the files' names and contents."""
    found = hashlib.sha256()
    for path in sorted(paths):
        found.update(path.relative_to(ROOT).as_posix().encode() + path.read_bytes())
    return found.hexdigest()


def add_files(app: Sphinx) -> None:
    """Put the site's scripts and the pocket guide beside the pages."""
    target = Path(app.outdir, "_static", "talk-it-down")
    shutil.rmtree(target, ignore_errors=True)
    shutil.copytree(WEB, target, ignore=shutil.ignore_patterns(".*"))
    (target / "exercises.css").write_text(stylesheet(), encoding="utf-8")
    (target / NAME).write_bytes(make_guide())


def find_printed_targets(app: Sphinx, doctree: nodes.document) -> None:
    """Let pages link to what a cell has printed: `sources.md#s44` is an HTML element's id."""
    targets = app.env.metadata[app.env.docname].setdefault("myst_slugs", {})
    for node in doctree.findall(nodes.raw):
        for name in re.findall(r'\sid="([^"]+)"', node.astext()):
            targets.setdefault(name, (node.line, name, name))


def ask_no_other_host(
    app: Sphinx, pagename: str, templatename: str, context: dict[str, Any], doctree: object
) -> None:
    """Leave out of the page every script and style that comes from elsewhere."""
    for kind in ("script_files", "css_files"):
        files = context.get(kind, [])
        context[kind] = [file for file in files if not is_foreign(file)]


def is_foreign(file: Any) -> bool:  # noqa: ANN401 - Sphinx's classes differ between versions
    """Say whether a script or style comes from another host, or is only for such a one."""
    name = str(getattr(file, "filename", file) or "")
    body = str(getattr(file, "attributes", {}).get("body") or "")
    return "//" in name or any(part in f"{name} {body}".lower() for part in UNWANTED)


def make_smaller(app: Sphinx, error: Exception | None) -> None:
    """Leave out what the theme brings for other sites."""
    if error is None and app.builder.format == "html":
        leave_out_icons(Path(app.outdir))


def open_front_door(app: Sphinx, error: Exception | None) -> None:
    """Write the page at the site's root, which leads to the book's first page."""
    if error is None and app.builder.format == "html":
        page = app.builder.get_target_uri(app.config.root_doc)
        text = FRONT_DOOR.format(page=page, title=escape(app.config.html_title))
        Path(app.outdir, FRONT_PAGE).write_text(text, encoding="utf-8")


def keep_in_the_browser(app: Sphinx, error: Exception | None) -> None:
    """Write the service worker, which knows every file of this release."""
    if error is None and app.builder.format == "html":
        site = Path(app.outdir)
        pages = {app.builder.get_target_uri(name) for name in app.env.found_docs}
        others = {name for name in (FRONT_PAGE, "search.html") if (site / name).is_file()}
        build = (WEB / ".state").read_text(encoding="utf-8")[:12]  # as build.py names it
        release.write_worker(site, pages | others, build)
