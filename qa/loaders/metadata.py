"""Facts that files, sidecars and the command line state about an article, put together into one `Delivery`.

Keys that are not `KNOWN` are kept in the article's `extra`, as JSON values; so is a descriptive value (byline,
keywords, rights …) that does not fit its field, with a notice: no article is refused for it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, datetime
from functools import partial
from typing import Any

from qa.errors import ReadError
from qa.loaders import fields
from qa.loaders.documents import Document
from qa.loaders.fields import FieldValue, line_of, printable, text_of, utc, without_headline
from qa.models.archive import Article, Coded, Correction, Metadata, Original, Rights, Source, Status, Withdrawal
from qa.models.deliveries import Delivery, Failure
from qa.text.cleaning import clean, clean_line, folded, id_from, without_surrogates

ALIASES = {"date": "published", "source": "outlet", "lang": "language", "headline": "title", "body": "text"}
OTHER_NAMES = {
    folded(name): key
    for key in ("published", "revised", "byline", "url", "keywords")
    for name in fields.NAMES["table"][key]
}
STATUS_KEYS = frozenset(("status", "correction", "corrections", "embargo", "withdrawn"))
CODED = ("subjects", "places", "people", "organisations")
RIGHTS = {"copyright_holder": "holder", "copyright_notice": "notice", "usage_terms": "terms"}
MAX_LINE = 1_000  # characters of a byline, a keyword and the like
MAX_LISTED = 500  # of the keywords, places, people that are kept

FACTS_FIELD = "x-archive-facts"  # of the archive's own exports: facts that a format has no field for, as JSON

Facts = Mapping[str, FieldValue]
Values = Mapping[str, object]


@dataclass(frozen=True, slots=True)
class RecordContext:
    """Where a record stands and what is stated of it already: all that its reader needs to make it an article."""

    document: Document
    defaults: Facts  # which its own facts replace
    derived_id: str = ""  # where they name none
    line: int | None = None
    notices: tuple[str, ...] = ()  # of the whole document
    original: Original | None = None  # where the record is an original of its own

    @property
    def stem(self) -> str:
        """The derived id, made from the document's name where there is no other."""
        return self.derived_id or fields.slug(self.document.stem)

    def numbered(self, number: int | str, **changes: Any) -> RecordContext:
        """The context of one of several records, whose derived id ends in its number."""
        return replace(self, derived_id=f"{self.stem}-{number}", **changes)

    def article(self, values: Values, *notices: str, lines: Mapping[str, int] | None = None) -> Delivery:
        """The article of some values; `lines` gives the line of each where it is known. Raises ReadError."""
        place, notices = self.document.place, (*self.notices, *notices)
        record = {**self.defaults, **facts(values, path=place, line=self.line, lines=lines)}
        words = _parsed(record, {"text": text_of, "title": line_of})
        title, body = words.get("title", ""), words.get("text", "")
        if not title and not body:
            reason = "a title and a text were expected, found neither; add both, or take the article out"
            raise ReadError(reason, path=place, line=self.line)
        extra = {without_surrogates(key): fields.json_of(fact) for key, fact in record.items() if key not in KNOWN}
        published, moment = fields.date_of(record["published"]) if "published" in record else (None, None)
        if moment:
            extra["published"] = moment
        if not title:
            title, extra["title_from"] = fields.first_words(body), "text"
            notices = (*notices, "it has no headline; its first words stand in")
        elif len(title) > fields.MAX_TITLE:
            paragraph, title = title, fields.first_words(title)
            body = body if clean_line(body).startswith(paragraph) else f"{paragraph}\n\n{body}".strip()
            notices = (*notices, "the headline is a paragraph; its first words stand in")
        status, corrections, embargo, withdrawal = _status_of(record)
        metadata, misfits = _metadata_of(record)
        article_id = fields.id_of(record["id"]) if "id" in record else ""
        source = Source(
            **{"article_id": article_id or self.stem, "outlet": "", **_parsed(record, _SOURCE_FIELDS)},
            title=title,
            published=published,
            status=status,
            corrections=corrections,
            quote_limit=metadata.rights.quote_limit,
        )
        article = Article(
            source,
            body or title,
            **_parsed(record, _ARTICLE_FIELDS),
            extra=extra | {fact.key: fields.json_of(fact) for fact in misfits},
            embargo=embargo,
            withdrawal=withdrawal,
            metadata=metadata,
        )
        for fact in misfits:
            so = "nothing of the article may be shown" if fact.key in LIMITS else "kept as it is"
            notices += (f"{fact.key}: {printable(fact.value)} does not fit; {so}",)
        is_assumed = "language" not in record
        return Delivery(article, place, self.line, not article_id, notices, self.original, language_assumed=is_assumed)

    def failure(self, error: ReadError, *, line: int | None = None) -> Failure:
        return Failure(error.path or self.document.place, error.line or line or self.line, error.reason)


