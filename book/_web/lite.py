"""Builds JupyterLite, JupyterLab in the browser: `python -m book._web.lite` writes _build/lite.

It holds the lesson notebooks and their figures, and a Python that knows the course. Pyodide itself
is the one of the site (build.py), which has to lie beside this folder; only the library of Python
is all of it here, for whoever writes cells of their own. What IPython needs comes from PyPI by
requirements.txt, checked against the hashes there. talk_it_down_doors.py puts it into the site.
"""

from __future__ import annotations

import json
import re
import shutil
import sys
from collections.abc import Iterable, Sequence
from functools import cache
from hashlib import sha256
from importlib.metadata import requires
from importlib.util import find_spec
from pathlib import Path
from typing import Any
from zipfile import ZipFile

from packaging.requirements import Requirement

from book._web import build
from book._web.build import ELSEWHERE, NPM, ROOT, SOURCE, WEB, WHEELHOUSE, BuildError
from exercises.lessons import paths
from exercises.texts import say

OUT = ROOT / "_build" / "lite"
PARTS = ROOT / "_build" / "lite-parts"
LOADER = SOURCE / "lite.js"
WORKER = SOURCE / "lite-worker.js"
# Without one browsers ask the host's root for it.
ICON = '<link rel="icon" href="data:,">'
# How a page of JupyterLite loads the script that starts it.
START = re.compile(r"await import\((\s*)'((?:\.\./)*(?:\./)?)config-utils\.js")
FIGURES = ROOT / "book" / "_static" / "figures"
NOTEBOOKS = "notebooks/"
NOT_HERE = {"book/review.md"}  # it looks into a gradebook
# One folder less above them than in the course.
FIGURE = re.compile(r"(?<=\(\.\./)\.\./book/_static/figures")
KERNEL = "@jupyterlite/pyodide-kernel-extension"
EXTENSIONS = (KERNEL, "@jupyter-widgets/jupyterlab-manager")
RUNTIME = "static/python"  # a name that its build does not know
# What a notebook's kernel starts with; the kernel's own are KERNEL_PARTS.
WANTED = ("ipython", "ipywidgets", "jedi", "micropip")
KERNEL_PARTS = ("ipykernel", "piplite", "pyodide_kernel")
# The halves of ipywidgets that JupyterLab has itself.
NOT_WANTED = {"jupyterlab-widgets", "widgetsnbextension"}
BROWSER = {
    "extra": "",
    "os_name": "posix",
    "platform_system": "Emscripten",
    "python_full_version": "3.14.2",
    "python_version": "3.14",
    "sys_platform": "emscripten",
}
# Where a learner's drafts and attempts are kept: a folder of JupyterLab's file browser, which
# lasts in the browser's storage.
HOME = "/drive/my-record"
KERNELSPEC = {"display_name": "Python (Pyodide)", "language": "python", "name": "python"}
EPOCH = "1577836800"  # the same files make the same folder on any day


def make(out: Path = OUT, apps: Sequence[str] = ("lab",)) -> Path:
    """Bring JupyterLite up to date and return its folder. Raises BuildError."""
    if not find_spec("jupyterlite_core") or not find_spec("jupyterlite_pyodide_kernel"):
        raise BuildError("JupyterLite is not installed: `pip install 'talk-it-down[lite]'`.")
    build.build()
    found = state(apps)
    if build.is_done(out, found):
        return out
    build.renew(out)
    build.renew(PARTS)
    wheels = collect_wheels()
    copy_contents(PARTS / "contents")
    write_settings(PARTS, wheels)
    config = {
        "apps": list(apps),
        "contents": [str(PARTS / "contents")],
        "federated_extensions": [str(extension(name)) for name in EXTENSIONS],
        "ignore_sys_prefix": ["federated_extensions"],
        "lite_dir": str(PARTS),
        "no_sourcemaps": True,
        "no_unused_shared_packages": True,
        "output_dir": str(out),
    }
    settings = PARTS / "jupyter_lite_config.json"
    settings.write_text(json.dumps({"LiteBuildConfig": config}), encoding="utf-8")
    command = [sys.executable, "-m", "jupyterlite_core", "build", f"--config={settings}"]
    build.run(command, cwd=PARTS, SOURCE_DATE_EPOCH=EPOCH)
    copy_runtime(out / RUNTIME, wheels)
    # Before JupyterLab has found a figure's file, the browser asks for it beside the page.
    copy_figures(out)
    give_own_worker(out)
    build.mark_done(out, found)
    return out


