"""ninjs 3.1, news items in JSON by the IPTC.

Its schema takes no other names than its own. What is to be read back as it was travels as JSON in a description of the
role `x-archive-facts`; corrections, notes and the reason of a withdrawal stand in descriptions in words as well.
Keywords are subjects of the relation `keyword`, the article's address is a rendition called `web`.
"""

import json
from collections.abc import Iterator, Sequence

from qa.export.facts import FACTS_FIELD, Facts, carried, is_uri, published_moment, uri_of, without_empty
from qa.models.archive import Article, Coded, Status, moment_text

STANDARD = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}

_PLAIN = "text/plain"
_IN_FIELDS = ("id", "title", "text", "status")
"""Facts that are read from the item's own fields: those may be changed once it was exported."""
_STATUS = {Status.WITHHELD: "withheld", Status.WITHDRAWN: "canceled"}


def item_of(article: Article) -> Facts:
    """The article as an item; fields that would be empty are left out."""
    source, data, rights = article.source, article.metadata, article.metadata.rights
    published = _published(article)
    body = "" if article.headline_only else article.body
    counts = {"charCount": len(body), "wordCount": len(body.split())}
    # Only the headline is there, or exactly as many words as may be shown.
    is_cut = article.headline_only or len(article.body.split()) == rights.quote_limit
    item: Facts = {
        "uri": uri_of(article),
        "standard": STANDARD,
        "type": "text",
        "representationType": "partial" if is_cut else "full",
        "version": data.version,
        "firstCreated": published,
        "versionCreated": moment_text(data.revised) if data.revised else None,
        "contentCreated": published,
        "embargoedUntil": moment_text(article.embargo) if article.embargo else None,
        "pubStatus": _STATUS.get(source.status, "usable"),
        "urgency": data.urgency,
        "copyrightHolder": rights.holder,
        "copyrightNotice": rights.notice,
        "usageTerms": rights.terms,
        "edNote": data.editor_note,
        "language": source.language,
        "headlines": [{"role": "main", "contentType": _PLAIN, "value": source.title}],
        "bodies": [{"role": "main", "contentType": _PLAIN, **counts, "value": body}] if body else None,
        "by": data.byline,
        "slugline": data.slugline,
        "people": _named(data.people),
        "organisations": _named(data.organisations),
        "places": _named(data.places),
        "subjects": [*_named(data.subjects), *({"name": word, "rel": "keyword"} for word in data.keywords)],
        "infoSources": [{"name": source.outlet, "role": "publisher"}] if source.outlet else None,
        "renditions": [{"name": "web", "href": source.url, "contentType": "text/html"}] if source.url else None,
        "descriptions": [*_descriptions(article), _carrying(article)],
    }
    return without_empty(item, 0)  # an urgency of 0 is none of its own


def ninjs(article: Article) -> str:
    """One item as JSON without a line break in it."""
    return json.dumps(item_of(article), ensure_ascii=False)


def _published(article: Article) -> str | None:
    """Its day begins it where the time isn't known: the field takes no day alone."""
    day, moment = article.source.published, published_moment(article)
    return moment.isoformat(timespec="seconds") if moment else f"{day.isoformat()}T00:00:00Z" if day else None


def _named(entries: Sequence[Coded]) -> list[Facts]:
    """A code is a URI, or a literal where it is none."""
    return [
        without_empty({"name": entry.name, "uri" if is_uri(entry.code) else "literal": entry.code}) for entry in entries
    ]


def _descriptions(article: Article) -> Iterator[Facts]:
    texts = [("correction", f"{correction.lead}: {correction.text}") for correction in article.source.corrections]
    texts.append(("withdrawal", article.withdrawal.reason if article.withdrawal else ""))
    texts.append(("note", article.note or ""))
    return ({"role": role, "contentType": _PLAIN, "value": text} for role, text in texts if text)


def _carrying(article: Article) -> Facts:
    """All other facts, and what the fields would be read as that is not so."""
    instead: Facts = {name: None for name in ("outlet", "url", "published") if not getattr(article.source, name)}
    value = json.dumps(carried(article, without=_IN_FIELDS, instead=instead), ensure_ascii=False)
    return {"role": FACTS_FIELD, "contentType": "application/json", "value": value}
