"""The page that lists all scenarios, as plain HTML with menus that filter it.

The filter is a stylesheet, so that it works without a script: in JupyterLab, on the site and in a
saved copy. Of the assessment pool it shows no more than what a learner may see.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from exercises.bank import BankScenario, scenarios
from exercises.compiled import compiled
from exercises.selection import POOLS
from exercises.texts import say
from exercises.views.links import Chapters, chapter_link
from exercises.views.screen import show_html
from grader import load_rubric

# What can be filtered by: attribute of a row -> key of the menu's label.
FILTERS = ("pool", "channel", "difficulty", "asks")
COLUMNS = ("scenario", "trade", "channel", "difficulty", "asks", "trains")


def scenarios_html(bank: Iterable[BankScenario], chapters: Chapters) -> str:
    """A menu for each of FILTERS, and the table; `chapters` is exercises/data/chapters.json."""
    known = list(bank)
    values = {name: Counter(v for s in known for v in _values(s)[name]) for name in FILTERS}
    menus = "".join(_menu(name, values[name]) for name in FILTERS)
    rules = "".join(_rule(name, value) for name in FILTERS for value in sorted(values[name]))
    heads = "".join(f'<th scope="col">{_said(f"scenarios_{key}")}</th>' for key in COLUMNS)
    rows = "\n".join(_row(scenario, chapters) for scenario in known)
    return (
        '<div class="tid-scenarios">'
        f"<style>@supports selector(:has(*)) {{{rules}}}</style>"
        f'<div class="tid-scenario-filters" role="group" aria-label="{_said("scenarios_filter")}">'
        f"{menus}</div>"
        f'<div role="region" tabindex="0" aria-label="{_said("scenarios_table")}" '
        'class="tid-scenario-table">'
        f"<table><thead><tr>{heads}</tr></thead><tbody>{rows}</tbody></table></div></div>"
    )


def _values(scenario: BankScenario) -> dict[str, list[str]]:
    return {
        "pool": [scenario.pool],
        "channel": [scenario.channel] if scenario.channel else [],
        "difficulty": [str(scenario.difficulty)] if scenario.difficulty else [],
        "asks": list(scenario.asks),
    }


def _menu(name: str, counts: Counter[str]) -> str:
    order = list(load_rubric().criteria) if name == "asks" else sorted(counts)
    if name == "pool":
        order = list(POOLS)
    options = "".join(
        f'<option value="{escape(value)}">{escape(_shown(name, value))} ({counts[value]})</option>'
        for value in order
        if counts[value]
    )
    return (
        f"<label>{_said(f'scenarios_by_{name}')} "
        f'<select data-by="{name}"><option value="" selected>{_said("scenarios_all")}</option>'
        f"{options}</select></label>"
    )


def _shown(name: str, value: str) -> str:
    if name == "asks":
        return load_rubric().criteria[value].name
    return say(f"scenarios_difficulty_{value}") if name == "difficulty" else value


def _rule(name: str, value: str) -> str:
    chosen = f'.tid-scenarios:has([data-by="{name}"] option[value="{value}"]:checked)'
    return f'{chosen} tbody tr:not([data-{name}~="{value}"]){{display:none}}'


def _row(scenario: BankScenario, chapters: Chapters) -> str:
    attributes = "".join(
        f' data-{name}="{escape(" ".join(values))}"' for name, values in _values(scenario).items()
    )
    criteria = load_rubric().criteria
    asks = ", ".join(criteria[id].name for id in criteria if id in scenario.asks)
    pool = "" if scenario.pool == "practice" else f"<br>{_said('scenarios_held_back')}"
    level = say(f"scenarios_difficulty_{scenario.difficulty}") if scenario.difficulty else ""
    cells = (
        escape(scenario.trade),
        escape(scenario.channel),
        escape(level),
        escape(asks),
        chapter_link(scenario.source, chapters),
    )
    return (
        f'<tr{attributes}><th scope="row"><code>{escape(scenario.id)}</code><br>'
        f"<small>{escape(scenario.setting)}{pool}</small></th>"
        f"{''.join(f'<td>{cell}</td>' for cell in cells)}</tr>"
    )


def _said(key: str) -> str:
    return escape(say(key))


def scenario_table() -> None:
    """Display the table of the bank. It links from a page beside the chapters."""
    show_html(scenarios_html(scenarios(), compiled("chapters")))
