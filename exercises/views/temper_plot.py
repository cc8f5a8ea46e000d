"""The temper over the turns of a role play, drawn as SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from exercises.debrief import COOLED, HEATED, TurningPoint
from exercises.role_play import Conversation
from exercises.temper import rules
from exercises.texts import say
from grader.text import shortened

WIDTH = 560
_DEEP = 220  # from temper 100 down to 0
_LEFT, _RIGHT, _TOP, _BOTTOM = 44, 20, 12, 44
_ROW = 27  # the height of a turning point's words, which stand above the plot
_LABEL = 38  # characters of the learner's words
_LETTER = 9.3  # how wide a letter is at most, about
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
    plot = _Plot(len(tempers), _TOP + _ROW * len(points))
    return (
        f'<svg class="tid-temper-plot" viewBox="0 0 {WIDTH} {plot.height}" role="img"'
        f' aria-label="{label}">{plot.scale()}{plot.turning(points)}{plot.line(tempers)}'
        f"{plot.rings(points)}</svg>"
    )


@dataclass(frozen=True, slots=True)
class _Plot:
    """A plot of so many tempers; `top` is where 100 is."""

    count: int
    top: int

    @property
    def height(self) -> int:
        return self.top + _DEEP + _BOTTOM

    def x(self, turn: int) -> float:
        return round(_LEFT + turn * (WIDTH - _LEFT - _RIGHT) / max(self.count - 1, 1), 1)

    def y(self, temper: float) -> float:
        return round(self.top + (100 - temper) * _DEEP / 100, 1)

    def scale(self) -> str:
        """Where it is hot, the figures at the side and the turns below."""
        right, bottom, edge = WIDTH - _RIGHT, self.y(0), self.y(rules()["marks"]["hot"])
        size = f'width="{right - _LEFT}" height="{round(edge - self.top, 1)}"'
        parts = [
            f'<rect class="tid-plot-hot" x="{_LEFT}" y="{self.top}" {size}/>',
            f'<line class="tid-plot-mark" x1="{_LEFT}" x2="{right}" y1="{edge}" y2="{edge}"/>',
            _text("quiet", right - 4, edge - 6, "end", say("role_play_hot_line")),
            f'<path class="tid-plot-axis" d="M{_LEFT} {self.top}V{bottom}H{right}"/>',
        ]
        for figure in (0, 50, 100):
            parts.append(_text("figure", _LEFT - 8, self.y(figure) + 5, "end", str(figure)))
        for turn in range(self.count):
            words = str(turn) if turn else say("role_play_start")
            parts.append(_text("figure", self.x(turn), bottom + 20, self._anchor(turn), words))
        middle = (_LEFT + right) / 2
        parts.append(_text("quiet", middle, self.height - 5, "middle", say("role_play_axis_turn")))
        return "".join(parts)

    def line(self, tempers: Sequence[int]) -> str:
        """From temper to temper."""
        places = [(self.x(i), self.y(temper)) for i, temper in enumerate(tempers)]
        path = " ".join(f"{x},{y}" for x, y in places)
        dots = (f'<circle class="tid-plot-dot" cx="{x}" cy="{y}" r="5"/>' for x, y in places)
        return f'<polyline class="tid-plot-line" points="{path}"/>{"".join(dots)}'

    def turning(self, points: Sequence[TurningPoint]) -> str:
        """The words of the turning points, each with a thread down to its place."""
        threads, words = [], []
        for row, point in enumerate(points):
            x, base = self.x(point.turn.number), _TOP + _ROW * row + 12
            sign = _SIGNS.get(point.kind, "◆")
            text = f"{sign} “{shortened(point.quote, _LABEL)}”" if point.quote else sign
            start = max(4, min(x - 6, WIDTH - _LETTER * len(text)))
            words.append(_text("words", start, base, "start", text))
            end = self.y(point.turn.temper)
            threads.append(f'<path class="tid-plot-thread" d="M{x} {base + 5}V{end}"/>')
        return "".join([*threads, *words])

    def rings(self, points: Sequence[TurningPoint]) -> str:
        """A ring around each turning point."""
        return "".join(
            f'<circle class="tid-plot-turning tid-plot-{point.kind}" r="8"'
            f' cx="{self.x(point.turn.number)}" cy="{self.y(point.turn.temper)}"/>'
            for point in points
        )

    def _anchor(self, turn: int) -> str:
        return "start" if turn == 0 else "middle" if turn < self.count - 1 else "end"


def _text(name: str, x: float, y: float, anchor: str, words: str) -> str:
    return (
        f'<text class="tid-plot-{name}" x="{round(x, 1)}" y="{round(y, 1)}"'
        f' text-anchor="{anchor}">{escape(words)}</text>'
    )
