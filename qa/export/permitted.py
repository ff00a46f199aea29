"""The parts of an article that may be exported, to the public and to the staff."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

from qa.models.archive import Article, Metadata, Status, allowed_span

_EDITORS = re.compile(r"(?:ed|editors?|editorial|internal)notes?|edmsg|notes?toeditors")
"""How sources name what they say to editors alone, written without what joins the words."""

_NAMING = ("role", "type", "name", "class", "noteclass")


def permitted(article: Article, *, staff: bool) -> Article | None:
    """The article as it may leave; None where it may not.

    To the staff everything goes. To others no note to editors, nothing of what is withheld or embargoed, of what was
    withdrawn its headline and the reason, and of what may not be quoted at length its headline, dates, address and
    rights, with as many of its words as are allowed.
    """
    if staff:
        return article
    status = article.source.status
    if status is Status.WITHDRAWN:
        return _withdrawn(article)
    if not status.readable:
        return None
    limits = (article.source.quote_limit, article.metadata.rights.quote_limit)
    limit = min((limit for limit in limits if limit is not None), default=None)
    return _for_readers(article) if limit is None else _excerpt(article, limit)


def _for_readers(article: Article) -> Article:
    extra = {name: _without_notes(value) for name, value in article.extra.items() if not _for_editors(name, value)}
    return replace(article, extra=extra, metadata=replace(article.metadata, editor_note=""))


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


def _excerpt(article: Article, limit: int) -> Article:
    data = article.metadata
    metadata = Metadata(rights=data.rights, version=data.version, revised=data.revised, supersedes=data.supersedes)
    span = allowed_span(article.body, limit)
    return replace(_bare(article), body=article.body[: span.end] if span else article.source.title, metadata=metadata)


def _withdrawn(article: Article) -> Article:
    """The notice that it was taken back. Not its corrections: they may repeat its words."""
    data = article.metadata
    return replace(
        _bare(article),
        source=replace(article.source, url=None, corrections=(), quote_limit=None),
        event_date=None,
        embargo=None,
        metadata=Metadata(version=data.version, revised=data.revised, supersedes=data.supersedes),
    )


def _bare(article: Article) -> Article:
    extra = {"published": article.extra["published"]} if "published" in article.extra else {}
    return replace(article, body=article.source.title, derived_from=None, note=None, extra=extra)
