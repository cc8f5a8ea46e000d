"""What the chapters say agrees with the bank and with the sources."""

import re
from pathlib import Path

import pytest
import yaml

from exercises.schema import bank_scenarios

ROOT = Path(__file__).parents[2]
PAGES = sorted((ROOT / "book").rglob("*.md"))
CHAPTERS = [page for page in PAGES if "model_reply(" in page.read_text(encoding="utf-8")]


@pytest.mark.parametrize("chapter", CHAPTERS, ids=lambda path: path.stem)
def test_walk_through_quotes_the_model_reply(chapter: Path) -> None:
    """Steps such as `1. "We got this wrong." …` after a model reply quote that reply."""
    bank = bank_scenarios(ROOT / "exercises" / "bank")
    text = chapter.read_text(encoding="utf-8")
    found = re.findall(r'model_reply\("([\w-]+)"\)\n```\n(.*?)(?=\n#|\n```)', text, re.DOTALL)
    assert found
    for id, walk in found:
        strong = next(model.reply for model in bank[id].models if model.kind == "strong")
        steps = re.findall(r"^\d+\. (.*(?:\n   .*)*)", walk, re.MULTILINE)
        firsts = [match[1] for step in steps if (match := re.match(r'"([^"]+)"', step))]
        assert firsts
        assert [quote for quote in firsts if quote.rstrip(".") not in strong] == []


def test_every_source_that_is_cited_is_described() -> None:
    described = yaml.safe_load((ROOT / "exercises" / "sources.yml").read_text(encoding="utf-8"))
    cited = {
        key
        for page in PAGES
        for key in re.findall(r"sources\.md#(\w+)\)", page.read_text(encoding="utf-8"))
    }
    assert cited
    assert cited - {key.lower() for key in described} == set()
