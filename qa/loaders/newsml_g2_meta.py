"""What a NewsML-G2 item says of itself: management, subjects, people, places, rights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from urllib.parse import urlsplit

from qa.loaders.fields import id_from, is_address
from qa.loaders.language_codes import language_code
from qa.loaders.moments import first_of, iso
from qa.loaders.publishing import standing
from qa.loaders.xml_text import line_of
from qa.loaders.xml_trees import Element, attribute, child, children, line_in, text_in

MAX_LISTED = 100  # of links and the like that `extra` keeps

_KINDS = {
    "person": "people",
    "organisation": "organisations",
    "organization": "organisations",
    "geoarea": "places",
    "poi": "places",
}
_REPLACED = ("previousversion", "supersedes", "replaces", "evolvedfrom", "corrects", "iscorrectionof")
_Coded = dict[str, str]


def meta_facts(item: Element) -> dict[str, object]:
    """Facts from `itemMeta`, `contentMeta` and `rightsInfo`; those that it leaves out are empty."""
    meta, content = child(item, "itemMeta"), child(item, "contentMeta")
    guid = attribute(item, "guid")
    language = item_language(item)
    return {
        "id": id_from(guid) if guid else "",
        "url": guid if is_address(guid) else "",
        "title": headline(content, language=language),
        "published": first_of(
            *(line_in(content, "contentCreated"), line_in(meta, "firstCreated"), line_in(meta, "versionCreated"))
        ),
        "revised": iso(line_in(meta, "versionCreated")) or iso(line_in(content, "contentModified")),
        "version": attribute(item, "version"),
        "language": language,
        "outlet": _outlet(item, language=language),
        "slugline": line_in(content, "slugline"),
        "byline": next((line for one in children(content, "by") if (line := line_of(one))), ""),
        "urgency": line_in(content, "urgency"),
        "keywords": [line for one in children(content, "keyword") if (line := line_of(one))],
        "editor_note": "\n\n".join(line for one in children(meta, "edNote") if (line := line_of(one))),
        "supersedes": next((id_from(ref) for rel, ref in links(item) if rel in _REPLACED and ref != guid), ""),
        **_rights(item, language=language),
        **_subjects(item, language=language),
        **_standing(meta),
        **_beside(item, language=language),
    }


def item_class(item: Element) -> str:
    """`text`, `picture`, `video` …; empty where the item doesn't say."""
    return _code(child(item, "itemMeta", "itemClass")).lower()


def item_language(item: Element) -> str:
    """The language of the words; that of the metadata stands in."""
    said = (attribute(one, "tag") for one in children(child(item, "contentMeta"), "language"))
    return next((code for text in (*said, attribute(item, "lang")) if (code := language_code(text))), "")


def headline(content: Element | None, *, language: str) -> str:
    """The main headline, in the item's language where there are several."""
    found = [(one, line) for one in children(content, "headline") if (line := line_of(one))]
    main = [pair for pair in found if _last(attribute(pair[0], "role")) in ("", "main", "headline", "title")]
    return _spoken(main or found, language=language)


def links(item: Element) -> list[tuple[str, str]]:
    """Relation, without its scheme and in lower case, and what each link refers to."""
    found = []
    for one in (*children(child(item, "itemMeta"), "link"), *children(item, "link")):
        relation = _last(attribute(one, "rel", "reluri")).lower()
        if reference := attribute(one, "residref", "href", "qcode", "uri"):
            found.append((relation, reference))
    return found[:MAX_LISTED]


def _standing(meta: Element | None) -> Mapping[str, object]:
    """An embargo without an end, or with one that no calendar has, withholds the item."""
    said = attribute(child(meta, "pubStatus"), "qcode", "uri", "literal") or line_in(meta, "pubStatus")
    embargo = child(meta, "embargoed")
    end = iso(line_of(embargo)) if embargo is not None else None
    known = standing(said, embargo=end)
    return {"status": "withheld"} if embargo is not None and not end and not known.get("status") else known


def _outlet(item: Element, *, language: str) -> str:
    """Who provides the item, by name where it has one."""
    provider = child(item, "itemMeta", "provider")
    holder = child(item, "rightsInfo", "copyrightHolder")
    sources = tuple(children(child(item, "contentMeta"), "infoSource"))
    known = (_name(provider, language=language), attribute(provider, "literal"), _code_of_name(provider))
    others = (_name(one, language=language) or attribute(one, "literal") for one in (*sources, holder))
    return next((text for text in (*known, *others, _host(attribute(provider, "uri"))) if text), "")


