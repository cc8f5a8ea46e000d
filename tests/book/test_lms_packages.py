"""The packages for learning platforms: what is in them, and their manifests."""

from __future__ import annotations

import json
import os
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.etree import ElementTree as ET

import pytest

from book._web.lms import pack as packer
from book._web.lms.pack import PackError, code_of, pack, units_by_part
from book._web.lms.pages import read, target, trimmed
from exercises.progress import PASS, book

PART = "keeping-your-cool"
SCORM, CMI5 = "talk-it-down-scorm12.zip", "talk-it-down-cmi5.zip"
IMS = {"": "http://www.imsproject.org/xsd/imscp_rootv1p1p2"}
ADL = "{http://www.adlnet.org/xsd/adlcp_rootv1p2}"
AU = {"": "https://w3id.org/xapi/profiles/cmi5/v1/CourseStructure.xsd"}
PAGE = """<!DOCTYPE html>
<html lang="en"><head><title>{name}</title>
<link rel="stylesheet" href="{up}_static/book.css?v=1">
<link rel="icon" href="{up}_static/favicon.svg">
<link rel="search" href="{up}search.html">
<script src="{up}searchindex.js"></script></head><body>
<dialog id="pst-search-dialog"><form action="{up}search.html"></form></dialog>
<a class="navbar-brand logo" href="{up}book/index.html">Home</a>
<button class="search-button__button">Search</button>
<nav class="bd-links">{menu}</nav>
<article class="bd-article"><p>Read <a href="{up}book/rubric.html#reflect">the rubric</a>
and <a href="{up}book/de-escalating/apology.html">how to apologise</a>,
or <a href="https://example.org/a">elsewhere</a>.
<a href="{up}_static/guide.pdf">Save</a> <img src="{up}_static/picture.png"></p>
<div class="tid-exercise"></div></article>
<div class="prev-next-area"><a href="{up}book/rubric.html">Previous</a>
<a href="{up}book/de-escalating/apology.html">Next</a></div></body></html>
"""


