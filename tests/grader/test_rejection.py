"""Which replies are not graded, and that no honest reply is among them."""

from __future__ import annotations

import pytest

import grader
from grader.rubric import FAULTS, MOVES

CUSTOMER = (
    "It's ten at night and my furniture is in a lorry God knows where. You said noon, then four, "
    "then on its way. My three kids are asleep on coats. Where is my sofa?"
)
SCENARIO = {"setting": "Removals, phone", "customer": CUSTOMER, "agent_bad": "It's on its way."}


def rejected(reply: str) -> str | None:
    return grader.assess(reply, SCENARIO, {"acknowledge": 1}).rejected


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        ("", "empty"),
        (" \n\t ", "empty"),
        ("\u200b\u200b", "empty"),
        (CUSTOMER, "copied"),
        (CUSTOMER.upper(), "copied"),
        (CUSTOMER.replace("my", "your").replace("My", "Your"), "copied"),
        (f"Thank you. {CUSTOMER} Sorry.", "copied"),
        ("Es tut mir leid, dass Sie so lange auf Ihre Möbel warten mussten.", "not-english"),
        ("Je suis désolé pour ce retard, nous allons vous rappeler demain.", "not-english"),
        ("Lo siento mucho, vamos a llamar al conductor ahora mismo para usted.", "not-english"),
        ("申し訳ございません。すぐに確認いたします。", "not-english"),
        ("asdf qwer zxcv hjkl asdf qwer zxcv hjkl", "not-english"),
        ("empathy, apology, ownership, solution, follow-up, gratitude", "no-prose"),
        ("acknowledge\nreflect\nexplore\napologise\nown\nsolve", "no-prose"),
        ("12345 67890 555", "no-prose"),
        ("!!! ??? ...", "no-prose"),
        ("I am sorry. " * 400, "too-long"),
    ],
)
def test_what_is_no_reply_is_rejected(reply: str, reason: str) -> None:
    result = grader.assess(reply, SCENARIO, {"acknowledge": 1})
    assert result.rejected == reason
    assert result.total == 0
    assert result.evidence == ()
    assert result.levels == dict.fromkeys((*MOVES, *FAULTS), 0)


@pytest.mark.parametrize(
    "reply",
    [
        "Three no-shows. I'd be livid. I'm on my way, with you by 6, and today costs you nothing.",
        "So sorry. Calling him now.",
        "I am very sorry for this. Tomorrow I bring you the sofa, I promise to call before.",
        "It make me sad that your childrens sleep on coats. I speak now with driver.",
        "omg im so sorry 😢 ringing the driver rn, will txt u in 10",
        "Noon, four, on its way. Three promises, none of them true, and your little ones on coats.",
        "Aye, that's shocking, hen. I'll gie the driver a bell the noo and ring ye straight back.",
        "Kindly accept our apology, sir. I am doing the needful and will revert by 9 pm.",
        "Ten at night, kids on coats: you've every right to be angry.",
    ],
)
def test_short_plain_and_non_native_replies_are_graded(reply: str) -> None:
    assert rejected(reply) is None


@pytest.mark.parametrize("word", ["sorry", "don't", "follow-up"])
def test_a_thousand_words_are_not_too_long_and_one_more_are(word: str) -> None:
    assert rejected(" ".join([word] * 1_000)) != "too-long"
    assert rejected(" ".join([word] * 1_001)) == "too-long"


def test_text_without_spaces_is_too_long_by_its_parts() -> None:
    assert rejected("sorry,you," * 6_000) == "too-long"


def test_set_phrases_in_a_row_speak_to_nobody() -> None:
    reply = (
        "I understand. I hear you. I completely understand your frustration. I apologise. "
        "I am so sorry for the inconvenience. I take full responsibility. Thank you for your "
        "patience. I appreciate your feedback. Let me help you. We will work together."
    )
    assert rejected(reply) == "no-prose"


def test_a_polite_reply_with_something_of_this_case_is_graded() -> None:
    reply = (
        "I understand. I am sorry for the inconvenience. Thank you for your patience. "
        "I take full responsibility. The lorry is with you by noon. Let me help you."
    )
    assert rejected(reply) is None
