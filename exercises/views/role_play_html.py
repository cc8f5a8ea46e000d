"""What a learner reads in a role play, as HTML: the talk, the temper, how it went."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape
from typing import Any

from exercises.debrief import Effect, TurningPoint, effects, marks_of, turning_points
from exercises.role_play import Conversation, Turn, is_capstone, play_out
from exercises.temper import Shift, rules
from exercises.texts import say
from exercises.views.capstone_html import outcome_html
from exercises.views.conversation import note_html
from exercises.views.temper_plot import plot_html
from grader import load_rubric
from grader.feedback import marked_html

MOST_NAMED = 4  # causes in the note of a turn


def head_html(dialogue: Mapping[str, Any]) -> str:
    """Title, setting, what the customer is like and who the learner is."""
    return (
        f'<div class="tid-role-play-head"><p class="tid-role-play-title">'
        f"{escape(dialogue['title'])}</p>"
        f'<p class="tid-setting">{escape(dialogue["setting"])}</p>{chips_html(dialogue)}'
        f"<p>{escape(dialogue['you'])}</p></div>"
    )


def facts_html(dialogue: Mapping[str, Any], *, unfolded: bool) -> str:
    """What the learner knows and what cannot be done, to fold away."""
    state = " open" if unfolded else ""
    return (
        f'<details class="tid-fold"{state}><summary>{_said("role_play_facts")}</summary>'
        f"{_list(dialogue['facts'])}{_heading('limits')}{_list(dialogue['limits'])}</details>"
    )


def chips_html(dialogue: Mapping[str, Any]) -> str:
    """Temperament and level in a word each."""
    level = say("role_play_level", level=dialogue["level"])
    temperament = say(f"role_play_{dialogue['temperament']}")
    return (
        '<p class="tid-chips">'
        f'<span class="tid-chip">{escape(temperament)}</span> '
        f'<span class="tid-chip">{escape(level)}</span></p>'
    )


def talk_html(conversation: Conversation, *, notes: bool) -> str:
    """All that was said up to the learner's last reply; `notes` says what moved the temper."""
    if not conversation.turns:
        return ""
    name = conversation.dialogue["customer"]
    parts = []
    for turn in conversation.turns:
        parts.append(_line_html("customer", name, escape(turn.said)))
        parts.append(_reply_html(turn, marked=notes))
        if notes:
            parts.append(turn_note_html(turn))
    label = _said("role_play_talk")
    return f'<div class="tid-talk" role="group" aria-label="{label}">{"".join(parts)}</div>'


def newest_html(conversation: Conversation) -> str:
    """What the customer has just said, and how it ended; a screen reader reads it out."""
    name = conversation.dialogue["customer"]
    line = _line_html("customer", name, escape(conversation.said))
    end = ""
    if conversation.end is not None:
        after = say(
            "role_play_after",
            customer=name,
            temper=conversation.temper,
            start=conversation.dialogue["temper"],
        )
        end = (
            f'<div class="tid-end tid-end-{escape(conversation.end.id)}"'
            f' data-end="{escape(conversation.end.id)}">'
            f'<p class="tid-who">{_said("role_play_over")}</p>'
            f'<p class="tid-end-title">{escape(conversation.end.title)}</p>'
            f"<p>{escape(after)}</p></div>"
        )
    label = _said("role_play_newest")
    return (
        f'<div class="tid-newest" role="log" aria-live="polite" aria-label="{label}">'
        f"{line}{end}{gauge_html(conversation)}</div>"
    )


def gauge_html(conversation: Conversation) -> str:
    """The temper as a bar and in words, with the change since the last turn."""
    temper = conversation.temper
    band = band_of(temper)
    words = say("role_play_temper_is", temper=temper, band=say(f"role_play_band_{band}"))
    change = ""
    if conversation.turns:
        change = f'<span class="tid-gauge-change">{escape(_change(conversation.turns[-1]))}</span>'
    marks = "".join(
        f'<span class="tid-gauge-mark" style="inset-inline-start:{rules()["marks"][name]}%"></span>'
        for name in ("calm", "hot")
    )
    name = _said("role_play_temper")
    return (
        f'<div class="tid-gauge tid-gauge-{band}" data-temper="{temper}">'
        f'<p class="tid-gauge-words"><span class="tid-name">{name}</span> '
        f"<span>{escape(words)}</span> {change}</p>"
        f'<div class="tid-gauge-bar" role="meter" aria-label="{name}" aria-valuemin="0"'
        f' aria-valuemax="100" aria-valuenow="{temper}" aria-valuetext="{escape(words)}">'
        f'<span class="tid-gauge-fill" style="inline-size:{temper}%"></span>{marks}</div></div>'
    )


def band_of(temper: int) -> str:
    """The name of the band that a temper is in."""
    marks = rules()["marks"]
    if temper >= marks["worn"]:
        return "boiling"
    if temper >= marks["hot"]:
        return "hot"
    return "cooling" if temper >= marks["calm"] else "calm"


def turn_note_html(turn: Turn) -> str:
    """What moved the temper in a turn, in one or two lines."""
    kind = "down" if turn.change < 0 else "up" if turn.change > 0 else "same"
    words = say(
        f"role_play_note_{kind}",
        turn=turn.number,
        before=turn.before,
        temper=turn.temper,
        points=abs(turn.change),
    )
    causes = ""
    for key, sign in (("cooled", -1), ("heated", 1)):
        names = [_shift_name(s) for s in turn.moved if s.points * sign > 0][:MOST_NAMED]
        if names:
            causes += f" {_said(f'role_play_note_{key}')} {escape(', '.join(names))}."
    return f'<p class="tid-turn-note tid-turn-{kind}">{escape(words)}{causes}</p>'


