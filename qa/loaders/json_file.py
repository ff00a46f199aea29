"""JSON: one article as an object, or a list of them; ninjs 1.x to 3.x and JSON-LD of schema.org are recognised."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.json_ld import is_linked_data
from qa.loaders.json_records import parsed, read_record
from qa.loaders.metadata import Facts, slug
from qa.models.deliveries import Delivery, Original, Record

_ADVICE = "correct it there, or deliver it again"


def read_json(document: Document, *, beneath: Facts) -> Iterator[Record]:
    """The article of one file, or all of a list. Raises ReadError, OSError."""
    decoded = document.text()
    try:
        value = parsed(decoded.text.lstrip("\ufeff"), whole="JSON", advice=_ADVICE)
    except ReadError as error:
        raise ReadError(error.reason, path=document.place) from None
    if isinstance(value, list) and value and all(map(is_linked_data, value)):
        value = {"@graph": value}  # they refer to each other
    if not isinstance(value, list):
        place, derived = document.place, slug(document.stem)
        yield from read_record(
            value, path=place, line=None, derived_id=derived, beneath=beneath, notices=decoded.notices
        )
        return
    if not value:
        raise ReadError("a list of articles was expected, found an empty one; deliver it again", path=document.place)
    for number, record in enumerate(value, start=1):
        derived = f"{slug(document.stem)}-{number}"
        for read in read_record(record, path=document.place, line=None, derived_id=derived, beneath=beneath):
            yield replace(read, original=_original(record, document, number)) if isinstance(read, Delivery) else read


def _original(record: object, document: Document, number: int) -> Original:
    """The place in the list goes into the path: it is no file of its own."""
    data = json.dumps(record, ensure_ascii=False, sort_keys=True).encode("utf-8", "surrogatepass")
    inside = f"{document.inside} > {number}" if document.inside else str(number)
    return Original(hashlib.sha256(data).hexdigest(), inside)