def present(values: Values) -> dict[str, object]:
    """The values that say something."""
    return {key: value for key, value in values.items() if value not in (None, "", [], {}, ())}


def under_own_names(values: Values) -> dict[str, object]:
    """Values that others name otherwise (`published_at`, `author`) under the archive's names, where they fit there."""
    taken = {ALIASES.get(name, name) for name in present(values)}
    named: dict[str, object] = {}
    for name, value in values.items():
        key = "" if name in KNOWN or name in ALIASES else OTHER_NAMES.get(folded(name), "")
        known = _as_known(key, value)
        if known is None or key in taken:
            named[name] = value
        else:
            named[key] = known
            taken.add(key)
    return named


def _as_known(key: str, value: object) -> object | None:
    """A value of such a name as the archive has it; None where it is none."""
    if key == "keywords" and isinstance(value, list) and all(isinstance(word, str) for word in value):
        return value or None
    text = value.strip() if isinstance(value, str) else ""
    if key in ("published", "revised"):
        return fields.iso(text) or fields.numeric_day(text)
    fits = fields.is_address(text) if key == "url" else bool(key and text)
    return value if fits else None


def facts(values: Values, *, path: str, line: int | None = None, lines: Mapping[str, int] | None = None) -> Facts:
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


def _parsed(record_facts: Facts, parsers: Mapping[str, Callable[[FieldValue], str]]) -> dict[str, Any]:
    """What the facts say of these fields; empty ones are left out."""
    return present({key: parse(record_facts[key]) for key, parse in parsers.items() if key in record_facts})


def _status_of(facts: Facts) -> tuple[Status, tuple[Correction, ...], datetime | None, Withdrawal | None]:
    """The strictest status, corrections, when an embargo ends (UTC) and why it was withdrawn. Raises ReadError."""
    corrections = tuple(
        Correction(*_notice(replace(field, value=value), name="text"))
        for field in (facts[key] for key in ("correction", "corrections") if key in facts)
        for value in (field.value if isinstance(field.value, list) else [field.value])
    )
    embargo = withdrawal = None
    if field := facts.get("embargo"):
        try:
            embargo = fields.parse_moment(fields.date_text(field.value))
        except ValueError:
            expected = "a date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00"
            field.refuse(expected, advice="correct it, or take it out")
    if (field := facts.get("withdrawn")) and field.value is not False:
        withdrawal = Withdrawal() if field.value is True else Withdrawal(*_notice(field, name="reason"))
    status = Status.EMBARGOED if embargo else Status.CORRECTED if corrections else Status.LIVE
    if field := facts.get("status"):
        text = line_of(field).lower()
        if text not in tuple(Status):
            field.refuse(" or ".join(Status), advice="correct it; without one it is live")
        if text == Status.CORRECTED and not corrections:
            field.refuse("corrected beside its correction", advice="add the correction, or take the status out")
        if text == Status.EMBARGOED and not embargo:
            field.refuse("embargoed beside its embargo", advice="add when it ends (embargo: 2026-12-01)")
        if text == Status.WITHDRAWN:
            withdrawal = withdrawal or Withdrawal()
        elif text == Status.WITHHELD:
            status = Status.WITHHELD
    return Status.WITHDRAWN if withdrawal else status, corrections, embargo, withdrawal


def _notice(field: FieldValue, *, name: str) -> tuple[str, date | None]:
    """The words and the date of a notice: text, or a mapping of `name` and `date`."""
    parts = field.value if isinstance(field.value, dict) else {name: field.value}
    if unknown := set(map(str, parts)) - {name, "date"}:
        field.refuse(f"{name} and date", advice=f"take out {fields.printable_key(min(unknown))}")
    text, day = parts.get(name), parts.get("date")
    if not isinstance(text, str) or not clean_line(text):
        field.refuse(f"text, or {name} and date", advice=f"write the {name} as text, in quotes")
    if len(text) > fields.MAX_NOTICE:
        field.refuse(f"at most {fields.MAX_NOTICE:,} characters", advice="shorten it")
    return clean_line(text), None if day is None else fields.date_of(replace(field, value=day))[0]


