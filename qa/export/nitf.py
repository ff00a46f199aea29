"""NITF 3.6, news items in XML by the IPTC, a document for each article; notes to editors (`ed-msg`) are not written.

What it has no field for travels as JSON in a `meta` called `x-archive-facts`.
"""

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import date, datetime
from xml.etree import ElementTree as xml

from qa.export.facts import FACTS_FIELD, carried, file_stem, published_moment, source_id
from qa.models.archive import Article, Status, moment_text

VERSION = "-//IPTC//DTD NITF 3.6//EN"
ENDING = ".nitf.xml"

_STATUS = {Status.WITHHELD: "withheld", Status.EMBARGOED: "embargoed", Status.WITHDRAWN: "canceled"}
_OF_THE_IPTC = re.compile(r"[0-9]{8}")
_ILLEGAL = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")

Element = xml.Element


def nitf(article: Article) -> str:
    """The document of one article."""
    root = _element("nitf", _head(article), _body(article), version=VERSION, baselang=article.source.language)
    xml.indent(root, space="")
    return f'<?xml version="1.0" encoding="UTF-8"?>\n{xml.tostring(root, encoding="unicode")}\n'


def nitf_documents(articles: Iterable[Article]) -> Iterator[tuple[str, str]]:
    """Each document with the name of its file."""
    for article in articles:
        yield f"{file_stem(article.article_id)}{ENDING}", nitf(article)


def _head(article: Article) -> Element:
    source, data = article.source, article.metadata
    head = _element("head", _element("title", source.title))
    # Readers of the format leave out a repeated headline and strokes at the ends of blocks.
    title, blocks = source.title, article.body.split("\n\n")
    repeats = not article.headline_only and " ".join(blocks[0].split()).casefold() == title.casefold()
    changes = repeats or any(block.strip("|") != block for block in (title, *blocks))
    facts = carried(article, without=("status", *(() if changes else ("title", "text"))))
    # What XML can't hold is written as JSON escapes it: it stands inside strings only.
    text = _ILLEGAL.sub(lambda match: f"\\u{ord(match[0]):04x}", json.dumps(facts, ensure_ascii=False))
    head.append(_element("meta", name=FACTS_FIELD, content=text))
    if coded := [entry for entry in data.subjects if _OF_THE_IPTC.fullmatch(entry.code)]:
        named = ({"tobject.subject.refnum": entry.code, "tobject.subject.matter": entry.name} for entry in coded)
        subjects = (_element("tobject.subject", named=values) for values in named)
        head.append(_element("tobject", *subjects, named={"tobject.type": "news"}))
    head.append(_docdata(article))
    published = {"date.publication": _norm(article), "name": source.outlet, "position.section": data.section}
    head.append(_element("pubdata", named={**published, "ex-ref": source.url or ""}))
    if data.revised:
        head.append(_element("revision-history", norm=_basic(data.revised)))
    return head


def _docdata(article: Article) -> Element:
    source, data, rights = article.source, article.metadata, article.metadata.rights
    year = str(source.published.year) if source.published and rights.holder else ""
    embargo = article.embargo if source.status is Status.EMBARGOED else None
    identifier = source_id(article)
    last = source.corrections[-1].text if source.corrections else ""
    parts = [
        _element("correction", named={"info": last, "id-string": identifier if last else ""}),
        _element("doc-id", named={"regsrc": source.outlet, "id-string": identifier}),
        _element("urgency", named={"ed-urg": str(data.urgency or "")}),
        _element("date.issue", norm=_norm(article)),
        _element("date.release", norm=_basic(embargo) if embargo else _norm(article)),
        _element("du-key", key=data.slugline, version=data.version),
        _element("doc.copyright", year=year, holder=rights.holder),
        _element("doc.rights", owner=rights.holder if rights.terms else "", limitations=rights.terms),
        _element("key-list", *(_element("keyword", key=word) for word in data.keywords)),
        _identified(article),
    ]
    status = {"management-status": _STATUS.get(source.status, "usable")}
    return _element("docdata", *(part for part in parts if part.attrib or len(part)), named=status)


def _identified(article: Article) -> Element:
    data = article.metadata
    subjects = [entry for entry in data.subjects if not _OF_THE_IPTC.fullmatch(entry.code)]
    return _element(
        "identified-content",
        *(_element("classifier", entry.name, type="subject", value=entry.code) for entry in subjects),
        *(_element("location", entry.name, named={"location-code": entry.code}) for entry in data.places),
        *(_element("org", entry.name, value=entry.code) for entry in data.organisations),
        *(_element("person", entry.name, value=entry.code) for entry in data.people),
    )


def _body(article: Article) -> Element:
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


def _paragraph(text: str) -> Element:
    first, *rest = text.split("\n")
    paragraph = _element("p", first)
    for line in rest:
        xml.SubElement(paragraph, "br").tail = _ILLEGAL.sub("", line)
    return paragraph


def _norm(article: Article) -> str:
    return _basic(published_moment(article) or article.source.published)


def _basic(when: date | None) -> str:
    """Without what divides it: 20261102T083000Z, in UTC, or 20261102."""
    text = moment_text(when) if isinstance(when, datetime) else when.isoformat() if when else ""
    return text.replace("-", "").replace(":", "")


def _element(tag: str, *content: str | Element, named: Mapping[str, str] | None = None, **attributes: str) -> Element:
    """An element with text, or with others in it; attributes that say nothing are left out."""
    values = attributes | dict(named or {})
    element = Element(tag, {name: _ILLEGAL.sub("", value) for name, value in values.items() if value})
    for part in content:
        if isinstance(part, str):
            element.text = _ILLEGAL.sub("", part)
        else:
            element.append(part)
    return element
