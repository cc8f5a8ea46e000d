"""Levels over time as a small drawing: SVG in the page's own colours, with words for those who
cannot see it.
"""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

WIDTH, HEIGHT = 300, 84
LEFT, RIGHT, TOP, BOTTOM = 74, 10, 12, 14  # room around the plot; the level's words on the left
MOST_POINTS = 24
RADIUS = 4


def levels_svg(levels: Sequence[int], words: Sequence[str], label: str) -> str:
    """A line through levels, oldest first; `words` names each level from 0 up.

    Only the last MOST_POINTS are drawn. `label` is what a screen reader says.
    """
    levels = levels[-MOST_POINTS:]
    across = WIDTH - LEFT - RIGHT
    step = across / max(len(levels) - 1, 1)
    # One attempt alone stands in the middle.
    start = LEFT + (across / 2 if len(levels) == 1 else 0)
    points = [(start + step * i, _height(level, len(words))) for i, level in enumerate(levels)]
    grid = "".join(
        f'<line class="tid-chart-grid" x1="{LEFT - 4}" x2="{WIDTH - RIGHT + 4}" '
        f'y1="{_number(y)}" y2="{_number(y)}"/>'
        f'<text class="tid-chart-word" x="{LEFT - 10}" y="{_number(y)}" dy="0.32em" '
        f'text-anchor="end">{escape(word)}</text>'
        for word, y in ((word, _height(level, len(words))) for level, word in enumerate(words))
    )
    line = " ".join(f"{_number(x)},{_number(y)}" for x, y in points)
    dots = "".join(
        f'<circle class="tid-chart-dot" cx="{_number(x)}" cy="{_number(y)}" r="{RADIUS}"/>'
        for x, y in points
    )
    return (
        f'<svg class="tid-chart" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" '
        f'height="{HEIGHT}" role="img" aria-label="{escape(label)}">{grid}'
        f'<polyline class="tid-chart-line" points="{line}"/>{dots}</svg>'
    )


def _height(level: int, count: int) -> float:
    """Where a level is, the highest at the top."""
    level = min(level, count - 1)
    return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * level / (count - 1)


def _number(value: float) -> str:
    return f"{value:.1f}".removesuffix(".0")
