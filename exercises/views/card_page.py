"""The page that prints the grader's card: how far it agrees with careful readers, as plain HTML."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.resources import files
from typing import Any

from exercises.texts import say
from exercises.views.screen import show_html
from grader import load_rubric

Card = Mapping[str, Any]
_HEADINGS = {"move": "card_moves", "fault": "card_faults"}
_SAID = {"right": "card_right", "wrong": "card_wrong"}


def read_card() -> Card:
    """The card as training wrote it: counts, agreement by criterion, examples."""
    text = files("grader").joinpath("data", "card.json").read_text(encoding="utf-8")
    card: Card = json.loads(text)
    return card


def agreement_html(card: Card) -> str:
    """A table of the agreement by criterion: in training, and on replies never seen."""
    rubric = load_rubric()
    rows = []
    for kind, criteria in (("move", rubric.moves), ("fault", rubric.faults)):
        rows.append(
            f'<tr><th colspan="3" scope="rowgroup">{escape(say(_HEADINGS[kind]))}</th></tr>'
        )
        for criterion in criteria:
            cells = "".join(
                f"<td>{_number(card[column].get(criterion.id))}</td>"
                for column in ("crossed", "held_out")
            )
            rows.append(f'<tr><th scope="row">{escape(criterion.name)}</th>{cells}</tr>')
    heads = "".join(
        f'<th scope="col">{escape(say(key))}</th>'
        for key in ("card_criterion", "card_crossed", "card_held_out")
    )
    counts = say(
        "card_counts",
        **{key: card[key] for key in ("trained_on", "scenarios", "trades", "unseen", "rank")},
    )
    helping = card["helping"]
    others = say(
        "card_helping",
        count=helping["turns"],
        open_question=f"{helping['open_question']:.2f}",
        paraphrase=f"{helping['paraphrase']:.2f}",
        apology=round(100 * helping["apology"]),
    )
    body = "".join(rows)
    return (
        f"<p>{escape(counts)}</p>"
        f'<table class="tid-agreement"><thead><tr>{heads}</tr></thead><tbody>{body}</tbody></table>'
        f"<p>{escape(others)}</p>"
    )


def _number(value: float | None) -> str:
    return escape(say("card_too_few")) if value is None else f"{value:.2f}"


def examples_html(card: Card, kind: str) -> str:
    """Replies that the grader judged as a careful reader did ("right") or otherwise ("wrong")."""
    criteria = load_rubric().criteria
    items = []
    for entry in card[kind]:
        said = say(
            _SAID[kind],
            name=criteria[entry["criterion"]].name,
            label=entry["label"],
            level=entry["level"],
        )
        items.append(
            f"<li><p><strong>{escape(said)}</strong></p>"
            f"<blockquote>{escape(entry['reply'])}</blockquote></li>"
        )
    return f'<ul class="tid-card-examples">{"".join(items)}</ul>'


def grader_card(part: str) -> None:
    """Display a part of the card: "agreement", "right" or "wrong". Raises ValueError."""
    parts = ("agreement", "right", "wrong")
    if part not in parts:
        raise ValueError(f"grader_card: {part!r} is no part; give one of {', '.join(parts)}")
    card = read_card()
    show_html(agreement_html(card) if part == "agreement" else examples_html(card, part))
