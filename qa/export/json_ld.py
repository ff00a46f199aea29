"""JSON-LD of schema.org: each article as a NewsArticle, what the vocabulary has no word for under `archiveFacts`."""

import json
import re
from collections.abc import Sequence

from qa.export.facts import Facts, carried, is_uri, published_of, uri_of, without_empty
from qa.models.archive import Article, Coded, Correction, Source, Status, moment_text

VOCABULARY = "https://schema.org"
CARRYING = "archiveFacts"
CONTEXT = [VOCABULARY, {CARRYING: {"@id": "urn:x-archive:facts", "@type": "@json"}}]

_STATUS = {Status.WITHHELD: "Withheld", Status.EMBARGOED: "Embargoed", Status.WITHDRAWN: "Withdrawn"}
_LIKE_MARKUP = re.compile(r"[<&]")
_DAY = re.compile(r"\d{4}-\d\d-\d\d")


def linked_article(article: Article) -> Facts:
    """The article as an object; what would be empty is left out."""
    source, data, rights = article.source, article.metadata, article.metadata.rights
    body = "" if article.headline_only else article.body
    term = {"@type": "DefinedTerm", "name": _STATUS.get(source.status)}
    reason = article.withdrawal.reason if article.withdrawal else ""
    in_fields = {
        "title": not _LIKE_MARKUP.search(source.title),
        "text": not _LIKE_MARKUP.search(article.body),
        "status": source.status is not Status.EMBARGOED,
    }
    return without_empty(
        {
            "@context": CONTEXT,
            "@id": uri_of(article),
            **linked_source(source),
            "identifier": article.article_id,
            "datePublished": published_of(article),
            "dateModified": moment_text(data.revised) if data.revised else None,
            "creativeWorkStatus": {**term, "description": reason} if term["name"] and reason else term["name"],
            "author": {"@type": "Person", "name": data.byline} if data.byline else None,
            "articleBody": body,
            "wordCount": len(body.split()) or None,
            "articleSection": data.section,
            "keywords": list(data.keywords),
            "about": _things("Thing", data.subjects),
            "mentions": [*_things("Person", data.people), *_things("Organization", data.organisations)],
            "contentLocation": _things("Place", data.places),
            "temporalCoverage": article.event_date if _DAY.fullmatch(article.event_date or "") else None,
            "isBasedOn": {"@type": "CreativeWork", "name": article.derived_from} if article.derived_from else None,
            "version": data.version,
            "copyrightHolder": organisation(rights.holder) if rights.holder else None,
            "copyrightNotice": rights.notice,
            "usageInfo": {"@type": "CreativeWork", "text": rights.terms} if rights.terms else None,
            "correction": [correction_comment(correction) for correction in source.corrections],
            # Words that look like markup are carried too: readers of pages take tags out.
            CARRYING: carried(article, without=[name for name, read in in_fields.items() if read]),
        }
    )


def linked_source(source: Source) -> Facts:
    """What identifies an article wherever it is spoken of."""
    return without_empty(
        {
            # A summary is no news report of the publication that it is about.
            "@type": "Article" if source.kind == "summary" else "NewsArticle",
            "headline": source.title,
            "url": source.url,
            "inLanguage": source.language,
            "datePublished": source.published.isoformat() if source.published else None,
            "publisher": organisation(source.outlet) if source.outlet else None,
        }
    )


def organisation(name: str) -> Facts:
    return {"@type": "Organization", "name": name}


def correction_comment(correction: Correction) -> Facts:
    day = {"datePublished": correction.day.isoformat()} if correction.day else {}
    return {"@type": "CorrectionComment", "text": correction.text, **day}


def json_ld(article: Article) -> str:
    """One object without a line break in it."""
    return json.dumps(linked_article(article), ensure_ascii=False)


def _things(kind: str, entries: Sequence[Coded]) -> list[Facts]:
    def field(code: str) -> str:
        return "sameAs" if code.startswith("http") and is_uri(code) else "identifier"

    return [without_empty({"@type": kind, "name": entry.name, field(entry.code): entry.code}) for entry in entries]
