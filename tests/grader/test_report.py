"""The class report: what it says of a class, on a page that is safe and asks nobody."""

import re
from dataclasses import replace
from html import unescape
from html.parser import HTMLParser

import pytest

from grader.report import CLASS as SECTIONS
from grader.report import Report
from grader.results import Learner, Results, anonymous
from grader.rubric import load_rubric
from tests.grader.classroom import BAD, BILL, FAIR, GOOD, LATE, classroom, reply

HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"
TEXTS = {"ana": (GOOD, GOOD), "ben": (GOOD, FAIR), "cas": (FAIR, BAD), "dev": (BAD, "")}
CLASS = classroom(TEXTS, ana="Ana Adams")


class Page(HTMLParser):
    """The tags of a page with their attributes, and its text."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        self.text += data


def words(html: str) -> str:
    return " ".join(unescape(re.sub(r"<style>.*?</style>|<[^>]+>", " ", html, flags=re.S)).split())


def section(results: Results, name: str) -> str:
    return words(Report(results).section(name)._repr_html_())


def test_page_asks_nobody_and_runs_nothing() -> None:
    html = Report(CLASS).html()
    page = Page(html)
    for tag, attributes in page.tags:
        assert tag not in ("script", "link", "iframe", "object", "form")
        for name, value in attributes.items():
            assert not name.startswith("on")
            if name in ("src", "href"):
                assert str(value).startswith(("data:image/svg+xml;base64,", "#"))
    assert "url(" not in html
    (policy,) = [attributes for _, attributes in page.tags if "http-equiv" in attributes]
    assert str(policy["content"]).startswith("default-src 'none';")


def test_every_picture_has_words_and_a_table() -> None:
    results = replace(CLASS, replies=tuple(replace(r, first=10.0) for r in CLASS.replies))
    tags = Page(Report(results).html()).tags
    pictures = [attributes for tag, attributes in tags if tag == "img"]
    assert len(pictures) == 3
    assert all(len(str(attributes["alt"])) > 60 for attributes in pictures)
    after = [tag for tag, _ in tags]
    for place in [at for at, tag in enumerate(after) if tag == "img"]:
        assert "table" in after[place + 1 : place + 5]


def test_learners_words_and_names_are_shown_and_not_obeyed() -> None:
    texts = {HOSTILE: (f"{HOSTILE} {GOOD}", f"{BAD} {HOSTILE}"), "b": (f"{HOSTILE} {GOOD}", BAD)}
    results = classroom(texts, b=HOSTILE)
    html = Report(results).html()
    assert "<script>alert" not in html
    assert "<img src=x" not in html
    assert HOSTILE in unescape(html)


def test_figures_of_the_class() -> None:
    told = section(CLASS, "summary")
    assert "Handed in 4 of 4 learners" in told
    assert "1 reply was left empty" in told
    totals = Report(CLASS).totals
    assert f"Mean {sum(totals) / 4:.0f} of 100" in told
    absent = replace(CLASS, learners=(*CLASS.learners, Learner("eve", submitted=False)))
    assert "4 of 5 learners" in section(absent, "summary")
    assert Report(absent).totals == totals


def test_heat_map_is_the_mean_level_over_those_who_were_asked() -> None:
    lines = {line.criterion.id: line for line in Report(CLASS).moves}
    assert list(lines) == ["acknowledge", "apologise", "solve"]
    late, bill = lines["apologise"].cells
    levels = [r.levels["apologise"] for r in CLASS.replies if r.task == LATE.id]
    assert (late.percent, late.count) == (round(100 * sum(levels) / 8), 4)
    assert (bill.percent, bill.count) == (None, 0)
    # The empty reply is no evidence of anything.
    assert lines["acknowledge"].cells[1].count == 3
    faults = {line.criterion.id: line for line in Report(CLASS).fault_lines}
    assert faults["blame"].all.percent == round(100 * 2 / 7)


def test_bars_hold_every_learner_once() -> None:
    bars = Report(CLASS).bars
    assert [(bar.low, bar.high) for bar in bars] == [(n, n + 10) for n in range(0, 100, 10)]
    assert sum(bar.count for bar in bars) == 4
    full = replace(CLASS, replies=tuple(replace(r, manual=BILL.points) for r in CLASS.replies))
    full = replace(
        full,
        replies=tuple(replace(r, manual=10.0 if r.task == LATE.id else 5.0) for r in full.replies),
    )
    assert [bar.count for bar in Report(full).bars] == [0] * 9 + [4]


def test_hardest_scenario_comes_first_with_how_far_it_tells_learners_apart() -> None:
    report = Report(CLASS)
    means = [line.spread.mean for line in report.scenarios]
    assert means == sorted(means)
    assert [line.empty for line in sorted(report.scenarios, key=lambda line: line.number)] == [0, 1]
    told = section(CLASS, "scenarios")
    assert "Cronbach's alpha: " in told
    assert "from 4 learners and 2 scenarios" in told
    assert "With 4 learners these figures move a lot by chance" in told


def test_reliability_of_one_learner_is_not_made_up() -> None:
    told = section(classroom({"ana": (GOOD, BAD)}), "scenarios")
    assert "cannot be worked out" in told
    assert "cannot be said" in told


def test_drafts_are_compared_where_there_are_any() -> None:
    assert section(CLASS, "drafts") == ""
    replies = [replace(CLASS.replies[0], first=20.0), replace(CLASS.replies[7], first=90.0)]
    told = section(replace(CLASS, replies=(*CLASS.replies[1:7], *replies)), "drafts")
    # The one that was left empty in the end has no total to compare.
    assert "1 reply comes with a record" in told
    assert "1 gained on the way and 0 stayed" in told


def test_faults_are_quoted_without_their_writer() -> None:
    text = f"Calm down, as Cas Stone I say: this is your own fault. {BAD}"
    results = classroom(
        {"cas": (text, "You should have rung us on 0171 555 0199, blame yourself.")},
        cas="Cas Stone",
    )
    told = section(results, "faults")
    assert "Blames the customer : in 2 replies, 100 %" in told
    assert "Stone" not in told
    assert "0199" not in told


def test_nearly_the_same_replies_are_listed_with_their_learners() -> None:
    told = section(CLASS, "alike")
    assert "ana, ben : word for word the same in late-parcel" in told
    both = classroom({"ana": (GOOD, BAD), "ben": (GOOD, BAD), "cas": (FAIR, f"{BAD} So there.")})
    told = section(both, "alike")
    assert "ana, ben : word for word the same in late-parcel" in told
    assert "ana, ben, cas : at least 9" in told
    twice = section(classroom({"ana": (GOOD, BAD), "ben": (GOOD, BAD)}), "alike")
    assert "ana, ben : word for word the same in late-parcel, wrong-bill" in twice
    assert "No two replies are nearly the same" in section(classroom({"ana": (GOOD, BAD)}), "alike")


def test_profile_names_what_comes_easiest_and_what_is_next() -> None:
    profiles = {profile.learner: profile for profile in Report(CLASS).profiles}
    ana = profiles["ana"]
    assert [cell.percent for cell in ana.cells] == [
        50 * CLASS.replies[1].levels["acknowledge"],
        100,
        50 * CLASS.replies[0].levels["solve"],
    ]
    assert ana.strong is not None
    assert ana.strong.id in ("apologise", "solve")
    assert profiles["cas"].faults == 1
    assert profiles["dev"].cells[0].percent is None
    told = section(CLASS, "learners")
    assert "ana Ana Adams" in told


def test_anonymous_report_names_no_one() -> None:
    html = Report(anonymous(CLASS)).html()
    for learner in ("Adams", *TEXTS):
        assert not re.search(rf"\b{learner}\b", words(html))
    assert "Learner 4" in html


def test_a_class_that_has_handed_in_nothing_has_a_report() -> None:
    nobody = Results("two-complaints", (LATE, BILL), (Learner("ana", submitted=False),), ())
    told = words(Report(nobody).html())
    assert "0 of 1 learner" in told
    assert "Nothing has been marked yet" in told
    assert "ana handed in nothing" in told


def test_replies_that_lost_their_levels_are_told() -> None:
    results = replace(CLASS, replies=tuple(replace(r, row=None) for r in CLASS.replies))
    assert "8 replies have no levels. Grade the assignment again" in section(results, "summary")
    assert Report(results).html()


@pytest.mark.parametrize("name", SECTIONS)
def test_sections_stand_alone_for_a_notebook(name: str) -> None:
    html = Report(CLASS).section(name)._repr_html_()
    assert html.count("<section") == html.count("</section>") == (name != "drafts")


def test_unknown_section_is_refused_with_those_there_are() -> None:
    with pytest.raises(KeyError, match="no section 'x'; it has summary, criteria"):
        Report(CLASS).section("x")


def test_moves_nobody_is_asked_for_are_left_out_where_there_are_marks() -> None:
    results = replace(CLASS, replies=(reply("ana", LATE, GOOD),), learners=CLASS.learners[:1])
    shown = section(results, "criteria")
    assert "Apologise" in shown
    assert load_rubric().criteria["thank"].name not in shown