def review_html(conversation: Conversation) -> str:
    """How it went: the need, the plot, turning points, what cooled and what heated."""
    points = turning_points(conversation)
    cooled, heated = effects(conversation)
    outcome = outcome_html(conversation) if is_capstone(conversation.dialogue) else ""
    return (
        f'<section class="tid-review">{outcome}{_heading("role_play_need")}'
        f"<p>{escape(conversation.dialogue['need'])}</p>"
        f"{_heading('role_play_plot')}{plot_html(conversation, points)}{_table(conversation)}"
        f"{_points(points)}"
        f"{_effects('role_play_worked', cooled)}{_effects('role_play_heated', heated)}</section>"
    )


def good_run_html(dialogue: Mapping[str, Any]) -> str:
    """Another agent's conversation with the same customer, with marks and notes."""
    run = play_out(dialogue, dialogue["strong"])
    return (
        f'<div class="tid-good-run">{note_html(say("role_play_run_why"))}'
        f"{talk_html(run, notes=True)}{_last_words(run)}</div>"
    )


def _last_words(run: Conversation) -> str:
    title = run.end.title if run.end else ""
    return (
        _line_html("customer", run.dialogue["customer"], escape(run.said))
        + f'<p class="tid-end-title">{escape(title)}</p>{gauge_html(run)}'
    )


def _line_html(who: str, name: str, html: str) -> str:
    return (
        f'<div class="tid-turn tid-turn-{who}"><p class="tid-who">{escape(name)}</p>'
        f'<p class="tid-words">{html}</p></div>'
    )


def _reply_html(turn: Turn, *, marked: bool) -> str:
    if not turn.reply.strip():
        words = f'<em class="tid-silent">{_said("role_play_nothing_said")}</em>'
    elif marked:
        words = f'<span class="tid-marked">{marked_html(turn.reply, marks_of(turn))}</span>'
    else:
        words = escape(turn.reply)
    return _line_html("agent", say("role_play_agent"), words)


def _change(turn: Turn) -> str:
    if not turn.change:
        return say("role_play_same")
    return say("role_play_down" if turn.change < 0 else "role_play_up", points=abs(turn.change))


def _cause_name(cause: str) -> str:
    criteria = load_rubric().criteria
    return criteria[cause].name if cause in criteria else say(f"role_play_cost_{cause}")


def _shift_name(shift: Shift) -> str:
    name = _cause_name(shift.cause)
    return say("role_play_half", name=name) if shift.level == 1 and shift.points < 0 else name


def _table(conversation: Conversation) -> str:
    columns = ("turn", "you", "change", "temper")
    head = "".join(f'<th scope="col">{_said(f"role_play_col_{name}")}</th>' for name in columns)
    rows = "".join(
        f'<tr><th scope="row">{turn.number}</th>'
        f"<td>{escape(turn.reply) if turn.reply.strip() else _said('role_play_nothing_said')}</td>"
        f"<td>{escape(_change(turn))}</td><td>{turn.temper}</td></tr>"
        for turn in conversation.turns
    )
    return (
        f'<details class="tid-fold"><summary>{_said("role_play_table")}</summary>'
        f'<div class="tid-table"><table><thead><tr>{head}</tr></thead><tbody>{rows}</tbody></table>'
        "</div></details>"
    )


def _points(points: Sequence[TurningPoint]) -> str:
    if not points:
        return ""
    items = "".join(
        f'<li class="tid-point-{point.kind}"><span class="tid-name">'
        f"{_point_title(point)}</span> {_quote(point.quote)} "
        f'<span class="tid-cause">{escape(_cause_name(point.cause))}</span></li>'
        for point in points
    )
    return f'{_heading("role_play_points")}<ul class="tid-points">{items}</ul>'


def _point_title(point: TurningPoint) -> str:
    key = f"role_play_point_{point.kind}"
    return escape(say(key, turn=point.turn.number, points=abs(point.turn.change)))


def _effects(key: str, found: Sequence[Effect]) -> str:
    if not found:
        return f"{_heading(key)}<p>{_said(f'{key}_none')}</p>"
    items = "".join(
        f'<li><span class="tid-name">{escape(_cause_name(effect.cause))}</span> '
        f"({_turns(effect.turns)}) {_quote(effect.quote)}</li>"
        for effect in found
    )
    return f'{_heading(key)}<ul class="tid-effects">{items}</ul>'


def _turns(turns: Sequence[int]) -> str:
    key = "role_play_in_turn" if len(turns) == 1 else "role_play_in_turns"
    return escape(say(key, turns=", ".join(map(str, turns))))


def _quote(words: str) -> str:
    return f"<q>{escape(words)}</q>" if words else ""


def _heading(key: str) -> str:
    return f'<p class="tid-heading">{_said(key)}</p>'


def _list(lines: Sequence[str]) -> str:
    return f"<ul>{''.join(f'<li>{escape(line)}</li>' for line in lines)}</ul>"


def _said(key: str) -> str:
    return escape(say(key))
