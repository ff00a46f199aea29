"""An article as facts, under the names that the archive's own files use, its identifiers, and what of it may leave."""

import hashlib
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from urllib.parse import quote

from qa.models.archive import Article, Metadata, Status, allowed_span, moment_text

Facts = dict[str, object]

NO_HEADLINE = "(no headline)"  # title of a record that has neither headline nor text
FACTS_FIELD = "x-archive-facts"  # name of the field that holds what a foreign format has no field for

KEYS = (
    *("id", "title", "text", "published", "outlet", "url", "language", "kind", "status", "event_date", "summarises"),
    *("derived_from", "note", "corrections", "embargo", "withdrawn", "slugline", "byline", "section", "keywords"),
    *("subjects", "places", "people", "organisations", "copyright_holder", "copyright_notice", "usage_terms"),
    *("quote_limit", "urgency", "version", "revised", "supersedes", "editor_note"),
)
"""Every fact that has a name, in the order in which it is written."""

OWN_URN = "urn:x-archive:"  # prefix of an article's id where the source gave it no URI of its own

MAX_NAME = 120  # characters of a file's name that are the id's

_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_NOT_IN_IDS = re.compile(r"[^\w.,:;@+~()!*'=-]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")

_EDITORS = re.compile(r"(?:ed|editors?|editorial|internal)notes?|edmsg|notes?toeditors")
"""How sources name what they say to editors alone, written without what joins the words."""
_NAMING = ("role", "type", "name", "class", "noteclass")


def facts_of(article: Article) -> Facts:
    """All facts of an article as values of JSON; empty ones are left out, `extra` is separate."""
    source, data, gone = article.source, article.metadata, article.withdrawal
    silent = article.headline_only and "body" not in article.extra
    blank = not article.body and source.title == NO_HEADLINE
    values: Facts = {
        "id": source.article_id,
        "title": None if blank else source.title,
        "text": None if silent else article.body,
        "published": published_of(article),
        "status": source.status.value,
        "corrections": [{"text": correction.text, **_dated(correction.day)} for correction in source.corrections],
        "embargo": article.embargo and moment_text(article.embargo),
        # True where no reason is known: a day alone is nothing that files may say.
        "withdrawn": gone and ({"reason": gone.reason, **_dated(gone.day)} if gone.reason else True),
        "copyright_holder": data.rights.holder,
        "copyright_notice": data.rights.notice,
        "usage_terms": data.rights.terms,
        "quote_limit": data.rights.quote_limit,
        "keywords": list(data.keywords),
        "revised": data.revised and moment_text(data.revised),
    }
    for key in ("subjects", "places", "people", "organisations"):
        values[key] = [without_empty(asdict(entry)) for entry in getattr(data, key)]
    # Whatever else there is stands under its own name. A `version` is the source's, not the archive's.
    for part in (data, article, source):
        values = {key: getattr(part, key) for key in KEYS if hasattr(part, key)} | values
    return without_empty({key: values[key] for key in KEYS})


def extra_of(article: Article) -> Facts:
    """What the article's file said beside; the whole of a publication date is a fact, and not here."""
    return {key: value for key, value in article.extra.items() if key != "published"}


