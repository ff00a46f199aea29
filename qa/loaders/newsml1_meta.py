"""What a NewsML 1 item says of itself: identifier, management, lines, parties, topics."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from qa.loaders.fields import id_from
from qa.loaders.language_codes import language_code
from qa.loaders.moments import first_of, iso
from qa.loaders.publishing import standing
from qa.loaders.xml_text import line_of
from qa.loaders.xml_trees import Element, attribute, child, children, descendants, line_in

MAX_LISTED = 100  # of links and the like that `extra` keeps

_REVISION = re.compile(r":\d+[NUA]?$", re.IGNORECASE)
_EMBARGOED = ("embargoed", "embargo")
_DELETING = ("delete", "kill", "cancel", "canceled", "cancelled")
_KINDS = {
    **dict.fromkeys(("person", "personality", "people"), "people"),
    **dict.fromkeys(("organisation", "organization", "company", "party", "institution"), "organisations"),
    **dict.fromkeys(("country", "city", "location", "place", "geoarea", "region"), "places"),
}
_Coded = dict[str, str]


def item_facts(item: Element, around: tuple[Element, ...]) -> dict[str, object]:
    """Facts of an item whose article stands in these components, the innermost first; empty where it says nothing."""
    identity, management = child(item, "Identification", "NewsIdentifier"), child(item, "NewsManagement")
    created, revised = line_in(management, "FirstCreated"), line_in(management, "ThisRevisionCreated")
    name = identifier(item)
    return {
        "id": id_from(name) if name else "",
        "version": line_in(identity, "RevisionId"),
        "published": first_of(created, revised, line_in(identity, "DateId")),
        "revised": iso(revised),
        "urgency": attribute(child(management, "Urgency"), "FormalName") or line_in(management, "Urgency"),
        "title": _line(around, "HeadLine"),
        "byline": _line(around, "ByLine"),
        "slugline": _line(around, "SlugLine"),
        "copyright_notice": _line(around, "CopyrightLine") or _copyright(around),
        "copyright_holder": _first(around, "RightsMetadata", "Copyright", "CopyrightHolder"),
        "usage_terms": _line(around, "RightsLine") or _usage(around),
        "outlet": _outlet(item, around),
        "keywords": [line for one in _all(around, "NewsLines", "KeywordLine") if (line := line_of(one))],
        "language": next(filter(None, map(language_code, _languages(around))), ""),
        **_topics(item, around),
        **_standing(management),
        **_beside(item, around),
    }


def identifier(item: Element) -> str:
    """The item's identifier without its revision, so that it is the same for all; empty where it has none."""
    identity = child(item, "Identification", "NewsIdentifier")
    parts = [line_in(identity, name) for name in ("ProviderId", "DateId", "NewsItemId")]
    if all(parts):
        return f"urn:newsml:{':'.join(parts)}"
    public = line_in(identity, "PublicIdentifier")
    if public:
        return _REVISION.sub("", public) if public.lower().startswith("urn:newsml:") else public
    return ":".join(filter(None, parts)) if parts[2] else ""


def envelope_facts(root: Element) -> dict[str, object]:
    """What the envelope says of all items: it stands in where they leave it out."""
    envelope = child(root, "NewsEnvelope")
    sender = attribute(child(envelope, "SentFrom", "Party"), "FormalName")
    service = attribute(child(envelope, "NewsService"), "FormalName")
    return {"outlet": sender or service, "published": iso(line_in(envelope, "DateAndTime"))}


def _standing(management: Element | None) -> dict[str, object]:
    """The status, the end of an embargo, and whether the publisher has it deleted."""
    status = attribute(child(management, "Status"), "FormalName") or line_in(management, "Status")
    change = child(management, "StatusWillChange")
    end = iso(line_in(change, "DateAndTime")) if status.strip().lower() in _EMBARGOED else None
    for one in children(management, "Instruction"):
        earlier = any(attribute(said, "Revision") for said in children(one, "RevisionStatus"))
        if attribute(one, "FormalName").lower() in _DELETING and not earlier:
            status = "canceled"
    return dict(standing(status, embargo=end))


def _line(around: tuple[Element, ...], name: str) -> str:
    """A line of the nearest component that has it."""
    return next((line for one in _all(around, "NewsLines", name) if (line := line_of(one))), "")


def _all(around: tuple[Element, ...], *path: str) -> Iterator[Element]:
    *above, name = path
    for component in around:
        yield from children(child(component, *above), name)


def _first(around: tuple[Element, ...], *path: str) -> str:
    """The words, or the name of the party, that the nearest component has there."""
    for component in around:
        found = child(component, *path)
        if found is not None and (text := _party(found) or line_of(found)):
            return text
    return ""


