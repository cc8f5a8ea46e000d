"""The closed set of rule types. A rule is data in `grader/rubric/<criterion>.yml`.

says       a sentence holds one of `any`, all that `with` asks for and none of `not`; `unless`
           is a `not` that looks only at the clause of the match, from pause to pause
repeats    the reply holds at least `times` matches of `any`
retells    a sentence gives facts of the customer's message back in other words; `alike` names a
           language list whose entries are groups of words that stand for one another
codes      the reply holds at least `times` codes: words in capitals that are neither known to
           everybody (`any`) nor the customer's own, in sentences without `not`
otherwise  the level a criterion has where none of its other rules decided

bars       a sentence of this kind (found as by `says`) cannot count for the criterion, whatever
           else it holds: "I don't care that you're upset"
`beside` keeps a hit only next to a full hit of another criterion: "I'm sorry." is a full apology
where the sentence before it names the wrong. `foreign` keeps it only where the customer has not
used the words.

A new rule is data; a new type belongs here and is rare.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice
from typing import Any

from grader.patterns import Lexicon, Pattern, View
from grader.text import Sentence, Spelling


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
    unless: tuple[Pattern, ...] = ()
    form: str | None = None
    whole: bool = False
    times: int = 1
    facts: int = 2
    beside: str | None = None
    foreign: bool = False
    alike: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Hit:
    """A rule that fired: word indices [first, after) of sentence number `sentence`."""

    rule: Rule
    sentence: int
    first: int
    after: int


@dataclass(frozen=True, slots=True)
class Facts:
    """What a customer's message holds to be given back: words, stems and numbers."""

    words: frozenset[str] = frozenset()
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
    english: frozenset[str] = frozenset()
    given: dict[int, list[dict[str, int]]] = field(default_factory=dict)

    def given_back(self, alike: Mapping[str, str]) -> list[dict[str, int]]:
        """For each sentence, where it gives which fact of the customer's message back."""
        if id(alike) not in self.given:
            groups = {alike[word] for word in self.facts.words if word in alike}
            self.given[id(alike)] = [self._given(v.sentence, alike, groups) for v in self.views]
        return self.given[id(alike)]

    def _given(
        self, sentence: Sentence, alike: Mapping[str, str], groups: set[str]
    ) -> dict[str, int]:
        seen: dict[str, int] = {}
        for at, word in enumerate(sentence.words):
            if at in sentence.quoted or at in sentence.copied or _is_address(sentence, at):
                continue
            number, group = self.number_of.get(word, word), alike.get(word, "")
            if number in self.facts.numbers:
                seen.setdefault(number, at)
            elif group in groups:
                seen.setdefault(group, at)
            elif word not in self.common:
                key = self.stem_of(word)
                if key in self.facts.stems:
                    seen.setdefault(key, at)
        return seen

    def is_english(self, word: str) -> bool:
        """Whether a word is an everyday one or the customer's own."""
        return word in self.english or word in self.facts.words

    def shares(self, view: View, hit: Hit) -> bool:
        """Whether the customer has used a word of a hit that is not an everyday one."""
        matched = view.sentence.words[hit.first : hit.after]
        return any(w in self.facts.words and w not in self.english for w in matched)


_CODE = 6
_TRIES = 12
_TITLES = frozenset("dear hi hello hey mr mrs ms miss dr sir madam evening morning thanks".split())
_OPENERS = frozenset("okay ok so and but hi hello right well now please".split())
_ASKING = frozenset(
    "what how which who when where why can could would may is are do does did have has".split()
)
TYPES = ("says", "repeats", "retells", "codes", "bars", "otherwise")
IN_A_SENTENCE = ("says", "bars")


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

    if data.get("alike", "") not in ("", *lexicon.names):
        raise ValueError(f"{where}.alike: no language list {data['alike']!r}")
    return Rule(
        id=data["id"],
        criterion=criterion,
        type=data["type"],
        level=data["level"],
        trust=data.get("trust", 0.8),
        any=patterns("any"),
        with_=patterns("with"),
        not_=patterns("not"),
        unless=patterns("unless"),
        form=data.get("form"),
        whole=data.get("mark") == "sentence",
        times=data.get("times", 1),
        facts=data.get("facts", 2),
        beside=data.get("beside"),
        foreign=data.get("foreign", False),
        alike=lexicon.groups(data["alike"]) if "alike" in data else {},
    )


