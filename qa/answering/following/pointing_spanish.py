"""Spanish words that point back, replaced by what they stand for, and subjects that Spanish leaves unsaid."""

from __future__ import annotations

import re

from qa.answering.following import antecedents
from qa.answering.following.follow_up import FollowUp
from qa.answering.following.phrases import Part, event_slots, only_phrases, phrases_in
from qa.answering.following.referents import referents
from qa.answering.following.spanish_clause import SpanishClause
from qa.answering.following.tongue import pattern
from qa.language.figures import is_common, kin
from qa.language.terms import words

_THERE = pattern(r"(?<!\w)(?:allí|allá|ahí)(?!\w)")
_THEN = pattern(
    r"(?<!\w)(?<!^)(?:desde entonces|entonces"
    r"|en (?:es[ea]|aquel(?:la)?|dich[oa]) (?:año|mes|día|época|momento|fecha))(?!\w)"
)
_THAT_PLACE = pattern(
    r"(?<!\w)en (?:es[ea]|aquel(?:la)?|dich[oa]) (?:país|ciudad|localidad|provincia|lugar|pueblo)(?!\w)"
)
_THAT_THING = pattern(
    r"(?<!\w)(?P<de>de|a)?\s?(?:es[eao]s?|est[eao]s?|aquel(?:la|los|las)?|dich[oa]s?) (?P<noun>[a-záéíóúñü]{3,})(?!\w)"
)
_EVENT = pattern(r"operaci(?:ón|ones)|redadas?|investigaci(?:ón|ones)|caso")
_OF_THEM = pattern(
    r"^(?P<count>cu[aá]nt[oa]s|cu[aá]les|qui[eé]nes) de (?:ell[oa]s|es[oa]s|est[oa]s)(?:\s(?P<rest>.+))?$"
)
_BARE_COUNT = pattern(r"^cu[aá]nt[oa]s (?P<verb>fueron|eran|son|estaban|han sido) (?P<rest>.+)$")
_SEVERAL = pattern(
    r"(?<!\w)(?!(?:cuántos|cuántas|cuáles|quiénes|después|antes|más|además|tras|es|las|los|les|sus|ellos|ellas)(?!\w))[a-záéíóúñ]{3,}s(?!\w)"
)
_HIS = pattern(r"(?<!\w)sus?\s(?P<noun>[a-záéíóúñü]+)(?!\w)")
_IT = pattern(
    r"(?<!\w)(?:lo|la)\s(?=(?:[a-záéíóúñü]+(?:ó|aron|ieron|ió|uso|ijo|izo|usieron)"
    r"|forman|integran|componen|dirigen?|presiden?|apoyan?|financian?)(?!\w))"
)
_AT_IT = pattern(r"(?<!\w)(?P<at>en|durante|tras|sobre|por) (?:él|ella|ellas)(?!\w)")
_OF_PERSONS_ONLY = pattern(
    r"(?<!\w)(?:condenad|absuelt|detenid|arrestad|imputad|acusad|procesad|juzgad|encarcelad|extraditad)[oa]s?(?!\w)"
)
"""What is done to nobody but persons."""
_WHO_IS = pattern(r"^qui[eé]n (?:es|era|fue)$")
_THAT = pattern(r"(?<!\w)(?:eso|esto|aquello)(?!\w)")
_HE = pattern(r"(?<!\w)(?:él|ella)(?!\w)")
_THEY = pattern(r"(?<!\w)(?:ellos|ellas)(?!\w)")
_OF_PERSONS = pattern(
    r"^(?:dijo|propuso|pidió|dimitió|nació|quiso|recomendó|anunció|exigió|sigue|es todavía|es aún|todavía es)(?!\w)"
)
_ABOUT = pattern(r"^(?:sobre|acerca de|a|al|contra)\s")
_REMAINS = pattern(r"^(?:siendo\s\w+|\w+[ai]d[oa]s?|ministr[oa])$")
_IS = pattern(r"^(?:es|era|fue)$")
_FEMININE = pattern(r"(?:a|ción|sión|dad|as)$")
_HANGING = pattern(r"(?<!\w)vot\w+ (?:en contra|a favor)$")
"""A vote on what is not said."""


