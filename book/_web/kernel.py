"""What ipywidgets needs of Jupyter, for a worker in the learner's browser.

Runs in Pyodide only. Messages are JSON objects with a "type": session.js sends "show", "comm",
"news" and "score", and gets "display", "comm_open", "comm_msg", "comm_close", "files", "error",
and "done" when a message has been handled. The exercises themselves do not know that they are
not in JupyterLab.
"""

import json
import os
import sys
import traceback
from base64 import b64decode
from collections.abc import Callable
from pathlib import Path
from types import ModuleType
from typing import Any

import comm
from comm.base_comm import BaseComm

HOME = Path(os.environ["TALK_IT_DOWN_HOME"])

_post: Callable[[str], object]
_displayed: list[object] = []
_mirrored: dict[str, tuple[int, int]] = {}


def start(post: Callable[[str], object], files: str) -> None:
    """Writes the learner's files (a JSON object: path -> text); post takes messages to the page."""
    global _post
    _post = post
    for path, text in json.loads(files).items():
        target = HOME / path
        if target.resolve().is_relative_to(HOME):
            target.parent.mkdir(parents=True, exist_ok=True)
            _write(target, text)
    HOME.mkdir(parents=True, exist_ok=True)
    _changes()
    _stand_in_for_ipython()
    comm.create_comm = _PageComm


def handle(text: str) -> None:
    """Does what one message asks for; an error is told to the page and never raised."""
    message = json.loads(text)
    answer: dict[str, object] = {}
    try:
        match message["type"]:
            case "show":
                _show(message["kind"], message["exercise"], message["place"])
            case "comm":
                _receive(message["content"])
            case "news":
                _take_in(message["path"], message["news"])
            case "score":
                answer["results"] = _score(message["rows"])
        if changed := _changes():
            _send("files", changed=changed)
        _send("done", number=message["number"], **answer)
    except Exception:
        _send("error", detail=traceback.format_exc())


def _send(kind: str, **fields: object) -> None:
    _post(json.dumps({"type": kind, **fields}))


def _show(kind: str, exercise: str, place: int) -> None:
    import exercises
    from exercises.kinds import call_of
    from exercises.views import parts
    from grader.learned import load_learned

    parts.QUIET = 0  # the page keeps its messages in order
    _displayed.clear()
    call = getattr(exercises, call_of(kind))
    call(*filter(None, [exercise]))
    _send("display", place=place, items=[_item(shown) for shown in _displayed])
    load_learned()  # while the page draws it: the first feedback need not wait for that


def _item(shown: object) -> dict[str, str]:
    if isinstance(shown, _HTML):
        return {"html": shown.data}
    return {"model": getattr(shown, "model_id", "")}


def _receive(content: dict[str, Any]) -> None:
    if target := comm.get_comm_manager().get_comm(content["comm_id"]):
        # The view's own handler, so that an error in an exercise reaches `handle`.
        buffers = [memoryview(b64decode(buffer)) for buffer in content.pop("buffers", ())]
        target.handle_msg({"content": content, "buffers": buffers})


def _take_in(name: str, news: dict[str, Any]) -> None:
    """Takes in what another tab has changed in one of the learner's files.

    Of a record the news are lines, "added" and "gone"; of another file its "text", None where it
    was removed.
    """
    target = HOME / name
    if not target.resolve().is_relative_to(HOME):
        return
    text = news["text"] if "text" in news else _merged(target, news["added"], news["gone"])
    if text is None:
        target.unlink(missing_ok=True)
    else:
        target.parent.mkdir(parents=True, exist_ok=True)
        part = target.with_name(f".{target.name}.tmp")
        _write(part, text)
        part.replace(target)
    _changes()  # the page has them already


def _merged(target: Path, added: list[str], gone: list[str]) -> str | None:
    found = target.read_text("utf-8", "replace").split("\n") if target.exists() else []
    lines = [line for line in found if line and line not in set(gone)]
    lines += [line for line in added if line not in set(lines)]
    return "".join(f"{line}\n" for line in lines) or None


def _score(rows: str) -> str:
    """The grader's command line, as it is used outside the browser."""
    from grader.__main__ import main

    source, results = Path("rows.jsonl"), Path("results.jsonl")
    _write(source, rows)
    main(["score", str(source), "--out", str(results)])
    return results.read_text(encoding="utf-8")


def _write(path: Path, text: str) -> None:
    """Half an emoji, which a browser can hold and a file cannot, becomes "?"."""
    path.write_bytes(text.encode("utf-8", "replace"))


def _changes() -> dict[str, str | None]:
    """The learner's files that were written or removed since the last call."""
    found = {}
    changed: dict[str, str | None] = {}
    for path in sorted(HOME.rglob("*")):
        if path.is_file() and not path.name.startswith("."):
            name = path.relative_to(HOME).as_posix()
            status = path.stat()
            found[name] = (status.st_mtime_ns, status.st_size)
            if _mirrored.get(name) != found[name]:
                changed[name] = path.read_bytes().decode("utf-8", "replace")
    changed.update(dict.fromkeys(_mirrored.keys() - found.keys()))
    _mirrored.clear()
    _mirrored.update(found)
    return changed


class _PageComm(BaseComm):
    """A comm whose other end is a widget in the page."""

    def publish_msg(
        self,
        msg_type: str,
        data: object = None,
        metadata: object = None,
        buffers: object = None,
        **keys: object,
    ) -> None:
        content = {"comm_id": self.comm_id, "data": data or {}}
        if msg_type == "comm_open":
            content["target_name"] = keys["target_name"]
        _send(msg_type, content=content, metadata=metadata or {})


class _HTML:
    def __init__(self, data: str = "") -> None:
        self.data = data


class _Shell:
    """What widgets ask of a running shell: to be told of errors in their callbacks."""

    kernel = None

    class events:  # noqa: N801 - IPython's name
        """Callbacks before and after a message: there are none here."""

        @staticmethod
        def trigger(_event: str) -> None:
            """Does nothing."""

    @staticmethod
    def showtraceback(*_args: object, **_options: object) -> None:
        """Passes on the error of a button's callback, which ipywidgets catches."""
        error = sys.exception()
        if error is not None:
            raise error


def _stand_in_for_ipython() -> None:
    """IPython itself is 4 MB and seconds of import; widgets use a handful of its names."""
    shell = _Shell()

    def get_ipython() -> _Shell:
        return shell

    def module(name: str, **names: object) -> None:
        made = ModuleType(name)
        made.__dict__.update(names, __path__=[])
        sys.modules[name] = made

    def display(*shown: object, **_options: object) -> None:
        _displayed.extend(shown)

    def clear_output(*_args: object, **_options: object) -> None:
        _displayed.clear()

    module("IPython", get_ipython=get_ipython)
    module("IPython.core")
    module("IPython.core.interactiveshell", InteractiveShell=_Shell)
    module("IPython.display", display=display, clear_output=clear_output, HTML=_HTML)
