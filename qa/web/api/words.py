"""What went wrong with a program's call, in plain words: what was expected, what was found, what to do."""

from __future__ import annotations

import json
from collections.abc import Sequence

from qa.errors import ArchiveError, Busy, InputError, NotFound, Overtaken, Refused, Withdrawn
from qa.models.archive import long_date
from qa.web.api.models import MOST_PASSAGES
from qa.web.asking import typed

SHOWN = 60
"""Characters of what was sent that are shown again."""

UNREADABLE = 'The body can’t be read as JSON. Send one object, such as {"question": "Who?"}, in UTF-8.'

_EXPECTED = {"limit": f"a whole number from 1 to {MOST_PASSAGES}"}


def problem_words(kind: str, place: Sequence[int | str], found: object) -> str:
    """What pydantic found wrong at a place of an object; an empty place is the object itself."""
    names = [part for part in place if isinstance(part, str)]
    if not names:
        return 'Send one JSON object, such as {"question": "Who?"}.'
    name = typed(names[0])[:SHOWN]
    said = {
        "extra_forbidden": "There is no field “{}” here. Leave it out, or mend its name.",
        "missing": "“{}” is missing. It is needed.",
        "string_unicode": "“{}” holds half of a character, which nothing can read. Send whole ones.",
        "string_too_short": "“{}” is empty: give some words.",
    }.get(kind)
    if said:
        return said.format(name)
    return f"“{name}” must be {_EXPECTED.get(name, 'text')}; found {_shown(found)}."


def archive_words(error: ArchiveError) -> tuple[int, str]:
    """Status and words of a failure that this project raises on purpose."""
    if isinstance(error, Withdrawn):
        when = f" on {long_date(error.day)}" if error.day else ""
        why = f" Reason: {error.reason}" if error.reason else ""
        return 410, f"This article was withdrawn from the archive{when}. It is neither shown nor quoted.{why}"
    if isinstance(error, NotFound):
        return 404, "The archive holds no article of that id."
    if isinstance(error, Overtaken):
        return 409, str(error)
    if isinstance(error, Refused):
        return 403, str(error)
    if isinstance(error, InputError):
        return 400, str(error)
    if isinstance(error, Busy):
        return 503, str(error)
    return 503, "The archive can’t be searched just now. Try again in a minute."


def _shown(found: object) -> str:
    if isinstance(found, str):
        text = typed(found)
        return f"“{text[:SHOWN]}…”" if len(text) > SHOWN else f"“{text}”"
    if isinstance(found, list | dict):
        return "a list" if isinstance(found, list) else "an object"
    return json.dumps(found)[:SHOWN]
