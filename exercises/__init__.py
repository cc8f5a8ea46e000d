"""What a learner does: exercises on hostile messages, with feedback from the grader.

`practice`, `exchange` and `model_reply` are what lesson cells call. They are loaded on first
use, so that importing this package loads no widgets.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from exercises.views.show import exchange, model_reply, practice

__all__ = ["exchange", "model_reply", "practice"]


def __getattr__(name: str) -> Any:  # noqa: ANN401  (a module's __getattr__ returns anything)
    if name in __all__:
        from exercises.views import show

        return getattr(show, name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
