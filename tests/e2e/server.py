"""A static file server for the tests: the built site in a sub-folder of a host, like any other."""

from __future__ import annotations

import gzip
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cache
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

# What the machine's own tables say differs; a web server's say this.
TYPES = {
    ".css": "text/css",
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript",
    ".json": "application/json",
    ".mjs": "text/javascript",
    ".svg": "image/svg+xml",
    ".wasm": "application/wasm",
    ".woff2": "font/woff2",
}
# These are compressed already, or servers do not know that they could be compressed.
AS_IT_IS = {".png", ".whl", ".woff2", ".zip"}
CHUNK = 1 << 16


@dataclass
class Site:
    """A running server: where its pages are, and what it has sent so far."""

    url: str
    sent: dict[str, int] = field(default_factory=dict)  # path -> bytes of the body


@contextmanager
def serve(
    folder: Path, prefix: str = "/course/", *, compress: bool = False, rate: float = 0
) -> Iterator[Site]:
    """Serve a folder below `prefix` and nothing else; with `compress` as gzip where that helps.

    `rate` is how many bytes a second all answers together may take, 0 for no limit.
    """
    site = Site("")
    line = threading.Lock()

    class Handler(SimpleHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.partition("?")[0]
            file = Path(self.translate_path(path.removeprefix(prefix)))
            if path.endswith("/"):
                file /= "index.html"
            if not path.startswith(prefix) or not file.is_file():
                self._miss()
                return
            squeeze = compress and file.suffix not in AS_IT_IS
            body = squeezed(file) if squeeze else file.read_bytes()
            site.sent[path] = site.sent.get(path, 0) + len(body)
            self.send_response(HTTPStatus.OK)
            self.send_header("Content-Type", TYPES.get(file.suffix, "application/octet-stream"))
            self.send_header("Content-Length", str(len(body)))
            if squeeze:
                self.send_header("Content-Encoding", "gzip")
            self.end_headers()
            for start in range(0, len(body) if self.command == "GET" else 0, CHUNK):
                part = body[start : start + CHUNK]
                if rate:
                    with line:
                        time.sleep(len(part) / rate)
                self.wfile.write(part)

        do_HEAD = do_GET  # noqa: N815 - the library's name

        def _miss(self) -> None:
            """Answer with the site's own page for this, as static hosts do."""
            page = folder / "404.html"
            body = page.read_bytes() if page.is_file() else b""
            self.send_response(HTTPStatus.NOT_FOUND)
            self.send_header("Content-Type", TYPES[".html"])
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            if self.command == "GET":
                self.wfile.write(body)

        def log_message(self, *_arguments: object) -> None:
            """Keep quiet."""

    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), lambda *request: Handler(*request, directory=str(folder))
    )
    site.url = f"http://127.0.0.1:{server.server_port}{prefix}"
    with running(server):
        yield site


@contextmanager
def running(server: ThreadingHTTPServer) -> Iterator[None]:
    """Let a server answer in the background."""
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@cache
def squeezed(file: Path) -> bytes:
    """Return the file as gzip, made once."""
    return gzip.compress(file.read_bytes(), compresslevel=6, mtime=0)