def _asks(view: View) -> bool:
    """Whether a sentence is a question; in chat also one with no mark at all at its end."""
    ending, words = view.sentence.ending, view.sentence.words
    if ending not in ("", "\n"):
        return ending == "?"
    return next((word for word in words if word not in _OPENERS), "") in _ASKING


def _fits(rule: Rule, view: View) -> bool:
    """Whether form, `with` and `not` allow the rule on this sentence."""
    if rule.form is not None and (rule.form == "question") != _asks(view):
        return False
    if any(pattern.find(view) for pattern in rule.not_):
        return False
    return all(pattern.find(view) for pattern in rule.with_)


def _own_words(view: View, first: int, after: int, *, move: bool) -> bool:
    """Whether most of a match is the agent's own: not quoted and, for a move, not copied."""
    sentence = view.sentence
    foreign = sentence.quoted | sentence.copied if move else sentence.quoted
    return not foreign or 2 * sum(i in foreign for i in range(first, after)) <= after - first


def clause(sentence: Sentence, first: int, after: int) -> tuple[int, int]:
    """The clause around a match: up to the next pause or "but" on either side."""
    words, pauses = sentence.words, sentence.pauses
    while first > 0 and first not in pauses and words[first - 1] != "but":
        first -= 1
    while after < len(words) and after not in pauses and words[after] != "but":
        after += 1
    return first, after


def _undone(rule: Rule, view: View, first: int, after: int) -> bool:
    """Whether an `unless` pattern stands in the clause of a match."""
    if not rule.unless:
        return False
    start, end = clause(view.sentence, first, after)
    return any(a < end and b > start for pattern in rule.unless for a, b in pattern.find_all(view))


def says(rule: Rule, tried: Iterable[Pattern], index: int, view: View, *, move: bool) -> Hit | None:
    """The first match of a `says` rule in one sentence; `tried` are its patterns worth trying."""
    for pattern in tried:
        # Few matches are tried, so that a text that repeats itself costs no more than its length.
        for first, after in islice(pattern.find_all(view), _TRIES):
            if _own_words(view, first, after, move=move) and not _undone(rule, view, first, after):
                if not _fits(rule, view):
                    return None
                if rule.whole:
                    return Hit(rule, index, 0, len(view.sentence.words))
                return Hit(rule, index, first, after)
    return None


def repeats(rule: Rule, reading: Reading, *, move: bool) -> Iterator[Hit]:
    """All matches of a `repeats` rule where there are at least `times`."""
    found = [
        hit
        for index, view in enumerate(reading.views)
        for pattern in rule.any
        for hit in (Hit(rule, index, *span) for span in pattern.find_all(view))
        if _own_words(view, hit.first, hit.after, move=move)
        and not _undone(rule, view, hit.first, hit.after)
        and not (rule.foreign and reading.shares(view, hit))
        and _fits(rule, view)
    ]
    if len({(hit.sentence, hit.first) for hit in found}) >= rule.times:
        yield from found


def _is_address(sentence: Sentence, at: int) -> bool:
    """Whether a word only addresses somebody ("Dear Ms Roy", "Anna, ..."): no fact given back."""
    words = sentence.words
    return (at > 0 and words[at - 1] in _TITLES) or (at == 0 and 1 in sentence.pauses)


def retells(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """Sentences that hold at least `facts` facts of the customer's message, reworded."""
    for index, seen in enumerate(reading.given_back(rule.alike)):
        view = reading.views[index]
        if len(seen) >= rule.facts and _fits(rule, view):
            if rule.any and not any(pattern.find(view) for pattern in rule.any):
                continue
            yield Hit(rule, index, min(seen.values()), max(seen.values()) + 1)


def codes(rule: Rule, reading: Reading) -> Iterator[Hit]:
    """Codes in capitals, where the reply holds at least `times` different ones."""
    found: dict[str, Hit] = {}
    for index, view in enumerate(reading.views):
        sentence = view.sentence
        if not sentence.capitals or 2 * len(sentence.capitals) > len(sentence.words):
            continue  # a sentence in capitals is loud, no code
        if not _fits(rule, view):
            continue
        known = {at for p in rule.any for a, b in p.find_all(view) for at in range(a, b)}
        for at in sorted(sentence.capitals - sentence.quoted - known):
            word = sentence.words[at]
            letters = sum(map(str.isalpha, word))
            if 2 <= letters <= _CODE and not reading.is_english(word):
                found.setdefault(word, Hit(rule, index, at, at + 1))
    if len(found) >= rule.times:
        yield from found.values()
