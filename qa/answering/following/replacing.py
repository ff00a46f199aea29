"""What a follow-up brings takes the place of its like: place for place, time for time, name for name."""

from __future__ import annotations

import re

from qa.answering.following.asking_anew import asked_anew, class_of
from qa.answering.following.clause import clause_of
from qa.answering.following.follow_up import FollowUp
from qa.answering.following.phrases import (
    Part,
    Phrase,
    circumstances,
    event_slots,
    names_month,
    only_phrases,
    phrases_in,
)
from qa.answering.following.referents import Referent, is_doer, referents
from qa.answering.following.tongue import Tongue, pattern, word_set
from qa.language.places import LANGUAGES, places_in
from qa.language.terms import fold

_DEMONYM = pattern(
    r"(?<!\w)(?<!in )(?<!en )"
    r"(?:Spanish|French|Italian|German|British|Irish|Swedish|Dutch|Danish|Belgian|Portuguese|Polish|Brazilian|Chilean"
    r"|Argentine|Argentinian|Mexican|American|español(?:es|as?)?|francés|francesa|italian[oa]s?|alem[aá]n|alemana"
    r"|argentin[oa]s?|chilen[oa]s?|brasileñ[oa]s?|británic[oa]s?)(?=\s|\W*$)\s?"
)
_BINDERS = pattern(r"^(?:in|on|during|at|of|en|durante|de)\s(?:the\s)?")
_LEADS_TIME = pattern(r"^(?:when|(?:in|on) (?:what|which) (?:year|month|day|date))\s")
_IS_WHERE = pattern(r"^¿d[oó]nde (?:está|queda)\s")
_LEADS_PLACE = pattern(r"^where\s")
_SPEAKS = pattern(
    r"\b(?:say|report|speak|write|give|count|mention|claim|put|tell|call)\b"
    r"|^(?:dice|cuenta|da|informa|señala|cifra|habla)(?!\w)"
)
"""Verbs of sources."""
_WHOLE = pattern(r"\b(?:were|was|are|is) there\b|(?<!\w)(?:hubo|hay|había)(?!\w)")
"""With a verb and a place or time of its own, a question of how many needs nothing else."""
_YEAR = re.compile(r"(?:19|20)\d\d")
_LAW_NOUNS = word_set("law directive regulation decision convention act ley directiva reglamento decision convenio")


def with_parts(follow_up: FollowUp) -> str | None:
    """The question before with the places, times, events and sources that this one consists of."""
    parts = only_phrases(follow_up.rest) or only_phrases(_unbound(follow_up.rest))
    if not parts:
        return _asks_with_parts(follow_up)
    clause = follow_up.clause
    if clause and parts[0].part is Part.SOURCE and _SPEAKS.search(clause.rest) and (told := _whole(clause.subject)):
        return clause.with_subject(parts[0].name) if is_doer(told) else None
    return replaced(follow_up.asked, parts, follow_up.asked_in)


def _asks_with_parts(follow_up: FollowUp) -> str | None:
    """ "How many in France?": a question word and parts."""
    parts = phrases_in(follow_up.rest)
    if not parts or parts[0].span.start == 0 or (_WHOLE.search(follow_up.rest) and not follow_up.opened):
        return None
    head, tail = follow_up.rest[: parts[0].span.start], follow_up.rest[parts[0].span.start :]
    tail_parts = only_phrases(tail)
    if not tail_parts:
        return None
    anew = asked_anew(FollowUp.of(head.strip(), follow_up.before))
    return replaced(anew, tail_parts, follow_up.asked_in) if anew else None


def replaced(question: str, parts: list[Phrase], tongue: Tongue) -> str | None:
    """The question with each part where its like stood, or at its end."""
    for part in parts:
        put = {Part.PLACE: _place, Part.PERIOD: _period, Part.EVENT: _event, Part.LAW: _law, Part.SOURCE: _source}
        changed = put[part.part](question, part, tongue)
        if changed is None:
            return None
        question = changed
    return question


