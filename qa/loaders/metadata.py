"""Facts that files, sidecars and the command line state about an article, put together into one `Delivery`.

Known keys are `KNOWN`: those of the article itself, those of `publication_status` (status, correction, corrections,
embargo, withdrawn) and the descriptive ones (byline, keywords, rights …). Others are kept in the article's `extra`, as
JSON values; so is a descriptive value that does not fit its field, with a notice: no article is refused for it.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import date
from functools import partial
from typing import Any, TypeVar

from qa.errors import ReadError
from qa.loaders.cleaning import clean, clean_line, without_surrogates
from qa.loaders.documents import Document
from qa.loaders.fields import (
    MAX_TITLE,
    FieldValue,
    date_of,
    date_text,
    event_date_of,
    first_words,
    id_from,
    id_of,
    json_of,
    language_of,
    line_of,
    names_no_language,
    printable,
    text_of,
    url_of,
)
from qa.loaders.publication_status import KEYS as STATUS_KEYS
from qa.loaders.publication_status import status_of
from qa.loaders.timestamps import utc
from qa.models.archive import Article, Coded, Metadata, Rights, Source
from qa.models.deliveries import Delivery, Failure, Original

ALIASES = {"date": "published", "source": "outlet", "lang": "language", "headline": "title", "body": "text"}
CODED = ("subjects", "places", "people", "organisations")
RIGHTS = {"copyright_holder": "holder", "copyright_notice": "notice", "usage_terms": "terms"}
DEFAULT_LANGUAGE = "en"
DEFAULT_KIND = "article"
MAX_SLUG = 160  # characters; stays below the longest id with a line number behind
MAX_LINE = 1_000  # characters of a byline, a keyword and the like
MAX_LISTED = 500  # of the keywords, places, people that are kept

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

    `defaults` are facts that the record's own replace; `derived_id` is used where they name none; `notices` are those
    of the whole document. `original` is set where the record is an original of its own.
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
        return self.derived_id or slug(self.document.stem)

    def numbered(
        self, number: int | str, *, line: int | None = None, original: Original | None = None
    ) -> RecordContext:
        """The context of one of several records, whose derived id ends in its number."""
        line, original = self.line if line is None else line, original or self.original
        return replace(self, derived_id=f"{self.stem}-{number}", line=line, original=original)

    def facts(self, values: Mapping[str, object]) -> Facts:
        """The record's values as facts, over the defaults."""
        return {**self.defaults, **facts(values, path=self.document.place, line=self.line)}

    def article(self, values: Mapping[str, object], *notices: str) -> Delivery:
        """The article of some values, those that say nothing left out. Raises ReadError."""
        return self.deliver(self.facts(present(values)), *notices)

    def deliver(self, record_facts: Facts, *notices: str) -> Delivery:
        """The article of these facts. Raises ReadError."""
        place, notices = self.document.place, (*self.notices, *notices)
        delivery = deliver(record_facts, derived_id=self.stem, path=place, line=self.line, notices=notices)
        return replace(delivery, original=self.original)

    def failure(self, error: ReadError, *, line: int | None = None) -> Failure:
        """The failure of this record alone."""
        return Failure(error.path or self.document.place, error.line or line or self.line, error.reason)


def present(values: Mapping[str, object]) -> dict[str, object]:
    """The values that say something, and what else an item holds, which is kept as it is."""
    return {key: value for key, value in values.items() if key not in KNOWN or value not in (None, "", [], {}, ())}


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
    record_facts: dict[str, FieldValue] = {}
    for name, value in values.items():
        key = ALIASES.get(name, name)
        if key != name and not _is_empty(values.get(key)):
            key = name
        if key in KNOWN and (_is_empty(value) or (key == "language" and names_no_language(value))):
            continue
        record_facts[key] = FieldValue(key, value, path, lines.get(name, line))
    return record_facts


def facts_of_defaults(defaults: Defaults, *, path: str) -> Facts:
    """The defaults as facts about the file of that path."""
    return facts(asdict(defaults), path=path)


