"""Which files of the built site a package holds, and its pages without links to the others."""

from __future__ import annotations

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator
from pathlib import Path
from urllib.parse import unquote

from bs4 import BeautifulSoup, Tag

from book._web import release

PAGE_OF_ERRORS = "404.html"
# The search finds pages of the whole site, so a package of one part has none.
SEARCH = ("search.html", "searchindex.js", "_static/searchtools.js", "_static/language_data.js")
ARTICLE = "article.bd-article"
LINKS = ("href", "src", "action")


def all_pages(site: Path) -> list[str]:
    """Every page that readers of the site come to, by its path there."""
    pages = [*site.glob("*.html"), *(site / "book").rglob("*.html")]
    names = (page.relative_to(site).as_posix() for page in pages)
    return sorted(name for name in names if name != PAGE_OF_ERRORS)


def pages_of(site: Path, part: str, chapters: Collection[str]) -> list[str]:
    """The pages of one part, and those they refer to that are no chapters of another."""
    own = sorted(page.relative_to(site).as_posix() for page in site.glob(f"book/{part}/*.html"))
    if (site / "book" / f"{part}.html").is_file():
        own.append(f"book/{part}.html")  # a part of a single page
    more = set()
    for page in own:
        article = read(site, page).select_one(ARTICLE)
        for link in article.select("a[href]") if article else ():
            path = target(page, str(link["href"]))
            is_beside = path and posixpath.dirname(path) == "book" and (site / path).is_file()
            if is_beside and path.removeprefix("book/").removesuffix(".html") not in chapters:
                more.add(path)
    return [*own, *sorted(more - {*own})]


def files_of(site: Path, pages: Iterable[str], *, with_search: bool) -> list[str]:
    """Every file that these pages need: the pages, what they load and what they offer to save."""
    pages = list(pages)
    found = {address.partition("?")[0] for address in release.find_files(site, pages, "")}
    found |= {path for page in pages for path in offered(site, page)}
    return sorted(found if with_search else found - {*SEARCH})


def offered(site: Path, page: str) -> Iterator[str]:
    """The files, other than pages, to which a page links."""
    for link in re.findall(r'<a [^>]*href="([^"]+)"', (site / page).read_text(encoding="utf-8")):
        path = target(page, link)
        if path and not path.endswith(".html") and (site / path).is_file():
            yield path


def trimmed(site: Path, page: str, files: Collection[str], first: str) -> str:
    """The page as text, without links to files that the package leaves out.

    The logo leads to `first`, a page of the package; what is said about the rest stays as words.
    """
    soup = read(site, page)
    missing = [tag for tag in soup.find_all(True) if leads_out(tag, page, files)]
    if not missing:
        return (site / page).read_text(encoding="utf-8")
    for tag in missing:
        if tag.decomposed:
            continue
        if tag.name != "a":
            (tag.find_parent("dialog") or tag).decompose()
        elif "navbar-brand" in tag.get_attribute_list("class"):
            tag["href"] = posixpath.relpath(first, posixpath.dirname(page))
        elif tag.find_parent("nav"):
            (tag.find_parent("li") or tag).decompose()
        elif doors := tag.find_parent(class_="dropdown-launch-buttons"):
            doors.decompose()
        elif tag.find_parent(class_="prev-next-area"):
            tag.decompose()
        else:
            tag.unwrap()
    drop_empty_parts(soup)
    if not soup.select_one("#pst-search-dialog"):
        for button in soup.select(".search-button__button"):
            button.decompose()
    return str(soup)


def drop_empty_parts(soup: BeautifulSoup) -> None:
    """Leave out the lists of the sidebar that have nothing in them any more."""
    for group in soup.select("nav ul"):
        if not group.select_one("li"):
            caption = group.find_previous_sibling()
            if isinstance(caption, Tag) and "caption" in caption.get_attribute_list("class"):
                caption.decompose()
            group.decompose()


def leads_out(tag: Tag, page: str, files: Collection[str]) -> bool:
    """Whether an element loads, or leads to, a file of the site that is not in the package."""
    links = (str(tag[name]) for name in LINKS if name in tag.attrs)
    return any(path not in files for path in (target(page, link) for link in links) if path)


def target(page: str, link: str) -> str:
    """The path in the site of what a page links to; "" where that is itself or another host."""
    path = unquote(re.split(r"[?#]", link)[0])
    if not path or re.match(r"[a-z][a-z0-9+.-]*:|//", link, re.IGNORECASE):
        return ""
    return posixpath.normpath(posixpath.join(posixpath.dirname(page), path))


def read(site: Path, page: str) -> BeautifulSoup:
    """A page's elements."""
    return BeautifulSoup((site / page).read_text(encoding="utf-8"), "html.parser")
