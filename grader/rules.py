"""The closed set of rule types. A rule is data in `grader/rubric/<criterion>.yml`.

says       a sentence holds one of `any`, all that `with` asks for and none of `not`
repeats    the reply holds at least `times` matches of `any`
retells    a sentence gives facts of the customer's message back in other words
otherwise  the level a criterion has where none of its other rules decided

A new rule is data; a new type belongs here and is rare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from grader.patterns import Lexicon, Pattern, View
from grader.text import Spelling


@dataclass(frozen=True, slots=True, eq=False)
class Rule:
    """One rule of one criterion.

    `trust` is how often a hit of the rule is right, 0 to 1, as set by its author; it becomes
    the confidence of a judgement. `form` limits a rule to questions or statements.
    """

    id: str
    criterion: str
    type: str
    level: int
    trust: float
    any: tuple[Pattern, ...] = ()
    with_: tuple[Pattern, ...] = ()
    not_: tuple[Pattern, ...] = ()
    form: str | None = None
    whole: bool = False
    times: int = 1
    facts: int = 2


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired: word indices [first, after) of sentence number `sentence`."""

    rule: Rule
    sentence: int
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a customer's message holds to be given back: stems and numbers, and its runs."""

    stems: frozenset[str] = frozenset()
    numbers: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Reading:
    """A reply as the rules see it."""

    views: Sequence[View]
    facts: Facts
    stem_of: Callable[[str], str]
    common: frozenset[str]
    number_of: Mapping[str, str] = field(default_factory=dict)


TYPES = ("says", "repeats", "retells", "otherwise")


def read_rule(
    criterion: str, data: Mapping[str, Any], lexicon: Lexicon, spelling: Spelling
) -> Rule:
    """Make a rule from its data. Raises ValueError naming the rule and the field."""
    where = f"{criterion}.{data.get('id')}"
    if data.get("type") not in TYPES:
        raise ValueError(f"{where}.type: {data.get('type')!r}; must be one of {', '.join(TYPES)}")

    def patterns(name: str) -> tuple[Pattern, ...]:
        try:
            return tuple(Pattern(text, lexicon, spelling) for text in data.get(name, ()))
        except ValueError as error:
            raise ValueError(f"{where}.{name}: {error}") from None

    return Rule(
        id=data["id"],
        criterion=criterion,
        type=data["type"],
        level=data["level"],
        trust=data.get("trust", 0.8),
        any=patterns("any"),
        with_=patterns("with"),
        not_=patterns("not"),
        form=data.get("form"),
        whole=data.get("mark") == "sentence",
        times=data.get("times", 1),
        facts=data.get("facts", 2),
    )


def _fits(rule: Rule, view: View) -> bool:
    """Whether form, `with` and `not` allow the rule on this sentence."""
    if rule.form is not None and (rule.form == "question") != (view.sentence.ending == "?"):
        return False
    if any(pattern.find(view) for pattern in rule.not_):
        return False
    return all(pattern.find(view) for pattern in rule.with_)


def _own_words(view: View, first: int, after: int, *, move: bool) -> bool:
    """Whether most of a match is the agent's own: not quoted and, for a move, not copied."""
    sentence = view.sentence
    foreign = sentence.quoted | sentence.copied if move else sentence.quoted
    return not foreign or 2 * sum(i in foreign for i in range(first, after)) <= after - first


def says(rule: Rule, tried: Iterable[Pattern], index: int, view: View, *, move: bool) -> Hit | None:
    """The first match of a `says` rule in one sentence; `tried` are its patterns worth trying."""
    for pattern in tried:
        for first, after in pattern.find_all(view):
            if _own_words(view, first, after, move=move):
                if not _fits(rule, view):
                    return None
                if rule.whole:
                    return Hit(rule, index, 0, len(view.sentence.words))
                return Hit(rule, index, first, after)
    return None


def repeats(rule: Rule, reading: Reading, *, move: bool) -> Iterator[Hit]:
    """All matches of a `repeats` rule where there are at least `times`."""
    found = [
        Hit(rule, index, first, after)
        for index, view in enumerate(reading.views)
        for pattern in rule.any
        for first, after in pattern.find_all(view)
        if _own_words(view, first, after, move=move) and _fits(rule, view)
    ]
    if len({(hit.sentence, hit.first) for hit in found}) >= rule.times:
        yield from found


def retells(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """Sentences that hold at least `facts` facts of the customer's message, reworded."""
    facts = reading.facts
    for index, view in enumerate(reading.views):
        sentence = view.sentence
        seen: dict[str, int] = {}
        for at, word in enumerate(sentence.words):
            if at in sentence.quoted or at in sentence.copied:
                continue
            number = reading.number_of.get(word, word)
            if number in facts.numbers:
                seen.setdefault(number, at)
            elif word not in reading.common:
                key = reading.stem_of(word)
                if key in facts.stems:
                    seen.setdefault(key, at)
        if len(seen) >= rule.facts and _fits(rule, view):
            if rule.any and not any(pattern.find(view) for pattern in rule.any):
                continue
            yield Hit(rule, index, min(seen.values()), max(seen.values()) + 1)
