"""The rule types and what narrows them, on rules made for the test."""

from __future__ import annotations

import pytest

from grader.patterns import Lexicon, View
from grader.rules import Facts, Reading, Rule, codes, read_rule, repeats, retells, says
from grader.text import Spelling, sentences, stem

SPELLING = Spelling({})
LEXICON = Lexicon({"kin": ["mother mum", "boy son"], "known": ["vat", "id"]}, SPELLING)
COMMON = frozenset("the a my your is was and on in of it i you we to no had".split())


def rule(**data: object) -> Rule:
    return read_rule("own", {"id": "r", "type": "says", "level": 1} | data, LEXICON, SPELLING)


def reading(text: str, customer: str = "") -> Reading:
    views = [View.of(sentence, LEXICON) for sentence in sentences(text, SPELLING)]
    words = [word for sentence in sentences(customer, SPELLING) for word in sentence.words]
    facts = Facts(
        frozenset(words),
        frozenset(stem(word) for word in words if word not in COMMON),
        frozenset(word for word in words if word.isdigit()),
    )
    return Reading(views, facts, stem, COMMON, {"two": "2"}, COMMON)


def said(made: Rule, text: str) -> str | None:
    (view,) = reading(text).views
    hit = says(made, made.any, 0, view, move=False)
    return " ".join(view.sentence.words[hit.first : hit.after]) if hit else None


def test_not_looks_at_the_sentence_and_unless_at_the_clause() -> None:
    whole, clause = (rule(any=["our fault"], **{key: ["never"]}) for key in ("not", "unless"))
    apart = "It is our fault, and that never helps"
    assert said(whole, apart) is None
    assert said(clause, apart) == "our fault"
    assert said(clause, "It was never our fault") is None
    assert said(clause, "I never wrote but it is our fault") == "our fault"


def test_a_match_that_is_undone_does_not_hide_a_later_one() -> None:
    made = rule(any=["our fault"], unless=["not"])
    assert said(made, "That is not our fault, this is our fault") == "our fault"


@pytest.mark.parametrize(
    ("text", "asks"),
    [
        ("What happened?", True),
        ("What happened.", False),
        ("ok so what happened", True),
        ("we know what happened", False),
    ],
)
def test_a_question_needs_no_mark_in_chat(text: str, asks: bool) -> None:
    made = rule(any=["what happened"], form="question")
    assert (said(made, text) is not None) is asks


def test_words_that_stand_for_one_another_give_a_fact_back() -> None:
    customer = "My mum waited 2 hours"
    made = rule(type="retells", facts=2, alike="kin")
    assert list(retells(made, reading("Your mother sat there two hours.", customer)))
    assert not list(retells(made, reading("Your father sat there two days.", customer)))


def test_a_name_in_an_address_is_no_fact() -> None:
    made = rule(type="retells", facts=1)
    assert not list(retells(made, reading("Dear Mrs Roy.", "It is Anna Roy")))
    assert not list(retells(made, reading("Anna, hello.", "It is Anna Roy")))


def test_an_unknown_list_of_groups_is_refused() -> None:
    with pytest.raises(ValueError, match="no language list 'family'"):
        rule(type="retells", alike="family")


@pytest.mark.parametrize(
    ("text", "customer", "found"),
    [
        ("Your RMA is with the NOC now.", "", {"rma", "noc"}),
        ("Your RMA is with us now.", "", set()),
        ("Your RMA is with the NOC now.", "Where is my RMA", set()),
        ("Your VAT and ID are with us now.", "", set()),
        ("YOUR RMA IS WITH THE NOC.", "", set()),
        ("Your RMA means a slip, the NOC a room.", "", set()),
    ],
)
def test_codes_are_capitals_that_nobody_knows(text: str, customer: str, found: set[str]) -> None:
    made = rule(type="codes", times=2, any=["<known>"], **{"not": ["means"]})
    read = reading(text, customer)
    hits = list(codes(made, read))
    assert {read.views[hit.sentence].sentence.words[hit.first] for hit in hits} == found


def test_foreign_words_are_those_the_customer_has_not_used() -> None:
    made = rule(type="repeats", any=["ledger"], foreign=True)
    assert list(repeats(made, reading("The ledger is off."), move=False))
    assert not list(repeats(made, reading("The ledger is off.", "Your ledger!"), move=False))