def state(apps: Sequence[str] = ("lab",)) -> str:
    """Return what the folder is made from, as one hash."""
    sources = [Path(__file__), LOADER, WORKER, *FIGURES.rglob("*.svg")]
    offered = [ROOT / NOTEBOOKS / name for name in notebooks().values()]
    pins = [build.find_pin(name) for name in ("jupyterlite-core", "jupyterlite-pyodide-kernel")]
    pins += [build.find_pin(name) for name in closure(WANTED)]
    site = [(folder / ".state").read_text(encoding="utf-8") for folder in (WEB, WHEELHOUSE)]
    return build.digest([*sources, *offered], *apps, *pins, *site)


def closure(names: Iterable[str]) -> list[str]:
    """Return these packages and all that they need in the browser, as the environment has them."""
    found: set[str] = set()
    rest = list(names)
    while rest:
        name = rest.pop()
        if name in found:
            continue
        found.add(name)
        # Not for this Python, hence not here; it needs nothing.
        needed = [] if name == "micropip" else requires(name) or []
        for each in map(Requirement, needed):
            plain = each.name.lower().replace("_", "-")
            if plain not in NOT_WANTED and (not each.marker or each.marker.evaluate(BROWSER)):
                rest.append(plain)
    return sorted(found)


def collect_wheels() -> list[Path]:
    """Return every wheel that the kernel loads; those from PyPI are downloaded once."""
    folder = ROOT / "_build" / "lite-wheels"
    # pip would look at the markers for the Python that runs it.
    pins = "".join(without_marker(build.find_pin(name)) for name in closure(WANTED))
    found = build.digest([Path(__file__)], pins)
    if not build.is_done(folder, found):
        build.renew(folder)
        requirements = folder / ".pins"
        requirements.write_text(pins, encoding="utf-8")
        pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check", "download"]
        exactly = ["--no-deps", "--only-binary=:all:", "--require-hashes"]
        anywhere = ["--platform=any", "--python-version=3.14"]
        given = [f"--requirement={requirements}", f"--dest={folder}"]
        build.run([*pip, *exactly, *anywhere, *given])
        build.mark_done(folder, found)
    own = list((extension(KERNEL) / "static" / "pypi").glob("*.whl"))
    kernel = [path for path in own if path.name.startswith(KERNEL_PARTS)]
    course = WHEELHOUSE.glob("talk_it_down-*.whl")
    return sorted([*folder.glob("*.whl"), *kernel, *course], key=lambda path: path.name)


def without_marker(pin: str) -> str:
    """Return an entry of the lock without the Pythons and systems it is for."""
    first, end, rest = pin.partition("\n")
    return f"{first.partition(' ;')[0]} \\{end}{rest}" if " ;" in first else pin


