"""Facts that files, sidecars and the command line state about an article, put together into one `Delivery`.

Keys that are not `KNOWN` are kept in the article's `extra`, as JSON values; so is a descriptive value (byline,
keywords, rights …) that does not fit its field, with a notice: no article is refused for it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from qa.errors import ReadError
from qa.loaders import fields
from qa.loaders.documents import Document
from qa.loaders.fields import FieldValue, id_from, line_of, printable, text_of, utc, without_headline
from qa.loaders.publication_status import KEYS as STATUS_KEYS
from qa.loaders.publication_status import status_of
from qa.models.archive import Article, Coded, Metadata, Original, Rights, Source
from qa.models.deliveries import Delivery, Failure
from qa.text.cleaning import clean, clean_line, without_surrogates

ALIASES = {"date": "published", "source": "outlet", "lang": "language", "headline": "title", "body": "text"}
CODED = ("subjects", "places", "people", "organisations")
RIGHTS = {"copyright_holder": "holder", "copyright_notice": "notice", "usage_terms": "terms"}
MAX_LINE = 1_000  # characters of a byline, a keyword and the like
MAX_LISTED = 500  # of the keywords, places, people that are kept

FACTS_FIELD = "x-archive-facts"
"""The field of the archive's own exports for the facts that a foreign format has no field for, as one JSON object."""

Facts = Mapping[str, FieldValue]
_Value = TypeVar("_Value")


@dataclass(frozen=True, slots=True)
class Defaults:
    """Facts from the command line about all files: they supply what those leave out."""

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


@dataclass(frozen=True, slots=True)
class RecordContext:
    """Where a record stands and what is stated of it already: all that its reader needs to make it an article.

    Its own facts replace `defaults`; `derived_id` is used where they name none; `notices` are those of the whole
    document. `original` is set where the record is an original of its own.
    """

    document: Document
    defaults: Facts
    derived_id: str = ""
    line: int | None = None
    notices: tuple[str, ...] = ()
    original: Original | None = None

    @property
    def stem(self) -> str:
        """The id made from the document's name, where none has been derived."""
        return self.derived_id or fields.slug(self.document.stem)

    def numbered(self, number: int | str, **changes: Any) -> RecordContext:
        """The context of one of several records, whose derived id ends in its number."""
        return replace(self, derived_id=f"{self.stem}-{number}", **changes)

    def facts(self, values: Mapping[str, object], *, lines: Mapping[str, int] | None = None) -> Facts:
        """The record's values as facts, over the defaults."""
        return {**self.defaults, **facts(values, path=self.document.place, line=self.line, lines=lines)}

    def article(self, values: Mapping[str, object], *notices: str, lines: Mapping[str, int] | None = None) -> Delivery:
        """The article of some values; `lines` gives the line of each where it is known. Raises ReadError."""
        delivery = deliver(
            self.facts(values, lines=lines),
            derived_id=self.stem,
            path=self.document.place,
            line=self.line,
            notices=(*self.notices, *notices),
        )
        return replace(delivery, original=self.original)

    def failure(self, error: ReadError, *, line: int | None = None) -> Failure:
        """The failure of this record alone."""
        return Failure(error.path or self.document.place, error.line or line or self.line, error.reason)


def present(values: Mapping[str, object]) -> dict[str, object]:
    """The values that say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}


def facts(
    values: Mapping[str, object], *, path: str, line: int | None = None, lines: Mapping[str, int] | None = None
) -> Facts:
    """Values under their one name, with their place; the known ones that are empty or name nothing are left out.

    `lines` gives the line of each key where it is known, `line` that of the record. A key counts before its alias.
    """
    record_facts: dict[str, FieldValue] = {}
    for name, value in values.items():
        key = ALIASES.get(name, name)
        if key != name and not _is_empty(key, values.get(key)):
            key = name
        if key not in KNOWN or not _is_empty(key, value):
            record_facts[key] = FieldValue(key, value, path, (lines or {}).get(name, line))
    return record_facts


def facts_of_defaults(defaults: Defaults, *, path: str) -> Facts:
    """The defaults as facts about the file of that path."""
    return facts(asdict(defaults), path=path)


def deliver(
    record_facts: Facts, *, derived_id: str, path: str, line: int | None = None, notices: tuple[str, ...] = ()
) -> Delivery:
    """The article that the facts make. Raises ReadError that names the line of what is wrong."""

    def pick(key: str, parse: Callable[[FieldValue], _Value], default: _Value) -> _Value:
        return (parse(record_facts[key]) or default) if key in record_facts else default

    body = pick("text", text_of, "")
    title = pick("title", line_of, "")
    if not title and not body:
        reason = "a title and a text were expected, found neither; add both, or take the article out"
        raise ReadError(reason, path=path, line=line)
    extra = {without_surrogates(key): fields.json_of(fact) for key, fact in record_facts.items() if key not in KNOWN}
    published, moment = fields.date_of(record_facts["published"]) if "published" in record_facts else (None, None)
    if moment:
        extra["published"] = moment
    if not title:
        title, extra["title_from"] = fields.first_words(body), "text"
        notices = (*notices, "it has no headline; its first words stand in")
    elif len(title) > fields.MAX_TITLE:
        paragraph, title = title, fields.first_words(title)
        body = body if clean_line(body).startswith(paragraph) else f"{paragraph}\n\n{body}".strip()
        notices = (*notices, "the headline is a paragraph; its first words stand in")
    status, corrections, embargo, withdrawal = status_of(record_facts)
    metadata, misfits = _metadata_of(record_facts)
    article_id = pick("id", fields.id_of, "")
    source = Source(
        article_id=article_id or derived_id,
        title=title,
        outlet=pick("outlet", line_of, ""),
        url=pick("url", fields.url_of, None),
        published=published,
        language=pick("language", fields.language_of, "en"),
        kind=pick("kind", line_of, "article").lower(),
        status=status,
        summarises=pick("summarises", line_of, None),
        corrections=corrections,
        quote_limit=metadata.rights.quote_limit,
    )
    article = Article(
        source=source,
        body=body or title,
        event_date=pick("event_date", fields.event_date_of, None),
        derived_from=pick("derived_from", line_of, None),
        note=pick("note", text_of, None),
        extra=extra | {fact.key: fields.json_of(fact) for fact in misfits},
        embargo=embargo,
        withdrawal=withdrawal,
        metadata=metadata,
    )
    notices += tuple(f"{fact.key}: {printable(fact.value)} does not fit; kept as it is" for fact in misfits)
    is_assumed = "language" not in record_facts
    return Delivery(article, path, line, id_is_derived=not article_id, language_assumed=is_assumed, notices=notices)


def exported_facts(value: object) -> dict[str, object]:
    """What an export of the archive's own carries, an object or its JSON: facts, and what the first file said."""
    try:
        value = json.loads(value) if isinstance(value, str) else value
    except (ValueError, RecursionError):
        return {}
    if not isinstance(value, dict) or "kind" not in value:
        return {}
    extra = value.get("extra")
    known = {key: fact for key, fact in value.items() if key in KNOWN}
    return {**extra, **known} if isinstance(extra, dict) else known


