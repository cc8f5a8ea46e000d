"""The command line: `python -m exercises COMMAND ...`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from importlib import import_module

# Each command is the function main(argv) of a module, imported only when it is called.
COMMANDS = {
    "assignment": ("exercises.assignment", "make an assignment for nbgrader"),
    "guide": ("exercises.pocket_guide", "write the pocket guide, a PDF"),
    "list": ("exercises.catalogue", "print the exercises as JSON"),
    "play": ("exercises.play", "play a role play with replies from a file"),
    "record": ("exercises.record_command", "export, import, look at or check a record"),
}


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; returns its exit code."""
    parser = argparse.ArgumentParser(
        prog="python -m exercises",
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
