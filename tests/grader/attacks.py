"""What learners do to a submission to get more than their due, or to stop the rest.

`NOTEBOOKS` and `ANSWERS` are edits of a submission's folder with good answers in it; `NAMED` are
those for which something has to be set aside.
"""

from __future__ import annotations

import json
import os
import socket
import zipfile
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Any

from tests.grader.course import NAME, ROOT

Edit = Callable[[Path], object]

source = ROOT / "notebooks" / "assignments" / "source" / NAME / "assignment.json"
FIRST = json.loads(source.read_text(encoding="utf-8"))["scenarios"][0]["id"]
WITNESS = "it-ran"  # what a learner's code leaves in the course's folder, if it runs

# ---- what learners do to a notebook: it costs no marks ----


def change_notebook(change: Callable[[dict[str, Any]], None]) -> Edit:
    def edit(folder: Path) -> None:
        path = folder / f"{NAME}.ipynb"
        notebook = json.loads(path.read_text(encoding="utf-8"))
        change(notebook)
        path.write_text(json.dumps(notebook), encoding="utf-8")

    return edit


def duplicate_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].append(notebook["cells"][1] | {"id": "copy"})


def delete_cell(notebook: dict[str, Any]) -> None:
    del notebook["cells"][1]


def add_foreign_cell(notebook: dict[str, Any]) -> None:
    cell = json.loads(json.dumps(notebook["cells"][1])) | {"id": "foreign"}
    cell["metadata"]["nbgrader"]["grade_id"] = "somebody-elses"
    notebook["cells"].append(cell)


