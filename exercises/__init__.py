"""What a learner does: exercises on hostile messages, with feedback from the grader.

What the cells of lessons and of other pages call is loaded on first use, so that importing this
package loads no widgets.
"""

from __future__ import annotations

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exercises.views.card_page import grader_card
    from exercises.views.choose import choose
    from exercises.views.complete import complete
    from exercises.views.coverage_page import coverage_table
    from exercises.views.glossary_page import term_list
    from exercises.views.guide_page import pocket_guide
    from exercises.views.hand_in import hand_in
    from exercises.views.listen import listen
    from exercises.views.order import order
    from exercises.views.own_case import own_case
    from exercises.views.pacer import pacer
    from exercises.views.phrase_finder import phrase_finder
    from exercises.views.placement import placement
    from exercises.views.progress import my_progress
    from exercises.views.review_queue import review_queue
    from exercises.views.role_play import role_play
    from exercises.views.rubric_page import rubric_table
    from exercises.views.scenario_page import scenario_table
    from exercises.views.scene import scene
    from exercises.views.self_check import self_check
    from exercises.views.show import exchange, model_reply, practice
    from exercises.views.sort import sort
    from exercises.views.sources_page import source_list
    from exercises.views.spot import spot

# Where each is defined, below exercises/views.
_VIEWS = {
    "choose": "choose",
    "complete": "complete",
    "coverage_table": "coverage_page",
    "exchange": "show",
    "grader_card": "card_page",
    "hand_in": "hand_in",
    "listen": "listen",
    "scenario_table": "scenario_page",
    "model_reply": "show",
    "my_progress": "progress",
    "order": "order",
    "own_case": "own_case",
    "pacer": "pacer",
    "phrase_finder": "phrase_finder",
    "placement": "placement",
    "pocket_guide": "guide_page",
    "practice": "show",
    "review_queue": "review_queue",
    "role_play": "role_play",
    "rubric_table": "rubric_page",
    "scene": "scene",
    "self_check": "self_check",
    "sort": "sort",
    "source_list": "sources_page",
    "spot": "spot",
    "term_list": "glossary_page",
}
__all__ = [
    "choose",
    "complete",
    "coverage_table",
    "exchange",
    "grader_card",
    "hand_in",
    "listen",
    "model_reply",
    "my_progress",
    "order",
    "own_case",
    "pacer",
    "phrase_finder",
    "placement",
    "pocket_guide",
    "practice",
    "review_queue",
    "role_play",
    "rubric_table",
    "scenario_table",
    "scene",
    "self_check",
    "sort",
    "source_list",
    "spot",
    "term_list",
]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a module's __getattr__ returns anything)
    if name in _VIEWS:
        return getattr(import_module(f"exercises.views.{_VIEWS[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")


class _Package(ModuleType):
    """Keeps a name for the call that cells make, although a kind's model has the same name.

    When Python first loads `exercises/spot.py`, it sets `exercises.spot` to that module. Then
    `from exercises import spot` would give the module; `from exercises.spot import Spot` works
    in either case.
    """

    def __setattr__(self, name: str, value: object) -> None:
        if not (name in _VIEWS and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Package
