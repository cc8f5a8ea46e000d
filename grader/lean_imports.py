"""A way to load nbgrader in half the time.

nbgrader loads nbformat, which loads jsonschema, which, where rfc3987_syntax is installed, compiles
a grammar of web addresses in every alphabet: more than a second, for a check that no notebook asks
for. Without that package jsonschema leaves out the check and does all else.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

GRAMMAR = "rfc3987_syntax"


@contextmanager
def lean_imports() -> Iterator[None]:
    """Import meanwhile as if the slow package were not installed; afterwards it is to be had."""
    if GRAMMAR in sys.modules:
        yield
        return
    # Python's own way to say that a module is not there:
    # https://docs.python.org/3/reference/import.html#the-module-cache
    sys.modules[GRAMMAR] = None  # type: ignore[assignment]
    try:
        yield
    finally:
        del sys.modules[GRAMMAR]