def strip_metadata(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"]:
        cell["metadata"] = {}


def raise_points(notebook: dict[str, Any]) -> None:
    for cell in notebook["cells"][1:-1]:
        cell["metadata"]["nbgrader"] |= {"points": 1_000, "schema_version": 1}


def half_a_cell(notebook: dict[str, Any]) -> None:
    notebook["cells"].append({"cell_type": "code"})


def replace_notebook(content: bytes) -> Edit:
    return lambda folder: (folder / f"{NAME}.ipynb").write_bytes(content)


def byte_order_mark(folder: Path) -> None:
    path = folder / f"{NAME}.ipynb"
    path.write_bytes(b"\xef\xbb\xbf" + path.read_bytes())


def rename_notebook(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").rename(folder / f"{NAME} (1).ipynb")


def notebook_folder(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").unlink()
    (folder / f"{NAME}.ipynb").mkdir()


def notebook_pipe(folder: Path) -> None:
    (folder / f"{NAME}.ipynb").unlink()
    os.mkfifo(folder / f"{NAME}.ipynb")


def own_weights(folder: Path) -> None:
    path = folder / "assignment.json"
    data = json.loads(path.read_text(encoding="utf-8"))
    for scenario in data["scenarios"]:
        scenario |= {"points": 1_000, "asks": {"thank": 1}}
    path.write_text(json.dumps(data), encoding="utf-8")


def bad_time(folder: Path) -> None:
    (folder / "timestamp.txt").write_text("yesterday, I think", encoding="utf-8")


def half_a_character(notebook: dict[str, Any]) -> None:
    notebook["cells"][1]["source"] = "\ud800\x00\u202e"


def sparse(path: Path) -> None:
    """As large as a disk, without taking room on one."""
    path.touch()
    os.truncate(path, 10**12)


def code_to_load(folder: Path) -> None:
    """Files that Python, nbgrader, pytest or Jupyter would run, were they ever looked for here."""
    witness = folder.parents[4] / WITNESS
    code = f"open({str(witness)!r}, 'w').close()"
    for name in ("nbgrader_config.py", "sitecustomize.py", "conftest.py", "grader/__init__.py"):
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(code, encoding="utf-8")
    cell: dict[str, Any] = {
        "cell_type": "code",
        "execution_count": None,
        "metadata": {},
        "outputs": [],
    }
    extra = {"cells": [cell | {"source": code}], "metadata": {}, "nbformat": 4, "nbformat_minor": 4}
    for name in ("extra.ipynb", "header.ipynb"):
        (folder / name).write_text(json.dumps(extra), encoding="utf-8")


def zip_bomb(folder: Path) -> None:
    with zipfile.ZipFile(folder / f"{NAME}.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(f"../../../{WITNESS}", b" " * 50_000_000)


def deep_folders(folder: Path) -> None:
    folder.joinpath(*["d"] * 400).mkdir(parents=True)


def many_files(folder: Path) -> None:
    (folder / "many").mkdir()
    for number in range(1_001):
        (folder / "many" / str(number)).touch()


def odd_file_names(folder: Path) -> None:
    names = ("a\nWARNING forged", "\x1b[2J\x1b[31m", "\u202egnp.exe", "-rf", "=cmd|' '!A0", "{x}%s")
    for name in (*names, os.fsdecode(b"\xff.ipynb"), os.fsdecode(b"\xff.txt")):
        with suppress(OSError):  # not every file system has such names
            (folder / name).write_text("Hello.", encoding="utf-8")


def long_name(folder: Path) -> None:
    (folder / ("x" * 255)).symlink_to(folder)


def socket_file(folder: Path) -> None:
    with socket.socket(socket.AF_UNIX) as made:
        here = os.open(folder, os.O_RDONLY)  # a socket's path may not be long
        made.bind(f"/proc/self/fd/{here}/socket")
        os.close(here)


def time_pipe(folder: Path) -> None:
    os.mkfifo(folder / "timestamp.txt")


def time_zone_file(folder: Path) -> None:
    zone = folder.parents[2] / "secret.txt"
    (folder / "timestamp.txt").write_text(f"2026-11-02 10:00:00 {zone}", encoding="utf-8")


def extra_links(folder: Path) -> None:
    (folder / "notes.txt").symlink_to(folder.parents[2] / "secret.txt")
    (folder / "everything").symlink_to(folder.parents[2])


NOTEBOOKS: dict[str, Edit] = {
    "duplicated-cell": change_notebook(duplicate_cell),
    "deleted-cell": change_notebook(delete_cell),
    "foreign-cell": change_notebook(add_foreign_cell),
    "stripped-metadata": change_notebook(strip_metadata),
    "raised-points": change_notebook(raise_points),
    "half-a-cell": change_notebook(half_a_cell),
    "malformed": replace_notebook(b'{"cells": ['),
    "no-notebook": replace_notebook(b"[1, 2]"),
    "deep": replace_notebook(b"[" * 100_000),
    "zeros": replace_notebook(bytes(10_000)),
    "20-megabytes": replace_notebook(b" " * 20_000_000),
    "many-cells": replace_notebook(b'{"cells": [' + b'{"cell_type":"raw"},' * 100_000 + b"]}"),
    "sparse": lambda folder: sparse(folder / f"{NAME}.ipynb"),
    "half-a-character": change_notebook(half_a_character),
    "no-notebook-at-all": lambda folder: (folder / f"{NAME}.ipynb").unlink(),
    "byte-order-mark": byte_order_mark,
    "renamed": rename_notebook,
    "folder": notebook_folder,
    "own-weights": own_weights,
    "bad-time": bad_time,
    "time-zone": time_zone_file,
    "code-to-load": code_to_load,
    "zip-bomb": zip_bomb,
    "many-files": many_files,
}
NAMED = ["20-megabytes", "sparse", "bad-time", "time-zone", "many-files"]
if os.name == "posix":
    NOTEBOOKS |= {
        "notebook-pipe": notebook_pipe,
        "extra-links": extra_links,
        "deep-folders": deep_folders,
        "odd-file-names": odd_file_names,
        "long-name": long_name,
        "time-pipe": time_pipe,
    }
    NAMED += ["notebook-pipe", "extra-links", "deep-folders", "long-name", "time-pipe"]
if Path("/proc/self/fd").is_dir():
    NOTEBOOKS["socket"] = socket_file
    NAMED += ["socket"]

# ---- what learners do to an answer: that answer has no marks, the others have theirs ----


def first_answer(edit: Edit) -> Edit:
    def change(folder: Path) -> None:
        path = folder / "answers" / f"{FIRST}.txt"
        path.unlink()
        edit(path)

    return change


def look_alike_name(path: Path) -> None:
    path.with_name(path.name.replace("o", "\u043e")).write_text("I am sorry.", encoding="utf-8")


ANSWERS: dict[str, tuple[Edit, str]] = {
    "absent": (first_answer(lambda path: None), "No reply was handed in"),
    "empty": (first_answer(lambda path: path.write_text(" \n\t")), "nothing here"),
    "directory": (first_answer(lambda path: path.mkdir()), "not a plain text file"),
    "megabyte": (first_answer(lambda p: p.write_bytes(b"so " * 350_000)), "64 KiB"),
    "binary": (first_answer(lambda p: p.write_bytes(bytes(range(256)))), "not plain text"),
    "sparse-answer": (first_answer(sparse), "64 KiB"),
    "zero-byte": (first_answer(lambda p: p.write_bytes(b"I am sorry.\0")), "not plain text"),
    "look-alike-name": (first_answer(look_alike_name), "No reply was handed in"),
    "path-in-name": (
        first_answer(lambda p: p.with_name(f"..\\{p.name}").write_text("I am sorry.")),
        "No reply was handed in",
    ),
    "latin-1": (first_answer(lambda p: p.write_bytes(b"\xa320 back, sorry")), "UTF-8"),
}
if os.name == "posix":
    ANSWERS |= {
        "link": (
            first_answer(lambda path: path.symlink_to(path.parents[4] / "secret.txt")),
            "not a plain text file",
        ),
        "pipe": (first_answer(lambda path: os.mkfifo(path)), "not a plain text file"),
    }
