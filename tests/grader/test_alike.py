"""Nearly identical replies are found, however many others there are."""

import random

import pytest

from grader.alike import alike
from tests.grader.classroom import BAD, FAIR, GOOD

WORDS = "we will send you the new part today and ring before noon with a time that suits".split()


def random_text(random: random.Random, length: int = 60) -> str:
    return " ".join(f"{random.choice(WORDS)}{random.randrange(40)}" for _ in range(length))


def changed(random: random.Random, text: str, words: int) -> str:
    parts = text.split()
    for place in random.sample(range(len(parts)), words):
        parts[place] = "else"
    return " ".join(parts)


def test_copy_is_found_in_spite_of_case_and_punctuation() -> None:
    (group,) = alike([GOOD, BAD, GOOD.upper().replace(".", " !\n"), FAIR])
    assert (group.places, group.alike) == ((0, 2), 100)


def test_different_and_short_replies_are_not() -> None:
    assert alike([GOOD, BAD, FAIR, "So sorry.", "So sorry.", "", ""]) == []


@pytest.mark.parametrize("words", [1, 3, 5])
def test_changed_words_are_found_among_hundreds(words: int) -> None:
    dice = random.Random(words)
    texts = [random_text(dice) for _ in range(300)]
    pairs = [(place, len(texts) + place) for place in range(40)]
    texts += [changed(dice, texts[place], words) for place, _ in pairs]
    assert sorted(group.places for group in alike(texts)) == pairs


def test_half_a_reply_is_not_enough() -> None:
    dice = random.Random(5)
    text = random_text(dice)
    assert alike([text, changed(dice, text, 30)]) == []


def test_large_group_hangs_together() -> None:
    dice = random.Random(7)
    text = random_text(dice)
    texts = [changed(dice, text, 2) for _ in range(120)]
    (group,) = alike(texts)
    assert len(group.places) == 120
    assert 85 <= group.alike < 100
