"""What an instructor waits for who runs the cell: the first screen of a review, in seconds."""

from __future__ import annotations

import sys
import time

import ipywidgets  # noqa: F401 - a notebook's kernel is about to have these anyway

from tests.benchmarks.course_of import NAME

if __name__ == "__main__":
    start = time.perf_counter()
    from exercises.views.review_queue import ReviewView
    from grader.gradebook import open_review

    ReviewView(lambda: open_review(NAME))
    sys.stdout.write(f"{time.perf_counter() - start}\n")