@pytest.fixture
def site(tmp_path: Path) -> Path:
    """A site with a page for each chapter, two pages of reference, and files that none needs."""
    folder = tmp_path / "site"
    units = units_by_part()
    names = [f"book/{chapter}.html" for chapter in book()]
    names += ["book/index.html", "book/rubric.html", "book/coverage.html", "search.html"]
    for name in names:
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        up = "../" * name.count("/")
        parts = "".join(
            f'<p class="caption">{part}</p><ul><li><a href="{up}{unit.first}">{part}</a></li></ul>'
            for part, unit in units.items()
        )
        file.write_text(PAGE.format(name=name, up=up, menu=parts), encoding="utf-8")
    files = {
        "index.html": "<a href='book/index.html'>In</a>",
        "sw.js": "",
        "searchindex.js": "every page's words",
        "_static/book.css": "@font-face { src: url(fonts/text.woff2) }",
        "_static/fonts/text.woff2": "letters",
        "_static/favicon.svg": "<svg/>",
        "_static/guide.pdf": "guide",
        "_static/picture.png": "picture",
        "_static/unused.js": "",
        "_static/talk-it-down/pyodide-1/pyodide.asm.wasm": "python",
        "_static/talk-it-down/python/course.zip": "course",
        "_static/talk-it-down/worker.js": "worker",
    }
    for name, text in files.items():
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def opened(path: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(path) as package:
        assert package.testzip() is None
        return {name: package.read(name) for name in package.namelist()}


def course_of(files: dict[str, bytes]) -> dict[str, dict[str, dict[str, object]]]:
    found = re.search(r'id="course">(.*?)</script>', files["launch.html"].decode())
    assert found
    course: dict[str, dict[str, dict[str, object]]] = json.loads(found[1])
    return course


def links(page: str, text: bytes, folder: Path) -> Iterator[str]:
    """What a page of a package loads or leads to, as paths in it."""
    (folder / "page.html").write_bytes(text)
    for tag in read(folder, "page.html").find_all(True):
        for name in ("href", "src", "action"):
            if path := target(page, str(tag.get(name, ""))):
                yield path


def test_without_a_site_it_says_how_to_build_one(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(packer, "SITE", tmp_path / "html")
    monkeypatch.setattr(packer, "OUT", tmp_path / "out")
    assert packer.main([]) == 1
    assert "nox -s book" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()


def test_an_unknown_part_is_refused_with_the_names_there_are(site: Path, tmp_path: Path) -> None:
    with pytest.raises(PackError, match=r"de-escalatin: .*de-escalating, keeping-your-cool"):
        pack(site, tmp_path / "out", "de-escalatin")


def test_a_site_of_an_older_course_is_refused(site: Path, tmp_path: Path) -> None:
    (site / "book" / PART / "stay-calm.html").unlink()
    with pytest.raises(PackError, match=r"stay-calm\.html.*nox -s book"):
        pack(site, tmp_path / "out", PART)


@pytest.mark.parametrize("part", [None, PART])
def test_imsmanifest_follows_scorm_12(site: Path, tmp_path: Path, part: str | None) -> None:
    files = opened(pack(site, tmp_path / "out", part)[0])
    assert "cmi5.xml" not in files
    root = ET.fromstring(files["imsmanifest.xml"])
    assert root.tag == f"{{{IMS['']}}}manifest"
    assert [
        root.findtext(f"metadata/{name}", namespaces=IMS) for name in ("schema", "schemaversion")
    ] == [
        "ADL SCORM",
        "1.2",
    ]
    assert [child.tag.partition("}")[2] for child in root] == [
        "metadata",
        "organizations",
        "resources",
    ]
    identifiers = [found for tag in root.iter() if (found := tag.get("identifier"))]
    assert len({*identifiers}) == len(identifiers)
    assert all(re.fullmatch(r"[A-Za-z_][\w.-]*", each) for each in identifiers)  # XML's ID
    organizations = root.findall("organizations/organization", IMS)
    assert [each.get("identifier") for each in organizations] == [
        root.find("organizations", IMS).get("default")  # type: ignore[union-attr]
    ]
    (item,) = root.iterfind("organizations/organization/item", IMS)
    (resource,) = root.iterfind("resources/resource", IMS)
    assert item.findtext("title", namespaces=IMS)
    assert item.get("identifierref") == resource.get("identifier")
    assert (resource.get("type"), resource.get(f"{ADL}scormtype")) == ("webcontent", "sco")
    assert resource.get("href") == "launch.html"
    hrefs = [str(file.get("href")) for file in resource.iterfind("file", IMS)]
    assert sorted(map(unquote, hrefs)) == sorted({*files} - {"imsmanifest.xml"})
    assert not any(" " in href for href in hrefs)


@pytest.mark.parametrize("part", [None, PART])
def test_cmi5_follows_the_course_structure(site: Path, tmp_path: Path, part: str | None) -> None:
    files = opened(pack(site, tmp_path / "out", part)[1])
    assert "imsmanifest.xml" not in files
    root = ET.fromstring(files["cmi5.xml"])
    assert root.tag == f"{{{AU['']}}}courseStructure"
    course, *units = root
    tags = ["title", "description"]
    assert [child.tag.partition("}")[2] for child in course] == tags
    assert [unit.tag.partition("}")[2] for unit in units] == ["au"] * len(units)
    ids = [str(each.get("id")) for each in (course, *units)]
    assert len({*ids}) == len(ids)
    assert all(urlsplit(id).scheme == "https" and urlsplit(id).netloc for id in ids)
    for each in (course, *units):
        for tag in tags:
            assert each.findtext(f"{tag}/langstring", namespaces=AU)
    asked = []
    for unit in units:
        assert [child.tag.partition("}")[2] for child in unit] == [*tags, "url"]
        assert unit.get("moveOn") == "CompletedAndPassed"
        assert float(str(unit.get("masteryScore"))) * 100 == PASS
        assert unit.get("launchMethod") in {"AnyWindow", "OwnWindow"}
        address = urlsplit(str(unit.findtext("url", namespaces=AU)))
        assert address.path in files
        asked += parse_qs(address.query)["unit"]
    assert asked == [*course_of(files)["units"]] == ([part] if part else [*units_by_part()])


def test_same_site_makes_the_same_bytes(site: Path, tmp_path: Path) -> None:
    before = [path.read_bytes() for path in pack(site, tmp_path / "out")]
    for file in site.rglob("*"):
        os.utime(file, (0, 0))
    after = [path.read_bytes() for path in pack(site, tmp_path / "again")]
    assert after == before


def test_whole_course_has_every_page_and_no_service_worker(site: Path, tmp_path: Path) -> None:
    for path in pack(site, tmp_path / "out"):
        files = opened(path)
        pages = {page.relative_to(site).as_posix() for page in site.rglob("*.html")}
        assert {name for name in files if name.endswith(".html")} == {*pages, "launch.html"}
        assert "searchindex.js" in files
        assert "sw.js" not in files
        assert "_static/unused.js" not in files


def test_part_holds_what_it_needs_and_nothing_else(site: Path, tmp_path: Path) -> None:
    for path in pack(site, tmp_path / "out", PART):
        files = opened(path)
        pages = {name for name in files if name.startswith("book/")}
        chapters = {f"book/{name}.html" for name in book() if name.startswith(PART)}
        assert pages == {*chapters, "book/rubric.html"}
        own = {name for name in files if name.startswith("_static/")}
        every = {file.relative_to(site).as_posix() for file in site.rglob("_static/**/*.*")}
        assert every - own == {"_static/unused.js"}
        assert not [name for name in files if "search" in name or name == "sw.js"]
        for page in pages:
            assert {*links(page, files[page], tmp_path)} <= {*files}
        (unit,) = course_of(files)["units"].values()
        assert list(unit["exercises"]) == [" ".join(key) for key in units_by_part()[PART].exercises]  # type: ignore[call-overload]


def test_page_of_a_part_keeps_its_words_and_loses_what_leads_away(
    site: Path, tmp_path: Path
) -> None:
    files = opened(pack(site, tmp_path / "out", PART)[0])
    (tmp_path / "page.html").write_bytes(files[f"book/{PART}/communication.html"])
    page = read(tmp_path, "page.html")
    article = page.select_one("article")
    assert article
    assert "how to apologise" in article.text
    assert [link["href"] for link in article.select("a")] == [
        "../../book/rubric.html#reflect",
        "https://example.org/a",
        "../../_static/guide.pdf",
    ]
    assert [caption.text for caption in page.select("nav .caption")] == [PART]
    assert [link.text for link in page.select(".prev-next-area a")] == ["Previous"]
    assert [link["href"] for link in page.select(".navbar-brand")] == ["stay-calm.html"]
    assert not page.select("dialog, .search-button__button")


def test_codes_of_all_exercises_differ_and_fit_in_what_scorm_12_keeps() -> None:
    keys = {key for unit in units_by_part().values() for key in unit.exercises}
    codes = {code_of(key) for key in keys}
    assert len(codes) == len(keys)
    assert all(re.fullmatch(r"[\w-]{4}", code) for code in codes)
    assert 7 * len(codes) <= 4096


def test_a_package_has_no_way_into_jupyterlite(tmp_path: Path) -> None:
    doors = '<div class="dropdown-launch-buttons"><button>Open</button>{}</div>'
    links = '<a href="lite/lab/index.html?path=a.ipynb">L</a><a href="https://binder.example">B</a>'
    (tmp_path / "a.html").write_text(f"<p>Read.</p>{doors.format(links)}", encoding="utf-8")
    assert trimmed(tmp_path, "a.html", {"a.html"}, "a.html") == "<p>Read.</p>"
