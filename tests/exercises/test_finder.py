"""The phrase finder: the rubric's own examples, and what the grader marks in model replies."""

import re
from html import unescape
from pathlib import Path

import pytest

from exercises import phrase_finder
from exercises.bank import scenarios
from exercises.finder import Found, Passage, Said, find, phrases_of
from exercises.schema import load_yaml
from exercises.views.phrase_finder import finder_html
from grader import Evidence, Scenario, assess, load_rubric

ROOT = Path(__file__).parents[2]
CRITERIA = load_rubric().criteria


@pytest.fixture(scope="module")
def found() -> tuple[Found, ...]:
    return find()


def test_every_criterion_has_what_works_and_what_only_sounds_so(found: tuple[Found, ...]) -> None:
    assert [entry.criterion.id for entry in found] == list(CRITERIA)
    for entry in found:
        assert len(entry.seeming) >= 5, entry.criterion.id
        assert len(entry.full) + len(entry.passages) >= 5, entry.criterion.id
        assert bool(entry.half) is (entry.criterion.kind == "move"), entry.criterion.id


def test_grader_judges_nearly_every_phrase_as_the_finder_says(found: tuple[Found, ...]) -> None:
    """The rules do, always (tests/grader); with what was learned beside them, 95 in 100."""
    right = [
        assess(said.text, Scenario(customer=said.customer)).levels[entry.criterion.id] == level
        for entry in found
        for group, level in (
            (entry.full, entry.criterion.top),
            (entry.half, 1),
            (entry.seeming, 0),
        )
        for said in group
    ]
    assert sum(right) >= 0.93 * len(right)


def test_phrases_that_are_not_judged_right_yet_stay_out() -> None:
    data = load_yaml(ROOT / "grader" / "rubric" / "relate.yml")
    kept = str(phrases_of({"relate": data}))
    left_out = [e["text"] for e in (*data["hits"], *data["near_misses"]) if e.get("open")]
    assert left_out
    assert [text for text in left_out if text in kept] == []


def test_passages_are_whole_sentences_of_practice_replies(found: tuple[Found, ...]) -> None:
    replies = [model.reply for s in scenarios() if s.pool == "practice" for model in s.models]
    for entry in found:
        assert entry.passages, entry.criterion.id
        for passage in entry.passages:
            reply = next(reply for reply in replies if passage.text in reply)
            before, after = reply.split(passage.text, 1)
            assert re.search(r"(^|[.!?…:,–]\W*|\n)$", before), passage.text
            assert re.search(r"[.!?…:]\W*$", passage.text) or after[:1] in ("", "\n")
            for e in passage.evidence:
                assert e.criterion == entry.criterion.id
                assert passage.text[e.start : e.end] == e.quote


def test_page_has_everything_without_a_script(
    found: tuple[Found, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    shown: list[str] = []
    monkeypatch.setattr("exercises.views.phrase_finder.show_html", shown.append)
    monkeypatch.setattr("exercises.views.phrase_finder.find", lambda: found)
    phrase_finder()
    (page, script) = shown[0].split("<script>")
    assert "</script" not in script.removesuffix("</script>")
    text = unescape(re.sub(r"<[^>]+>", "", page))
    for entry in found:
        wanted = [entry.criterion.question]
        wanted += [said.text for said in (*entry.full, *entry.half, *entry.seeming)]
        wanted += [passage.text for passage in entry.passages]
        assert [words for words in wanted if words not in text] == []


def test_page_escapes_its_data() -> None:
    bad = "<img src=x>"
    criterion = CRITERIA["own"]
    said = (Said(bad, customer=bad),)
    passage = Passage(bad, bad, (Evidence("own", 0, 4, bad[:4]),))
    html = finder_html([Found(criterion, said, said, said, (passage,))])
    assert "<img" not in html
    assert '<mark data-criterion="own"' in html
