"""The learner's own folder: drafts and attempts."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """TALK_IT_DOWN_HOME, else the user's data folder. It need not exist yet."""
    chosen = os.environ.get("TALK_IT_DOWN_HOME")
    if chosen:
        return Path(chosen).expanduser()
    # Not needed, and not there, in the browser.
    from platformdirs import user_data_path

    return user_data_path("talk-it-down", appauthor=False)
