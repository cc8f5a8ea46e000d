"""What the rules alone settle: which hits stand, and the level they give a criterion."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from grader.reading import Read
from grader.rubric import FAULTS, FULL, MOVES, Guide
from grader.rules import Hit

_NEXT = 1
# The most that the answer to another case can reach: what rests on the case is not in place here.
STRAY = {
    "reflect": 0,
    **dict.fromkeys(
        ("acknowledge", "own", "partner", "solve", "options", "expect", "prevent", "follow_up"), 1
    ),
    "positive": 1,
}


def standing(hits: Mapping[str, Sequence[Hit]], guide: Guide) -> dict[str, list[Hit]]:
    """Take away moves that a fault undoes in the same breath: the same or the next sentence.

    Hits that count only beside another criterion go where that is not found in full nearby.
    """
    settled = {}
    full = {
        name: {hit.sentence for hit in found if hit.rule.level == FULL}
        for name, found in hits.items()
    }

    def near(hit: Hit, others: set[int]) -> bool:
        return any(abs(hit.sentence - other) <= _NEXT for other in others)

    for name, found in hits.items():
        undoing = {
            hit.sentence for fault in guide.undone_by.get(name, ()) for hit in hits.get(fault, ())
        }
        barred = any(hits.get(fault) for fault in guide.barred_by.get(name, ()))
        settled[name] = [
            hit
            for hit in found
            if not barred
            and not {hit.sentence, hit.sentence + _NEXT} & undoing
            and (hit.rule.beside is None or near(hit, full.get(hit.rule.beside, set())))
        ]
    return settled


def level_of(hits: Sequence[Hit]) -> tuple[int, list[Hit]]:
    """The level the hits of one criterion give it, and the hits that carry that level.

    A rule at level 0 (a refusal, say) decides only where nothing better was found, an
    `otherwise` only where nothing was found at all.
    """
    barred = {hit.sentence for hit in hits if hit.rule.type == "bars"}
    found = [hit for hit in hits if hit.rule.type != "bars" and hit.sentence not in barred]
    decided = [hit for hit in found if hit.rule.type != "otherwise"] or found
    if not decided:
        return 0, []
    level = max(hit.rule.level for hit in decided)
    return level, [hit for hit in decided if hit.rule.level == level]


def barred(read: Read, guide: Guide) -> dict[str, set[int]]:
    """For each criterion the sentences that cannot count for it, whatever they say.

    Those that a `bars` rule names and what only quotes; for a move also what a fault undoes or
    such a rule names in the next sentence, and what is taken over from the customer.
    """
    quoted = {i for i, s in enumerate(read.sentences) if 2 * len(s.quoted) > len(s.words)}
    copied = {i for i, s in enumerate(read.sentences) if 2 * len(s.copied) > len(s.words)}
    named = {
        name: [hit.sentence for hit in hits if hit.rule.type == "bars"]
        for name, hits in read.hits.items()
    }
    found = {fault: quoted.union(named.get(fault, ())) for fault in FAULTS}
    for move in MOVES:
        against = list(named.get(move, ()))
        for fault in guide.undone_by[move]:
            against += [hit.sentence for hit in read.hits.get(fault, ())]
        found[move] = quoted | copied | {at - back for at in against for back in (0, _NEXT)}
    return {criterion: out for criterion, out in found.items() if out}
