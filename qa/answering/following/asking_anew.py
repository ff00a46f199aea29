"""The same asked again with another question word: "When?", "How many?", "Which ones?", "Who said so?"."""

from __future__ import annotations

import re

from qa.answering.following.clause import Clause
from qa.answering.following.follow_up import FollowUp, as_question
from qa.answering.following.phrases import Part, circumstances, event_slots, phrases_in
from qa.answering.following.referents import referents
from qa.answering.following.tongue import pattern, word_set
from qa.language.figures import kin
from qa.language.places import places_in
from qa.language.terms import fold, stem, words

_TOPIC_WORDS = 8
"""A text of at most so many words that is no question may be the name of a topic."""
_CLASSES = {
    word: name
    for name, members in {
        "held": "people persons detainees suspects personas detenidos detenidas arrestados arrestadas imputados"
        " imputadas investigados investigadas acusados acusadas condenados sospechosos",
        "doers": "officers agents judges ministers officials prosecutors experts agentes jueces ministros funcionarios"
        " fiscales",
        "acts": "arrests searches raids complaints reports votes arrestos detenciones registros denuncias votos",
        "places": "countries provinces cities towns regions homes houses paises provincias ciudades pueblos regiones"
        " domicilios",
    }.items()
    for word in members.split()
}
"""What can be done to one of a class can be done to others of it: people are arrested, searches are made."""
_ASKS_PERSON = re.compile(r"(?:by )?whom?\b(?! said| says)|(?:por )?qui[eé]n(?!\w)(?! lo)", re.IGNORECASE)
_SINCE = re.compile(r"(?:since|until|by|desde|hasta|para)\b", re.IGNORECASE)
_PLACE_NOUNS = word_set(
    "countries provinces cities towns regions places courts paises provincias ciudades pueblos regiones lugares"
    " juzgados"
)


def asked_anew(follow_up: FollowUp) -> str | None:
    """The question before with the question word of this one; None where this one brings more than that."""
    for rule in (_state, _who_said, _same_again, _place_looked_for, _only_asks, _number, _which, _who, _sequel):
        if found := rule(follow_up):
            return found
    return None


def _matched(follow_up: FollowUp, which: re.Pattern[str]) -> re.Match[str] | None:
    return which.fullmatch(follow_up.rest)


def _state(follow_up: FollowUp) -> str | None:
    """ "And convicted?" after "How many people were arrested?"."""
    clause = follow_up.clause
    if not clause or not _matched(follow_up, follow_up.tongue.state) or follow_up.tongue is not follow_up.asked_in:
        return None
    return clause.with_state(follow_up.rest)


def _who_said(follow_up: FollowUp) -> str | None:
    match = _matched(follow_up, follow_up.tongue.said)
    if not match:
        return None
    clause, groups = follow_up.clause, match.groupdict()
    english = follow_up.asked_in.name == "en"
    who, verb = groups.get("who"), groups.get("verb") or groups.get("verb2")
    if follow_up.tongue is not follow_up.asked_in or not who or not verb:
        who, verb = ("who", "said") if english else ("quién", "dijo")
    told = clause.reported() if clause else None
    if told is None:
        return beside(follow_up, f"{who} {verb} so" if english else f"{who} lo {verb}")
    return as_question(f"{who} {verb} {told}", follow_up.asked_in)


def _same_again(follow_up: FollowUp) -> str | None:
    """ "When did he say so?" after "What did the minister say?"."""
    match, clause = _matched(follow_up, follow_up.tongue.again), follow_up.clause
    if not match or clause is None or follow_up.tongue is not follow_up.asked_in:
        return None
    stems = {stem(word) for word in words(follow_up.asked)}
    return clause.asked_with(match["words"].lower()) if stem(match["verb"]) in stems else None


