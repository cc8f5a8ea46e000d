"""Sending statements: to a record store of our own, which is sometimes busy, wrong or gone."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, HTTPServer
from typing import Any

import pytest

from grader.commands import CommandError
from grader.lrs import BATCH, send

STATEMENTS: list[dict[str, Any]] = [{"id": str(number)} for number in range(2 * BATCH + 1)]


@dataclass
class Store:
    """A record store: answers with the given statuses first, then takes what it gets."""

    url: str = ""
    answers: list[tuple[int, dict[str, str]]] = field(default_factory=list)
    taken: dict[str, dict[str, Any]] = field(default_factory=dict)
    requests: list[tuple[str, dict[str, str], int]] = field(default_factory=list)


@pytest.fixture
def store() -> Iterator[Store]:
    made = Store()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            made.requests.append((self.path, dict(self.headers), len(body)))
            code, headers = made.answers.pop(0) if made.answers else (200, {})
            if code == 200 and any(s["id"] in made.taken for s in body):
                code = 409
            if code == 200:
                made.taken |= {s["id"]: s for s in body}
            self.send_response(code)
            for name, value in headers.items():
                self.send_header(name, value)
            answer = json.dumps([s["id"] for s in body]).encode() if code == 200 else b"because"
            self.send_header("Content-Length", str(len(answer)))
            self.end_headers()
            self.wfile.write(answer)

        def log_message(self, *_: object) -> None:
            pass

    server = HTTPServer(("127.0.0.1", 0), Handler)
    made.url = f"http://127.0.0.1:{server.server_port}/xapi"
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield made
    server.shutdown()
    thread.join()
    server.server_close()


def test_statements_arrive_in_batches_with_version_and_password(store: Store) -> None:
    assert send(STATEMENTS, store.url, "us", "secret: ü") == len(STATEMENTS)
    assert list(store.taken.values()) == STATEMENTS
    assert [size for _, _, size in store.requests] == [BATCH, BATCH, 1]
    path, headers, _ = store.requests[0]
    assert path == "/xapi/statements"
    assert headers["X-Experience-Api-Version".title()] == "1.0.3"
    assert headers["Content-Type"] == "application/json"
    kind, _, pair = headers["Authorization"].partition(" ")
    assert (kind, base64.b64decode(pair).decode()) == ("Basic", "us:secret: ü")


@pytest.mark.parametrize("end", ["/", "/statements", "/statements/"])
def test_address_may_name_the_statements(store: Store, end: str) -> None:
    send(STATEMENTS[:1], store.url + end)
    assert store.requests[0][0] == "/xapi/statements"
    assert "Authorization" not in store.requests[0][1]


def test_busy_store_is_tried_again_after_a_while(store: Store) -> None:
    store.answers = [(503, {}), (429, {"Retry-After": "7"}), (500, {"Retry-After": "soon"})]
    waits: list[float] = []
    assert send(STATEMENTS[:3], store.url, wait=waits.append) == 3
    assert len(store.taken) == 3
    assert waits == [1, 7, 15]


def test_store_that_stays_busy_is_given_up_with_its_answer(store: Store) -> None:
    store.answers = [(200, {}), *[(503, {})] * 4]
    with pytest.raises(CommandError, match=rf"503 .*'because' \({BATCH} of {len(STATEMENTS)} were"):
        send(STATEMENTS, store.url, wait=lambda _: None)


def test_sending_twice_is_sending_once(store: Store) -> None:
    send(STATEMENTS[:5], store.url)
    assert send(STATEMENTS[:8], store.url) == 8
    assert list(store.taken.values()) == STATEMENTS[:8]


@pytest.mark.parametrize(
    ("code", "says"),
    [
        (401, "TALK_IT_DOWN_LRS_USER"),
        (403, "TALK_IT_DOWN_LRS_PASSWORD"),
        (404, "xAPI endpoint"),
        (400, "'because'"),
    ],
)
def test_refusal_is_said_at_once(store: Store, code: int, says: str) -> None:
    store.answers = [(code, {})]
    with pytest.raises(CommandError, match=says):
        send(STATEMENTS[:1], store.url, wait=lambda _: pytest.fail("there is nothing to wait for"))


def test_redirect_is_not_followed(store: Store) -> None:
    store.answers = [(307, {"Location": "http://127.0.0.1:9/elsewhere"})]
    with pytest.raises(CommandError, match=r"307 .*127\.0\.0\.1:9/elsewhere"):
        send(STATEMENTS[:1], store.url, "us", "secret")
    assert len(store.requests) == 1


def test_store_that_is_not_there_is_named() -> None:
    waits: list[float] = []
    with pytest.raises(CommandError, match=r"127\.0\.0\.1:9/statements cannot be reached"):
        send(STATEMENTS[:1], "http://127.0.0.1:9", wait=waits.append)
    assert len(waits) == 3


@pytest.mark.parametrize(
    "url",
    [
        "file:///etc/passwd",
        "ftp://store.example.org",
        "store.example.org",
        "https://",
        "http://[",
        "https://us:secret@store.example.org/",
        "https://store.example.org/?key=secret",
    ],
)
def test_other_addresses_are_refused_without_showing_a_password(url: str) -> None:
    with pytest.raises(CommandError) as error:
        send(STATEMENTS[:1], url)
    assert "secret" not in str(error.value)
