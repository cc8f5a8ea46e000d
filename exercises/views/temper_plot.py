"""The temper over the turns of a role play, drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from exercises.debrief import COOLED, HEATED, TurningPoint, shortened
from exercises.role_play import Conversation
from exercises.temper import rules
from exercises.texts import say

WIDTH, HEIGHT = 560, 300
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 20, 16, 44
_LABEL = 34  # characters of the learner's words beside a point
_SIGNS = {COOLED: "▼", HEATED: "▲"}


def plot_html(conversation: Conversation, points: Sequence[TurningPoint]) -> str:
    """The plot with its turning points in the learner's words; a text says the same."""
    tempers = [conversation.dialogue["temper"], *(turn.temper for turn in conversation.turns)]
    said = [say("role_play_plot_start", temper=tempers[0])]
    said += [
        say("role_play_plot_turn", temper=turn.temper, turn=turn.number)
        for turn in conversation.turns
    ]
    label = escape(say("role_play_plot_said", tempers=", ".join(said)))
    return (
        f'<svg class="tid-temper-plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img"'
        f' aria-label="{label}">{_scale(len(tempers))}{_line(tempers)}'
        f"{_labels(tempers, points)}</svg>"
    )


def _x(turn: int, count: int) -> float:
    return round(_LEFT + turn * (WIDTH - _LEFT - _RIGHT) / max(count - 1, 1), 1)


def _y(temper: float) -> float:
    return round(_TOP + (100 - temper) * (HEIGHT - _TOP - _BOTTOM) / 100, 1)


def _scale(count: int) -> str:
    """Where it is hot, the figures at the side and the turns below."""
    hot = rules()["marks"]["hot"]
    right, top, bottom, edge = WIDTH - _RIGHT, _y(100), _y(0), _y(hot)
    width, height = right - _LEFT, round(edge - top, 1)
    parts = [
        f'<rect class="tid-plot-hot" x="{_LEFT}" y="{top}" width="{width}" height="{height}"/>',
        f'<line class="tid-plot-mark" x1="{_LEFT}" x2="{right}" y1="{edge}" y2="{edge}"/>',
        _text("quiet", right, edge - 5, "end", say("role_play_hot_line")),
        f'<path class="tid-plot-axis" d="M{_LEFT} {top}V{bottom}H{right}"/>',
    ]
    for figure in (0, 50, 100):
        parts.append(_text("figure", _LEFT - 8, _y(figure) + 5, "end", str(figure)))
    for turn in range(count):
        words = str(turn) if turn else say("role_play_start")
        place = _anchor(turn, count)
        parts.append(_text("figure", _x(turn, count), bottom + 20, place, words))
    middle = (_LEFT + right) / 2
    parts.append(_text("quiet", middle, HEIGHT - 6, "middle", say("role_play_axis_turn")))
    return "".join(parts)


def _text(name: str, x: float, y: float, anchor: str, words: str) -> str:
    return (
        f'<text class="tid-plot-{name}" x="{x}" y="{round(y, 1)}" text-anchor="{anchor}">'
        f"{escape(words)}</text>"
    )


def _anchor(turn: int, count: int) -> str:
    return "start" if turn == 0 else "middle" if turn < count - 1 else "end"


def _line(tempers: Sequence[int]) -> str:
    places = [(_x(i, len(tempers)), _y(temper)) for i, temper in enumerate(tempers)]
    path = " ".join(f"{x},{y}" for x, y in places)
    dots = "".join(f'<circle class="tid-plot-dot" cx="{x}" cy="{y}" r="5"/>' for x, y in places)
    return f'<polyline class="tid-plot-line" points="{path}"/>{dots}'


def _labels(tempers: Sequence[int], points: Sequence[TurningPoint]) -> str:
    """A sign at each turning point, and the words that did it."""
    parts = []
    for point in points:
        turn = point.turn
        x, y = _x(turn.number, len(tempers)), _y(turn.temper)
        right_half = turn.number > (len(tempers) - 1) / 2
        # Where the line comes from above, there is room below it, and the other way round.
        falls = turn.change <= 0
        words_y = y + 26 if falls and y < HEIGHT - _BOTTOM - 34 else y - 14
        anchor, shift = ("end", 6) if right_half else ("start", -6)
        sign = _SIGNS.get(point.kind, "◆")
        words = f"{sign} “{shortened(point.quote, _LABEL)}”" if point.quote else sign
        parts.append(
            f'<circle class="tid-plot-turning tid-plot-{point.kind}" cx="{x}" cy="{y}" r="8"/>'
            f"{_text('words', x + shift, words_y, anchor, words)}"
        )
    return "".join(parts)
