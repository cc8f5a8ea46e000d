"""Whether a reply speaks of this customer's case, or is the answer to another one."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from grader.rubric import Language
from grader.text import stem

# How much a thing spoken of says about which case it is: a word of any service talk, another
# everyday word, any other word or number.
_USUAL, _EVERYDAY, _OTHER = 3, 10, 20
_MUCH = 200  # a reply, or a message, that holds less is of no case in particular
_SHARED = 20  # one part in so many must be of the customer's case


_SMALL = 12  # "at 3", "two weeks": numbers that any talk may hold


def matter(words: Iterable[str], language: Language, alike: Mapping[str, str]) -> dict[str, int]:
    """What a text speaks of: its telling words and numbers, each with its weight.

    `alike` gives words of one meaning one name.
    """
    found: dict[str, int] = {}
    for word in words:
        number = language.numbers.get(word, word)
        if any(map(str.isdigit, number)):
            small = number.isdecimal() and int(number) <= _SMALL
            found[number] = _USUAL if small else _OTHER
        elif len(word) > 2 and word not in language.common:
            weight = _EVERYDAY if word in language.english else _OTHER
            found[alike.get(word) or stem(word)] = _USUAL if word in language.usual else weight
    return found


def is_of_another_case(reply: Mapping[str, int], scenario: Mapping[str, int]) -> bool:
    """Whether a reply that says much shares next to nothing with the texts of the scenario."""
    said = sum(reply.values())
    if min(said, sum(scenario.values())) < _MUCH:
        return False
    return _SHARED * sum(reply[thing] for thing in reply.keys() & scenario.keys()) < said