def points_back(text: str) -> bool:
    return any(one.search(text) for one in (_THERE, _THEN, _THAT_PLACE, _HIS, _IT, _THAT, _HE, _THEY, _OF_THEM))


def resolved(follow_up: FollowUp) -> tuple[str, bool]:
    """The follow-up without its opening, with what its words point back to; and whether none was left unclear."""
    if counted := _part_of_group(follow_up):
        return counted, True
    before, text = follow_up.meant, follow_up.rest
    where, when = antecedents.part(before, Part.PLACE), antecedents.part(before, Part.PERIOD)
    for which, phrase in ((_THERE, where), (_THAT_PLACE, where), (_THEN, when)):
        if phrase:
            text = which.sub(phrase.text, text)
    text = _THAT_THING.sub(lambda match: _named(match, follow_up), text)
    if not _names_anyone(text):
        text = _HIS.sub(lambda match: _owned(match, follow_up), text)
    if happened := _event_of(follow_up):
        text = _AT_IT.sub(lambda match: f"{match['at']} {happened}", text)
    if _WHO_IS.match(text) and (who := antecedents.person(before)):
        return f"{text} {who}", True
    for which, found in (
        () if _names_anyone(text) else ((_HE, antecedents.person(before)), (_THEY, antecedents.group(before)))
    ):
        if found:
            text = which.sub(found, text)
    text = _with_object(text, follow_up)
    text = _with_subject(text, follow_up)
    if _HANGING.search(text) and (voted_on := antecedents.thing(before)):
        text = re.sub(r"\bde el\s", "del ", f"{text} de {voted_on}")
    return text, _names_anyone(text) or not points_back(text)


def _names_anyone(text: str) -> bool:
    """Whether a question names, anywhere, what "su" and "él" in it may belong to, behind the verb too."""
    left = _HIS.sub("", _HE.sub("", text))
    clause = SpanishClause.of(text)
    return bool(referents(left) or (clause and clause.noun) or _SEVERAL.search(left))


def _part_of_group(follow_up: FollowUp) -> str | None:
    """ "¿Cuántos de ellos eran de España?"."""
    match, people = _OF_THEM.match(follow_up.rest), antecedents.group(follow_up.meant)
    clause = follow_up.clause
    if match and people:
        counts = "cuántas" if people.startswith("las") else "cuántos"
        asks = counts if match["count"].lower().startswith("cu") and "les" not in match["count"] else match["count"]
        rest = match["rest"]
        if rest is None:
            return (clause.counted() if clause else None) or follow_up.asked
        verb = "estaban " if re.match(r"en\s", rest) else ""
        return _agreeing(f"{asks} de {people} {verb}{rest}", people)
    bare = _BARE_COUNT.match(follow_up.rest)
    if bare and clause and clause.counts and (people := clause.people()):
        counts = "cuántas" if people.startswith("las") else "cuántos"
        if bare["rest"].split()[0][:-2] in f"{clause.noun} {people}":
            return f"{counts} {clause.noun} {bare['verb']} {bare['rest']}"
        return _agreeing(f"{counts} de {people} {bare['verb']} {bare['rest']}", people)
    return None


def _event_of(follow_up: FollowUp) -> str | None:
    """The event that was named last, with its article."""
    events = [one.text for question in reversed(follow_up.meant) for one in event_slots(question)]
    if not events:
        return None
    return events[0] if events[0].lower().startswith(("la ", "el ", "las ")) else f"la {events[0]}"


def _named(match: re.Match[str], follow_up: FollowUp) -> str:
    noun, bind = match["noun"], match["de"] or ""
    found = antecedents.same_head(follow_up.meant, noun)
    if not found and _EVENT.fullmatch(noun):
        found = _event_of(follow_up)
    if not found:
        return match.group()
    joined = f"{bind} {found}" if bind else found
    lead = " " if match.group()[:1].isspace() else ""
    return lead + re.sub(r"\b(de|a) el\s", r"\1l ", joined)


