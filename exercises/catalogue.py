"""`python -m exercises list`: what there is to practise, as JSON."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterator, Sequence

from exercises import bank
from exercises.dialogues import dialogues
from exercises.kinds import LISTED, PLACEMENT, REWRITE, ROLE_PLAY
from exercises.quizzes import quizzes


def catalogue(kind: str | None = None) -> list[dict[str, str]]:
    """The exercises (of one kind): id, kind, part and section. Assessments are not among them.

    On a page beside the parts, the part is "" and the section is the page.
    """
    found = []
    for id, of_kind, source in _all():
        if kind in (None, of_kind):
            part, _, section = source.rpartition("/")
            found.append({"id": id, "kind": of_kind, "part": part, "section": section})
    return sorted(found, key=lambda entry: (LISTED.index(entry["kind"]), entry["id"]))


def _all() -> Iterator[tuple[str, str, str]]:
    for scenario in bank.scenarios():
        if scenario.pool == "practice":
            yield scenario.id, REWRITE, scenario.source
    for id, data in quizzes().items():
        yield id, data["kind"], data["source"]
    for id, dialogue in dialogues().items():
        yield id, ROLE_PLAY, dialogue["source"]
    yield PLACEMENT, PLACEMENT, "start-here"


def main(argv: Sequence[str]) -> int:
    """Print the catalogue to standard output."""
    parser = argparse.ArgumentParser(prog="python -m exercises list", description=__doc__)
    parser.add_argument("--kind", choices=LISTED, help="only exercises of this kind")
    args = parser.parse_args(argv)
    json.dump(catalogue(args.kind), sys.stdout, indent=1)
    sys.stdout.write("\n")
    return 0
