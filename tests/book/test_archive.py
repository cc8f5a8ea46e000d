"""What a page's Python is given to import, and what it is not."""

import re
import subprocess
import sys

from book._web.build import NOT_RUN

LOADED = """
import sys
import exercises, grader.score_command
from exercises.kinds import LISTED, MY_PROGRESS, OWN_CASE, call_of
for kind in (*LISTED, MY_PROGRESS, OWN_CASE):
    getattr(exercises, call_of(kind))
print(*sys.modules)
"""


def test_nothing_that_an_exercise_imports_is_left_out() -> None:
    run = [sys.executable, "-c", LOADED]
    done = subprocess.run(run, capture_output=True, text=True, check=True)
    files = [f"{name.replace('.', '/')}.py" for name in done.stdout.split()]
    assert "exercises/views/rewrite.py" in files
    assert not [file for file in files if re.match(NOT_RUN, file)]