def _unbound(text: str) -> str:
    return re.sub(r"^(?:in|during|with|of|about|en|durante|con|de|sobre)\s(?:(?:the|la|el|los|las)\s)?", "", text)


def _put(question: str, start: int, end: int, text: str) -> str:
    return f"{question[:start]}{text}{question[end:]}"


def _appended(question: str, text: str) -> str:
    marks = question[len(question.rstrip(" ?.!")) :].strip() or "?"
    return f"{question.rstrip(' ?.!')} {text}{marks}"


def _place(question: str, part: Phrase, tongue: Tongue) -> str | None:
    bind, name = _in_tongue(part, tongue)
    where = f"{bind} {name}" if bind else name
    old = [one for one in phrases_in(question) if one.part is Part.PLACE]
    if old:
        alike = [one for one in old if one.bind and one.bind == bind]
        at = (alike or old)[-1].span
        keep = (alike or old)[-1].bind
        if not bind and places_in(name):
            where = f"{keep or _within(tongue)} {name}"
        return _put(question, at.start, at.end, where)
    if named := [span for span, _ in places_in(question)]:
        article = re.search(r"(?:the|el|la)\s$", question[: named[0].start], re.IGNORECASE)
        start = article.start() if article else named[0].start
        capital = name[:1].upper() + name[1:] if start == 0 else name
        return _put(question, start, named[-1].end, capital)
    if located := _IS_WHERE.match(question):
        return f"{located.group()}{name}?"
    if _LEADS_PLACE.match(question):
        return _put(question, 0, 6, f"Where {where if bind else f'in {name}'} ")
    if places_in(name):
        where = where if bind else f"{_within(tongue)} {name}"
        question = _DEMONYM.sub("", question)
    return _appended(question, where)


def _within(tongue: Tongue) -> str:
    return "in" if tongue.name == "en" else "en"


def _in_tongue(part: Phrase, tongue: Tongue) -> tuple[str, str]:
    """A place's preposition and name as the question's language has them."""
    bind, name = part.bind.lower(), part.name
    if bind in tongue.bind and bind not in tongue.bind.values():
        bind = tongue.bind[bind]
    named = places_in(name)
    if len(named) == 1 and len(LANGUAGES) and named[0][0].start <= 4:
        name = _territory(named[0][1], name, tongue)
    return bind, name


def _territory(code: str, name: str, tongue: Tongue) -> str:
    from babel import Locale

    other = Locale("es" if tongue.name == "en" else "en").territories.get(code)
    own = Locale(tongue.name).territories.get(code)
    plain = re.sub(r"^(?:the|el|la|los|las)\s", "", name, flags=re.IGNORECASE)
    return str(own) if own and other and fold(plain) == fold(other) != fold(own) else name


def _period(question: str, part: Phrase, tongue: Tongue) -> str | None:
    text = part.text
    binders = {"en": "in", "in": "en", "desde": "since", "since": "desde"}
    first = text.split()[0].lower()
    if (tongue.name == "en") == (first in ("en", "desde")) and first in binders:
        text = re.sub(r"^\w+", binders[first], text)
    if re.match(r"\d{4}$", text):
        text = f"{_within(tongue)} {text}"
    old = [one for one in phrases_in(question) if one.part is Part.PERIOD]
    if old:
        at = old[-1].span
        if not _YEAR.search(text) and (year := _YEAR.search(old[-1].text)) and re.search(r"[^\W\d]{3}", text):
            text = f"{text} {'de ' if tongue.name == 'es' else ''}{year.group()}" if names_month(text) else text
        attributive = _BINDERS.sub("", old[-1].text) == old[-1].text and re.search(
            r"(?:\b(?:the|la|el|los|las)|['’]s)\s$", question[: at.start], re.IGNORECASE
        )
        return _put(question, at.start, at.end, _BINDERS.sub("", text) if attributive else text)
    if lead := _LEADS_TIME.match(question):
        rest = question[lead.end() :]
        return _appended(rest[:1].upper() + rest[1:], text)
    return _appended(question, text)


