"""Turns an assessment into words: advice, HTML with the learner's words marked.

All texts come from the rubric's data. The learner's words are untrusted: they are escaped
wherever they are shown and never used as a format.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from html import escape
from itertools import pairwise
from typing import Any

from grader.model import Advice, Assessment, Criterion, Evidence, Rubric
from grader.rubric import load_guide
from grader.text import shortened

MOST_ADVICE = 3
LONGEST_QUOTE = 120


def advise(
    rubric: Rubric,
    levels: Mapping[str, int],
    evidence: Sequence[Evidence],
    weights: Mapping[str, float],
) -> tuple[Advice, ...]:
    """At most three texts, the most helpful first.

    Faults come first, `hostile` before the others; then the asked moves by how much of the total
    their next level would bring; where room is left, what a move at its top level did.
    """
    ranked: list[tuple[float, Criterion]] = []
    for fault in rubric.faults:
        if levels[fault.id]:
            ranked.append((2_000.0 if fault.id == "hostile" else 1_000.0, fault))
    for move in rubric.moves:
        weight = weights.get(move.id, 0)
        if weight:
            missing = move.top - levels[move.id]
            ranked.append((min(weight * missing, 900.0) if missing else -1 / weight, move))
    ranked.sort(key=lambda entry: -entry[0])
    return tuple(
        Advice(criterion.id, advice_text(criterion, levels[criterion.id], evidence))
        for _, criterion in ranked[:MOST_ADVICE]
    )


def advice_text(criterion: Criterion, level: int, evidence: Sequence[Evidence]) -> str:
    """The rubric's text for a level, with the learner's marked words where it asks for them."""
    text = criterion.feedback[level]
    quote = next((e.quote for e in evidence if e.criterion == criterion.id), "")
    before, mark, after = text.partition("{quote}")
    if not mark:
        return text
    shown = " ".join(quote.split()).rstrip(".,;:")
    return before + shortened(shown, LONGEST_QUOTE) + after


def shown_criteria(rubric: Rubric, assessment: Assessment) -> list[Criterion]:
    """The criteria a learner is shown: the asked moves (all where none was asked), then faults."""
    moves = [m for m in rubric.moves if m.id in assessment.asks or not assessment.asks]
    return [*moves, *(f for f in rubric.faults if assessment.levels[f.id])]


def marked_html(reply: str, evidence: Iterable[Evidence]) -> str:
    """The reply, escaped, with `<mark data-criterion="id">` around its evidence.

    Where two spans overlap, the marks are nested and cut at the borders, so that the HTML is
    well formed and every mark holds only its own words.
    """
    spans = [e for e in evidence if e.start < e.end]
    borders = sorted({0, len(reply), *(e.start for e in spans), *(e.end for e in spans)})
    parts: list[str] = []
    for start, end in pairwise(borders):
        over = [e for e in spans if e.start <= start and end <= e.end]
        over.sort(key=lambda e: (e.start - e.end, e.criterion))
        text = escape(reply[start:end])
        for e in reversed(over):
            name = escape(load_guide().rubric.criteria[e.criterion].name)
            # A stylesheet may show the name after the words, so it is on their last piece only.
            label = f' data-label="{name}"' if e.end == end else ""
            attributes = f'data-criterion="{escape(e.criterion)}" title="{name}"{label}'
            text = f"<mark {attributes}>{text}</mark>"
        parts.append(text)
    return "".join(parts)


def _tag(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{' ' + attributes if attributes else ''}>{text}</{name}>"


def _change(criterion: Criterion, now: int, before: int | None, texts: Mapping[str, Any]) -> str:
    """The words for how a level moved since the draft before; empty where it did not."""
    if before is None or now == before:
        return ""
    if criterion.kind == "fault":
        return str(texts["new_fault"]) if now else ""
    return str(texts["up"] if now > before else texts["down"])


def _level_word(criterion: Criterion, level: int, texts: Mapping[str, Any]) -> str:
    words = texts["move_levels"]
    return str(words[level] if criterion.kind == "move" else texts["fault_present"])


def _total_words(assessment: Assessment, before: Assessment | None) -> tuple[str, str]:
    """The total and how it moved, both as plain words; the total rounded to an integer."""
    texts = load_guide().texts
    now = round(assessment.total or 0)
    words = str(texts["total"]).replace("{n}", str(now))
    if before is None or before.total is None:
        return words, ""
    moved = now - round(before.total)
    key = "more" if moved > 0 else "fewer" if moved < 0 else "same"
    return words, str(texts[key]).replace("{n}", str(abs(moved)))


def to_html(
    reply: str,
    assessment: Assessment,
    *,
    shown: Sequence[str] | None = None,
    detail: str = "full",
    before: Assessment | None = None,
) -> str:
    """The inside of a feedback region: total, levels, marked reply, advice; safe to insert.

    `shown` names the criteria to list (default: what was asked for, and every fault found).
    `detail`: "full", "levels" (no words of advice) or "none" (nothing at all). `before` is the
    assessment of the draft before: then it is said what changed.
    """
    if detail == "none":
        return ""
    guide = load_guide()
    texts = guide.texts
    words, moved = _total_words(assessment, before)
    total = ""
    if assessment.total is not None:
        change = " " + _tag("span", escape(moved), 'class="tid-change"') if moved else ""
        total = _tag(
            "p",
            escape(words) + change,
            f'class="tid-total" data-total="{round(assessment.total)}"',
        )
    if assessment.rejected:
        text = escape(guide.rubric.rejections[assessment.rejected])
        return (
            _tag("p", text, f'class="tid-rejected" data-rejected="{assessment.rejected}"') + total
        )
    criteria = _shown(guide.rubric, assessment, shown)
    names = {criterion.id for criterion in criteria}
    evidence = [e for e in assessment.evidence if e.criterion in names]
    parts = [total]
    if detail == "full":
        parts.append(_advice_html(guide.rubric, assessment, names, texts))
    untold = {c.id for c in criteria} - {advice.criterion for advice in assessment.feedback}
    parts.append(
        _levels_html(criteria, assessment, before, texts, untold if detail == "full" else set())
    )
    parts.append(_gone_html(guide.rubric, assessment, before, texts))
    parts.append(_tag("p", escape(texts["marked"]), 'class="tid-heading"'))
    if not evidence:
        parts.append(_tag("p", escape(texts["unmarked"]), 'class="tid-unmarked"'))
    parts.append(_tag("blockquote", marked_html(reply, evidence), 'class="tid-marked"'))
    return "".join(parts)


def _shown(rubric: Rubric, assessment: Assessment, shown: Sequence[str] | None) -> list[Criterion]:
    if shown is None:
        return shown_criteria(rubric, assessment)
    return [rubric.criteria[name] for name in shown]


def _advice_html(
    rubric: Rubric, assessment: Assessment, names: set[str], texts: Mapping[str, Any]
) -> str:
    criteria = rubric.criteria
    groups: dict[str, list[str]] = {"advice": [], "strong": []}
    for advice in assessment.feedback:
        if advice.criterion not in names:
            continue
        criterion = criteria[advice.criterion]
        full = criterion.kind == "move" and assessment.levels[criterion.id] == criterion.top
        groups["strong" if full else "advice"].append(
            _tag("li", _tag("strong", escape(criterion.name)) + " " + escape(advice.text))
        )
    return "".join(
        _tag("p", escape(texts[key]), 'class="tid-heading"')
        + _tag("ul", "".join(items), f'class="tid-advice tid-advice-{key}"')
        for key, items in groups.items()
        if items
    )


def _levels_html(
    criteria: Sequence[Criterion],
    assessment: Assessment,
    before: Assessment | None,
    texts: Mapping[str, Any],
    on_request: Collection[str],
) -> str:
    """The criteria with their levels; those `on_request` have their words folded away."""
    items = []
    for criterion in criteria:
        level = assessment.levels[criterion.id]
        word = _level_word(criterion, level, texts)
        earlier = before.levels[criterion.id] if before and not before.rejected else None
        change = _change(criterion, level, earlier, texts)
        text = _tag("span", escape(criterion.name), 'class="tid-name"')
        text += " " + _tag("span", escape(word), 'class="tid-level"')
        if change:
            text += " " + _tag("span", escape(change), 'class="tid-change"')
        if criterion.id in on_request:
            told = advice_text(criterion, level, assessment.evidence)
            why = _tag("summary", escape(texts["why"])) + _tag("p", escape(told))
            text += " " + _tag("details", why, 'class="tid-why"')
        items.append(
            _tag(
                "li",
                text,
                f'class="tid-{criterion.kind}" '
                f'data-criterion="{criterion.id}" data-level="{level}"',
            )
        )
    heading = _tag("p", escape(texts["levels"]), 'class="tid-heading"')
    return heading + _tag("ul", "".join(items), 'class="tid-levels"') if items else ""


def _gone_html(
    rubric: Rubric, assessment: Assessment, before: Assessment | None, texts: Mapping[str, Any]
) -> str:
    """Faults of the draft before that are gone."""
    if before is None or before.rejected:
        return ""
    gone = [f for f in rubric.faults if before.levels[f.id] and not assessment.levels[f.id]]
    return "".join(
        _tag("p", escape(str(texts["gone"]).replace("{name}", f.name)), 'class="tid-gone"')
        for f in gone
    )