def exported_facts(value: object) -> dict[str, object]:
    """What an export of the archive's own carries, an object or its JSON: facts, and what the first file said."""
    value = fields.json_in(value) if isinstance(value, str) else value
    if not isinstance(value, dict) or "kind" not in value:
        return {}
    extra = value.get("extra")
    known = {key: fact for key, fact in value.items() if key in KNOWN}
    return {**extra, **known} if isinstance(extra, dict) else known


def with_exported(values: Values, exported: Values, *, extra: Mapping[str, object] = {}) -> dict[str, object]:
    """The values of a format's own fields and what the item says beside; of an export, what that carries over them."""
    if not exported:
        return {**extra, **without_headline(values)}
    # Words and status count as the fields say them: whoever withdraws an item afterwards says so there.
    words = {key: value for key, value in values.items() if key in ("id", "title", "text") or key in STATUS_KEYS}
    if "corrections" in exported:
        words.pop("correction", None)
    return {**words, **exported}


def _metadata_of(record_facts: Facts) -> tuple[Metadata, list[FieldValue]]:
    parsed = {key: parse(record_facts[key].value) for key, parse in _METADATA_FIELDS.items() if key in record_facts}
    misfits = [record_facts[key] for key in sorted(parsed) if parsed[key] is None]
    values: dict[str, Any] = {key: value for key, value in parsed.items() if value is not None}
    # Of several limits the lowest counts; -1 is none. What can't be read as a limit or a permission allows nothing.
    limits = [values.pop(key) for key in LIMITS if key in values]
    limits += [0 for misfit in misfits if misfit.key in LIMITS]
    limit = min((limit for limit in limits if limit >= 0), default=None)
    rights = {name: values.pop(key) for key, name in RIGHTS.items() if key in values}
    return Metadata(**values, rights=Rights(**rights, quote_limit=limit)), misfits


def _is_empty(key: str, value: object) -> bool:
    if isinstance(value, str):
        return not value.strip() or (key == "language" and value.strip().lower() in fields.NO_LANGUAGE)
    # Of other keys a list is a fault.
    return value is None or (value in ([], ()) and key in (*_METADATA_FIELDS, "corrections"))


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
        if not all(isinstance(word, str) for word in parts.values() if word):
            return None
        name, code = (clean_line(parts.get(key) or "")[:MAX_LINE] for key in ("name", "code"))
        if name or code:
            concepts[Coded(name, code)] = None
    return tuple(concepts)[:MAX_LISTED]


YES_OR_NO: Mapping[str, bool] = {
    **dict.fromkeys(("true", "yes", "1", "y", "sí", "si", "x"), True),
    **dict.fromkeys(("false", "no", "0", "n"), False),
}
_PERMISSIONS = {word: -1 if yes else 0 for word, yes in YES_OR_NO.items()}
LIMITS = ("quote_limit", "redistribution")
# How each descriptive value is read; None where it does not fit.
_METADATA_FIELDS: Mapping[str, Callable[[object], object | None]] = {
    **dict.fromkeys(("slugline", "byline", "section", "version"), _line),
    **dict.fromkeys(CODED, _coded),
    **dict.fromkeys((*RIGHTS, "editor_note"), lambda value: clean(value) if isinstance(value, str) else None),
    "keywords": _words,
    "urgency": partial(_number, most=9),
    "revised": lambda value: utc(fields.date_text(value)),
    "supersedes": lambda value: id_from(value) or None if isinstance(value, str) else None,
    "quote_limit": partial(_number, most=1_000_000),
    "redistribution": lambda value: _PERMISSIONS.get(str(value).strip().lower()),
}
_SOURCE_FIELDS: Mapping[str, Callable[[FieldValue], str]] = {
    "outlet": line_of,
    "url": fields.url_of,
    "language": fields.language_of,
    "kind": lambda field: line_of(field).lower(),
    "summarises": line_of,
}
_ARTICLE_FIELDS = {"event_date": fields.event_date_of, "derived_from": line_of, "note": text_of}
_OTHERS = ("id", "title", "text", "published", *STATUS_KEYS)
KNOWN = frozenset((*_OTHERS, *_SOURCE_FIELDS, *_ARTICLE_FIELDS, *_METADATA_FIELDS))
