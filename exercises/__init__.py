"""What a learner does: exercises on hostile messages, with feedback from the grader.

What lesson cells call, and what the pages of the rubric and the sources call, is loaded on first
use, so that importing this package loads no widgets.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exercises.views.card_page import grader_card
    from exercises.views.rubric_page import rubric_table
    from exercises.views.show import exchange, model_reply, practice
    from exercises.views.sources_page import source_list

__all__ = ["exchange", "grader_card", "model_reply", "practice", "rubric_table", "source_list"]

_PAGES = {"grader_card": "card_page", "rubric_table": "rubric_page", "source_list": "sources_page"}


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a module's __getattr__ returns anything)
    if name in __all__:
        module = import_module(f"exercises.views.{_PAGES.get(name, 'show')}")
        return getattr(module, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