def _creators(content: Element | None, *, language: str) -> str:
    """Those who made it, photographers left out."""
    names = [
        _name(one, language=language) or attribute(one, "literal")
        for one in children(content, "creator")
        if _last(attribute(one, "role")).lower() not in ("photographer", "cameraman")
    ]
    return ", ".join(name for name in names if name)


def _rights(item: Element, *, language: str) -> dict[str, object]:
    rights = list(children(item, "rightsInfo"))
    holders = (child(one, "copyrightHolder") for one in rights)
    names = (_name(one, language=language) or attribute(one, "literal") or line_of(one) for one in holders)
    return {
        "copyright_holder": next((name for name in names if name), ""),
        "copyright_notice": next((text for one in rights if (text := line_in(one, "copyrightNotice"))), ""),
        "usage_terms": "\n\n".join(text for one in rights if (text := line_in(one, "usageTerms"))),
    }


def _subjects(item: Element, *, language: str) -> dict[str, object]:
    """Subjects by what they are: people, organisations and places apart from the others."""
    content = child(item, "contentMeta")
    asserted = {attribute(one, "qcode", "uri", "literal"): one for one in children(item, "assert")}
    found: dict[str, list[_Coded]] = {"subjects": [], "people": [], "organisations": [], "places": []}
    for one in children(content, "subject"):
        code = attribute(one, "qcode", "uri", "literal")
        also = asserted.get(code)
        kind = _last(attribute(one, "type") or attribute(child(also, "type"), "qcode", "uri") or _nature(one)).lower()
        name = _name(one, language=language) or _name(also, language=language)
        if name or code:
            found[_KINDS.get(kind, "subjects")].append({"name": name, "code": code})
    return dict(found)


def _nature(subject: Element) -> str:
    said = attribute(subject, "typeuri")
    return said if "cpnature" in said.lower() else ""


def _beside(item: Element, *, language: str) -> dict[str, object]:
    """What no field of an article holds, in the source's own names."""
    content, meta = child(item, "contentMeta"), child(item, "itemMeta")
    descriptions = [text for one in children(content, "description") if (text := line_of(one))]
    said: dict[str, object] = {
        "guid": attribute(item, "guid"),
        "signal": [code for one in children(meta, "signal") if (code := attribute(one, "qcode", "uri"))],
        "genre": [text for one in children(content, "genre") if (text := _name(one, language=language) or _code(one))],
        "located": ", ".join(
            text for one in children(content, "located") if (text := _name(one, language=language) or _code(one))
        ),
        "creator": _creators(content, language=language),
        "dateline": line_in(content, "dateline"),
        "creditline": line_in(content, "creditline"),
        "description": descriptions[0] if len(descriptions) == 1 else descriptions,
        "links": [{"rel": relation, "ref": reference} for relation, reference in links(item)],
    }
    return {key: value[:MAX_LISTED] if isinstance(value, list) else value for key, value in said.items() if value}


def _name(element: Element | None, *, language: str) -> str:
    """The name of a concept, in the item's language where there are several."""
    return _spoken([(one, line) for one in children(element, "name") if (line := line_of(one))], language=language)


def _spoken(found: list[tuple[Element, str]], *, language: str) -> str:
    wanted = language.partition("-")[0]
    best = (line for one, line in found if attribute(one, "lang").lower().partition("-")[0] == wanted)
    plain = (line for one, line in found if not attribute(one, "lang"))
    return next((line for lines in (best, plain, (line for _, line in found)) for line in lines), "")


def _code(element: Element | None) -> str:
    """The code of a concept, without its scheme."""
    return _last(attribute(element, "qcode", "uri", "literal"))


def _code_of_name(provider: Element | None) -> str:
    """A provider's code that speaks for itself: `nprov:AFP`."""
    scheme, _, code = attribute(provider, "qcode").rpartition(":")
    return code if scheme and any(char.isalpha() for char in code) else ""


def _last(code: str) -> str:
    return code.rstrip("/").rpartition("/")[2].rpartition(":")[2]


def _host(address: str) -> str:
    try:
        return (urlsplit(address).hostname or "").removeprefix("www.")
    except ValueError:
        return ""


def descriptions(item: Element) -> Iterator[str]:
    """The item's summaries, where it has no text: captions describe pictures and are none."""
    for one in children(child(item, "contentMeta"), "description"):
        if _last(attribute(one, "role")).lower() != "caption" and (text := text_in(one)):
            yield text
