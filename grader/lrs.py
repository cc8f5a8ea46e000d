"""Sends statements to a learning record store: xAPI 1.0.3, the Statement Resource, over HTTP."""

from __future__ import annotations

import base64
import json
import time
from collections.abc import Callable, Sequence
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.parse import urlsplit
from urllib.request import HTTPRedirectHandler, Request, build_opener

from grader.commands import CommandError

VERSION = "1.0.3"
BATCH = 100  # statements in one request
PATIENCE = 30  # seconds for an answer
WAITS = (1.0, 4.0, 15.0)  # seconds before each new try
LONGEST_WAIT = 60.0
_BUSY = {429, 500, 502, 503, 504}


def send(
    statements: Sequence[dict[str, Any]],
    url: str,
    user: str | None = None,
    password: str | None = None,
    *,
    wait: Callable[[float], object] = time.sleep,
) -> int:
    """Send all statements, in batches; returns how many the store has now.

    `url` is the store's address, with or without `/statements`. A store that is busy or cannot be
    reached is tried again. Raises CommandError, naming the store's answer, where that is no use;
    to send everything once more does no harm, as each statement keeps its id.
    """
    store = _Store(_address(url), user, password, wait)
    for start in range(0, len(statements), BATCH):
        batch = statements[start : start + BATCH]
        try:
            if not store.post(batch):
                # It knows some of them; the others are still to be taken.
                for statement in batch:
                    store.post([statement])
        except CommandError as error:
            raise CommandError(f"{error} ({start} of {len(statements)} were sent)") from None
    return len(statements)


def _address(url: str) -> str:
    try:
        parts = urlsplit(url)
        host, named = parts.hostname, parts.username or parts.password
    except ValueError:
        parts, host, named = urlsplit(""), None, None
    if parts.scheme not in ("http", "https") or not host:
        raise CommandError("--lrs must be an address that begins with https:// or http://")
    if named:
        # Whoever lists the running programs would see them.
        raise CommandError("--lrs: leave name and password out; they stand in the environment")
    if parts.query or parts.fragment:
        raise CommandError("--lrs: give the store's address without ? and #")
    path = url.rstrip("/")
    return path if path.endswith("/statements") else f"{path}/statements"


class _StayHere(HTTPRedirectHandler):
    """Follows no redirect: the password is for the store that was named, and for no other."""

    def redirect_request(self, *_: object) -> None:
        return None


class _Store:
    """A learning record store at an address."""

    def __init__(
        self, url: str, user: str | None, password: str | None, wait: Callable[[float], object]
    ) -> None:
        self._url, self._wait = url, wait
        self._headers = {
            "Content-Type": "application/json",
            "X-Experience-API-Version": VERSION,
        }
        if user or password:
            pair = f"{user or ''}:{password or ''}".encode()
            self._headers["Authorization"] = f"Basic {base64.b64encode(pair).decode('ascii')}"
        self._opener = build_opener(_StayHere)

    def post(self, statements: Sequence[dict[str, Any]]) -> bool:
        """Send statements in one request; False where the store has one of them already."""
        body = json.dumps(list(statements)).encode("ascii")
        for pause in (*WAITS, None):
            request = Request(self._url, body, self._headers, method="POST")
            try:
                with self._opener.open(request, timeout=PATIENCE):
                    return True
            except HTTPError as answer:
                with answer:
                    if answer.code == 409:
                        return False
                    if answer.code not in _BUSY or pause is None:
                        raise CommandError(self._refusal(answer)) from None
                    pause = _asked_to_wait(answer) or pause
            except (URLError, HTTPException, OSError) as error:
                if pause is None:
                    reason = getattr(error, "reason", error)
                    message = f"{self._url} cannot be reached: {reason}; check address and network"
                    raise CommandError(message) from None
            self._wait(pause)
        raise AssertionError("the last try returns or raises")

    def _refusal(self, answer: HTTPError) -> str:
        said = " ".join(answer.read(400).decode("utf-8", "replace").split())
        message = f"{self._url} answered {answer.code} {answer.reason}"
        if answer.code in (401, 403):
            return f"{message}; set TALK_IT_DOWN_LRS_USER and TALK_IT_DOWN_LRS_PASSWORD"
        if 300 <= answer.code < 400:
            return f"{message}; give the address it leads to: {answer.headers.get('Location')}"
        if answer.code == 404:
            return f"{message}; give the address of its xAPI endpoint"
        return f"{message}: {said!r}" if said else message


def _asked_to_wait(answer: HTTPError) -> float | None:
    """The seconds a busy store asks for, within reason."""
    asked = answer.headers.get("Retry-After", "")
    return min(float(asked), LONGEST_WAIT) if asked.isdecimal() else None