def _place_looked_for(follow_up: FollowUp) -> str | None:
    """ "Where is that?" after a question that names a town."""
    if not _matched(follow_up, follow_up.tongue.whereabouts):
        return None
    towns = [one for one in phrases_in(follow_up.asked) if one.part is Part.PLACE and not places_in(one.name)]
    verb = "is" if follow_up.tongue.name == "en" else "está"
    return follow_up.as_question(f"{follow_up.rest.split()[0]} {verb} {towns[-1].name}") if towns else None


def _only_asks(follow_up: FollowUp) -> str | None:
    for name, form in follow_up.tongue.asks.items():
        match = re.fullmatch(rf"(?P<words>{form}){follow_up.tongue.happened}", follow_up.rest, re.IGNORECASE)
        if match:
            return _with_words(follow_up, name, match["words"], pointing=match["words"] != match.group())
    return None


def _with_words(follow_up: FollowUp, name: str, words: str, *, pointing: bool) -> str | None:
    clause = follow_up.clause
    if clause is None:
        return _of_topic(follow_up, words)
    if pointing and clause.copular and re.search(r"\b(?:it|they|those|these)$", follow_up.rest):
        return None  # What is meant is the thing, not that it is so.
    if follow_up.tongue is not follow_up.asked_in:
        since = name == "when" and _SINCE.match(words)
        words = follow_up.asked_in.asks_in.get("since when" if since else name, "")
        if not words:
            return None
    if words.lower().endswith(" what") and clause.lead.lower() == "what":
        return beside(follow_up, words)
    return clause.asked_with(words[:1].lower() + words[1:]) or beside(follow_up, words)


def beside(follow_up: FollowUp, words: str) -> str | None:
    """Both questions as one: where nothing better can be made of them. Who somebody is isn't asked so."""
    if (
        follow_up.tongue is not follow_up.asked_in
        or _ASKS_PERSON.match(words)
        or not follow_up.asked.rstrip().endswith("?")
    ):
        return None
    and_ = "and" if follow_up.tongue.name == "en" else "y"
    return as_question(f"{follow_up.asked.rstrip(' ?.')}, {and_} {words[:1].lower()}{words[1:]}", follow_up.tongue)


def _of_topic(follow_up: FollowUp, words: str) -> str | None:
    """ "When?" after a text that only names something."""
    topic = follow_up.asked.strip(" ?.!¿¡")
    if follow_up.asked.rstrip().endswith("?") and len(topic.split()) > 1:
        return beside(follow_up, words)
    if len(topic.split()) > _TOPIC_WORDS or not _names_topic(topic):
        return None
    plural = re.match(r"[\w'’-]+s\b", topic) and not topic[:1].isupper()
    verb = ("were" if plural else "was") if follow_up.tongue.name == "en" else ("fueron" if plural else "fue")
    return follow_up.as_question(f"{words} {verb} {topic}")


def _names_topic(text: str) -> bool:
    """Whether a text is a name or a noun, with no more than where and when: "arrests in Spain"."""
    left = text
    for told in circumstances(text):
        left = left.replace(told, "", 1)
    if re.fullmatch(r"[^\W\d_]{3,}s\s*", left) and left[:1].islower():
        return True
    named = referents(text)
    return len(named) == 1 and not re.sub(r"\W", "", left.replace(named[0].text, "", 1))


def _number(follow_up: FollowUp) -> str | None:
    clause = follow_up.clause
    if clause is None:
        return None
    if _matched(follow_up, follow_up.tongue.number):
        return follow_up.asked if clause.counts else clause.counted() or beside(follow_up, follow_up.rest)
    match = _matched(follow_up, follow_up.tongue.number_of) if follow_up.tongue is follow_up.asked_in else None
    return of_things(follow_up, clause, match["noun"]) if match and not _points(match["noun"]) else None


def _points(noun: str) -> bool:
    return fold(noun.split()[0]) in (
        "of",
        "were",
        "are",
        "did",
        "have",
        "de",
        "fueron",
        "hubo",
        "son",
        "hay",
        "mas",
        "more",
    )


