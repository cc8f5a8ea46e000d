"""What all tests share: a learner's folder of their own, and settings that no machine changes."""

import os
import tempfile
from pathlib import Path

import hypothesis
import pytest

# Before anything imports Jupyter: its settings and data of whoever runs the tests stay out.
_jupyter = tempfile.TemporaryDirectory(prefix="talk-it-down-")
for _variable in ("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"):
    os.environ[_variable] = str(Path(_jupyter.name, _variable.lower()))

# The same examples on every run and machine; a slow machine is no failure.
hypothesis.settings.register_profile("same", derandomize=True, deadline=None)
# TALK_IT_DOWN_FUZZ=1: other examples on every run, and many of them.
hypothesis.settings.register_profile("fuzz", max_examples=100_000, deadline=None)
hypothesis.settings.load_profile("fuzz" if os.environ.get("TALK_IT_DOWN_FUZZ") else "same")


@pytest.fixture(autouse=True)
def learner_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty learner's folder, so that no test reads or writes the real one."""
    home = tmp_path / "learner"
    monkeypatch.setenv("TALK_IT_DOWN_HOME", str(home))
    return home
