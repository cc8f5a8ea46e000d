"""The report's charts as pictures that any page can hold: SVG in a data URI. Needs matplotlib.

No chart says anything by colour alone, and each stands beside a table of its numbers.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Sequence
from io import BytesIO
from itertools import pairwise
from typing import Any

from matplotlib import rc_context
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.ticker import MaxNLocator

INK, QUIET, FILL = "#1f2328", "#57606a", "#5b9ea3"
# As wide as a phone, so that the letters stay legible there.
WIDE, HIGH = 5.0, 2.7  # inches
_STYLE: dict[Any, Any] = {
    "font.size": 9.5,
    "axes.edgecolor": QUIET,
    "axes.labelcolor": INK,
    "boxplot.whiskers": (0, 100),  # percentiles: the whole span
    "axes.spines.right": False,
    "axes.spines.top": False,
    "text.color": INK,
    "xtick.color": INK,
    "ytick.color": INK,
    "svg.fonttype": "path",  # the same letters on every machine and in print
    "svg.hashsalt": "talk-it-down",
}


def histogram(counts: Sequence[int], edges: Sequence[float], labels: tuple[str, str]) -> str:
    """Bars of counts between edges, each with its number; `labels` are those of the axes."""

    def draw(axes: Axes) -> None:
        widths = [after - before for before, after in pairwise(edges)]
        bars = axes.bar(edges[:-1], counts, widths, align="edge", color=FILL, edgecolor=INK)
        axes.bar_label(bars, [str(count) if count else "" for count in counts], padding=2)
        axes.set_xticks(edges)
        axes.set_xlim(edges[0], edges[-1])
        axes.set_ylim(0, max([*counts, 1]) * 1.15)
        axes.yaxis.set_major_locator(MaxNLocator(integer=True))
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])

    return _picture(draw, HIGH)


def boxes(names: Sequence[str], values: Sequence[Sequence[float]], label: str) -> str:
    """A lying box for each name, the first on top: quartiles, the median, and the whole span."""

    def draw(axes: Axes) -> None:
        places = list(range(len(names), 0, -1))
        line = {"color": INK}
        axes.boxplot(
            values,
            positions=places,
            orientation="horizontal",
            widths=0.55,
            patch_artist=True,
            boxprops={"facecolor": FILL, "edgecolor": INK},
            medianprops={"color": INK, "linewidth": 2.5},
            whiskerprops=line,
            capprops=line,
        )
        axes.set_yticks(places, names)
        axes.set_ylim(0.3, len(names) + 0.7)
        axes.set_xlim(-2, 102)
        axes.set_xlabel(label)
        axes.grid(axis="x", color="#d0d7de", linewidth=0.6)
        axes.set_axisbelow(True)

    return _picture(draw, 1.0 + 0.32 * len(names))


def before_after(pairs: Sequence[tuple[float, float]], labels: tuple[str, str], line: str) -> str:
    """A dot for each pair, and the line on which nothing has changed, with its name."""

    def draw(axes: Axes) -> None:
        axes.plot([0, 100], [0, 100], color=QUIET, linestyle="--", linewidth=1)
        axes.annotate(line, (70, 70), (3, -11), textcoords="offset points", color=INK, rotation=0)
        first, last = zip(*pairs, strict=True)
        axes.scatter(first, last, s=22, color=FILL, edgecolor=INK, alpha=0.75, linewidth=0.7)
        axes.set_xlim(-3, 103)
        axes.set_ylim(-3, 103)
        axes.set_xlabel(labels[0])
        axes.set_ylabel(labels[1])

    return _picture(draw, 3.4)


def _picture(draw: Callable[[Axes], None], high: float) -> str:
    with rc_context(_STYLE):
        figure = Figure(figsize=(WIDE, high), layout="constrained")
        draw(figure.add_subplot())
        out = BytesIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return f"data:image/svg+xml;base64,{base64.b64encode(out.getvalue()).decode('ascii')}"
