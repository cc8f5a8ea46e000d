"""The spot exercise as HTML: the still copy for a page, what a check says, the answer."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from html import escape

from exercises.phrases import Phrase
from exercises.spot import KIND, Result, Spot, Verdict
from exercises.texts import say
from exercises.views.choices import still_end, task_html, total_html
from exercises.views.conversation import exchange_html, note_html
from grader import Evidence, load_rubric
from grader.feedback import advice_text, marked_html

# By what is looked for.
_FOUND = {"heat": "spot_found_heat", "calm": "spot_found_calm", "both": "spot_found_both"}
_IDLE = {"heat": "spot_idle_heat", "calm": "spot_idle_calm", "both": "spot_idle_both"}


def still_html(spot: Spot) -> str:
    """A copy of the exercise in which words can be marked, with everything in its place."""
    lines = "".join(
        f'<div class="tid-spot-line">{"".join(_still_phrase(phrase) for phrase in line)}</div>'
        for line in lines_of(spot.phrases)
    )
    return (
        reading_html(spot)
        + f'<div class="tid-spot-reply">{lines}</div>'
        + still_end(KIND, "spot_check")
    )


def _still_phrase(phrase: Phrase) -> str:
    return (
        '<div class="tid-spot-phrase"><label><input type="checkbox">'
        f"<span>{escape(phrase.text)}</span></label></div>"
    )


def lines_of(phrases: Iterable[Phrase]) -> list[list[Phrase]]:
    """The phrases by the lines of the reply."""
    lines: list[list[Phrase]] = []
    for phrase in phrases:
        if phrase.opens or not lines:
            lines.append([])
        lines[-1].append(phrase)
    return lines


def reading_html(spot: Spot) -> str:
    """All that stands above the reply: the conversation and the task."""
    scenario = spot.scenario
    return (
        exchange_html(scenario.setting, scenario.customer, scenario.agent_bad)
        + task_html(spot.task)
        + note_html(say("spot_how"))
        + f'<p class="tid-who">{escape(say("spot_reply"))}</p>'
    )


def result_html(spot: Spot, result: Result) -> str:
    """What a try has brought, without what is still to be found."""
    found = [e for verdict in result.verdicts for e in verdict.named]
    heading = f'<p class="tid-heading">{escape(say("spot_so_far"))}</p>'
    marked = f'<blockquote class="tid-marked">{marked_html(spot.reply, found)}</blockquote>'
    return (
        _total_html(spot, result)
        + _list("spot_yours", (_verdict_html(spot, verdict) for verdict in result.verdicts))
        + (heading + marked if found else "")
        + note_html(say("spot_again"))
    )


def answer_html(spot: Spot, result: Result) -> str:
    """The whole answer, beside what the learner marked."""
    needless = [verdict for verdict in result.verdicts if not verdict.right]
    return (
        (_total_html(spot, result) if result.verdicts else "")
        + f'<p class="tid-heading">{escape(say("spot_answer"))}</p>'
        + f'<blockquote class="tid-marked">{marked_html(spot.reply, result.key)}</blockquote>'
        + _list("spot_effects", (_effect_html(e, result) for e in result.key))
        + _list("spot_needless", (_verdict_html(spot, verdict) for verdict in needless))
    )


def _total_html(spot: Spot, result: Result) -> str:
    found = len(result.key) - len(result.missed)
    return total_html(result.total, say(_FOUND[spot.look_for], found=found, all=len(result.key)))


def _list(heading: str, items: Iterable[str]) -> str:
    made = "".join(items)
    title = f'<p class="tid-heading">{escape(say(heading))}</p>'
    return f'{title}<ul class="tid-spot-list">{made}</ul>' if made else ""


def _effect_html(evidence: Evidence, result: Result) -> str:
    """What some words of the key do, and whether the learner saw it."""
    over = [v for v in result.verdicts if evidence in v.right]
    names = [v.name for v in over if v.name]
    if not result.verdicts:
        state, told = "shown", ""
    elif not over:
        state, told = "missed", say("spot_missed")
    elif evidence.criterion in names:
        state, told = "found", say("spot_hit")
    elif any(v.named for v in over):
        state, told = "found", say("spot_also")
    elif not names:
        state, told = "found", say("spot_nameless")
    else:
        state, told = "found", say("spot_called", name=_name(names[0]))
    state_html = f' <span class="tid-change">{escape(told)}</span>' if told else ""
    return (
        f'<li data-criterion="{escape(evidence.criterion)}" data-state="{state}">'
        f'<span class="tid-name">{escape(_name(evidence.criterion))}</span>{state_html} '
        f"<p>{escape(_why(evidence))}</p></li>"
    )


def _verdict_html(spot: Spot, verdict: Verdict) -> str:
    quote = escape(say("spot_words", words=verdict.phrase.text))
    told = "".join(f"<p>{escape(text)}</p>" for text in _told(spot, verdict))
    state = "found" if verdict.named else "near" if verdict.right else "idle"
    return f'<li data-state="{state}"><span class="tid-spot-quote">{quote}</span>{told}</li>'


def _told(spot: Spot, verdict: Verdict) -> Iterator[str]:
    """What is said of a phrase before the answer is open."""
    if verdict.named:
        for evidence in verdict.named:
            yield say("spot_right", name=_name(evidence.criterion))
            yield _why(evidence)
    elif verdict.right:
        key = "spot_misnamed" if verdict.name else "spot_unnamed"
        yield say(key, name=_name(verdict.name) if verdict.name else "")
    elif verdict.half:
        yield say("spot_half", why=_why(verdict.half[0], level=1))
    elif verdict.other:
        yield say("spot_opposite", why=_why(verdict.other[0]))
    else:
        yield say(_IDLE[spot.look_for])


def _name(criterion: str) -> str:
    return load_rubric().criteria[criterion].name


def _why(evidence: Evidence, *, level: int | None = None) -> str:
    """The rubric's words for what the words of the reply do; at their full level by default."""
    criterion = load_rubric().criteria[evidence.criterion]
    return advice_text(criterion, criterion.top if level is None else level, [evidence])