def with_exported(
    values: Mapping[str, object], exported: Mapping[str, object], *, extra: Mapping[str, object] = {}
) -> dict[str, object]:
    """The values of a format's own fields and what the item says beside; of an export, what that carries over them.

    Only the words and the status of an export's fields count: whoever withdraws an item afterwards says so there.
    """
    if not exported:
        return {**extra, **without_headline(values)}
    words = {key: value for key, value in values.items() if key in ("id", "title", "text") or key in STATUS_KEYS}
    if "corrections" in exported:
        words.pop("correction", None)
    return {**words, **exported}


def _metadata_of(record_facts: Facts) -> tuple[Metadata, list[FieldValue]]:
    values: dict[str, Any] = {
        key: parse(record_facts[key].value) for key, parse in _READ_BY.items() if key in record_facts
    }
    misfits = [record_facts[key] for key in sorted(values) if values[key] is None]
    values = {key: value for key, value in values.items() if value is not None}
    # Of several limits the lowest counts; -1 is none.
    limits = [values.pop(key) for key in ("quote_limit", "redistribution") if key in values]
    rights = {name: values.pop(key) for key, name in RIGHTS.items() if key in values}
    limit = min((limit for limit in limits if limit >= 0), default=None)
    return Metadata(**values, rights=Rights(**rights, quote_limit=limit)), misfits


def _is_empty(key: str, value: object) -> bool:
    if isinstance(value, str):
        return not value.strip() or (key == "language" and value.strip().lower() in fields.NO_LANGUAGE)
    # Of other keys a list is a fault.
    return value is None or (value in ([], ()) and key in (*_READ_BY, "corrections"))


def _line(value: object) -> str | None:
    if isinstance(value, int) and not isinstance(value, bool):
        value = str(value)
    return clean_line(value)[:MAX_LINE] if isinstance(value, str) else None


def _number(value: object, *, most: int) -> int | None:
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 10:
        value = int(value)
    return value if isinstance(value, int) and not isinstance(value, bool) and 0 <= value <= most else None


def _words(value: object) -> tuple[str, ...] | None:
    """A list of texts, or one text with commas or semicolons between them."""
    if isinstance(value, str):
        value = value.replace(";", ",").split(",")
    if not isinstance(value, list | tuple) or not all(isinstance(word, str) for word in value):
        return None
    return tuple(dict.fromkeys(line for word in value if (line := clean_line(word)[:MAX_LINE])))[:MAX_LISTED]


def _coded(value: object) -> tuple[Coded, ...] | None:
    """A list of names, or of mappings with `name` and `code`; a single one stands for a list of it."""
    concepts: dict[Coded, None] = {}
    for item in value if isinstance(value, list | tuple) else [value]:
        parts = {"name": item} if isinstance(item, str) else item
        if not isinstance(parts, Mapping) or not parts.keys() <= {"name", "code"}:
            return None
        name, code = parts.get("name") or "", parts.get("code") or ""
        if not isinstance(name, str) or not isinstance(code, str):
            return None
        if any(words := (clean_line(name)[:MAX_LINE], clean_line(code)[:MAX_LINE])):
            concepts[Coded(*words)] = None
    return tuple(concepts)[:MAX_LISTED]


_READ_BY: Mapping[str, Callable[[object], object | None]] = {
    **dict.fromkeys(("slugline", "byline", "section", "version"), _line),
    **dict.fromkeys(CODED, _coded),
    **dict.fromkeys((*RIGHTS, "editor_note"), lambda value: clean(value) if isinstance(value, str) else None),
    "keywords": _words,
    "urgency": partial(_number, most=9),
    "revised": lambda value: utc(fields.date_text(value)),
    "supersedes": lambda value: id_from(value) or None if isinstance(value, str) else None,
    "quote_limit": partial(_number, most=1_000_000),
    "redistribution": lambda value: (0 if value is False else -1) if isinstance(value, bool) else None,
}
"""How each descriptive value is read; None where it does not fit."""

KNOWN = frozenset(
    (
        *("id", "title", "text", "published", "outlet", "url", "language", "kind"),
        *("event_date", "summarises", "derived_from", "note"),
        *STATUS_KEYS,
        *_READ_BY,
    )
)
