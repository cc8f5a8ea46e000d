"""Reply rows in, result rows out: the JSON Lines that `python -m grader score` reads and prints."""

from __future__ import annotations

import json
from typing import Any

from grader.engine import assess
from grader.model import Assessment


def result_row(row_id: object, assessment: Assessment, *, explain: bool = False) -> dict[str, Any]:
    """The result of one reply as a plain object; `explain` adds why each level was given."""
    row: dict[str, Any] = {
        "id": row_id,
        "total": assessment.total,
        "levels": dict(assessment.levels),
        "evidence": [
            {"criterion": e.criterion, "start": e.start, "end": e.end, "quote": e.quote}
            for e in assessment.evidence
        ],
        "feedback": [{"criterion": a.criterion, "text": a.text} for a in assessment.feedback],
        "rejected": assessment.rejected,
    }
    if explain:
        row["explain"] = [
            {
                "criterion": j.criterion,
                "level": j.level,
                "confidence": round(j.confidence, 2),
                "rule": j.rule,
                "sentence": list(j.sentence) if j.sentence else None,
                "words": list(j.words),
                "weight": assessment.asks.get(j.criterion, 0),
            }
            for j in assessment.judgements
        ]
    return row


def score_line(line: str, *, explain: bool = False) -> dict[str, Any]:
    """Score one line of JSON. A line that is no reply row gives `{"id", "error"}`."""
    row_id: object = None
    try:
        row = json.loads(line)
        if not isinstance(row, dict):
            raise ValueError("not a JSON object")
        row_id = _printable(row.get("id"))
        for name in ("scenario", "reply"):
            if name not in row:
                raise ValueError(f"{name}: missing")
        if not isinstance(row["reply"], str):
            raise ValueError("reply: must be text")
        return result_row(
            row_id, assess(row["reply"], row["scenario"], row.get("asks")), explain=explain
        )
    except json.JSONDecodeError as error:
        return {"id": None, "error": f"not JSON: {error.msg} at character {error.pos}"}
    except RecursionError:
        return {"id": None, "error": "not JSON: nested too deep"}
    except ValueError as error:
        return {"id": row_id, "error": str(error)}


def _printable(row_id: object) -> object:
    """The id as given, or None where JSON has no way to print it (NaN, Infinity)."""
    try:
        json.dumps(row_id, allow_nan=False)
    except ValueError:
        return None
    return row_id


def dumps(row: dict[str, Any]) -> str:
    """One row as one line of ASCII JSON."""
    return json.dumps(row, ensure_ascii=True, separators=(", ", ": "))
