"""What a page's Python is given to import, and what it is not."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from book._web.build import NOT_RUN
from exercises.catalogue import catalogue
from exercises.kinds import MY_PROGRESS, OWN_CASE, PLACEMENT

SHOW_EACH = """
import json, sys
import exercises, grader.score_command
from exercises.kinds import call_of
for kind, id in json.loads(sys.argv[1]):
    getattr(exercises, call_of(kind))(*filter(None, [id]))
print("---", *sys.modules)
"""


def test_nothing_that_an_exercise_imports_is_left_out(tmp_path: Path) -> None:
    of_kind = {entry["kind"]: entry["id"] for entry in catalogue()}
    of_kind |= dict.fromkeys((MY_PROGRESS, OWN_CASE, PLACEMENT), "")
    run = [sys.executable, "-c", SHOW_EACH, json.dumps(list(of_kind.items()))]
    env = {**os.environ, "TALK_IT_DOWN_HOME": str(tmp_path)}
    done = subprocess.run(run, capture_output=True, text=True, check=True, env=env)
    names = done.stdout.partition("---")[2].split()
    # Of the other packages, JupyterLab's Python imports more than a page's.
    own = [name for name in names if name.startswith(("exercises.", "grader."))]
    files = [f"{name.replace('.', '/')}.py" for name in own]
    assert "exercises/views/rewrite.py" in files
    assert not [file for file in files if re.match(NOT_RUN, file)]
