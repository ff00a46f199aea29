"""The poisoned archive and the questions put to it."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
Record = dict[str, Any]


def lines(name: str) -> list[Record]:
    # Not splitlines: a string in JSON may hold other characters that it takes for the end of a line.
    return [json.loads(line) for line in (HERE / name).read_text(encoding="utf-8").split("\n") if line]


QUESTIONS = lines("questions.jsonl")