def _party(element: Element | None) -> str:
    names = (attribute(one, "FormalName") or line_of(one) for one in descendants(element, "Party"))
    return ", ".join(dict.fromkeys(name for name in names if name))


def _outlet(item: Element, around: tuple[Element, ...]) -> str:
    named = _first(around, "AdministrativeMetadata", "Provider") or _first(around, "AdministrativeMetadata", "Creator")
    return named or attribute(child(item, "NewsManagement", "NewsProvider"), "FormalName")


def _copyright(around: tuple[Element, ...]) -> str:
    for component in around:
        said = child(component, "RightsMetadata", "Copyright")
        if holder := line_in(said, "CopyrightHolder"):
            return " ".join(filter(None, ("©", line_in(said, "CopyrightDate"), holder)))
    return ""


def _usage(around: tuple[Element, ...]) -> str:
    """What may be done with it, in the words of the nearest component that says so."""
    for component in around:
        rights = children(child(component, "RightsMetadata"), "UsageRights")
        said = ["; ".join(line for part in children(one) if (line := line_of(part))) for one in rights]
        if text := "\n\n".join(filter(None, said)):
            return text
    return ""


def _languages(around: tuple[Element, ...]) -> Iterator[str]:
    for component in around:
        yield attribute(child(component, "DescriptiveMetadata", "Language"), "FormalName")
        yield attribute(component, "lang")


def _topics(item: Element, around: tuple[Element, ...]) -> dict[str, object]:
    """Subjects, places, people and organisations: codes of the IPTC, and topics that the file itself describes."""
    found: dict[str, list[_Coded]] = {"subjects": [], "people": [], "organisations": [], "places": []}
    for one in _all(around, "DescriptiveMetadata", "SubjectCode"):
        codes = (attribute(part, "FormalName") for part in children(one, "SubjectDetail", "SubjectMatter", "Subject"))
        found["subjects"].extend(_named(code) for code in codes if code)
    for one in _all(around, "DescriptiveMetadata", "Location"):
        names = [attribute(part, "Value", "FormalName") for part in children(one, "Property")]
        if name := ", ".join(filter(None, names)) or attribute(one, "FormalName") or line_of(one):
            found["places"].append({"name": name, "code": ""})
    occurring = list(_all(around, "DescriptiveMetadata", "TopicOccurrence"))
    described = _described(item) if occurring else {}
    for one in occurring:
        kind, coded = _topic(described.get(attribute(one, "Topic").lstrip("#")))
        if coded["name"]:
            found[_KINDS.get(kind, "subjects")].append(coded)
    return dict(found)


def _described(item: Element) -> dict[str, Element]:
    """The topics that the item describes, and those that the file describes for all of its items."""
    shared = children(item.getparent(), "TopicSet")
    return {attribute(topic, "Duid"): topic for one in (*shared, item) for topic in descendants(one, "Topic")}


def _topic(topic: Element | None) -> tuple[str, _Coded]:
    kind = attribute(child(topic, "TopicType"), "FormalName").lower()
    code = attribute(child(topic, "FormalName"), "FormalName") or line_in(topic, "FormalName")
    return kind, {"name": line_in(topic, "Description") or code, "code": code}


def _named(code: str) -> _Coded:
    return {"name": "", "code": code} if any(char.isdigit() for char in code) else {"name": code, "code": ""}


def _beside(item: Element, around: tuple[Element, ...]) -> Mapping[str, object]:
    """What no field of an article holds, in the source's own names."""
    management = child(item, "NewsManagement")
    change = child(management, "StatusWillChange")
    dateline = _line(around, "DateLine")
    said: dict[str, object] = {
        "dateline": dateline,
        "located": dateline,
        "subheadline": _line(around, "SubHeadLine"),
        "creditline": _line(around, "CreditLine"),
        "seriesline": _line(around, "SeriesLine"),
        "source_party": _first(around, "AdministrativeMetadata", "Source"),
        "genre": [
            name for one in _all(around, "DescriptiveMetadata", "Genre") if (name := attribute(one, "FormalName"))
        ],
        "instruction": [name for one in children(management, "Instruction") if (name := attribute(one, "FormalName"))],
        "status_will_change": " ".join(
            filter(None, (attribute(child(change, "FutureStatus"), "FormalName"), line_in(change, "DateAndTime")))
        ),
        "associated_with": [
            name for one in children(management, "AssociatedWith") if (name := attribute(one, "NewsItem"))
        ],
        "derived_from_item": attribute(child(management, "DerivedFrom"), "NewsItem"),
        "revision_history": attribute(child(management, "RevisionHistory"), "Href"),
    }
    return {key: value[:MAX_LISTED] if isinstance(value, list) else value for key, value in said.items() if value}
