"""What cells import from the package is the call, although a model has the same name."""

import subprocess
import sys

import pytest

import exercises
from exercises.kinds import QUIZZES, call_of


@pytest.mark.parametrize("kind", QUIZZES)
@pytest.mark.parametrize("first", ["model", "cell"])
def test_cells_get_the_call_whatever_was_imported_first(kind: str, first: str) -> None:
    name = call_of(kind)
    if name not in exercises.__all__:
        pytest.skip(f"{name} is not there yet")
    model, cell = f"import exercises.{name}", f"from exercises import {name} as call"
    lines = [model, cell] if first == "model" else [cell, model, cell]
    lines += [f"import sys; assert sys.modules['exercises.{name}'].__name__ == 'exercises.{name}'"]
    code = "\n".join([*lines, "assert call.__module__.startswith('exercises.views.'), call"])
    subprocess.run([sys.executable, "-c", code], check=True, timeout=60)
