"""The phrase finder as a page shows it: plain HTML, and a script that narrows it down.

Without the script everything is there, folded away by criterion. So it needs no Python once it is
shown, on the site and in JupyterLab alike.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from html import escape
from importlib.resources import files

from exercises.finder import Found, Passage, Said, find
from exercises.texts import say
from exercises.views.screen import show_html
from grader.feedback import marked_html


def phrase_finder() -> None:
    """Display the phrase finder."""
    script = files("exercises").joinpath("views", "phrase_finder.js").read_text(encoding="utf-8")
    show_html(f"{finder_html(find())}<script>{script}</script>")


def finder_html(found: Sequence[Found]) -> str:
    """Every phrase by criterion; the fields to narrow them down are shown by the script."""
    options = "".join(
        f'<option value="{escape(entry.criterion.id)}">{escape(entry.criterion.name)}</option>'
        for entry in found
    )
    told = {name: say(f"finder_{name}") for name in ("count", "one", "none")}
    texts = "".join(f' data-{name}="{escape(text)}"' for name, text in told.items())
    return (
        '<div class="tid-finder"><div class="tid-finder-fields" hidden>'
        f'<label>{escape(say("finder_words"))}<input type="search" autocomplete="off" '
        f'placeholder="{escape(say("finder_hint"))}"></label>'
        f"<label>{escape(say('finder_criterion'))}<select>"
        f'<option value="">{escape(say("finder_all"))}</option>{options}</select></label></div>'
        f'<p class="tid-finder-told" role="status" aria-live="polite"{texts}></p>'
        f"{''.join(map(_criterion_html, found))}</div>"
    )


def _criterion_html(entry: Found) -> str:
    criterion = entry.criterion
    kind = criterion.kind
    groups = (
        _group(f"finder_full_{kind}", map(_said_html, entry.full)),
        _group(f"finder_passages_{kind}", map(_passage_html, entry.passages)),
        _group("finder_half", map(_said_html, entry.half)),
        _group(f"finder_seeming_{kind}", map(_said_html, entry.seeming)),
    )
    return (
        f'<details class="tid-finder-{kind}" data-criterion="{escape(criterion.id)}">'
        f"<summary>{escape(criterion.name)}</summary>"
        f"<p>{escape(criterion.question)}</p>{''.join(groups)}</details>"
    )


def _group(key: str, items: Iterable[str]) -> str:
    shown = "".join(f"<li>{item}</li>" for item in items)
    if not shown:
        return ""
    return f'<div><p class="tid-heading">{escape(say(key))}</p><ul>{shown}</ul></div>'


def _said_html(said: Said) -> str:
    words = f"<span>{escape(say('finder_quoted', text=said.text))}</span>"
    if not said.customer:
        return words
    return f"{words}<br><small>{escape(say('finder_answers', customer=said.customer))}</small>"


def _passage_html(passage: Passage) -> str:
    words = marked_html(passage.text, passage.evidence)
    return f'<span class="tid-marked">{words}</span><br><small>{escape(passage.setting)}</small>'
