"""What an NITF item says of itself: ids, dates, status, subjects, places, rights."""

from __future__ import annotations

from collections.abc import Iterator

from qa.loaders.cleaning import clean_line
from qa.loaders.fields import is_address
from qa.loaders.language_codes import language_code
from qa.loaders.moments import first_of, iso, moment
from qa.loaders.publishing import standing
from qa.loaders.xml_text import line_of
from qa.loaders.xml_trees import Element, attribute, child, children, descendants, line_in

MAX_NOTICE = 2_000  # characters of a correction's words that are kept

_STRICTEST = ("canceled", "cancelled", "killed", "kill", "withheld", "embargoed")
_PARTS_OF_PLACES = ("sublocation", "city", "state", "region", "country")
_PARTS_OF_EVLOC = ("city", "county-dist", "state-prov", "region")


def docdata_facts(nitf: Element) -> dict[str, object]:
    """Facts from the `head` of an `nitf` element; those that it leaves out are empty."""
    head = child(nitf, "head")
    data = child(head, "docdata")
    published = child(head, "pubdata")
    key = child(data, "du-key")
    issued = tuple(_dates(data, "date.issue"))
    kind = attribute(child(head, "tobject"), "tobject.type")
    return {
        "published": first_of(*issued, attribute(published, "date.publication")),
        "revised": _last(*(attribute(one, "norm") for one in children(head, "revision-history"))) or first_of(*issued),
        "outlet": attribute(published, "name"),
        "url": address if is_address(address := attribute(published, "ex-ref")) else "",
        "section": attribute(published, "position.section") or ("" if kind.lower() == "news" else kind),
        "language": next(filter(None, map(language_code, _languages(nitf))), ""),
        "version": attribute(key, "version"),
        "urgency": attribute(child(data, "urgency"), "ed-urg"),
        "editor_note": "\n\n".join(filter(None, (attribute(one, "info") for one in children(data, "ed-msg")))),
        "copyright_holder": attribute(child(data, "doc.copyright"), "holder") or _right(data, "owner"),
        "usage_terms": _right(data, "limitations", "limitation"),
        "keywords": [word for one in descendants(data, "keyword") if (word := attribute(one, "key") or line_of(one))],
        "subjects": list(_subjects(head)),
        "places": [*_evlocs(data), *_identified(data, "location")],
        "people": list(_identified(data, "person")),
        "organisations": list(_identified(data, "org")),
        **_standing(data),
        **_beside(data, published, key),
    }


def item_id(nitf: Element) -> str:
    """The identifier of the item as its source writes it; empty where it has none."""
    named = child(nitf, "head", "docdata", "doc-id")
    return attribute(named, "id-string") or attribute(nitf, "uno")


def registered_by(nitf: Element) -> str:
    """Who gave the item its identifier."""
    return attribute(child(nitf, "head", "docdata", "doc-id"), "regsrc")


def corrected(nitf: Element) -> tuple[str, str] | None:
    """The identifier of the item that this one says it corrects, and the words for it; either may be empty."""
    said = child(nitf, "head", "docdata", "correction")
    if said is None:
        return None
    words = attribute(said, "info") or line_of(said)
    return attribute(said, "id-string"), words[:MAX_NOTICE]


def killed(nitf: Element) -> str:
    """The identifier of another item that this one says is cancelled or withheld; empty where it says no such thing."""
    data = child(nitf, "head", "docdata")
    status = attribute(data, "management-idref-status").lower()
    other = attribute(data, "management-doc-idref")
    return other if status in _STRICTEST[:-1] and other != item_id(nitf) else ""


def _standing(data: Element | None) -> dict[str, object]:
    said = attribute(data, "management-status").lower().split()
    status = next((word for word in _STRICTEST if word in said), said[0] if said else "")
    return dict(standing(status, embargo=_release(data, status)))


def _release(data: Element | None, status: str) -> str | None:
    """When it may be published: where it is embargoed, or where that is later than its issue."""
    release = first_of(*_dates(data, "date.release"))
    issued = first_of(*_dates(data, "date.issue"))
    if release is None or status == "embargoed":
        return release
    after, before = moment(release), moment(issued)
    return release if after and before and after > before else None


def _dates(data: Element | None, name: str) -> Iterator[str]:
    for one in children(data, name):
        yield attribute(one, "norm")
        yield line_of(one)


def _last(*texts: str) -> str | None:
    """The latest of some moments."""
    known = [(when, text) for text in texts if (when := moment(text))]
    return iso(max(known)[1]) if known else None


def _languages(nitf: Element) -> Iterator[str]:
    for element in (nitf, child(nitf, "body"), child(nitf, "body", "body.content"), child(nitf, "head")):
        yield attribute(element, "lang", "baselang")


def _right(data: Element | None, *names: str) -> str:
    said = (attribute(one, *names) for one in children(data, "doc.rights"))
    return "; ".join(dict.fromkeys(filter(None, said)))


def _subjects(head: Element | None) -> Iterator[dict[str, str]]:
    for one in descendants(child(head, "tobject"), "tobject.subject"):
        name = attribute(one, "tobject.subject.detail", "tobject.subject.matter", "tobject.subject.type")
        code = attribute(one, "tobject.subject.refnum", "tobject.subject.code")
        if name or code:
            yield {"name": name, "code": code}


def _evlocs(data: Element | None) -> Iterator[dict[str, str]]:
    for one in children(data, "evloc"):
        name = ", ".join(filter(None, (attribute(one, part) for part in _PARTS_OF_EVLOC))) or line_of(one)
        code = attribute(one, "iso-cc")
        if name or code:
            yield {"name": name, "code": code}


def _identified(data: Element | None, kind: str) -> Iterator[dict[str, str]]:
    for one in descendants(child(data, "identified-content"), kind):
        parts = [line for part in _PARTS_OF_PLACES if (line := line_in(one, part))] if kind == "location" else []
        name = ", ".join(parts) or line_of(one)
        code = attribute(one, "value", "location-code", "code")
        if name or code:
            yield {"name": name, "code": code}


def _beside(data: Element | None, published: Element | None, key: Element | None) -> dict[str, object]:
    """What no field of an article holds, in the source's own names."""
    series = child(data, "series")
    said = {
        "date.expire": first_of(*_dates(data, "date.expire")),
        "du-key": attribute(key, "key"),
        "series": {name: value for name, value in _attributes(series).items() if value},
        "fixture": attribute(child(data, "fixture"), "fix-id"),
        "edition": attribute(published, "edition.name"),
        "page": attribute(published, "position.sequence"),
    }
    return {name: value for name, value in said.items() if value}


def _attributes(element: Element | None) -> dict[str, str]:
    if element is None:
        return {}
    return {clean_line(str(key)): clean_line(str(value)) for key, value in list(element.attrib.items())[:20]}