def of_things(follow_up: FollowUp, clause: Clause, noun: str) -> str | None:
    """How many there were of something else, where the question before asked it of other things or of none."""
    head = noun.split()[-1]
    if clause.counts and clause.noun and class_of(noun) == class_of(clause.noun):
        return clause.with_noun(noun)
    if (counted := clause.counted()) and kin(head) in map(kin, counted.split()):
        return counted
    told = circumstances(follow_up.asked) or [_inside(one.text, follow_up) for one in event_slots(follow_up.asked)[:1]]
    where = " ".join(told)
    there = ("How many {} were there {}" if follow_up.asked_in.name == "en" else "Cuántos {} hubo {}").format(
        noun, where
    )
    return as_question(there.strip(), follow_up.asked_in) if where else beside(follow_up, follow_up.rest)


def class_of(noun: str) -> str:
    """The class of a plural noun; that of things where it is of none."""
    words_of = [fold(word) for word in words(noun)]
    return next((_CLASSES[word] for word in words_of if word in _CLASSES), "things")


def _inside(event: str, follow_up: FollowUp) -> str:
    if follow_up.asked_in.name == "en":
        return f"in {event}"
    return f"en {event}" if re.match(r"(?:la|el|las|los)\s", event) else f"en la {event}"


def _which(follow_up: FollowUp) -> str | None:
    match, clause = _matched(follow_up, follow_up.tongue.which), follow_up.clause
    if not match or clause is None:
        return None
    noun = match["noun"]
    if noun and kin(noun.split()[-1]) not in [kin(word) for word in clause.noun.split()]:
        if fold(noun) not in _PLACE_NOUNS:
            return None
        bind = "in which" if follow_up.asked_in.name == "en" else "en qué"
        return clause.asked_with(f"{bind} {noun}") if follow_up.tongue is follow_up.asked_in else None
    return clause.chosen()


def _who(follow_up: FollowUp) -> str | None:
    clause = follow_up.clause
    return clause.who() if clause and _matched(follow_up, follow_up.tongue.who) else None


def _sequel(follow_up: FollowUp) -> str | None:
    """What came after or before: the time asked about moves, or what was asked about is what it came after."""
    match, clause = _matched(follow_up, follow_up.tongue.sequel), follow_up.clause
    if not match:
        return None
    earlier = bool(match.groupdict()["earlier"]) or (match["order"] or "").lower() in ("before", "antes")
    dated = [one for one in phrases_in(follow_up.asked) if one.part is Part.PERIOD]
    if match["bare"] and dated and (moved := _moved(follow_up, dated[-1].span.start, dated[-1].text, earlier=earlier)):
        return moved
    told = clause.stated() if clause else None
    events = [one.text for one in event_slots(follow_up.asked)]
    thing = told or next(iter(events), None)
    if thing is None:
        return None
    if follow_up.asked_in.name == "en":
        return as_question(f"What happened {'before' if earlier else 'after'} {thing}", follow_up.asked_in)
    que = "que " if told else ""
    return as_question(f"qué pasó {'antes' if earlier else 'después'} de {que}{thing}", follow_up.asked_in)


_BINDERS = pattern(
    r"^(?:in|on|during|at|of|since|after|before|until|by|en|el|durante|de|desde|después de|antes de|hasta)\s"
)


def _moved(follow_up: FollowUp, start: int, text: str, *, earlier: bool) -> str | None:
    bare = _BINDERS.sub("", text)
    if bare == text:
        return None  # The time is part of a name: "the March 2005 raids".
    english = follow_up.asked_in.name == "en"
    order = ("before" if earlier else "after") if english else ("antes de" if earlier else "después de")
    if re.match(r"since|desde", follow_up.rest, re.IGNORECASE):
        order = "since" if english else "desde"
    return f"{follow_up.asked[:start]}{order} {bare}{follow_up.asked[start + len(text) :]}"
