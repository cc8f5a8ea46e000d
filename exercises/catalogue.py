"""`python -m exercises list`: what there is to practise, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Sequence

from exercises import bank

KINDS = ("rewrite",)


def catalogue(kind: str | None = None) -> list[dict[str, str]]:
    """The exercises (of one kind): id, kind, part and section. Assessments are not among them."""
    found = []
    for scenario in bank.scenarios():
        if scenario.pool == "practice" and kind in (None, "rewrite"):
            part, _, section = scenario.source.partition("/")
            found.append({"id": scenario.id, "kind": "rewrite", "part": part, "section": section})
    return found


def main(argv: Sequence[str]) -> int:
    """Print the catalogue to standard output."""
    parser = argparse.ArgumentParser(prog="python -m exercises list", description=__doc__)
    parser.add_argument("--kind", choices=KINDS, help="only exercises of this kind")
    args = parser.parse_args(argv)
    json.dump(catalogue(args.kind), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0
