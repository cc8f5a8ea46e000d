"""The kinds of exercise there are.

A kind `self-check` has its model in `exercises/self_check.py` and its view in
`exercises/views/self_check.py`, where the function `self_check(id)` shows one exercise. A rewrite
is shown by `practice(id)`.
"""

from __future__ import annotations

# What is written as one YAML file each in exercises/quizzes, with the schema quiz_<kind>.
QUIZZES = ("spot", "choose", "sort", "order", "complete", "self-check", "scene", "listen")
REWRITE = "rewrite"
ROLE_PLAY = "role-play"
PLACEMENT = "placement"
OWN_CASE = "own-case"
MY_PROGRESS = "my-progress"  # no exercise, but shown like one
# In the order in which they are listed; the learner's own case is no exercise of ours.
LISTED = (REWRITE, *QUIZZES, ROLE_PLAY, PLACEMENT)


def call_of(kind: str) -> str:
    """The function that lesson cells call to show an exercise of a kind."""
    return "practice" if kind == REWRITE else kind.replace("-", "_")