def _event(question: str, part: Phrase, tongue: Tongue) -> str | None:
    if slots := event_slots(question):
        at = slots[-1].span
        keeps_article = tongue.name == "es" and not re.match(r"(?:la|el|las|los)\s", slots[-1].text)
        text = part.text if tongue.name == "en" or keeps_article else f"la {part.text}"
        return _put(question, at.start, at.end, text)
    return _appended(question, f"in {part.text}" if tongue.name == "en" else f"en la {part.text}")


def _law(question: str, part: Phrase, tongue: Tongue) -> str | None:
    laws = [one.span for one in phrases_in(question) if one.part is Part.LAW]
    laws = laws or [one.span for one in referents(question) if one.head in _LAW_NOUNS]
    return _put(question, laws[-1].start, laws[-1].end, part.text) if laws else None


def _source(question: str, part: Phrase, tongue: Tongue) -> str | None:
    old = [one.span for one in phrases_in(question) if one.part is Part.SOURCE]
    return _put(question, old[-1].start, old[-1].end, part.text) if old else _appended(question, part.text)


def with_name(follow_up: FollowUp) -> str | None:
    """ "And the ombudsman?": the question before, asked of another person, body or thing."""
    if not follow_up.opened:
        return None
    found = _only_name(follow_up)
    if found is None:
        return _of_other_things(follow_up)
    clause, asked = follow_up.clause, follow_up.asked
    before = referents(asked)
    alike = [one for one in before if one.head == found.head and not found.named] or [
        one for one in before if one.sort is found.sort and one.named and found.named and is_doer(one) == is_doer(found)
    ]
    subject = clause.subject if clause else ""
    if subject and (whose := _whole(subject)) and (whose.sort is found.sort or (is_doer(whose) and is_doer(found))):
        return clause.with_subject(found.text) if clause else None
    if alike:
        return _put(asked, alike[-1].span.start, alike[-1].span.end, found.text)
    same = [one for one in before if one.sort is found.sort and is_doer(one) == is_doer(found)]
    if same:
        return _put(asked, same[-1].span.start, same[-1].span.end, found.text)
    return clause.with_subject(found.text) if clause and is_doer(found) and not clause.noun else None


def _only_name(follow_up: FollowUp) -> Referent | None:
    """The person, body or thing that a follow-up consists of."""
    return _whole(follow_up.rest)


def _whole(text: str) -> Referent | None:
    found = referents(text)
    if len(found) == 1 and not re.sub(r"\W", "", text[: found[0].span.start] + text[found[0].span.end :]):
        return found[0]
    return None


def _of_other_things(follow_up: FollowUp) -> str | None:
    """ "And cameras?": how many there were of something else."""
    clause = follow_up.clause
    if clause is None or not clause.counts or not clause.noun or not re.fullmatch(r"[a-z][\w-]+s", follow_up.rest):
        return None
    return clause.with_noun(follow_up.rest) if class_of(follow_up.rest) == class_of(clause.noun) else None


def continued(follow_up: FollowUp, question: str) -> str:
    """A question that says nothing of place, time or event takes over what the one before said of them."""
    told = circumstances(follow_up.asked) or _occasion(follow_up.asked)
    complete = phrases_in(question) or referents(question)
    apart = clause_of(question, follow_up.tongue) is None or follow_up.tongue is not follow_up.asked_in
    return follow_up.text if complete or apart or not told else _appended(question, " ".join(told))


def _occasion(question: str) -> list[str]:
    """At what meeting or in what debate a question asks: what stands behind in or at, at the end."""
    for one in reversed(referents(question)):
        bind = re.search(r"(?:\bin|\bat|\bduring|(?<!\w)en|\bdurante)\s$", question[: one.span.start], re.IGNORECASE)
        if bind and not question[one.span.end :].strip(" ?"):
            return [question[bind.start() : one.span.end]]
    return []
