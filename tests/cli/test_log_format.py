"""The log of a served archive: its two forms, and what never stands in it."""

from __future__ import annotations

import json
import logging
import sys
from collections.abc import Iterator

import pytest

from qa.errors import ChatError
from qa.web.requests import JsonLines, TextLines, logged, with_request_id

WORDS = "who is the secret witness"


def record(message: str = "a question could not be answered", **more: object) -> logging.LogRecord:
    made = logging.LogRecord("qa.web.public", logging.ERROR, "public.py", 1, message, None, None)
    vars(made).update(more)
    return made


def failed() -> logging.LogRecord:
    """As it is logged where a library's failure, which repeats the question, becomes one of this program."""
    try:
        try:
            raise ValueError(f"no such thing: {WORDS}")
        except ValueError as error:
            raise ChatError("the language model broke off") from error
    except ChatError:
        return record(exc_info=sys.exc_info())


def test_a_line_of_json_has_all_that_is_known() -> None:
    request = {"method": "GET", "path": "/ask", "status": 200, "seconds": 0.5}

    def lines() -> Iterator[str]:
        yield JsonLines().format(record("GET /ask\n", request=request))

    (line,) = with_request_id("abcdef123456", lines())
    assert "\n" not in line
    values = json.loads(line)
    assert list(values) == ["time", "level", "logger", "message", "request_id", *request]
    assert values["time"].endswith("Z")
    assert values | {"time": ""} == {
        "time": "", "level": "error", "logger": "qa.web.public", "message": "GET /ask", "request_id": "abcdef123456",
        **request,
    }  # fmt: skip


def test_where_a_failure_came_from_is_told_without_the_words_of_others() -> None:
    for told in (JsonLines().format(failed()), TextLines().format(failed())):
        assert "the language model broke off" in told
        assert "ValueError" in told
        assert "test_log_format.py" in told
        assert "in failed" in told
        assert "secret" not in told.replace("{WORDS}", "")
    assert "Traceback" in TextLines().format(failed())


def test_no_line_of_a_text_looks_like_one_of_the_log() -> None:
    line = TextLines().format(record("bad name a\n2026-01-01T00:00:00.000Z ERROR qa.x [-] made up"))
    assert "\n" not in line
    assert " ERROR qa.web.public [-] bad name a\\n2026" in line


@pytest.mark.parametrize("form", ["text", "json"])
def test_what_is_logged_goes_to_standard_error_until_the_block_ends(
    form: str, capsys: pytest.CaptureFixture[str]
) -> None:
    before = logging.getLogger().handlers[:]
    with logged(form):  # type: ignore[arg-type]
        logging.getLogger("qa.test").info("it is served")
        logging.getLogger("httpx").info("GET http://model.example/?q=%s", WORDS)
    logging.getLogger("qa.test").info("it is over")
    told = capsys.readouterr().err.splitlines()
    assert len(told) == 1
    assert "it is served" in told[0]
    assert told[0].startswith("{") is (form == "json")
    assert logging.getLogger().handlers == before