def copy_runtime(folder: Path, wheels: Iterable[Path]) -> None:
    """Make the folder of what Pyodide loads, but for the part that lies with the site's scripts."""
    folder.mkdir(parents=True)
    package = NPM / "node_modules" / "pyodide"
    text = (package / "pyodide.mjs").read_text(encoding="utf-8")
    (folder / "loader.js").write_text(ELSEWHERE.sub("", text), encoding="utf-8", newline="")
    shutil.copyfile(package / "python_stdlib.zip", folder / "python_stdlib.zip")
    (shared,) = (path.name for path in WEB.glob("pyodide-*"))
    text = LOADER.read_text(encoding="utf-8").replace("PYODIDE", shared)
    (folder / "pyodide.js").write_text(text, encoding="utf-8")
    packages = {}
    for wheel in wheels:
        shutil.copyfile(wheel, folder / wheel.name)
        packages[package_name(wheel)] = entry(wheel)
    lock = json.loads((package / "pyodide-lock.json").read_text(encoding="utf-8"))
    lock["packages"] = packages
    (folder / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")


def entry(wheel: Path) -> dict[str, Any]:
    """Return what Pyodide has to know of a wheel; all are loaded at once, whatever needs which."""
    with ZipFile(wheel) as archive:
        tops = {name.partition("/")[0].removesuffix(".py") for name in archive.namelist()}
    return {
        "name": package_name(wheel),
        "version": wheel.name.split("-")[1],
        "file_name": wheel.name,
        "install_dir": "site",
        "sha256": sha256(wheel.read_bytes()).hexdigest(),
        "package_type": "package",
        "imports": sorted(name for name in tops if name.isidentifier()),
        "depends": [],
        "unvendored_tests": False,
    }


def package_name(wheel: Path) -> str:
    """Return the name by which Pyodide knows a wheel."""
    return wheel.name.partition("-")[0].lower().replace("_", "-")


@cache
def lessons() -> dict[str, str]:
    """Return every lesson's page -> its notebook."""
    return paths(ROOT)


def notebooks() -> dict[str, str]:
    """Return each page that can be opened here -> its notebook's path in the file browser."""
    found = {page: path for page, path in lessons().items() if page not in NOT_HERE}
    return {page: path.removeprefix(NOTEBOOKS) for page, path in found.items()}


def copy_contents(folder: Path) -> None:
    """Copy the notebooks, with the figures beside them and a folder for the learner's files."""
    for name in notebooks().values():
        notebook = json.loads((ROOT / NOTEBOOKS / name).read_text(encoding="utf-8"))
        notebook["metadata"]["kernelspec"] = KERNELSPEC  # else it asks which kernel to take
        text = json.dumps(notebook, ensure_ascii=False, indent=1)
        (folder / name).parent.mkdir(parents=True, exist_ok=True)
        (folder / name).write_text(FIGURE.sub(FIGURES.name, text), encoding="utf-8")
    copy_figures(folder)
    # Of a folder that is not there JupyterLite would ask the server.
    drafts = folder / HOME.removeprefix("/drive/") / "drafts"
    drafts.mkdir(parents=True)
    (drafts / "README.md").write_text(say("lite_drafts") + "\n", encoding="utf-8")


def copy_figures(folder: Path) -> None:
    """Copy the figures in ASCII: JupyterLite takes any other letter for one of Latin-1."""
    (folder / FIGURES.name).mkdir(parents=True)
    for figure in FIGURES.glob("*.svg"):
        text = figure.read_text(encoding="utf-8").encode("ascii", "xmlcharrefreplace")
        (folder / FIGURES.name / figure.name).write_bytes(text)


def give_own_worker(out: Path) -> None:
    """Have every page get its service worker before it starts. Raises BuildError."""
    settings = json.loads((out / "jupyter-lite.json").read_text(encoding="utf-8"))
    version = settings["jupyter-config-data"]["appVersion"]
    text = WORKER.read_text(encoding="utf-8").replace("VERSION", json.dumps(version))
    (out / WORKER.name).write_text(text, encoding="utf-8")
    begun = 0
    for page in sorted(out.rglob("index.html")):
        text = page.read_text(encoding="utf-8")
        changed, count = START.subn(rf"await import('\2{WORKER.name}'); \g<0>", text)
        page.write_text(changed.replace("<title>", ICON + "<title>", 1), encoding="utf-8")
        begun += count
    if not begun:
        raise BuildError("No page of JupyterLite starts as it used to: see START in lite.py.")


def write_settings(folder: Path, wheels: Iterable[Path]) -> None:
    """Write how JupyterLite and its kernel start."""
    kernel = {
        "pyodideUrl": f"./{RUNTIME}/pyodide.js",
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "packages": [package_name(wheel) for wheel in wheels],
            "env": {"TALK_IT_DOWN_HOME": HOME},
        },
    }
    config = {
        "appName": "Talk It Down",
        "litePluginSettings": {f"{KERNEL}:kernel": kernel},
    }
    settings = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    (folder / "jupyter-lite.json").write_text(json.dumps(settings), encoding="utf-8")


def extension(name: str) -> Path:
    """Return the folder of an installed extension of JupyterLab. Raises BuildError."""
    found = Path(sys.prefix, "share", "jupyter", "labextensions", name)
    if not found.is_dir():
        raise BuildError(f"{found} is missing: install JupyterLite in this environment.")
    return found


if __name__ == "__main__":
    try:
        print(f"JupyterLite is in {make().relative_to(ROOT)}.")
    except BuildError as error:
        sys.exit(str(error))
