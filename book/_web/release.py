"""Lists what one release of the site consists of, for the service worker that keeps it (sw.js)."""

from __future__ import annotations

import json
import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator
from hashlib import sha256
from html.parser import HTMLParser
from pathlib import Path

SOURCE = Path(__file__).with_name("sw.js")
SCRIPTS = "_static/talk-it-down/"
# What a page loads once an exercise is in reach. Pyodide's folder has its version in its name; for
# the others, the scripts add that of the build.
PYODIDE = ("pyodide-*/pyodide.*", "pyodide-*/*.zip")
WITH_BUILD = ("python/*.zip", "widgets.css", "widgets.js", "worker.js")
FILES_OF_STYLES = re.compile(r"(?:url\(|@import)\s*[\"']?(?!data:|url)([^)\"'#?]+)")


class Page(HTMLParser):
    """What a page loads by itself: scripts, styles and pictures; and whether it has exercises."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.loads: list[str] = []
        self.has_exercises = False
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Note what one element loads."""
        given = {name: value or "" for name, value in attrs}
        if tag in ("script", "img"):
            self.loads.append(given.get("src", ""))
        elif tag == "link" and set(given.get("rel", "").split()) & {"stylesheet", "icon"}:
            self.loads.append(given.get("href", ""))
        self.has_exercises |= "tid-exercise" in given.get("class", "").split()


def write_worker(site: Path, pages: Iterable[str], build: str) -> None:
    """Write sw.js at the site's root; `pages` are paths there, `build` is the scripts' version."""
    files = find_files(site, pages, build)
    text = f"const FILES = {json.dumps(files)};\n{SOURCE.read_text(encoding='utf-8')}"
    (site / "sw.js").write_text(text, encoding="utf-8")


def find_files(site: Path, pages: Iterable[str], build: str) -> dict[str, list[object]]:
    """Return address -> hash, group and, of a page, what it alone loads.

    Groups are "exercises" and "page" for pages, "python" for what exercises load, "all" for what
    most pages load, "" for the rest.
    """
    found = {page: Page((site / page).read_text(encoding="utf-8")) for page in sorted(pages)}
    loads = {page: dict(addresses(site, page, each.loads)) for page, each in found.items()}
    times = Counter(path for each in loads.values() for path in each)
    shared = {path for path, count in times.items() if count > len(found) / 2}
    versions = {path: address for each in loads.values() for path, address in each.items()}
    files: dict[str, list[object]] = {}
    for page, each in found.items():
        group = "exercises" if each.has_exercises else "page"
        files[page] = [digest(site / page), group, sorted(set(loads[page]) - shared)]
    for path, address in sorted(versions.items()):
        files[address] = [digest(site / path), "all" if path in shared else ""]
    for patterns, version in ((PYODIDE, ""), (WITH_BUILD, f"?v={build}")):
        for file in sorted(each for name in patterns for each in (site / SCRIPTS).glob(name)):
            files[file.relative_to(site).as_posix() + version] = [digest(file), "python"]
    return files


def addresses(site: Path, page: str, loads: Iterable[str]) -> Iterator[tuple[str, str]]:
    """Yield path and address (with its version) of the site's files that a page loads."""
    for load in filter(None, loads):
        name, _, version = load.partition("?")
        path = posixpath.normpath(posixpath.join(posixpath.dirname(page), name))
        if "//" in load or not (site / path).is_file():
            continue
        yield path, f"{path}?{version}" if version else path
        if path.endswith(".css"):
            styles = (site / path).read_text(encoding="utf-8")
            yield from addresses(site, path, FILES_OF_STYLES.findall(styles))


def digest(path: Path) -> str:
    """Return the SHA-256 of a file."""
    return sha256(path.read_bytes()).hexdigest()
