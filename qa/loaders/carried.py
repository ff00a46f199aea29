"""What the archive's own exports carry in formats that have no field for it: facts as one JSON object."""

from __future__ import annotations

import json
from collections.abc import Mapping
from urllib.parse import unquote

from qa.loaders.fields import id_from
from qa.loaders.metadata import KNOWN

NAME = "x-archive-facts"
"""What the field is called that carries them."""

OWN_URN = "urn:x-archive:"
"""What stands before an id of the archive's own where a format wants a URI."""

MAX_CHARACTERS = 5_000_000

_OF_FIELDS = frozenset(("id", "title", "text", "status", "withdrawn", "embargo", "correction", "corrections"))


def carried_facts(value: object) -> dict[str, object]:
    """The facts by their names, and what the article's first file said beside; empty where it is none of ours."""
    if isinstance(value, str):
        try:
            value = json.loads(value) if len(value) <= MAX_CHARACTERS else None
        except (ValueError, RecursionError):
            return {}
    if not isinstance(value, dict) or "kind" not in value:
        return {}
    extra = value.get("extra")
    beside = {str(name): one for name, one in extra.items()} if isinstance(extra, dict) else {}
    return {**beside, **{str(key): fact for key, fact in value.items() if key in KNOWN}}


def id_of_uri(uri: str) -> str:
    """The id that a URI stands for: our own one, or one that fits into an address."""
    if uri.startswith(OWN_URN):
        return unquote(uri.removeprefix(OWN_URN))
    return id_from(uri) if uri else ""


def overlaid(read: Mapping[str, object], carried: Mapping[str, object]) -> dict[str, object]:
    """What a format's own fields say, and over it what is carried, which is all but the words.

    The fields' standing counts still: whoever withdraws an item after it was exported says so there.
    """
    if not carried:
        return dict(read)
    own = {key: value for key, value in read.items() if key in _OF_FIELDS}
    if "corrections" in carried:
        own.pop("correction", None)
    return {**own, **carried}
