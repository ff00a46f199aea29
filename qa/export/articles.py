"""What of an article may leave, its facts by the archive's names, and JSON-LD of schema.org, ninjs 3.1 and NITF 3.6.

What these formats have no field for travels in them as JSON, to be read back as it was.
"""

import json
import re
from collections.abc import Collection, Mapping
from dataclasses import asdict, replace
from datetime import date, datetime
from typing import Any
from urllib.parse import quote
from xml.etree import ElementTree as xml

from qa.models.archive import Article, Coded, Correction, Metadata, Source, Status, allowed_span, time_text
from qa.text.cleaning import id_from, short_digest

Facts = dict[str, object]

NO_HEADLINE = "(no headline)"  # title of a record that has neither headline nor text
FACTS_FIELD = "x-archive-facts"  # name of the field that holds what a foreign format has no field for
MAX_NAME = 120  # characters of a file's name that are the id's
CODED = ("subjects", "places", "people", "organisations")
KEYS = (
    *("id", "title", "text", "published", "outlet", "url", "language", "kind", "status", "event_date", "summarises"),
    *("derived_from", "note", "corrections", "embargo", "withdrawn", "slugline", "byline", "section", "keywords"),
    *(*CODED, "copyright_holder", "copyright_notice", "usage_terms", "quote_limit", "urgency", "version", "revised"),
    *("supersedes", "editor_note"),
)
"""Every fact that has a name, in the order in which it is written."""