def _owned(match: re.Match[str], follow_up: FollowUp) -> str:
    who = antecedents.person(follow_up.meant) or antecedents.thing(follow_up.meant)
    if who is None:
        return match.group()
    noun = match["noun"]
    several = match.group().lower().startswith("sus")
    article = ("las" if several else "la") if _FEMININE.search(noun) else ("los" if several else "el")
    return re.sub(r"\bde el\s", "del ", f"{article} {noun} de {who}")


def _with_object(text: str, follow_up: FollowUp) -> str:
    """ "¿Quién lo propuso?" with what was proposed."""
    told = antecedents.said(follow_up.meant, text)
    found = told or antecedents.thing(follow_up.meant)
    if not found:
        return text
    if _IT.search(text):
        return f"{_IT.sub('', text)} {found}"
    return _THAT.sub(found, text)


def _with_subject(text: str, follow_up: FollowUp) -> str:
    """ "¿Cuándo empezó?" with what began."""
    clause = SpanishClause.of(text)
    if clause is None or not _leaves_subject_out(clause):
        return text
    found, left = _subject_meant(clause, follow_up.meant), clause.rest
    if not found or (phrases_in(text) and event_slots(text) and not _ABOUT.match(left)):
        return text
    if _OF_PERSONS_ONLY.search(text) and not _are_persons(found):
        happened = _event_of(follow_up)  # searches are not convicted: those of the operation are meant
        return f"{text} en {happened}" if happened else text
    lead = "".join(f"{part} " for part in (clause.lead, clause.noun) if part)
    if left.startswith("siendo") or not (only_phrases(left) or _ABOUT.match(left)):
        return _agreeing(" ".join(f"{lead}{clause.verb} {left} {found}".split()), found)
    return _agreeing(f"{lead}{clause.verb} {found} {left}", found)


def _are_persons(named: str) -> bool:
    """Whether what is named may be persons: its noun is none that counts things."""
    noun = next(
        (word for word in words(named) if word.lower() not in ("el", "la", "los", "las") and word.isalpha()), ""
    )
    return not is_common(noun) or kin(noun) in ("people", "arrest")


def _leaves_subject_out(clause: SpanishClause) -> bool:
    """Whether behind the verb there is nothing that does or is what it tells."""
    left = clause.rest
    if clause.of_subject or (clause.noun and " " not in clause.lead) or clause.verb.split()[0] in ("hubo", "hay"):
        return False
    if clause.lead == "qué" and _OF_PERSONS.match(clause.verb) and _ABOUT.match(left):
        return True
    remains = bool(_REMAINS.match(left)) and clause.lead != "qué"
    return remains or ((not left or bool(only_phrases(left))) and bool(clause.lead or clause.passive))


def _subject_meant(clause: SpanishClause, before: tuple[str, ...]) -> str | None:
    verb = clause.verb.split()[0]
    if verb.endswith("n") or verb == "son":
        they = antecedents.group(before, does=clause.lead == "qué" and not clause.passive)
        things = None if they or clause.passive else antecedents.thing(before)
        return they or (things if things and things.startswith(("los ", "las ")) else None)
    if _IS.match(clause.verb) and (who := antecedents.person(before[-1:])):
        return who
    if _OF_PERSONS.match(clause.verb):
        return antecedents.person(before) or antecedents.thing(before, does=True)
    return antecedents.thing(before) or antecedents.person(before)


def _agreeing(text: str, who: str) -> str:
    """What is said of women and persons with the ending that it has of them: "fueron condenadas"."""
    if not who.startswith("las "):
        return text
    return re.sub(r"\b(fueron|son|eran|están|estaban|quedaron|sido)\s(\w+[ai]d)os\b", r"\1 \2as", text)
