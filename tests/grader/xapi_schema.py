"""What xAPI 1.0.3 demands of a statement, part two of the specification, as JSON Schema.

https://github.com/adlnet/xAPI-Spec/blob/master/xAPI-Data.md, the sections named below. Only what
a statement of ours may hold is allowed: no SubStatement, no attachment, no group.
"""

from typing import Any

# 4.1: an LRS rejects keys that are not named, null, and strings where numbers belong.
IRI = {"type": "string", "pattern": r"^[a-z][a-z0-9+.-]*:[^\s<>\"{}|\\^`]+$"}
LANGUAGE_MAP = {  # 4.2
    "type": "object",
    "minProperties": 1,
    "propertyNames": {"pattern": r"^[a-z]{2,3}(-[A-Z]{2})?$"},
    "additionalProperties": {"type": "string"},
}
EXTENSIONS = {"type": "object", "propertyNames": IRI}  # 4.1.? Extensions: keys are IRIs


def closed(required: list[str], **properties: Any) -> dict[str, Any]:  # noqa: ANN401
    """An object with these keys and no others."""
    return {
        "type": "object",
        "properties": properties,
        "required": required,
        "additionalProperties": False,
    }


ACCOUNT = closed(  # 2.4.2.4
    ["homePage", "name"],
    homePage={**IRI, "pattern": r"^https?://[^\s/]+/"},
    name={"type": "string", "minLength": 1},
)
ACTOR = closed(["account"], objectType={"const": "Agent"}, account=ACCOUNT)  # 2.4.2.1
VERB = closed(["id"], id=IRI, display=LANGUAGE_MAP)  # 2.4.3
ACTIVITY = closed(  # 2.4.4.1
    ["id"],
    objectType={"const": "Activity"},
    id=IRI,
    definition=closed([], name=LANGUAGE_MAP, description=LANGUAGE_MAP, type=IRI),
)
SCORE = closed(  # 2.4.5.1
    [],
    scaled={"type": "number", "minimum": -1, "maximum": 1},
    raw={"type": "number"},
    min={"type": "number"},
    max={"type": "number"},
)
RESULT = closed(  # 2.4.5
    [],
    score=SCORE,
    success={"type": "boolean"},
    completion={"type": "boolean"},
    extensions=EXTENSIONS,
)
CONTEXT = closed(  # 2.4.6
    [],
    platform={"type": "string"},
    language={"type": "string"},
    contextActivities=closed([], parent={"type": "array", "minItems": 1, "items": ACTIVITY}),
)
UUID = {"type": "string", "pattern": r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"}
STATEMENT = closed(  # 2.4
    ["id", "actor", "verb", "object"],
    id=UUID,
    actor=ACTOR,
    verb=VERB,
    object=ACTIVITY,
    result=RESULT,
    context=CONTEXT,
    timestamp={"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z$"},  # 4.5
)
