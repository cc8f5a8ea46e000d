"""A JupyterLab server for the tests."""

from __future__ import annotations

import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

TOKEN = "learner"
STARTS_WITHIN = 60.0  # seconds: a cold JupyterLab on a busy machine


@contextmanager
def jupyterlab(folder: Path, environment: Mapping[str, str], log: Path) -> Iterator[str]:
    """Serve a folder on a free port of this machine; gives the address, to use with TOKEN.

    Raises RuntimeError with the end of the server's log where it does not start.
    """
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    port = url.rpartition(":")[2]
    with log.open("wb") as stream:
        server = subprocess.Popen(
            [
                *(sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"),
                *("--ip=127.0.0.1", f"--port={port}", f"--IdentityProvider.token={TOKEN}"),
                f"--ServerApp.root_dir={folder}",
            ],
            cwd=folder,
            env=dict(environment),
            stdout=stream,
            stderr=stream,
        )
    try:
        if not _answers(url, server):
            end = log.read_text(encoding="utf-8", errors="replace")[-2000:]
            raise RuntimeError(f"JupyterLab does not start:\n{end}")
        yield url
    finally:
        server.terminate()
        try:
            server.wait(timeout=20)
        except subprocess.TimeoutExpired:  # it stays where a kernel is just being restarted
            server.kill()
            server.wait()


def _answers(url: str, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + STARTS_WITHIN
    while server.poll() is None and time.monotonic() < end:
        try:
            urllib.request.urlopen(f"{url}/api?token={TOKEN}", timeout=5).close()
        except OSError:
            time.sleep(0.2)
        else:
            return True
    return False
