"""The command line: `python -m grader COMMAND ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

# Each command is the function main(argv) of a module, imported only when it is called.
COMMANDS = {
    "autograde": ("grader.bulk", "mark all submissions of an assignment at once"),
    "export": ("grader.export", "marks and levels of an assignment as a CSV table"),
    "report": ("grader.report", "what a class shows as a whole, as one page"),
    "score": ("grader.score_command", "score reply rows, one JSON object a line"),
    "xapi": ("grader.xapi", "the results of an assignment as xAPI statements"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m grader",
        formatter_class=argparse.RawDescriptionHelpFormatter,
        epilog="\n".join(f"{name:12}{about}" for name, (_, about) in COMMANDS.items()),
    )
    parser.add_argument("command", choices=COMMANDS)
    parser.add_argument("arguments", nargs=argparse.REMAINDER)
    args = parser.parse_args(argv)
    module, _ = COMMANDS[args.command]
    return int(import_module(module).main(args.arguments))


if __name__ == "__main__":
    sys.exit(main())
