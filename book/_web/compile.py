"""Packs Python archives and modules into one archive that holds compiled modules only.

Runs in Pyodide only (compile.mjs), so that the bytecode is that of the Python which will run it: a
page then has nothing to compile. Python imports straight from such an archive.
"""

import marshal
import re
from collections.abc import Iterable, Iterator
from importlib.util import MAGIC_NUMBER
from pathlib import Path
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo

# What bytecode begins with (PEP 552): by its flag, 1, no source is looked for to compare it with.
HEAD = MAGIC_NUMBER + (1).to_bytes(4, "little") + bytes(8)
ANY_DAY = (1980, 1, 1, 0, 0, 0)  # the same files make the same archive


def pack(sources: Iterable[str], target: str, leave_out: str) -> None:
    """Write `target` from modules and from all files of archives but what matches `leave_out`."""
    not_wanted = re.compile(leave_out)
    with ZipFile(target, "w", ZIP_DEFLATED, compresslevel=9) as packed:
        for name, content in files(sources):
            if name.endswith("/") or not_wanted.match(name):
                continue
            if name.endswith(".py"):
                code = compile(content, name, "exec", dont_inherit=True, optimize=2)
                name, content = f"{name}c", HEAD + marshal.dumps(code)
            packed.writestr(ZipInfo(name, ANY_DAY), content, ZIP_DEFLATED, 9)


def files(sources: Iterable[str]) -> Iterator[tuple[str, bytes]]:
    """Yield name and content of each module, and of each file of each archive."""
    for source in map(Path, sources):
        if source.suffix == ".py":
            yield source.name, source.read_bytes()
            continue
        with ZipFile(source) as archive:
            for name in archive.namelist():
                yield name, archive.read(name)
