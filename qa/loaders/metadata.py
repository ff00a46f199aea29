"""What files, sidecars and the command line state about an article, put together into one.

Known keys: id, title, text, published, outlet, url, language, kind, event_date, summarises, derived_from, note, and
those of `standing`: status, correction, corrections, embargo, withdrawn, and those of `description`: byline, keywords,
rights and the like. Others are kept in the article's `extra`, as JSON values.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import partial
from typing import TypeVar

from qa.errors import ReadError
from qa.loaders.cleaning import without_surrogates
from qa.loaders.description import KEYS as DESCRIBED
from qa.loaders.description import metadata_of
from qa.loaders.fields import (
    Stated,
    date_of,
    event_date_of,
    id_of,
    json_of,
    language_of,
    line_of,
    odd_time,
    shown,
    text_of,
    title_of,
    url_of,
)
from qa.loaders.language_codes import names_none
from qa.loaders.standing import KEYS, FileStanding, standing_of
from qa.models.archive import Article, Source
from qa.models.deliveries import Delivery

ALIASES = {"date": "published", "source": "outlet", "lang": "language", "headline": "title", "body": "text"}
KNOWN = frozenset(
    (
        *("id", "title", "text", "published", "outlet", "url", "language", "kind"),
        *("event_date", "summarises", "derived_from", "note"),
        *KEYS,
        *DESCRIBED,
    )
)
DEFAULT_LANGUAGE = "en"
DEFAULT_KIND = "article"
MAX_SLUG = 160  # characters; leaves room below the longest id for a line number

Facts = Mapping[str, Stated]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Defaults:
    """What is said on the command line about all files: it supplies what they leave out."""

    published: date | None = None
    outlet: str | None = None
    url: str | None = None
    language: str | None = None
    kind: str | None = None
    copyright_holder: str | None = None
    copyright_notice: str | None = None
    usage_terms: str | None = None
    quote_limit: int | None = None
    redistribution: bool | None = None


def facts(
    values: Mapping[str, object],
    *,
    path: str,
    line: int | None = None,
    lines: Mapping[str, int] | None = None,
) -> Facts:
    """Values under their one name, with their place; the known ones that are empty or name nothing are left out.

    `lines` gives the line of each key where it is known, `line` that of the record. Where a key and
    its alias both stand, the key counts and the alias is kept as it is.
    """
    lines = lines or {}
    stated: dict[str, Stated] = {}
    for name, value in values.items():
        key = ALIASES.get(name, name)
        if key != name and not _is_empty(values.get(key)):
            key = name
        if key in KNOWN and (_is_empty(value) or (key == "language" and names_none(value))):
            continue
        stated[key] = Stated(value, path, lines.get(name, line))
    return stated


def stated_by(defaults: Defaults, *, path: str) -> Facts:
    """The defaults as facts about the file of that path."""
    return facts({field.name: getattr(defaults, field.name) for field in fields(defaults)}, path=path)


def deliver(
    stated: Facts, *, derived_id: str, path: str, line: int | None = None, notices: tuple[str, ...] = ()
) -> Delivery:
    """The article that the facts make. Raises ReadError that names the line of what is wrong.

    `derived_id` is used where the facts name none; `path` and `line` say where the article stands.
    """
    pick = partial(_pick, stated)
    body = pick("text", lambda value: text_of(value, key="text"), "")
    title = pick("title", title_of, "")
    if not title:
        raise _title_missing(body, path=path, line=line)
    named = pick("id", id_of, "")
    standing = standing_of(stated)
    metadata, misfits = metadata_of(stated)
    source = _source(stated, article_id=named or derived_id, title=title, standing=standing)
    article = Article(
        source=replace(source, quote_limit=metadata.rights.quote_limit),
        body=body or title,
        event_date=pick("event_date", event_date_of, None),
        derived_from=pick("derived_from", lambda value: line_of(value, key="derived_from"), None),
        note=pick("note", lambda value: text_of(value, key="note"), None),
        extra=_extra(stated) | {key: json_of(stated[key], key=key) for key in misfits},
        embargo=standing.embargo,
        withdrawal=standing.withdrawal,
        metadata=metadata,
    )
    notices = (*notices, *(f"{key}: {shown(value)} does not fit; kept as it is" for key, value in misfits.items()))
    odd = odd_time(stated["published"]) if "published" in stated else None
    return Delivery(
        article,
        path,
        line,
        id_is_derived=not named,
        language_assumed="language" not in stated,
        notices=(*notices, *filter(None, [odd])),
    )


def slug(name: str) -> str:
    """An id made from a file's name: lower case, without accents, words joined by hyphens."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain.lower()))
    if not words:
        return f"article-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return "-".join(words)[:MAX_SLUG].rstrip("-")


def _source(stated: Facts, *, article_id: str, title: str, standing: FileStanding) -> Source:
    pick = partial(_pick, stated)
    return Source(
        article_id=article_id,
        title=title,
        outlet=pick("outlet", lambda value: line_of(value, key="outlet"), ""),
        url=pick("url", url_of, None),
        published=pick("published", lambda value: date_of(value)[0], None),
        language=pick("language", language_of, DEFAULT_LANGUAGE),
        kind=pick("kind", lambda value: line_of(value, key="kind").lower(), DEFAULT_KIND),
        status=standing.status,
        summarises=pick("summarises", lambda value: line_of(value, key="summarises"), None),
        corrections=standing.corrections,
    )


def _pick(stated: Facts, key: str, read: Callable[[Stated], _Value], otherwise: _Value) -> _Value:
    return (read(stated[key]) or otherwise) if key in stated else otherwise


def _extra(stated: Facts) -> dict[str, object]:
    """Unknown keys, and the whole of a publication date that says a time."""
    unknown = ((key, value) for key, value in stated.items() if key not in KNOWN)
    kept = {without_surrogates(key): json_of(value, key=key) for key, value in unknown}
    moment = date_of(stated["published"])[1] if "published" in stated else None
    return kept | {"published": moment} if moment else kept


def _title_missing(body: str, *, path: str, line: int | None) -> ReadError:
    if body:
        reason = "a title was expected, found a text without one; add one (title: …)"
    else:
        reason = "a title and a text were expected, found neither; add both, or take the article out"
    return ReadError(reason, path=path, line=line)


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())
