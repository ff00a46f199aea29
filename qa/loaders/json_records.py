"""One JSON object as an article: ours, ninjs, or JSON-LD of schema.org; or a JSON Feed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from typing import NoReturn

from qa.errors import OutOfTime, ReadError
from qa.loaders.json_feed import is_json_feed, read_json_feed
from qa.loaders.json_ld import is_linked_data, read_json_ld
from qa.loaders.metadata import Facts, deliver, facts
from qa.loaders.ninjs import is_ninjs, read_ninjs
from qa.loaders.stand_in import is_blank, with_title
from qa.models.deliveries import Failure, Record

ADVICE = "write each article as one whole JSON object on one line"


def read_record(
    record: object,
    *,
    path: str,
    line: int | None,
    derived_id: str,
    beneath: Facts,
    notices: tuple[str, ...] = (),
) -> Iterator[Record]:
    """What one object holds; a Failure where it can't be read."""
    try:
        if not isinstance(record, dict):
            kind = "a list" if isinstance(record, list) else "a single value"
            raise ReadError(f"a JSON object was expected, found {kind}; {ADVICE}")
        if is_ninjs(record):
            yield from read_ninjs(record, path=path, line=line, derived_id=derived_id, beneath=beneath, notices=notices)
            return
        if is_json_feed(record):
            yield from read_json_feed(
                record, path=path, line=line, derived_id=derived_id, beneath=beneath, notices=notices
            )
            return
        if is_linked_data(record):
            yield from read_json_ld(
                record, path=path, line=line, derived_id=derived_id, beneath=beneath, notices=notices
            )
            return
        titled, noticed = with_title(record)
        stated = {**beneath, **facts(titled, path=path, line=line)}
        delivery = deliver(stated, derived_id=derived_id, path=path, line=line, notices=(*notices, *noticed))
        # Elsewhere the headline is the body where there is no other; here there is no headline either.
        yield replace(delivery, article=replace(delivery.article, body="")) if is_blank(record) else delivery
    except ReadError as error:
        yield Failure(error.path or path, error.line or line, error.reason)
    except OutOfTime as error:
        yield Failure(path, line, error.reason)


def parsed(text: str, *, whole: str = "a JSON object", advice: str = ADVICE) -> object:
    """The value that a text is. Raises ReadError without a place."""
    try:
        return json.loads(text, parse_constant=_refuse_constant)
    except json.JSONDecodeError as error:
        if error.pos >= len(text.rstrip()) or error.msg.startswith("Unterminated"):
            found = f"found one that breaks off after {len(text.rstrip()):,} characters"
        else:
            found = f"found an error at character {error.pos + 1:,} ({error.msg})"
        raise ReadError(f"{whole} was expected, {found}; {advice}") from None
    except RecursionError:
        raise ReadError(f"{whole} was expected, found one nested too deeply; {advice}") from None
    except ValueError:  # Python reads no whole number of more than 4,300 digits
        raise ReadError("numbers of a usual length were expected, found a longer one; write it as text") from None


def _refuse_constant(name: str) -> NoReturn:
    raise ReadError(f"numbers that JSON has were expected, found {name}; write null")