def deliver(
    record_facts: Facts, *, derived_id: str, path: str, line: int | None = None, notices: tuple[str, ...] = ()
) -> Delivery:
    """The article that the facts make. Raises ReadError that names the line of what is wrong.

    `derived_id` is used where the facts name none; `path` and `line` say where the article stands.
    """

    def pick(key: str, parse: Callable[[FieldValue], _Value], default: _Value) -> _Value:
        return (parse(record_facts[key]) or default) if key in record_facts else default

    body = pick("text", text_of, "")
    title = pick("title", line_of, "")
    if not title and not body:
        reason = "a title and a text were expected, found neither; add both, or take the article out"
        raise ReadError(reason, path=path, line=line)
    extra = _extra(record_facts)
    if not title:
        title, extra["title_from"] = first_words(body), "text"
        notices = (*notices, "it has no headline; its first words stand in")
    elif len(title) > MAX_TITLE:
        title, body = first_words(title), body if clean_line(body).startswith(title) else f"{title}\n\n{body}".strip()
        notices = (*notices, "the headline is a paragraph; its first words stand in")
    status = status_of(record_facts)
    metadata, misfits = metadata_of(record_facts)
    article_id = pick("id", id_of, "")
    source = Source(
        article_id=article_id or derived_id,
        title=title,
        outlet=pick("outlet", line_of, ""),
        url=pick("url", url_of, None),
        published=pick("published", lambda field: date_of(field)[0], None),
        language=pick("language", language_of, DEFAULT_LANGUAGE),
        kind=pick("kind", line_of, DEFAULT_KIND).lower(),
        status=status.status,
        summarises=pick("summarises", line_of, None),
        corrections=status.corrections,
        quote_limit=metadata.rights.quote_limit,
    )
    article = Article(
        source=source,
        body=body or title,
        event_date=pick("event_date", event_date_of, None),
        derived_from=pick("derived_from", line_of, None),
        note=pick("note", text_of, None),
        extra=extra | {key: json_of(record_facts[key]) for key in misfits},
        embargo=status.embargo,
        withdrawal=status.withdrawal,
        metadata=metadata,
    )
    misfit_notices = [f"{key}: {printable(value)} does not fit; kept as it is" for key, value in misfits.items()]
    is_assumed = "language" not in record_facts
    notices = (*notices, *misfit_notices)
    return Delivery(article, path, line, id_is_derived=not article_id, language_assumed=is_assumed, notices=notices)


def metadata_of(record_facts: Facts) -> tuple[Metadata, dict[str, object]]:
    """The descriptive metadata that the facts make, and the values that fit no field."""
    values: dict[str, Any] = {}
    misfits: dict[str, object] = {}
    for key in sorted(_DESCRIPTIVE.keys() & record_facts.keys()):
        parsed = _DESCRIPTIVE[key](record_facts[key].value)
        if parsed is None:
            misfits[key] = record_facts[key].value
        else:
            values[key] = parsed
    limits = [values.pop(key) for key in ("quote_limit", "redistribution") if key in values]
    rights = {name: values.pop(key) for key, name in RIGHTS.items() if key in values}
    # Of several limits the lowest counts; -1 is none.
    limit = min((limit for limit in limits if limit >= 0), default=None)
    return Metadata(**values, rights=Rights(**rights, quote_limit=limit)), misfits


def slug(name: str) -> str:
    """An id made from a file's name: lower case, without accents, words joined by hyphens."""
    plain = "".join(char for char in unicodedata.normalize("NFKD", name) if not unicodedata.combining(char))
    words = re.findall(r"[^\W_]+", unicodedata.normalize("NFC", plain.lower()))
    if not words:
        return f"article-{hashlib.sha256(name.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}"
    return "-".join(words)[:MAX_SLUG].rstrip("-")


def _extra(record_facts: Facts) -> dict[str, object]:
    """Unknown keys, and the whole of a publication date that says a time."""
    unknown = ((key, field) for key, field in record_facts.items() if key not in KNOWN)
    extra = {without_surrogates(key): json_of(field) for key, field in unknown}
    moment = date_of(record_facts["published"])[1] if "published" in record_facts else None
    return extra | {"published": moment} if moment else extra


def _is_empty(value: object) -> bool:
    return value is None or (isinstance(value, str) and not value.strip())


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
    concepts: list[Coded] = []
    for item in value if isinstance(value, list | tuple) else [value]:
        parts = {"name": item} if isinstance(item, str) else item
        if not isinstance(parts, Mapping) or not parts.keys() <= {"name", "code"}:
            return None
        name, code = parts.get("name") or "", parts.get("code") or ""
        if not isinstance(name, str) or not isinstance(code, str):
            return None
        concepts.append(Coded(clean_line(name)[:MAX_LINE], clean_line(code)[:MAX_LINE]))
    return tuple(dict.fromkeys(concept for concept in concepts if concept.name or concept.code))[:MAX_LISTED]


_DESCRIPTIVE: Mapping[str, Callable[[object], object | None]] = {
    **dict.fromkeys(("slugline", "byline", "section", "version"), _line),
    **dict.fromkeys(CODED, _coded),
    **dict.fromkeys((*RIGHTS, "editor_note"), lambda value: clean(value) if isinstance(value, str) else None),
    "keywords": _words,
    "urgency": partial(_number, most=9),
    "revised": lambda value: utc(date_text(value)),
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
        *_DESCRIPTIVE,
    )
)
