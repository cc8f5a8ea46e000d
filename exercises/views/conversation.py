"""What a learner reads, as HTML: the exchange, the task, a model reply. No widgets."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape

from exercises.bank import BankScenario, Model
from exercises.texts import say
from exercises.writing import word_count
from grader import assess, load_rubric
from grader.feedback import advice_text, marked_html
from grader.rubric import FULL


def conversation_html(scenario: BankScenario) -> str:
    """The setting, the customer's message and the agent's bad reply."""
    return exchange_html(scenario.setting, scenario.customer, scenario.agent_bad)


def exchange_html(setting: str, customer: str, agent_bad: str = "", *, speaker: str = "") -> str:
    """A setting and who said what in it; what is "" is left out.

    `speaker` is who speaks instead of a customer.
    """
    where = f'<p class="tid-setting">{escape(setting)}</p>' if setting else ""
    turns = "".join(
        _turn(who, name or say(who), text)
        for who, name, text in (("customer", speaker, customer), ("agent", "", agent_bad))
        if text
    )
    label = f' role="group" aria-label="{_said("conversation")}"' if turns else ""
    return f'<div class="tid-conversation"{label}>{where}{turns}</div>' if where or turns else ""


def _turn(who: str, name: str, text: str) -> str:
    return (
        f'<div class="tid-turn tid-turn-{who}"><p class="tid-who">{escape(name)}</p>'
        f'<p class="tid-words">{escape(text)}</p></div>'
    )


def task_html(scenario: BankScenario) -> str:
    """What the reply is asked to do, what the agent knows and what cannot be done."""
    criteria = load_rubric().criteria
    asked = [
        f'<span class="tid-name">{escape(criterion.name)}</span> {escape(criterion.question)}'
        for criterion in criteria.values()
        if criterion.id in scenario.asks
    ]
    return (
        f'<div class="tid-task"><p class="tid-heading">{_said("asks")}</p>{_list(asked)}'
        f"{_details('facts', scenario.facts)}{_details('limits', scenario.limits)}</div>"
    )


def facts_html(facts: Iterable[str]) -> str:
    """What the agent knows; empty where that is nothing."""
    return _details("facts", facts)


def _details(key: str, lines: Iterable[str]) -> str:
    items = [escape(line) for line in lines]
    return f'<p class="tid-heading">{_said(key)}</p>{_list(items)}' if items else ""


def _list(items: Iterable[str]) -> str:
    return f"<ul>{''.join(f'<li>{item}</li>' for item in items)}</ul>"


def reading_html(scenario: BankScenario) -> str:
    """All that stands above the reply box: the conversation and the task."""
    return f'<div class="tid-reading">{conversation_html(scenario)}{task_html(scenario)}</div>'


def model_html(scenario: BankScenario, model: Model, *, title: str = "model") -> str:
    """A model reply with the grader's marks, and what the marked words do; `title` is a text's key.

    Only asked moves that the reply makes fully are marked.
    """
    assessment = assess(model.reply, scenario.scenario, scenario.asks)
    criteria = load_rubric().criteria
    made = {name for name in scenario.asks if assessment.levels[name] == FULL}
    evidence = [e for e in assessment.evidence if e.criterion in made]
    effects = [
        f'<span class="tid-name">{escape(criterion.name)}</span> '
        f"{escape(advice_text(criterion, 2, evidence))}"
        for criterion in criteria.values()
        if criterion.id in made
    ]
    return (
        f'<div class="tid-model"><p class="tid-who">{_said(title)}</p>'
        f'<blockquote class="tid-marked">{marked_html(model.reply, evidence)}</blockquote>'
        f'<p class="tid-heading">{_said("model_moves")}</p>{_list(effects)}</div>'
    )


def models_html(scenario: BankScenario) -> str:
    """The strong model replies of a scenario, one under the other, and below them the pitfalls."""
    return "".join(
        model_html(scenario, model, title="model_another" if i else "model")
        for i, model in enumerate(scenario.strong)
    ) + _pitfalls_html(scenario.pitfalls)


def _pitfalls_html(pitfalls: Iterable[str]) -> str:
    """What learners typically get wrong, folded away; empty where nothing is known of it."""
    items = [escape(pitfall) for pitfall in pitfalls]
    if not items:
        return ""
    summary = f"<summary>{_said('pitfalls')}</summary>"
    return f'<details class="tid-pitfalls">{summary}{_list(items)}</details>'


def note_html(text: str) -> str:
    """A quiet sentence to the learner."""
    return f'<p class="tid-note">{escape(text)}</p>'


def count_html(text: str) -> str:
    """How many words there are."""
    count = word_count(text)
    return note_html(say("words_one") if count == 1 else say("words", count=count))


def trouble_html(text: str) -> str:
    """A sentence on what is wrong, which a screen reader reads out at once."""
    return f'<p class="tid-trouble" role="alert">{escape(text)}</p>'


def told_html(key: str | None) -> str:
    """What is wrong with the learner's files, by the key of its text; empty where nothing is."""
    return trouble_html(say(key)) if key else ""


def set_aside_html(texts: Iterable[str]) -> str:
    """Words kept from other windows, folded away; empty where there are none."""
    kept = "".join(f'<pre class="tid-kept">{escape(text)}</pre>' for text in texts)
    return f"<details><summary>{_said('set_aside')}</summary>{kept}</details>" if kept else ""


def _said(key: str) -> str:
    return escape(say(key))
