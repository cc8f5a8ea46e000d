"""A learning platform's end of cmi5, as an assignable unit meets it."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from tests.e2e.server import running

ACTIVITY = "https://lms.example.org/activities/1"
REGISTRATION = "760e3480-ba55-4991-94b0-01820dbd23a2"
PUBLISHED = "https://publisher.example.org/units/1"
EXTENSIONS = "https://w3id.org/xapi/cmi5/context/extensions/"
LAUNCH_DATA = "LMS.LaunchData"


@dataclass
class Store:
    """What the platform knows; a token is given once, and rights end with the session."""

    url: str = ""
    statements: list[dict[str, Any]] = field(default_factory=list)
    states: dict[tuple[str, ...], Any] = field(default_factory=dict)
    profiles: list[str] = field(default_factory=list)  # what was asked of the learner
    refused: list[str] = field(default_factory=list)
    tokens: dict[str, str] = field(default_factory=dict)  # session -> token, once it was fetched
    sessions: int = 0

    def launch(self, page: str, learner: str = "l-7", **data: object) -> str:
        """The address that opens a session of a learner; `data` goes into its launch data."""
        self.sessions += 1
        session = f"session-{self.sessions}"
        account = {"homePage": "https://lms.example.org", "name": learner}
        actor = json.dumps({"objectType": "Agent", "account": account})
        template = {
            "contextActivities": {"grouping": [{"objectType": "Activity", "id": PUBLISHED}]},
            "extensions": {f"{EXTENSIONS}sessionid": session},
        }
        normal = {"contextTemplate": template, "launchMode": "Normal", "moveOn": "Passed"}
        self.states[LAUNCH_DATA, ACTIVITY, actor, REGISTRATION] = {**normal, **data}
        query = {
            "endpoint": f"{self.url}xapi/",
            "fetch": f"{self.url}token?session={session}",
            "actor": actor,
            "registration": REGISTRATION,
            "activityId": ACTIVITY,
        }
        return f"{page}{'&' if '?' in page else '?'}{urlencode(query)}"

    def verbs(self) -> list[str]:
        """What was stated, in its order."""
        return [statement["verb"]["id"].rpartition("/")[2] for statement in self.statements]


@contextmanager
def serve_lrs() -> Iterator[Store]:
    """Run the platform on an origin of its own."""
    store = Store()

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_OPTIONS(self) -> None:
            self.answer(HTTPStatus.OK)

        def do_GET(self) -> None:
            self.handle_request()

        def do_POST(self) -> None:
            self.handle_request()

        def do_PUT(self) -> None:
            self.handle_request()

        def handle_request(self) -> None:
            address = urlsplit(self.path)
            query = {name: values[0] for name, values in parse_qs(address.query).items()}
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            if (self.command, address.path) == ("POST", "/token"):
                self.give_token(query["session"])
                return
            allowed = self.headers.get("Authorization", "").removeprefix("Basic ")
            version = self.headers.get("X-Experience-API-Version")
            if allowed not in store.tokens.values() or version != "1.0.3":
                store.refused.append(f"{self.command} {self.path}")
                self.answer(HTTPStatus.UNAUTHORIZED)
            elif address.path == "/xapi/activities/state":
                names = ("stateId", "activityId", "agent", "registration")
                self.answer_state(tuple(query[name] for name in names), body)
            elif address.path == "/xapi/agents/profile":
                store.profiles.append(query["profileId"])
                self.answer(HTTPStatus.NOT_FOUND)
            elif (self.command, address.path) == ("POST", "/xapi/statements"):
                found = json.loads(body)
                found = found if isinstance(found, list) else [found]
                store.statements += found
                self.answer(HTTPStatus.OK, [statement["id"] for statement in found])
            else:
                self.answer(HTTPStatus.BAD_REQUEST)

        def give_token(self, session: str) -> None:
            if session in store.tokens:
                self.answer(HTTPStatus.OK, {"error-code": "1", "error-text": "Used already."})
                return
            store.tokens[session] = f"secret-{session}"
            self.answer(HTTPStatus.OK, {"auth-token": store.tokens[session]})

        def answer_state(self, key: tuple[str, ...], body: bytes) -> None:
            if self.command == "PUT" and key[0] != LAUNCH_DATA:
                store.states[key] = json.loads(body)
                self.answer(HTTPStatus.OK)
            elif self.command == "GET" and key in store.states:
                self.answer(HTTPStatus.OK, store.states[key])
            else:
                self.answer(HTTPStatus.NOT_FOUND)

        def answer(self, status: HTTPStatus, value: object = None) -> None:
            body = b"" if value is None else json.dumps(value).encode()
            self.send_response(status)
            self.send_header("Access-Control-Allow-Origin", "*")
            self.send_header("Access-Control-Allow-Methods", "GET, POST, PUT")
            self.send_header("Access-Control-Allow-Headers", "*, Authorization")
            self.send_header("Content-Type", "application/json")
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    store.url = f"http://127.0.0.1:{server.server_port}/"
    with running(server):
        yield store
