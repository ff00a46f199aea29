"""The log of a served archive, on standard error: lines to read, or one JSON object a line."""

from __future__ import annotations

import json
import logging
import time
import traceback
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any, Literal

from qa.errors import ArchiveError
from qa.web.requests import current_request_id

LogFormat = Literal["text", "json"]


class TextLines(logging.Formatter):
    """A line for each record: when, how grave, of which part, for which request, what; where a fault came from below.

    The words of others' faults are left out: they may repeat a reader's question.
    """

    default_time_format = "%Y-%m-%dT%H:%M:%S"
    default_msec_format = "%s.%03dZ"

    def __init__(self) -> None:
        self.converter = time.gmtime
        super().__init__("%(asctime)s %(levelname)s %(name)s [%(request_id)s] %(message)s")

    def formatMessage(self, record: logging.LogRecord) -> str:
        # What is between the words may come from a file: no line of it may look like one of the log.
        record.message = record.message.strip().replace("\r", "\\r").replace("\n", "\\n")
        record.request_id = current_request_id() or "-"
        return super().formatMessage(record)

    def formatException(self, ei: Any) -> str:
        lines, error, seen = list[str](), ei[1], set[int]()
        while error is not None and id(error) not in seen:
            seen.add(id(error))
            words = f": {error}" if isinstance(error, ArchiveError | OSError) else ""
            frames = "".join(traceback.format_tb(error.__traceback__))
            lines.insert(0, f"Traceback (most recent call last):\n{frames}{type(error).__qualname__}{words}")
            error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        return "\n\n".join(lines)


class JsonLines(TextLines):
    """The same as one JSON object a line; of a request also its method, address, status and seconds."""

    def format(self, record: logging.LogRecord) -> str:
        values: dict[str, object] = {
            "time": self.formatTime(record),
            "level": record.levelname.lower(),
            "logger": record.name,
            "message": record.getMessage().strip(),
            "request_id": current_request_id() or None,
            **getattr(record, "request", {}),
        }
        if record.exc_info:
            values["exception"] = self.formatException(record.exc_info)
        return json.dumps(values, ensure_ascii=False)


@contextmanager
def logged(form: LogFormat) -> Iterator[None]:
    """Sends what is logged, and the warnings of libraries, to standard error until the block ends."""
    handler = logging.StreamHandler()
    handler.setFormatter(JsonLines() if form == "json" else TextLines())
    root, package = logging.getLogger(), logging.getLogger("qa")
    level = package.level
    root.addHandler(handler)
    package.setLevel(logging.INFO)
    logging.captureWarnings(True)
    try:
        yield
    finally:
        logging.captureWarnings(False)
        package.setLevel(level)
        root.removeHandler(handler)
