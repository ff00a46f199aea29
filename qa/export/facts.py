"""An article as facts under the names that the archive's own files use: what every format is made from."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date, datetime

from qa.models.archive import Article, Coded, Correction, Withdrawal, moment_text

Facts = dict[str, object]

NO_HEADLINE = "(no headline)"
"""What the archive calls a record that has neither headline nor text."""

KEYS = (
    *("id", "title", "text", "published", "outlet", "url", "language", "kind", "status", "event_date", "summarises"),
    *("derived_from", "note", "corrections", "embargo", "withdrawn", "slugline", "byline", "section", "keywords"),
    *("subjects", "places", "people", "organisations", "copyright_holder", "copyright_notice", "usage_terms"),
    *("quote_limit", "urgency", "version", "revised", "supersedes", "editor_note"),
)
"""Every fact that has a name, in the order in which it is written."""


def facts_of(article: Article) -> Facts:
    """All that is known of an article as values of JSON; what it doesn't say is left out, `extra` stands apart."""
    said = {**_identity(article), **_standing(article), **_description(article)}
    return {key: said[key] for key in KEYS if said[key] not in (None, "", [])}


def extra_of(article: Article) -> Facts:
    """What the article's file said beside; the whole of a publication date is a fact, and not here."""
    return {key: value for key, value in article.extra.items() if key != "published"}


def carried(article: Article, *, without: Collection[str], instead: Facts | None = None) -> Facts:
    """The facts that a foreign format has no field for: all but those of these names, and what `extra` holds.

    `instead` corrects what the format's own fields would be read as; None takes a fact back.
    """
    own = {key: value for key, value in facts_of(article).items() if key not in without}
    kept = {"extra": extra} if (extra := extra_of(article)) else {}
    return {"kind": article.source.kind, **own, **(instead or {}), **kept}


def published_of(article: Article) -> str | None:
    """The publication date as its file wrote it, with the time where it has one."""
    day, moment = article.source.published, article.extra.get("published")
    if day is None:
        return None
    return moment if isinstance(moment, str) and moment.startswith(day.isoformat()) else day.isoformat()


def published_moment(article: Article) -> datetime | None:
    """The same as a moment; None where only the day is known, or where the time has no zone."""
    try:
        moment = datetime.fromisoformat(published_of(article) or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _identity(article: Article) -> Facts:
    source = article.source
    silent = article.headline_only and "body" not in article.extra
    blank = not article.body and source.title == NO_HEADLINE
    return {
        "id": source.article_id,
        "title": None if blank else source.title,
        "text": None if silent else article.body,
        "published": published_of(article),
        "outlet": source.outlet,
        "url": source.url,
        "language": source.language,
        "kind": source.kind,
        "event_date": article.event_date,
        "summarises": source.summarises,
        "derived_from": article.derived_from,
        "note": article.note,
    }


def _standing(article: Article) -> Facts:
    return {
        "status": article.source.status.value,
        "corrections": [correction_value(one) for one in article.source.corrections],
        "embargo": _moment(article.embargo),
        "withdrawn": withdrawal_value(article.withdrawal) if article.withdrawal else None,
    }


def _description(article: Article) -> Facts:
    data = article.metadata
    return {
        "slugline": data.slugline,
        "byline": data.byline,
        "section": data.section,
        "keywords": list(data.keywords),
        "subjects": _coded(data.subjects),
        "places": _coded(data.places),
        "people": _coded(data.people),
        "organisations": _coded(data.organisations),
        "copyright_holder": data.rights.holder,
        "copyright_notice": data.rights.notice,
        "usage_terms": data.rights.terms,
        "quote_limit": data.rights.quote_limit,
        "urgency": data.urgency,
        "version": data.version,
        "revised": _moment(data.revised),
        "supersedes": data.supersedes,
        "editor_note": data.editor_note,
    }


def correction_value(correction: Correction) -> Facts:
    return {"text": correction.text, **_dated(correction.day)}


def withdrawal_value(withdrawal: Withdrawal) -> Facts | bool:
    """True where no reason is known: a day alone is nothing that files may say."""
    return {"reason": withdrawal.reason, **_dated(withdrawal.day)} if withdrawal.reason else True


def _dated(day: date | None) -> Facts:
    return {"date": day.isoformat()} if day else {}


def _coded(listed: Sequence[Coded]) -> list[Facts]:
    return [{key: text for key, text in (("name", one.name), ("code", one.code)) if text} for one in listed]


def _moment(moment: datetime | None) -> str | None:
    return moment_text(moment) if moment else None
