"""English words that point back, replaced by what they stand for."""

from __future__ import annotations

import re
from collections.abc import Callable

from qa.answering.following import antecedents
from qa.answering.following.clause import clause_of
from qa.answering.following.follow_up import FollowUp
from qa.answering.following.phrases import Part, circumstances, event_slots, phrases_in
from qa.answering.following.referents import Sort, referents
from qa.answering.following.tongue import pattern
from qa.answering.following.verbs import is_base, is_participle

_BORDER = pattern(
    r"[,;:]|\b(?:and|but|or|because|when|if|that|before|after|while|since|whether|why|how|what|who|which|than|as)\b"
    r"|\bto [a-z]+\s|\b[a-z]{2,}ing\b|\b(?:say|said|says|claim|claimed|think|thought|announced?|believe|hope|expect)\s$"
)
"""What parts two clauses: "it" in the second may be what the first names."""
_EMPTY_IT = pattern(
    r"\b(?:is|was|isn['’]t|wasn['’]t) it (?:\w+ )?(?:true|possible|known|clear|likely|legal|illegal|said|reported|who|not)\b"
    r"|\bit (?:is|was) (?:\w+ )?(?:true|possible|known|clear|likely|legal|said|reported)\b|\b(?:does|did|will) it take\b"
    r"|\b(?:is|was|would|does|did) it (?:\w+ ){1,3}(?:for\b.*\bto|that|when|how|whether|if)\b"
    r"|\bit (?:cost|take|be)\b.{1,80}\bto [a-z]+|\bit (?:rain|snow)"
)
_DOING = (
    r"say|says|said|find|found|seize|seized|search|searched|arrest|arrested|want|wanted|propose|proposed|decide|decided|rule|ruled"
    r"|declare|declared|vote|voted|adopt|adopted|report|reported|claim|claimed|announce|announced|recommend|recommended|trace|traced"
    r"|ask|asked|count|counted|give|gave|mention|mentioned|write|wrote|describe|described|call|called|do|discover|discovered|investigate|investigated|act|confirm|confirmed|publish|published"
)
_DOES = pattern(rf"^(?:\s(?:also|ever|really|already|first|then))?\s(?:{_DOING})\b")
"""What only somebody does."""
_OF_PERSONS = pattern(r"\b(?:convicted|charged|released|sentenced|tried|jailed|acquitted|identified|guilty|innocent|bailed|fined)\b")
"""What is done to persons alone."""
_THERE = pattern(
    r"(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bwere )(?<!\bbeen )(?<!\bbe )\b(?:over )?there\b(?! (?:is|was|are|were|been|be|any|a)\b)"
)
_THEN = pattern(r"\bsince then\b|\b(?:back |by |until )?then\b|\bat (?:that|the) time\b(?! (?:of|when|that)\b)")
_THAT_TIME = pattern(
    r"\b(?P<bind>in|on|during|at|since|after|before|by|until)\s(?:that|this|those)\s(?:same )?(?:year|month|day|time|date|period|week|years|months)\b(?! (?:as|of|when))"
)
_THAT_PLACE = pattern(
    r"\b(?:in|at|from)\s(?:that|this|the same)\s(?:country|city|town|place|province|region|village)\b"
)
_THAT_THING = pattern(r"(?<!one and )\b(?:that|this|those|these|the same|the said)\s(?P<noun>[a-z][\w-]+)\b(?! (?:who|that|which|whose)\b)")
_THE_EVENT = pattern(r"\b(?:that|this|the) (?:police |same )?(?:operation|raids?|inquiry|investigation|case)\b(?! (?:that|which|who|of|into|behind|about|in|against)\b)")
_OF_THEM = pattern(
    r"^(?P<count>how many|how much|which|who|what share|some|all|most|any)(?: of (?:them|those|these)(?: (?:people|persons))?)?\s(?=\w)"
)
_BARE_COUNT = pattern(r"^how many (?P<verb>were|are|was|have|had|has|did|came|took|got|faced)\s(?P<rest>.+)$")
_HE = pattern(
    r"\b(?:he|she|him|(?P<poss>his|her(?=\s(?!(?:in|at|on|for|from|to|about)\b)\w))\s(?P<owned>[\w-]+)|her)\b"
)
_THEY = pattern(r"\b(?:(?P<subject>they)|them|(?P<poss>their)\s(?P<owned>[\w-]+)|those(?=\W*$)|these(?=\W*$))\b")
_IT = pattern(
    r"\b(?:it|(?P<poss>its)\s(?P<owned>[\w-]+)|(?:this|that)(?=\W*$)"
    r"|(?<=did )(?:this|that)|(?<=does )(?:this|that)|(?<=was )(?:this|that)|(?<=is )(?:this|that)|(?<=will )(?:this|that)"
    r"|(?<=about )(?:this|that)|(?<=of )(?:this|that)|(?<=against )(?:this|that))(?!\w|['’](?:s|d|ll)\b)"
)
_OWN_GROUP = re.compile(r"(?<![\w'’])(?!(?:this|his|was|does|has|is)\b)[^\W\d]{3,}(?<!s)(?<!u)(?<!i)s(?![\w'’])")
"""A noun of several, by its ending."""
_ASKS_FOR_ONE = pattern(r"(?:which|what) (?!(?:is|was|are|were|did|does|do|has|have|had|will|would|can)\b)[a-z-]+\s|who\s")
_HIS_OWN = frozenset({Sort.PERSON})
_THEIR_OWN = frozenset({Sort.GROUP, Sort.THING, Sort.TERRITORY, Sort.PERSON})
_ITS_OWN = frozenset({Sort.THING, Sort.TERRITORY})
_NAMES_ITSELF = pattern(r"\w\W+(?:who|what|where) (?:is|was|are|were) (?:he|she|it|they)$")
"""Who or what is meant stands before: "the ombudsman, who is he"."""
_HANGING = pattern(r"\bvot\w+ (?:\w+ )?(?:against|in favour|for)$")
"""A vote on what is not said."""

