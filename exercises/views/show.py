"""What lesson and assignment cells call: each displays something and returns None.

A learner is told what is wrong in a plain sentence. While a page of the book is built, it raises
instead and so stops the build.
"""

from __future__ import annotations

import logging
from pathlib import Path
from typing import TYPE_CHECKING

from exercises.bank import BankScenario, scenario
from exercises.drafts import Draft, draft_here
from exercises.home import home
from exercises.record import Record
from exercises.rewrite import Rewrite
from exercises.texts import say
from exercises.unknown import UnknownExerciseError
from exercises.views.conversation import conversation_html, model_html
from exercises.views.page import rewrite_placeholder
from exercises.views.screen import on_page, show, show_html
from exercises.views.stage import NotHereError, plain_words
from grader.assignment import Assignment, load_assignment

if TYPE_CHECKING:
    from exercises.views.rewrite import RewriteView

log = logging.getLogger(__name__)

# One view for each draft: a cell that is run again shows the same widgets, and two cells with
# the same exercise show the same words.
_views: dict[Path, RewriteView] = {}


def exchange(id: str) -> None:
    """Display the hostile exchange of a scenario: setting, customer, the agent's bad reply."""
    with plain_words():
        show_html(f'<div class="tid-exchange">{conversation_html(scenario(id))}</div>')


def model_reply(id: str, index: int = 0) -> None:
    """Display a strong model reply of a practice scenario, with what the marked words do."""
    with plain_words():
        found = scenario(id)
        models = found.strong
        if not 0 <= index < len(models):
            raise NotHereError(say("no_model"))
        show_html(model_html(found, models[index]))


def practice(id: str, *, assignment: str | None = None) -> None:
    """Display the rewrite exercise of a scenario.

    In an assignment, `assignment` is the path of its `assignment.json`: scenario, asks and how
    much feedback there is come from it, and the reply goes to `answers/<id>.txt` beside it.
    """
    with plain_words():
        if assignment is not None:
            path = Path(assignment).resolve()
            _show_view(*_in_assignment(id, path, load_here(path)))
        elif on_page():
            show_html(rewrite_placeholder(scenario(id), draft=f"drafts/{id}.txt"))
        else:
            _show_view(scenario(id), draft_here(id), detail="full", saved=say("saved"))


def _in_assignment(
    id: str, path: Path, assignment: Assignment
) -> tuple[BankScenario, Draft, str, str]:
    items = {item.id: item for item in assignment.items}
    if id not in items:
        raise UnknownExerciseError(id, items, "scenario")
    item = items[id]
    found = BankScenario(
        id=id,
        setting=item.scenario.setting,
        customer=item.scenario.customer,
        agent_bad=item.scenario.agent_bad,
        asks=item.asks,
        facts=item.facts,
        limits=item.limits,
        pool="assessment",
    )
    answer = Path("answers", f"{id}.txt")
    aside = home() / "drafts" / f"{assignment.name}.{id}.aside.json"
    draft = Draft(path.parent / answer, aside)
    return found, draft, assignment.feedback, say("saved_answer", file=answer.as_posix())


def load_here(path: Path) -> Assignment:
    """The assignment of a notebook. Raises NotHereError with words for the learner."""
    try:
        return load_assignment(path)
    except FileNotFoundError:
        raise NotHereError(say("no_assignment", file=path.name)) from None
    except ValueError:
        log.debug("a damaged assignment", exc_info=True)
        raise NotHereError(say("bad_assignment", file=path.name)) from None


def _show_view(found: BankScenario, draft: Draft, detail: str, saved: str) -> None:
    # Widgets take long to import, and the book's pages do without them.
    from exercises.views.rewrite import RewriteView

    view = _views.get(draft.path)
    if view is None or (view.work.scenario, view.detail) != (found, detail) or not view.widget.comm:
        # What an assignment keeps from the learner stays out of their record, too.
        record = None if detail == "none" else Record(home())
        view = RewriteView(Rewrite(found, draft, record), detail=detail, saved=saved)
        _views[draft.path] = view
    else:
        view.refresh()
    show(view.widget)
