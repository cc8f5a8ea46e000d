"""One reply is worth the same everywhere: the same rows give the same bytes in every Python."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Browser

from exercises.bank import scenarios
from tests.e2e.server import Site

ODD = (
    "",
    "   \n\t ",
    "Sorry!",
    "I’m so sorry, Zoë — “nobody” rang you… 😀👩‍👩‍👧 What happened?",
    "Cafe\u0301 noir: I'm sorry that the re\u0301sume\u0301 was lost.\r\nWhat matters most?\r\n",
    "\u202eI am sorry\u202c that you waited\u00a0two\u2009hours. ﬁne, ﬀ, İstanbul, ß, Σίσυφος",
    "\ud83d lone \udc00 surrogates, I'm sorry about Monday.",
    "Je regrette que vous ayez attendu deux heures. Que puis-je faire pour vous ?",
    "sorry understand frustration apologise inconvenience appreciate patience resolve",
    "You should have called. " * 400,
)
BROKEN = ("{", "[]", '{"id": 7}', '{"id": "x", "scenario": {}, "reply": "Hi"}', "null")


def rows() -> str:
    """The bank's model replies and odd texts as rows of contract size, broken lines among them."""
    lines = []
    for found in scenarios():
        text = found.scenario
        told = {"setting": text.setting, "customer": text.customer, "agent_bad": text.agent_bad}
        replies = [model.reply for model in found.models]
        for number, reply in enumerate((*replies, text.customer, *ODD)):
            asks = dict(found.asks) if number % 3 else None
            row = {"id": f"{found.id}-{number}", "scenario": told, "asks": asks, "reply": reply}
            lines.append(json.dumps({key: row[key] for key in row if row[key] is not None}))
    return "\n".join([*lines, *BROKEN]) + "\n"


def test_pyodide_scores_as_the_command_line_does(
    browser: Browser, site: Site, tmp_path: Path
) -> None:
    source, results = tmp_path / "rows.jsonl", tmp_path / "results.jsonl"
    source.write_text(rows(), encoding="utf-8", newline="")
    command = [sys.executable, "-m", "grader", "score", str(source), "--out", str(results)]
    assert subprocess.run(command, check=False).returncode == 1  # there are broken rows
    expected = results.read_bytes()
    assert expected.count(b"\n") > 30

    with browser.new_context() as context:
        page = context.new_page()
        page.goto(f"{site.url}book/index.html")
        in_page = page.evaluate("(rows) => window.talkItDown.score(rows)", rows())
    assert in_page.encode("utf-8") == expected
