"""English words that point back, replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.answering.following import antecedents
from qa.answering.following.clause import clause_of
from qa.answering.following.english_pointers import (
    ASKS_FOR_ONE,
    BARE_COUNT,
    BORDER,
    DOES,
    EMPTY_IT,
    HANGING,
    HE,
    IT,
    NAMES_ITSELF,
    OF_PERSONS,
    OF_THEM,
    OWN_GROUP,
    SEVERAL_SENTENCES,
    THAT_PLACE,
    THAT_THING,
    THAT_TIME,
    THE_EVENT,
    THEN,
    THERE,
    THEY,
)
from qa.answering.following.follow_up import FollowUp
from qa.answering.following.phrases import Part, circumstances, event_slots, phrases_in
from qa.answering.following.referents import Sort, referents
from qa.answering.following.tongue import pattern
from qa.answering.following.verbs import is_base, is_participle

_HIS_OWN = frozenset({Sort.PERSON})
_THEIR_OWN = frozenset({Sort.GROUP, Sort.THING, Sort.TERRITORY, Sort.PERSON})
_ITS_OWN = frozenset({Sort.THING, Sort.TERRITORY})
_BINDS_TIME = pattern(r"^(?:in|on|during|at|since|after|before|by|until) ")
_LONG_OWNER = 3
"""Words of an owner up to which it stands before what it owns: "Spain's interior minister's proposal"."""

Pick = Callable[[re.Match[str]], "str | None"]


def resolved(follow_up: FollowUp) -> tuple[str, bool]:
    """The follow-up without its opening, with what its words point back to; and whether none was left unclear."""
    if NAMES_ITSELF.search(follow_up.rest) or SEVERAL_SENTENCES.search(follow_up.rest):
        return follow_up.rest, True
    if counted := _part_of_group(follow_up):
        return counted, True
    if passive := _unnamed_doer(follow_up):
        return passive, True
    text, clear = follow_up.rest, True
    for step in (_times, _places, _things_named, _persons, _groups, _things):
        text, found = step(text, follow_up)
        clear = clear and found
    return text, clear


def _replace(text: str, which: re.Pattern[str], pick: Pick) -> tuple[str, bool]:
    """Every match replaced by what is picked for it; one that nothing is picked for stays, and is reported."""
    clear, parts, end = True, [], 0
    for match in which.finditer(text):
        found = pick(match)
        clear = clear and found is not None
        parts += [text[end : match.start()], match.group() if found is None else found]
        end = match.end()
    return "".join((*parts, text[end:])), clear


def _part_of_group(follow_up: FollowUp) -> str | None:
    """ "How many of them were in Spain?", "How many were convicted?"."""
    text = follow_up.rest
    match = OF_THEM.match(text)
    if match and " of " in match.group() and (people := antecedents.group(follow_up.meant)):
        after = text[match.end() :]
        verb = "" if re.match(r"(?:were|are|was|is|have|had|has|did|do|\w+ed)\b", after) else "were "
        return f"{match['count']} of {people} {verb}{after}"
    bare, clause = BARE_COUNT.match(text), follow_up.clause
    people = antecedents.group(follow_up.meant[-1:])
    if not bare or clause is None or people is None or any(one.part is Part.EVENT for one in phrases_in(text)):
        return None
    first = bare["rest"].split()[0]
    if clause.counts and first in clause.rest.split() and is_participle(first) and not clause.noun.startswith("of "):
        return f"how many {clause.noun} {bare['verb']} {bare['rest']}"
    return f"how many of {people} {bare['verb']} {bare['rest']}"


def _unnamed_doer(follow_up: FollowUp) -> str | None:
    """ "What did they find there?" where nobody said who: "What was found in Spain?"."""
    match = re.search(r"\bdid they\s(?P<verb>\w+)", follow_up.rest, re.IGNORECASE)
    if not match or not DOES.match(f" {match['verb']}") or antecedents.group(follow_up.meant, does=True):
        return None
    told = clause_of(f"{follow_up.rest}?", follow_up.tongue)
    passive = told.without_doer() if told else None
    if passive is None or re.match(r"who", passive, re.IGNORECASE):
        return None
    text, _ = _times(passive.rstrip("?"), follow_up)
    text, _ = _places(text, follow_up)
    carried = [told for told in circumstances(follow_up.asked) if told not in text]
    return " ".join((text, *carried))


def _times(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    when = antecedents.part(follow_up.before, Part.PERIOD)
    clause = follow_up.clause
    asked = clause.stated() if clause and re.match(r"when\b", clause.lead, re.IGNORECASE) else None

    def pick(match: re.Match[str]) -> str | None:
        if asked and re.fullmatch(r"then|at (?:that|the) time", match.group(), re.IGNORECASE):
            return f"when {asked}"
        if when is None:
            return None
        if match.group().lower().startswith(("since", "after", "before", "by", "until")):
            return f"{match.group().split()[0]} {_BINDS_TIME.sub('', when.text)}"
        return when.text

    text, clear = _replace(text, THAT_TIME, pick)
    text, then = _replace(text, THEN, pick)
    return text, clear and (then or not re.search(r"\bsince then\b", text))


def _places(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    where = antecedents.part(follow_up.before, Part.PLACE)
    if phrases_in(text) and any(one.part is Part.PLACE for one in phrases_in(text)):
        return text, True
    text, clear = _replace(text, THAT_PLACE, lambda match: where.text if where else None)
    text, there = _replace(text, THERE, lambda match: where.text if where else None)
    return text, clear and there


def _things_named(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    """ "That operation", "those arrests", and after an "And" just "the operation"."""

    def meant(match: re.Match[str]) -> bool:
        return follow_up.opened or not match.group().lower().startswith("the ")

    def pick(match: re.Match[str]) -> str | None:
        events = [one for question in reversed(follow_up.meant) for one in event_slots(question)]
        return events[0].text if events else antecedents.same_head(follow_up.meant, match.group().split()[-1])

    def named(match: re.Match[str]) -> str | None:
        noun = match["noun"].lower()
        if noun in ("people", "persons"):
            return antecedents.group(follow_up.meant, persons=True)
        if noun in ("arrests", "items", "searches", "countries", "ones"):
            return antecedents.group(follow_up.meant)
        return antecedents.same_head(follow_up.meant, noun) or match.group()

    clear = True
    if not any(one.part is Part.EVENT for one in phrases_in(text)):
        text, clear = _replace(text, THE_EVENT, lambda match: pick(match) if meant(match) else match.group())
    return _replace(text, THAT_THING, named)[0], clear


def _inside(text: str, match: re.Match[str], sorts: frozenset[Sort]) -> bool:
    """Whether the question itself names, before the word, what it stands for.

    "Its" may belong to anything before it, "it" to what another clause names.
    """
    before, owns = text[: match.start()], match.groupdict().get("poss")
    named = referents(before)
    if before.endswith(" ") and any(one.span.end == len(before) - 1 for one in named) and not owns:
        return True  # "The file it was sent": what stands right before begins the clause.
    ends = [one.span.end for one in named if one.sort in sorts or (one.named and Sort.PERSON in sorts)]
    if Sort.GROUP in sorts:
        ends += [one.end() for one in OWN_GROUP.finditer(before)]
    lead = ASKS_FOR_ONE.match(before)
    if owns and (ends or (lead and not lead.group().lower().startswith("who"))):
        return True
    if lead and (sorts != _THEIR_OWN or not lead.group().lower().startswith("who")):
        ends.append(lead.end() - 1)
    return any(BORDER.search(before, end) for end in ends)


def _persons(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    def pick(match: re.Match[str]) -> str | None:
        if _inside(text, match, _HIS_OWN):
            return match.group()
        who = antecedents.person(follow_up.meant)
        return _owning(who, match["owned"]) if who and match["poss"] else who

    first = HE.search(text)
    if first and not first["poss"]:
        # "He" says whose "his" is.
        end, (named, clear) = first.end(), _replace(text[: first.end()], HE, pick)
        return f"{named}{text[end:]}", clear
    return _replace(text, HE, pick)


def _groups(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    def pick(match: re.Match[str]) -> str | None:
        if _inside(text, match, _THEIR_OWN):
            return match.group()
        does = bool(match["subject"] and DOES.match(text[match.end() :])) and _is_active(text[: match.end()])
        who = antecedents.group(follow_up.meant, does=does, persons=bool(OF_PERSONS.search(text)))
        return _owning(who, match["owned"]) if who and match["poss"] else who

    return _replace(text, THEY, pick)


def _is_active(text: str) -> bool:
    """Whether the word that a text ends in does what follows; "was it adopted" has it done to it."""
    return not re.search(r"\b(?:were|was|are|is) \w+$", text, re.IGNORECASE)


def _things(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    empty = [match.span() for match in EMPTY_IT.finditer(text)]
    told = antecedents.said(follow_up.meant, text)
    late: list[str] = []

    def pick(match: re.Match[str]) -> str | None:
        following = next(iter(text[match.end() :].split()), "")
        noun = match.group().lower() in ("this", "that") and following and not _goes_on(following)
        if noun or any(start <= match.start() < end for start, end in empty) or _inside(text, match, _ITS_OWN):
            return match.group()
        if told and not match["poss"]:
            at_end = not text[match.end() :].strip(" ?")
            if not at_end and not late:
                late.append(told)
            return told if at_end else "it"
        does = bool(DOES.match(text[match.end() :])) and _is_active(text[: match.end()])
        found = antecedents.thing(follow_up.meant, does=does)
        return _owning(found, match["owned"]) if found and match["poss"] else found

    text, clear = _replace(text, IT, pick)
    if HANGING.search(text) and (found := antecedents.thing(follow_up.meant)):
        text = f"{text} {'of ' if text.endswith('favour') else ''}{found}"
    return " ".join((text, *late)), clear


def _goes_on(word: str) -> bool:
    """Whether "that" before a word stands alone, rather than with a noun."""
    return (
        is_base(word) or is_participle(word) or word in ("in", "at", "on", "for", "so", "not", "still", "also", "the")
    )


def _owning(who: str, owned: str) -> str:
    if len(who.split()) > _LONG_OWNER:
        return f"the {owned} of {who}"
    return f"{who}' {owned}" if who.endswith("s") else f"{who}'s {owned}"