_SEVERAL_SENTENCES = re.compile(r"[^\W\d]{3}[.?!]\s+[A-ZÁÉÍÓÚÑ¿]")
"""The first says what the second is about."""

_LONG_OWNER = 3
"""Words of an owner up to which it stands before what it owns: "Spain's interior minister's proposal"."""

Pick = Callable[[re.Match[str]], "str | None"]


def points_back(text: str) -> bool:
    """Whether a text has any word that may point back."""
    return any(one.search(text) for one in (_THERE, _THEN, _THAT_TIME, _THAT_PLACE, _HE, _THEY, _IT)) or bool(
        re.search(
            r"\b(?:that|this|those|these|the same) (?:operation|case|law|directive|year|country)", text, re.IGNORECASE
        )
    )


def resolved(follow_up: FollowUp) -> tuple[str, bool]:
    """The follow-up without its opening, with what its words point back to; and whether none was left unclear."""
    if _NAMES_ITSELF.search(follow_up.rest) or _SEVERAL_SENTENCES.search(follow_up.rest):
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
    match = _OF_THEM.match(text)
    if match and " of " in match.group() and (people := antecedents.group(follow_up.meant)):
        after = text[match.end() :]
        verb = "" if re.match(r"(?:were|are|was|is|have|had|has|did|do|\w+ed)\b", after) else "were "
        return f"{match['count']} of {people} {verb}{after}"
    bare, clause = _BARE_COUNT.match(text), follow_up.clause
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
    if not match or not _DOES.match(f" {match['verb']}") or antecedents.group(follow_up.meant, does=True):
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
            return f"{match.group().split()[0]} {re.sub(r'^(?:in|on|during|at|since|after|before|by|until) ', '', when.text)}"
        return when.text

    text, clear = _replace(text, _THAT_TIME, pick)
    text, then = _replace(text, _THEN, pick)
    return text, clear and (then or not re.search(r"\bsince then\b", text))


def _places(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    where = antecedents.part(follow_up.before, Part.PLACE)
    if phrases_in(text) and any(one.part is Part.PLACE for one in phrases_in(text)):
        return text, True
    text, clear = _replace(text, _THAT_PLACE, lambda match: where.text if where else None)
    text, there = _replace(text, _THERE, lambda match: where.text if where else None)
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
        text, clear = _replace(text, _THE_EVENT, lambda match: pick(match) if meant(match) else match.group())
    return _replace(text, _THAT_THING, named)[0], clear


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
        ends += [one.end() for one in _OWN_GROUP.finditer(before)]
    lead = _ASKS_FOR_ONE.match(before)
    if owns and (ends or (lead and not lead.group().lower().startswith("who"))):
        return True
    if lead:
        ends.append(lead.end() - 1)
    return any(_BORDER.search(before, end) for end in ends)


def _persons(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    def pick(match: re.Match[str]) -> str | None:
        if _inside(text, match, _HIS_OWN):
            return match.group()
        who = antecedents.person(follow_up.meant)
        return _owning(who, match["owned"]) if who and match["poss"] else who

    first = _HE.search(text)
    if first and not first["poss"]:
        # "He" says whose "his" is.
        end, (named, clear) = first.end(), _replace(text[: first.end()], _HE, pick)
        return f"{named}{text[end:]}", clear
    return _replace(text, _HE, pick)


def _groups(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    def pick(match: re.Match[str]) -> str | None:
        if _inside(text, match, _THEIR_OWN):
            return match.group()
        does = bool(match["subject"] and _DOES.match(text[match.end() :])) and _is_active(text[: match.end()])
        who = antecedents.group(follow_up.meant, does=does, persons=bool(_OF_PERSONS.search(text)))
        return _owning(who, match["owned"]) if who and match["poss"] else who

    return _replace(text, _THEY, pick)


def _is_active(text: str) -> bool:
    """Whether the word that a text ends in does what follows; "was it adopted" has it done to it."""
    return not re.search(r"\b(?:were|was|are|is) \w+$", text, re.IGNORECASE)


def _things(text: str, follow_up: FollowUp) -> tuple[str, bool]:
    empty = [match.span() for match in _EMPTY_IT.finditer(text)]
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
        does = bool(_DOES.match(text[match.end() :])) and _is_active(text[: match.end()])
        found = antecedents.thing(follow_up.meant, does=does)
        return _owning(found, match["owned"]) if found and match["poss"] else found

    text, clear = _replace(text, _IT, pick)
    if _HANGING.search(text) and (found := antecedents.thing(follow_up.meant)):
        text = f"{text} {'of ' if text.endswith('favour') else ''}{found}"
    return " ".join((text, *late)), clear


def _goes_on(word: str) -> bool:
    """Whether "that" before a word stands alone, rather than with a noun."""
    return is_base(word) or is_participle(word) or word in ("in", "at", "on", "for", "so", "not", "still", "also", "the")


def _owning(who: str, owned: str) -> str:
    if len(who.split()) > _LONG_OWNER:
        return f"the {owned} of {who}"
    return f"{who}' {owned}" if who.endswith("s") else f"{who}'s {owned}"
