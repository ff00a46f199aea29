"""MODS and Dublin Core, the descriptions that METS files give of a newspaper's issue and of its articles."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from qa.loaders.moments import iso
from qa.loaders.xml_trees import Element, attribute, child, children, descendants, line_in, local

_LANGUAGES = {
    "eng": "en",
    "spa": "es",
    "fre": "fr",
    "fra": "fr",
    "ger": "de",
    "deu": "de",
    "por": "pt",
    "ita": "it",
    "cat": "ca",
    "glg": "gl",
    "eus": "eu",
    "baq": "eu",
    "lat": "la",
    "dut": "nl",
    "nld": "nl",
    "fin": "fi",
    "swe": "sv",
    "nor": "no",
    "dan": "da",
    "ltz": "lb",
    "pol": "pl",
    "cze": "cs",
    "ces": "cs",
    "hun": "hu",
    "rus": "ru",
    "ukr": "uk",
    "est": "et",
    "lav": "lv",
    "lit": "lt",
    "wel": "cy",
    "cym": "cy",
    "gle": "ga",
}
_DAY_FIRST = re.compile(r"(\d{1,2})[./-](\d{1,2})[./-](\d{4})", re.ASCII)


@dataclass(frozen=True, slots=True)
class Description:
    """What one or several sections say of a thing, the first that says it."""

    title: str = ""
    host: str = ""
    published: str | None = None
    odd_date: str = ""
    language: str = ""
    byline: str = ""
    keywords: tuple[str, ...] = ()
    identifier: str = ""


def sections_of(mets: Element) -> Mapping[str, Element]:
    """The descriptive sections by their ids."""
    return {attribute(section, "ID"): section for section in descendants(mets, "dmdSec")}


def described(sections: Sequence[Element]) -> Description:
    """What sections say, those before counting before those behind."""
    found = [_description(section) for section in sections]
    dates = [one.published for one in found if one.published]
    return Description(
        title=next((one.title for one in found if one.title), ""),
        host=next((one.host for one in found if one.host), ""),
        published=dates[0] if dates else None,
        odd_date="" if dates else next((one.odd_date for one in found if one.odd_date), ""),
        language=next((one.language for one in found if one.language), ""),
        byline=next((one.byline for one in found if one.byline), ""),
        keywords=next((one.keywords for one in found if one.keywords), ()),
        identifier=next((one.identifier for one in found if one.identifier), ""),
    )


def language_code(said: str) -> str:
    """`en` for `eng`, `ENG` and `en`; empty for what is no code."""
    code = said.lower().replace("_", "-")
    return _LANGUAGES.get(code, code) if re.fullmatch(r"[a-z]{2,3}(-[a-z0-9]{2,8})*", code) else ""


def _description(section: Element) -> Description:
    record = next(descendants(section, "mods"), None)
    return _of_mods(record) if record is not None else _of_dublin_core(section)


def _of_mods(mods: Element) -> Description:
    host = next((one for one in children(mods, "relatedItem") if attribute(one, "type").lower() == "host"), None)
    dates = [
        line_in(date)
        for origin in children(mods, "originInfo")
        for name in ("dateIssued", "dateCreated", "dateOther")
        for date in children(origin, name)
    ] + [line_in(date) for part in children(mods, "part") for date in children(part, "date")]
    names = [_name(one) for one in children(mods, "name")]
    topics = [line_in(topic) for subject in children(mods, "subject") for topic in children(subject, "topic")]
    terms = [line_in(term) for language in children(mods, "language") for term in children(language, "languageTerm")]
    published = next(filter(None, map(_day, dates)), None)
    return Description(
        title=_title(mods),
        host=_title(host) if host is not None else "",
        published=published,
        odd_date="" if published else next(filter(None, dates), ""),
        language=next(filter(None, map(language_code, terms)), ""),
        byline=", ".join(filter(None, names)),
        keywords=tuple(filter(None, topics)),
        identifier=line_in(mods, "identifier"),
    )


def _of_dublin_core(section: Element) -> Description:
    said: dict[str, list[str]] = {}
    for element in descendants(section, "title", "date", "issued", "language", "creator", "subject", "identifier"):
        if text := line_in(element):
            said.setdefault(local(element), []).append(text)
    dates = [*said.get("issued", ()), *said.get("date", ())]
    published = next(filter(None, map(_day, dates)), None)
    return Description(
        title=next(iter(said.get("title", ())), ""),
        published=published,
        odd_date="" if published else next(iter(dates), ""),
        language=next(filter(None, map(language_code, said.get("language", ()))), ""),
        byline=", ".join(said.get("creator", ())),
        keywords=tuple(said.get("subject", ())),
        identifier=next(iter(said.get("identifier", ())), ""),
    )


def _title(mods: Element) -> str:
    """The main title; an abbreviated or translated one only where there is no other."""
    infos = sorted(children(mods, "titleInfo"), key=lambda info: bool(attribute(info, "type")))
    for info in infos:
        title = " ".join(filter(None, (line_in(info, "nonSort"), line_in(info, "title"))))
        below = line_in(info, "subTitle")
        if title:
            return (
                f"{title}: {below}"
                if below and not title.endswith((".", "!", "?", ":"))
                else f"{title} {below}".strip()
            )
    return ""


def _name(name: Element) -> str:
    if display := line_in(name, "displayForm"):
        return display
    parts = {attribute(part, "type"): line_in(part) for part in children(name, "namePart")}
    if parts.get("given") or parts.get("family"):
        return " ".join(filter(None, (parts.get("given", ""), parts.get("family", ""))))
    return line_in(child(name, "namePart"))


def _day(said: str) -> str | None:
    if match := _DAY_FIRST.fullmatch(said):
        day, month, year = match.groups()
        return iso(f"{year}-{month:0>2}-{day:0>2}") if "/" not in said or int(day) > 12 or day == month else None
    return iso(said.replace("/", "-"))