def without_empty(facts: Facts, *more: object) -> Facts:
    """The facts that say something; `more` are further values that say nothing."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], *more)}


def carried(article: Article, *, without: Collection[str], instead: Facts | None = None) -> Facts:
    """All facts but those of these names, and what `extra` holds: what a foreign format has no field for.

    `instead` corrects what the format's own fields would be read as; None takes a fact back.
    """
    facts = {key: value for key, value in facts_of(article).items() if key not in without}
    extra = extra_of(article)
    return {"kind": article.source.kind, **facts, **(instead or {}), **({"extra": extra} if extra else {})}


def published_of(article: Article) -> str | None:
    """The publication date as its file wrote it, with the time where it has one."""
    day, moment = article.source.published, article.extra.get("published")
    if day is None:
        return None
    return moment if isinstance(moment, str) and moment.startswith(day.isoformat()) else day.isoformat()


def published_moment(article: Article) -> datetime | None:
    """The publication as a moment; None where only the day is known, or where the time has no zone."""
    try:
        moment = datetime.fromisoformat(published_of(article) or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def is_uri(text: str) -> bool:
    return bool(_URI.fullmatch(text))


def uri_of(article: Article) -> str:
    """The URI by which the source knows the article, or one made from its id."""
    return _uri_of_source(article) or OWN_URN + quote(article.article_id, safe="")


def source_id(article: Article) -> str:
    """The same where any text will do: the id itself stands in."""
    return _uri_of_source(article) or article.article_id


def names(uri: str, article_id: str) -> bool:
    """True where reading makes the id of the URI: the same, or with hyphens and a digest of the whole."""
    plain = _NOT_IN_IDS.sub("-", uri).strip("-")
    return article_id == (uri if plain == uri else _with_digest(plain[:MAX_NAME].strip("-"), uri))


def file_stem(article_id: str) -> str:
    """A file's name that every system takes and that no other article has, also where case doesn't count."""
    plain = _NOT_IN_NAMES.sub("-", article_id).strip("-")[:MAX_NAME]
    return plain if plain == article_id else _with_digest(plain, article_id)


def _with_digest(plain: str, text: str) -> str:
    return f"{plain}-{hashlib.sha256(text.encode('utf-8', 'surrogatepass')).hexdigest()[:8]}".lstrip("-")


def _uri_of_source(article: Article) -> str:
    uri = article.extra.get("uri")
    return uri if isinstance(uri, str) and is_uri(uri) and names(uri, article.article_id) else ""


def _dated(day: date | None) -> Facts:
    return {"date": day.isoformat()} if day else {}


def permitted(article: Article, *, staff: bool) -> Article | None:
    """The article as it may leave; None where it may not.

    To the staff everything goes. To others no note to editors, nothing of what is withheld or embargoed, of what was
    withdrawn its headline and the reason, and of what may not be quoted at length its headline, dates, address and
    rights, with as many of its words as are allowed.
    """
    if staff:
        return article
    source, data = article.source, article.metadata
    if source.status is not Status.WITHDRAWN and not source.status.readable:
        return None
    limit = min((limit for limit in (source.quote_limit, data.rights.quote_limit) if limit is not None), default=None)
    if limit is None and source.status.readable:
        extra = {name: _without_notes(value) for name, value in article.extra.items() if not _for_editors(name, value)}
        return replace(article, extra=extra, metadata=replace(data, editor_note=""))
    extra = {"published": article.extra["published"]} if "published" in article.extra else {}
    kept = Metadata(version=data.version, revised=data.revised, supersedes=data.supersedes)
    bare = replace(article, body=source.title, derived_from=None, note=None, extra=extra, metadata=kept)
    if limit is not None and source.status.readable:
        span = allowed_span(article.body, limit)
        words = article.body[: span.end] if span else source.title
        return replace(bare, body=words, metadata=replace(kept, rights=data.rights))
    # The notice that it was taken back. Not its corrections: they may repeat its words.
    source = replace(source, url=None, corrections=(), quote_limit=None)
    return replace(bare, source=source, event_date=None, embargo=None)


def _without_notes(value: object) -> object:
    """A value of JSON without what is named as a note to editors, however deep."""
    if isinstance(value, Mapping):
        return {name: _without_notes(below) for name, below in value.items() if not _for_editors(name, below)}
    if isinstance(value, list):
        return [_without_notes(below) for below in value if not _for_editors("", below)]
    return value


def _for_editors(name: object, value: object) -> bool:
    """True where a value has such a name, or says itself that it is such a note."""
    names = [name, *(value.get(key) for key in _NAMING)] if isinstance(value, Mapping) else [name]
    plain = ("".join(filter(str.isalnum, text.lower())) for text in names if isinstance(text, str))
    return any(map(_EDITORS.fullmatch, plain))
