"""The parts of a question that another may replace: where, when, in which event, by which law, according to whom."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from enum import StrEnum

from qa.domain.archive import Span
from qa.language.answer_spans import NAME
from qa.language.event_names import event_names
from qa.language.places import places_in
from qa.language.timeframes import time_phrases

_NAMES = rf"(?:{NAME.pattern})(?:, (?:the |la )?{NAME.pattern})*(?:,? (?:and|or|y|e|o) (?:the |el |la |los )?{NAME.pattern})?"
_ARTICLE = r"(?:(?:the|el|la|los|las)\s)?"
_PLACE = re.compile(
    rf"(?<!\w)(?P<bind>in|at|from|near|across|throughout|within|outside|en|desde|fuera de)\s(?P<name>{_ARTICLE}{_NAMES})",
)
_OF_TERRITORY = re.compile(rf"(?<!\w)(?P<bind>of|for|de|del|para)\s(?P<name>{_ARTICLE}{_NAMES})")
_WHEREABOUTS = re.compile(
    r"(?<!\w)(?P<bind>in|across|throughout|around|en|por)\s(?P<name>(?:the |all |other |every |both |todo el |toda la |todos los"
    r" |otros |el |la |los )?(?:rest of |whole |entire |same |resto de |mismos? )?(?:(?:the|los|las|la|el) )?(?:other )?"
    r"(?:world|countr(?:y|ies)|continents?|provinces?|regions?|capital|mundo|país(?:es)?|provincias?|regiones|capital)"
    r"(?! of| de))(?!\w)|(?<!\w)(?P<alone>worldwide|world-wide|abroad|elsewhere|globally|overall|altogether|in total|in all(?=\W*$)|all together|en total|a nivel mundial)(?!\w)",
    re.IGNORECASE,
)
_SOURCE = re.compile(
    rf"(?<!\w)(?P<bind>according to|as reported by|según|de acuerdo con)\s(?P<name>{_ARTICLE}(?:{NAME.pattern}|[\w'’-]+(?:\s[\w'’-]+)?))",
    re.IGNORECASE,
)
_MONTHS = (
    "January|February|March|April|May|June|July|August|September|October|November|December"
    "|enero|febrero|marzo|abril|mayo|junio|julio|agosto|septiembre|octubre|noviembre|diciembre"
)
_MONTH = re.compile(rf"(?<!\w)(?:in|during|since|until|en|durante|desde|hasta)\s(?:{_MONTHS})(?!\w)")
"""A month without its year, which readers carry over."""
_NOW = re.compile(
    r"(?<!until )(?<!by )(?<!\w)(?:now|today|currently|nowadays|ahora|hoy|actualmente)(?=\W*$)", re.IGNORECASE
)
_LAW = re.compile(
    r"(?<!\w)(?:Law|Directive|Regulation|Decision|Ley|Directiva|Reglamento|Decisión) (?:\(\w+\) )?\d+/\d+(?:/\w+)?"
)
_EVENT_NOUNS = r"operations?|raids?|inquir(?:y|ies)|investigations?|case|strikes?|trial|operaci(?:ón|ones)|redadas?|investigaci(?:ón|ones)|caso|huelga|juicio"
_EVENT = re.compile(
    rf"(?<!\w)(?:the|that|this|la|el|las|esa|ese|esta|este)\s(?P<core>(?:[\w'’-]+\s){{0,3}}?(?:{_EVENT_NOUNS}))(?!\w)"
)


class Part(StrEnum):
    """What a phrase says of that which is asked."""

    PLACE = "place"
    PERIOD = "period"
    EVENT = "event"
    LAW = "law"
    SOURCE = "source"


@dataclass(frozen=True, slots=True)
class Phrase:
    """A part of a question at `span`; `bind` is the preposition before `name`, empty where there is none."""

    part: Part
    span: Span
    text: str
    bind: str
    name: str


def phrases_in(question: str) -> list[Phrase]:
    """The parts of a question, in order; none overlaps another."""
    found: list[Phrase] = []
    for phrase in _candidates(question):
        if not any(phrase.span.start < other.span.end and other.span.start < phrase.span.end for other in found):
            found.append(phrase)
    return sorted(found, key=lambda one: one.span)


def names_month(text: str) -> bool:
    """Whether a text is a month without its year."""
    return _MONTH.fullmatch(text) is not None


def only_phrases(text: str) -> list[Phrase]:
    """The parts that a text consists of; none where there is anything else in it."""
    text = text.strip()
    bare = _bare_places(text)
    found = bare or phrases_in(text)
    left = text
    for phrase in reversed(found):
        left = left[: phrase.span.start] + left[phrase.span.end :]
    return found if found and not re.sub(r"\b(?:and|y|or|only|just|solo|sólo)\b|\W", "", left) else []


def event_slots(question: str) -> list[Phrase]:
    """Where a question says which event it means, by its name or by what it is: "the March 2005 raids"."""
    named = [phrase for phrase in phrases_in(question) if phrase.part is Part.EVENT]
    if named:
        return named
    return [_phrase(Part.EVENT, question, *match.span()) for match in _EVENT.finditer(question)]


def circumstances(question: str) -> list[str]:
    """Where, when and in what a question asks, in order, each with its preposition."""
    found = [
        (one.span.start, one.text)
        for one in phrases_in(question)
        if one.part in (Part.PLACE, Part.PERIOD) and (one.bind or re.match(r"[^\W\d]+\s", one.text))
    ]
    for slot in event_slots(question):
        bound = re.search(r"(?:in|during|en|durante)\s(?:the\s|la\s|el\s)?$", question[: slot.span.start])
        if bound:
            found = [one for one in found if not slot.span.start <= one[0] < slot.span.end]
            found.append((bound.start(), question[bound.start() : slot.span.end]))
    return [text for _, text in sorted(found)]


def _candidates(question: str) -> Iterator[Phrase]:
    """Those that are surest first."""
    for name in event_names(question):
        yield _phrase(Part.EVENT, question, name.span.start, name.span.end)
    for match in _LAW.finditer(question):
        yield _phrase(Part.LAW, question, *match.span())
    for span in time_phrases(question):
        yield _phrase(Part.PERIOD, question, span.start, span.end)
    for match in _MONTH.finditer(question):
        yield _phrase(Part.PERIOD, question, *match.span())
    for match in _NOW.finditer(question):
        yield _phrase(Part.PERIOD, question, *match.span())
    for match in _SOURCE.finditer(question):
        yield _bound(Part.SOURCE, match)
    for match in _WHEREABOUTS.finditer(question):
        yield _bound(Part.PLACE, match)
    for match in _PLACE.finditer(question):
        yield _bound(Part.PLACE, match)
    for match in _OF_TERRITORY.finditer(question):
        if places_in(match["name"]):
            yield _bound(Part.PLACE, match)


def _bare_places(text: str) -> list[Phrase]:
    """Territories and nothing else: "France?", "Spain and Italy?"."""
    named = places_in(text)
    left = text
    for span, _ in reversed(named):
        left = left[: span.start] + left[span.end :]
    if not named or re.sub(r"\b(?:and|the|y|e)\b|\W", "", left, flags=re.IGNORECASE):
        return []
    return [_phrase(Part.PLACE, text, 0, len(text.rstrip(" ?.!")))]


def _phrase(part: Part, question: str, start: int, end: int) -> Phrase:
    text = question[start:end]
    return Phrase(part, Span(start, end), text, "", text)


def _bound(part: Part, match: re.Match[str]) -> Phrase:
    groups = match.groupdict()
    return Phrase(part, Span(*match.span()), match.group(), groups["bind"] or "", groups["name"] or match.group())