VOCABULARY = "https://schema.org"
_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[A-Za-z0-9._~:/?#\[\]@!$&'()*+,;=%-]+")
_NOT_IN_NAMES = re.compile(r"[^a-z0-9_-]+")
# How sources name what they say to editors alone, written without what joins the words.
_EDITORS = re.compile(r"(?:ed|editors?|editorial|internal)notes?|edmsg|notes?toeditors")
_NAMING = ("role", "type", "name", "class", "noteclass")
_CARRYING = "archiveFacts"
_CONTEXT = [VOCABULARY, {_CARRYING: {"@id": "urn:x-archive:facts", "@type": "@json"}}]
_DAY = re.compile(r"\d{4}-\d\d-\d\d")
_SCHEMA_STATUS = {Status.WITHHELD: "Withheld", Status.EMBARGOED: "Embargoed", Status.WITHDRAWN: "Withdrawn"}
_NINJS = {"name": "ninjs", "version": "3.1", "schema": "http://www.iptc.org/std/ninjs/ninjs-schema_3.1.json#"}
_NINJS_STATUS = {Status.WITHHELD: "withheld", Status.WITHDRAWN: "canceled"}
_NITF_STATUS = _NINJS_STATUS | {Status.EMBARGOED: "embargoed"}
_PLAIN = "text/plain"
_OF_THE_IPTC = re.compile(r"[0-9]{8}")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def facts_of(article: Article) -> Facts:
    """All facts of an article as values of JSON; empty ones are left out, `extra` is separate."""
    source, data, gone = article.source, article.metadata, article.withdrawal
    silent = article.headline_only and "body" not in article.extra
    blank = not article.body and source.title == NO_HEADLINE
    values: Facts = {
        "id": source.article_id,
        "title": None if blank else source.title,
        "text": None if silent else article.body,
        "published": _published_of(article),
        "status": source.status.value,
        "corrections": [{"text": correction.text, **_dated(correction.day)} for correction in source.corrections],
        "embargo": article.embargo and time_text(article.embargo),
        # True where no reason is known: a day alone is nothing that files may say.
        "withdrawn": gone and ({"reason": gone.reason, **_dated(gone.day)} if gone.reason else True),
        "copyright_holder": data.rights.holder,
        "copyright_notice": data.rights.notice,
        "usage_terms": data.rights.terms,
        "quote_limit": data.rights.quote_limit,
        "keywords": list(data.keywords),
        "revised": data.revised and time_text(data.revised),
        **{key: [_without_empty(asdict(entry)) for entry in getattr(data, key)] for key in CODED},
    }
    # Whatever else there is stands under its own name. A `version` is the source's, not the archive's.
    for part in (data, article, source):
        values = {key: getattr(part, key) for key in KEYS if hasattr(part, key)} | values
    return _without_empty({key: values[key] for key in KEYS})


def _dated(day: date | None) -> Facts:
    return {"date": day.isoformat()} if day else {}


def _extra_of(article: Article) -> Facts:
    """What the article's file said beside; the whole of a publication date is a fact, and not here."""
    return {key: value for key, value in article.extra.items() if key != "published"}


def _without_empty(facts: Facts, *more: object) -> Facts:
    """The facts that say something; `more` are further values that say nothing."""
    return {key: value for key, value in facts.items() if value not in (None, "", [], *more)}


def carried(article: Article, *, without: Collection[str] = (), instead: Facts | None = None) -> Facts:
    """All facts but those of these names, and `extra`; `instead` corrects what fields are read as, None for no fact."""
    facts = {key: value for key, value in facts_of(article).items() if key not in without}
    extra = _extra_of(article)
    return {"kind": article.source.kind, **facts, **(instead or {}), **({"extra": extra} if extra else {})}


def _published_of(article: Article) -> str | None:
    """The publication date as its file wrote it, with the time where it has one."""
    day, moment = article.source.published, article.extra.get("published")
    if day is None:
        return None
    return moment if isinstance(moment, str) and moment.startswith(day.isoformat()) else day.isoformat()


def _published_moment(article: Article) -> datetime | None:
    """The publication as a moment; None where only the day is known, or where the time has no zone."""
    try:
        moment = datetime.fromisoformat(_published_of(article) or "")
    except ValueError:
        return None
    return moment if moment.tzinfo else None


def _uri_of(article: Article) -> str:
    return _source_uri(article) or "urn:x-archive:" + quote(article.article_id, safe="")


def _source_uri(article: Article) -> str:
    """The URI by which the source knows the article, if reading makes the article's id of it; else empty."""
    uri = article.extra.get("uri")
    if isinstance(uri, str) and _URI.fullmatch(uri) and id_from(uri) == article.article_id:
        return uri
    return ""


def file_stem(article_id: str) -> str:
    """A file's name that every system takes and that no other article has, also where case doesn't count."""
    plain = _NOT_IN_NAMES.sub("-", article_id).strip("-")[:MAX_NAME]
    return plain if plain == article_id else f"{plain}-{short_digest(article_id)}".lstrip("-")


def permitted(article: Article, *, staff: bool) -> Article | None:
    """The article as it may leave, the whole of it for the staff alone; None where it may not."""
    if staff:
        return article
    source, data = article.source, article.metadata
    if source.status is not Status.WITHDRAWN and not source.status.readable:
        return None
    limit = min((limit for limit in (source.quote_limit, data.rights.quote_limit) if limit is not None), default=None)
    if limit is None and source.status.readable:
        return replace(article, extra=_without_notes(article.extra), metadata=replace(data, editor_note=""))
    # Of what may not be quoted at length no more than its headline, dates, address and rights, and the words allowed.
    extra = {"published": article.extra["published"]} if "published" in article.extra else {}
    bare_data = Metadata(version=data.version, revised=data.revised, supersedes=data.supersedes)
    bare = replace(article, body=source.title, derived_from=None, note=None, extra=extra, metadata=bare_data)
    if limit is not None and source.status.readable:
        span = allowed_span(article.body, limit)
        words = article.body[: span.end] if span else source.title
        return replace(bare, body=words, metadata=replace(bare_data, rights=data.rights))
    # The notice that it was taken back. Not its corrections: they may repeat its words.
    source = replace(source, url=None, corrections=(), quote_limit=None)
    return replace(bare, source=source, event_date=None, embargo=None)


def _without_notes(value: Any) -> Any:
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


def own_item(article: Article) -> Facts:
    """The article as the archive's own JSON has it, to be read back as the same."""
    facts = facts_of(article)
    record = {**facts, **_extra_of(article), **facts}
    if not article.body and article.source.title == NO_HEADLINE:
        record |= {"title": "", "text": ""}
    return record


def linked_article(article: Article) -> Facts:
    """The article as an object of schema.org; what would be empty is left out."""
    source, data, rights = article.source, article.metadata, article.metadata.rights
    body = "" if article.headline_only else article.body
    term = {"@type": "DefinedTerm", "name": _SCHEMA_STATUS.get(source.status)}
    reason = article.withdrawal.reason if article.withdrawal else ""
    people = [_thing("Person", entry) for entry in data.people]
    # Words that look like markup are carried too: readers of pages take tags out.
    without = [name for name, text in (("title", source.title), ("text", article.body)) if not re.search("[<&]", text)]
    without += ["status"] if source.status is not Status.EMBARGOED else []
    return _without_empty(
        {
            "@context": _CONTEXT,
            "@id": _uri_of(article),
            **linked_source(source),
            "identifier": article.article_id,
            "datePublished": _published_of(article),
            "dateModified": time_text(data.revised) if data.revised else None,
            "creativeWorkStatus": {**term, "description": reason} if term["name"] and reason else term["name"],
            "author": {"@type": "Person", "name": data.byline} if data.byline else None,
            "articleBody": body,
            "wordCount": len(body.split()) or None,
            "articleSection": data.section,
            "keywords": list(data.keywords),
            "about": [_thing("Thing", entry) for entry in data.subjects],
            "mentions": people + [_thing("Organization", entry) for entry in data.organisations],
            "contentLocation": [_thing("Place", entry) for entry in data.places],
            "temporalCoverage": article.event_date if _DAY.fullmatch(article.event_date or "") else None,
            "isBasedOn": {"@type": "CreativeWork", "name": article.derived_from} if article.derived_from else None,
            "version": data.version,
            "copyrightHolder": organisation(rights.holder) if rights.holder else None,
            "copyrightNotice": rights.notice,
            "usageInfo": {"@type": "CreativeWork", "text": rights.terms} if rights.terms else None,
            "correction": [correction_comment(correction) for correction in source.corrections],
            _CARRYING: carried(article, without=without),
        }
    )


def linked_source(source: Source) -> Facts:
    """What identifies an article of schema.org wherever it is spoken of."""
    return _without_empty(
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
    """An organisation of schema.org."""
    return {"@type": "Organization", "name": name}


def correction_comment(correction: Correction) -> Facts:
    """A correction of schema.org."""
    day = {"datePublished": correction.day.isoformat()} if correction.day else {}
    return {"@type": "CorrectionComment", "text": correction.text, **day}


def _thing(kind: str, entry: Coded) -> Facts:
    is_address = entry.code.startswith("http") and _URI.fullmatch(entry.code)
    return _without_empty({"@type": kind, "name": entry.name, "sameAs" if is_address else "identifier": entry.code})


def ninjs_item(article: Article) -> Facts:
    """The article as an item of ninjs, whose schema takes no other names; fields that would be empty are left out."""
    source, data, rights = article.source, article.metadata, article.metadata.rights
    day, moment = source.published, _published_moment(article)
    # Its day begins it where the time isn't known: the field takes no day alone.
    published = moment.isoformat(timespec="seconds") if moment else f"{day}T00:00:00Z" if day else None
    body = "" if article.headline_only else article.body
    counts = {"charCount": len(body), "wordCount": len(body.split())}
    # Only the headline is there, or exactly as many words as may be shown.
    is_cut = article.headline_only or len(article.body.split()) == rights.quote_limit
    texts = [
        *(("correction", ": ".join(filter(None, (str(each.day or ""), each.text)))) for each in source.corrections),
        ("withdrawal", article.withdrawal.reason if article.withdrawal else ""),
        ("note", article.note or ""),
    ]
    # What the fields would be read as that is not so; the id, the words and the status may be changed after the export.
    instead: Facts = {name: None for name in ("outlet", "url", "published") if not getattr(source, name)}
    facts = json.dumps(carried(article, without=("id", "title", "text", "status"), instead=instead), ensure_ascii=False)
    item: Facts = {
        "uri": _uri_of(article),
        "standard": _NINJS,
        "type": "text",
        "representationType": "partial" if is_cut else "full",
        "version": data.version,
        "firstCreated": published,
        "versionCreated": time_text(data.revised) if data.revised else None,
        "contentCreated": published,
        "embargoedUntil": time_text(article.embargo) if article.embargo else None,
        "pubStatus": _NINJS_STATUS.get(source.status, "usable"),
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
        "people": list(map(_named, data.people)),
        "organisations": list(map(_named, data.organisations)),
        "places": list(map(_named, data.places)),
        "subjects": [*map(_named, data.subjects), *({"name": word, "rel": "keyword"} for word in data.keywords)],
        "infoSources": [{"name": source.outlet, "role": "publisher"}] if source.outlet else None,
        "renditions": [{"name": "web", "href": source.url, "contentType": "text/html"}] if source.url else None,
        "descriptions": [
            *({"role": role, "contentType": _PLAIN, "value": text} for role, text in texts if text),
            {"role": FACTS_FIELD, "contentType": "application/json", "value": facts},
        ],
    }
    return _without_empty(item, 0)  # an urgency of 0 is none of its own


def _named(entry: Coded) -> Facts:
    """Its code is a URI, or a literal where it is none."""
    return _without_empty({"name": entry.name, "uri" if _URI.fullmatch(entry.code) else "literal": entry.code})


def nitf(article: Article) -> str:
    """The document of one article; notes to editors (`ed-msg`) are not written."""
    version, language = "-//IPTC//DTD NITF 3.6//EN", article.source.language
    root = _element("nitf", _nitf_head(article), _nitf_body(article), version=version, baselang=language)
    xml.indent(root, space="")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def _nitf_head(article: Article) -> xml.Element:
    source, data = article.source, article.metadata
    # Readers of the format leave out a repeated headline and strokes at the ends of blocks.
    title, blocks = source.title, article.body.split("\n\n")
    repeats = not article.headline_only and " ".join(blocks[0].split()).casefold() == title.casefold()
    changes = repeats or any(block.strip("|") != block for block in (title, *blocks))
    facts = carried(article, without=("status", *(() if changes else ("title", "text"))))
    # What XML can't hold is written as JSON escapes it: it stands inside strings only.
    text = _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(facts, ensure_ascii=False))
    head = _element("head", _element("title", title), _element("meta", name=FACTS_FIELD, content=text))
    if coded := [entry for entry in data.subjects if _OF_THE_IPTC.fullmatch(entry.code)]:
        named = ({"tobject.subject.refnum": entry.code, "tobject.subject.matter": entry.name} for entry in coded)
        subjects = (_element("tobject.subject", named=values) for values in named)
        head.append(_element("tobject", *subjects, named={"tobject.type": "news"}))
    published = _basic(_published_moment(article) or source.published)
    head.append(_nitf_data(article, published))
    place = {"date.publication": published, "name": source.outlet, "position.section": data.section}
    head.append(_element("pubdata", named={**place, "ex-ref": source.url or ""}))
    if data.revised:
        head.append(_element("revision-history", norm=_basic(data.revised)))
    return head


def _nitf_data(article: Article, published: str) -> xml.Element:
    source, data, rights = article.source, article.metadata, article.metadata.rights
    year = str(source.published.year) if source.published and rights.holder else ""
    embargo = article.embargo if source.status is Status.EMBARGOED else None
    identifier = _source_uri(article) or article.article_id
    last = source.corrections[-1].text if source.corrections else ""
    subjects = [entry for entry in data.subjects if not _OF_THE_IPTC.fullmatch(entry.code)]
    identified = (
        *(_element("classifier", entry.name, type="subject", value=entry.code) for entry in subjects),
        *(_element("location", entry.name, named={"location-code": entry.code}) for entry in data.places),
        *(_element("org", entry.name, value=entry.code) for entry in data.organisations),
        *(_element("person", entry.name, value=entry.code) for entry in data.people),
    )
    parts = [
        _element("correction", named={"info": last, "id-string": identifier if last else ""}),
        _element("doc-id", named={"regsrc": source.outlet, "id-string": identifier}),
        _element("urgency", named={"ed-urg": str(data.urgency or "")}),
        _element("date.issue", norm=published),
        _element("date.release", norm=_basic(embargo) if embargo else published),
        _element("du-key", key=data.slugline, version=data.version),
        _element("doc.copyright", year=year, holder=rights.holder),
        _element("doc.rights", owner=rights.holder if rights.terms else "", limitations=rights.terms),
        _element("key-list", *(_element("keyword", key=word) for word in data.keywords)),
        _element("identified-content", *identified),
    ]
    status = {"management-status": _NITF_STATUS.get(source.status, "usable")}
    return _element("docdata", *(part for part in parts if part.attrib or len(part)), named=status)


def _nitf_body(article: Article) -> xml.Element:
    source, data = article.source, article.metadata
    head = _element("body.head", _element("hedline", _element("hl1", source.title)))
    if article.note:
        note = _element("body.content", *map(_paragraph, article.note.split("\n\n")))
        head.append(_element("note", note, noteclass="end"))
    for name, words in (("rights", data.rights.notice), ("byline", data.byline), ("distributor", source.outlet)):
        if words:
            head.append(_element(name, words))
    paragraphs = [] if article.headline_only else article.body.split("\n\n")
    return _element("body", head, _element("body.content", *map(_paragraph, filter(None, paragraphs))))


def _paragraph(text: str) -> xml.Element:
    first, *rest = text.split("\n")
    paragraph = _element("p", first)
    for line in rest:
        xml.SubElement(paragraph, "br").tail = _ILLEGAL.sub("", line)
    return paragraph


def _basic(when: date | None) -> str:
    """Without what divides it: 20261102T083000Z, in UTC, or 20261102."""
    return time_text(when).replace("-", "").replace(":", "") if when else ""


def _element(
    tag: str, *content: str | xml.Element, named: Mapping[str, str] | None = None, **attributes: str
) -> xml.Element:
    """An element with text, or with others in it; attributes that say nothing are left out."""
    values = attributes | dict(named or {})
    element = xml.Element(tag, {name: _ILLEGAL.sub("", value) for name, value in values.items() if value})
    for part in content:
        if isinstance(part, str):
            element.text = _ILLEGAL.sub("", part)
        else:
            element.append(part)
    return element
