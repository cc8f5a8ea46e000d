"""Packs the built site for learning platforms: `nox -s scorm`, `nox -s scorm -- --part PART`.

Writes a SCORM 1.2 package and a cmi5 package to _build/scorm. Both hold the pages, what these need,
and scripts beside them that report to the platform; the pages are the site's own.
"""

from __future__ import annotations

import argparse
import io
import json
import sys
import zipfile
from base64 import urlsafe_b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from book._web.lms.manifests import course_structure, imsmanifest
from book._web.lms.pages import all_pages, files_of, pages_of, trimmed
from exercises.compiled import compiled
from exercises.files import write_atomic
from exercises.progress import PASS, book, part_title
from exercises.schema import load

HERE = Path(__file__).parent
ROOT = HERE.parents[2]
SITE = ROOT / "_build" / "html"
OUT = ROOT / "_build" / "scorm"
NAME = "talk-it-down"
TITLE = "Talk It Down"
LAUNCH = "launch.html"
SCRIPTS = ("launch.js", "learner.js", "progress.js")
# SCORM 1.2 keeps this many characters between sessions; an exercise takes seven (progress.js).
MOST_KEPT = 4096 // 7
LONG_AGO = (1980, 1, 1, 0, 0, 0)  # the same files make the same package on any day


class PackError(RuntimeError):
    """No package can be made; the message says why and what to do."""


@dataclass(frozen=True, slots=True)
class Unit:
    """What is reported as one: its title, its first page, and its exercises by (kind, id)."""

    title: str
    first: str
    exercises: tuple[tuple[str, str], ...]


def pack(site: Path, out: Path, part: str | None = None) -> list[Path]:
    """Write both packages of the site, or of one part of it, and return them. Raises PackError."""
    if not (site / "index.html").is_file():
        raise PackError(f"There is no site in {site}; build it first: `nox -s book`.")
    parts = units_by_part()
    if part is not None and part not in parts:
        raise PackError(f"--part {part}: there is no such part; take one of {', '.join(parts)}.")
    units = {part: parts[part]} if part else parts
    pages = pages_of(site, part, compiled("chapters")) if part else all_pages(site)
    files = files_of(site, pages, with_search=part is None)
    for unit in units.values():
        if unit.first not in files:
            raise PackError(f"{site} has no {unit.first}; build the site anew: `nox -s book`.")
    whole = whole_of(units.values(), parts[part] if part else Unit(TITLE, "book/index.html", ()))
    texts = load(HERE / "texts.yml", "texts", name="book/_web/lms/texts.yml")
    about = texts.pop("about").replace("{least}", str(PASS))
    identifier = f"{NAME}-{part}" if part else NAME

    held = {name: (site / name).read_bytes() for name in files}
    for page in pages:
        held[page] = trimmed(site, page, files, whole.first).encode("utf-8")
    held["store.js"] = (HERE.parent / "store.js").read_bytes()
    held |= {f"lms/{name}": (HERE / name).read_bytes() for name in SCRIPTS}

    def finished(platform: str, units: Mapping[str, Unit]) -> dict[str, bytes]:
        course = course_data(platform, units, pages, texts)
        own = {LAUNCH: launch_page(whole.title, course).encode("utf-8")}
        return {**held, **own, f"lms/{platform}": (HERE / platform).read_bytes()}

    scorm = finished("scorm12.js", {"": whole})
    scorm["imsmanifest.xml"] = imsmanifest(identifier, whole.title, LAUNCH, sorted(scorm))
    cmi5 = finished("cmi5.js", units)
    titles = {name: unit.title for name, unit in units.items()}
    cmi5["cmi5.xml"] = course_structure(identifier, whole.title, about, LAUNCH, titles, PASS)
    packages = {f"{NAME}-scorm12.zip": scorm, f"{NAME}-cmi5.zip": cmi5}
    for name, contents in packages.items():
        write_atomic(out / name, zipped(contents))
    return [out / name for name in packages]


def units_by_part() -> dict[str, Unit]:
    """The course's parts that have exercises, in their order; some are a single chapter."""
    parts: dict[str, list[str]] = {}
    for chapter in book():
        parts.setdefault(chapter.partition("/")[0], []).append(chapter)
    return {part: unit_of(part, chapters) for part, chapters in parts.items()}


def unit_of(part: str, chapters: Sequence[str]) -> Unit:
    """A part with the exercises of its chapters."""
    title = book()[part]["title"] if part in book() else part_title(part)
    found = [each for chapter in chapters for each in book()[chapter]["exercises"]]
    keys = dict.fromkeys((each["kind"], each["id"]) for each in found)
    return Unit(title, f"book/{chapters[0]}.html", tuple(keys))


def whole_of(units: Iterable[Unit], like: Unit) -> Unit:
    """All units as one, with title and first page of `like`. Raises PackError."""
    keys = tuple(dict.fromkeys(key for unit in units for key in unit.exercises))
    if len(keys) > MOST_KEPT:
        raise PackError(f"SCORM 1.2 can keep {MOST_KEPT} exercises; {len(keys)} are too many.")
    if len({code_of(key) for key in keys}) < len(keys):
        raise PackError("Two exercises have the same code; make the codes of pack.py longer.")
    return Unit(like.title, like.first, keys)


def course_data(
    platform: str, units: Mapping[str, Unit], pages: Sequence[str], texts: Mapping[str, str]
) -> dict[str, Any]:
    """What launch.js has to know."""
    data = {
        name: {
            "first": unit.first,
            "exercises": {" ".join(key): code_of(key) for key in unit.exercises},
        }
        for name, unit in units.items()
    }
    return {
        "platform": f"./{platform}",
        "pass": PASS,
        "pages": list(pages),
        "units": data,
        "texts": dict(texts),
    }


def code_of(key: tuple[str, str]) -> str:
    """Four characters for an exercise, the same in every release."""
    return urlsafe_b64encode(sha256(" ".join(key).encode()).digest()[:3]).decode("ascii")


def launch_page(title: str, course: Mapping[str, Any]) -> str:
    """The page that the platform opens."""
    page = (HERE / LAUNCH).read_text(encoding="utf-8").replace("{title}", escape(title))
    return page.replace("{course}", json.dumps(course).replace("<", r"\u003c"))


def zipped(files: Mapping[str, bytes]) -> bytes:
    """The files as a zip; the same files make the same bytes."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as package:
        for name in sorted(files):
            entry = zipfile.ZipInfo(name, LONG_AGO)
            entry.create_system, entry.external_attr = 3, 0o644 << 16  # whatever machine this is
            package.writestr(entry, files[name], zipfile.ZIP_DEFLATED)
    return target.getvalue()


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command; returns its exit status."""
    parser = argparse.ArgumentParser(prog="nox -s scorm --", description=__doc__)
    parser.add_argument(
        "--part", metavar="PART", help="one part, by the name of its folder in book"
    )
    options = parser.parse_args(argv)
    try:
        for package in pack(SITE, OUT, options.part):
            size = package.stat().st_size / 1e6
            print(f"{package.relative_to(ROOT)} ({size:.1f} MB)")
    except PackError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
