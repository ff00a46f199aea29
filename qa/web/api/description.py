"""The interface described by OpenAPI, the schema of replies put in, so that a program can check what it gets."""

from __future__ import annotations

import json
import re
from importlib import resources
from typing import Any

Schema = dict[str, Any]

_OWN = re.compile(r"#/\$defs/(\w+)")
_MUST = frozenset({"question"})


def reply_schema() -> Schema:
    """The schema of a reply as docs/reply.schema.json has it, which `make docs` copies here."""
    text = (resources.files("qa.web.api") / "reply.schema.json").read_text(encoding="utf-8")
    schema: Schema = json.loads(text)
    return schema


def reply_components() -> dict[str, Schema]:
    """The same as named schemas of OpenAPI: Reply, and ReplyCitation and the like for its parts."""
    schema = reply_schema()
    parts = schema.pop("$defs")
    del schema["$schema"]
    named = {"Reply": schema} | {_name(part): content for part, content in parts.items()}
    components: dict[str, Schema] = json.loads(
        _OWN.sub(lambda found: f"#/components/schemas/{_name(found[1])}", json.dumps(named))
    )
    return components


def completed(described: Schema) -> Schema:
    """What the framework describes, with the schema of replies and without what it says of errors."""
    schemas: Schema = described.setdefault("components", {}).setdefault("schemas", {})
    for name in ("HTTPValidationError", "ValidationError"):
        schemas.pop(name, None)
    schemas |= reply_components()
    for calls in described["paths"].values():
        for call in calls.values():
            for parameter in call.get("parameters", ()):
                if parameter["name"] in _MUST:
                    # Its absence is refused in other words than the framework's, so it isn't declared a must there.
                    parameter["required"] = True
                    parameter["schema"].pop("default", None)
                    parameter["schema"]["minLength"] = 1
    return described


def _name(part: str) -> str:
    return f"Reply{part[:1].upper()}{part[1:]}"
