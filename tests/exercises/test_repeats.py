"""Nothing is said twice: no sentence stands in two chapters, no twelve words in two places."""

import re
from collections import defaultdict
from collections.abc import Iterator
from pathlib import Path

from exercises.schema import load_yaml

ROOT = Path(__file__).parents[2]
RUN = 12  # words
SENTENCE = 7  # words; a shorter one, such as "Say so.", belongs to nobody
FOLDERS = ("bank", "quizzes", "dialogues", "texts")
FILES = ("glossary", "sources", "guide", "coverage")
# The same guest twice, on purpose: what heats in one answer, and the opening of a better one.
TWINS = {("hotel-over-the-bins", "hotel-over-the-bins-opening")}


def words(text: str) -> list[str]:
    return re.findall(r"[a-z0-9£$€']+", text.lower().replace("’", "'"))


def paragraphs(page: Path) -> list[str]:
    """A page's prose; without headings, code, addresses, sources, and how to run the cells."""
    text = re.sub(r"\A---\n.*?\n---\n", "", page.read_text(encoding="utf-8"), flags=re.DOTALL)
    text = re.sub(r"```.*?```|^#.*?$", "\n\n", text, flags=re.DOTALL | re.MULTILINE)
    text = re.sub(r"\(?\[S\d+\w?\]\([^)]*\)\)?", "¶", text)
    text = re.sub(r"\[([^\]]*)\]\(([^)]*)\)", lambda m: "¶" if "#" in m[2] else m[1], text)
    parts = re.split(r"\n\s*\n|\n(?=- |\d+\. )|¶", text)
    return [part for part in parts if "**Run All Cells**" not in part]


def strings(node: object) -> Iterator[str]:
    if isinstance(node, str):
        yield node
    elif isinstance(node, dict):
        for value in node.values():
            yield from strings(value)
    elif isinstance(node, list):
        for value in node:
            yield from strings(value)


def places() -> Iterator[tuple[str, list[str]]]:
    """Every place where learners read, with its texts: pages by path, data files by stem."""
    for page in sorted((ROOT / "book").rglob("*.md")):
        yield page.relative_to(ROOT).as_posix(), paragraphs(page)
    paths = [path for name in FOLDERS for path in (ROOT / "exercises" / name).glob("*.yml")]
    paths += [ROOT / "exercises" / f"{name}.yml" for name in FILES]
    for path in sorted(paths):
        name = path.stem if path.parent.name in FOLDERS[:3] else path.name
        data = load_yaml(path)
        if path.parent.name == "bank":  # set phrases are what weak replies are made of
            data["models"] = [model for model in data["models"] if model["kind"] == "strong"]
        yield name, list(strings(data))


def is_meant(one: str, other: str) -> bool:
    """Whether a chapter quotes the scenario that it is about, or two exercises share their case."""
    if (one, other) in TWINS:
        return True
    page, id = (one, other) if one.startswith("book/") else (other, one)
    return page.startswith("book/") and f'("{id}")' in (ROOT / page).read_text(encoding="utf-8")


def test_no_twelve_words_stand_in_two_places() -> None:
    found: dict[tuple[str, ...], set[str]] = defaultdict(set)
    for place, texts in places():
        for text in texts:
            said = words(text)
            for i in range(len(said) - RUN + 1):
                found[tuple(said[i : i + RUN])].add(place)
    repeats = {
        (*pair, " ".join(run))
        for run, where in found.items()
        if len(where) > 1
        for pair in [tuple(sorted(where))[:2]]
        if not is_meant(*pair)
    }
    assert sorted(repeats) == []


def test_no_sentence_stands_in_two_chapters() -> None:
    found: dict[str, set[str]] = defaultdict(set)
    for section in load_yaml(ROOT / "exercises" / "coverage.yml"):
        page = ROOT / "book" / f"{section}.md"
        for paragraph in paragraphs(page):
            for sentence in re.split(r"(?<=[.!?…])[\"”*)]*\s+", " ".join(paragraph.split())):
                said = words(sentence)
                if len(said) >= SENTENCE:
                    found[" ".join(said)].add(section)
    repeats = {sentence: sorted(where) for sentence, where in found.items() if len(where) > 1}
    assert repeats == {}
