"""English words that point back, and the words beside them that tell whether they do: patterns, as data."""

from __future__ import annotations

import re

from qa.answering.following.tongue import pattern

BORDER = pattern(
    r"[,;:]|\b(?:and|but|or|because|when|if|that|before|after|while|since|whether|why|how|what|who|which|than|as)\b"
    r"|\bto [a-z]+\s|\b[a-z]{2,}ing\b|\b(?:say|said|says|claim|claimed|think|thought|announced?|believe|hope|expect)\s$"
)
"""What parts two clauses: "it" in the second may be what the first names."""
EMPTY_IT = pattern(
    r"\b(?:is|was|isn['’]t|wasn['’]t) it (?:\w+ )?(?:true|possible|known|clear|likely|legal|illegal|said|reported|who|not)\b"
    r"|\bit (?:is|was) (?:\w+ )?(?:true|possible|known|clear|likely|legal|said|reported)\b|\b(?:does|did|will) it take\b"
    r"|\b(?:is|was|would|does|did) it (?:\w+ ){1,3}(?:for\b.*\bto|that|when|how|whether|if)\b"
    r"|\bit (?:cost|take|be)\b.{1,80}\bto [a-z]+|\bit (?:rain|snow)"
)
DOING = (
    r"say|says|said|find|found|seize|seized|search|searched|arrest|arrested|want|wanted|propose|proposed|decide|decided|rule|ruled"
    r"|declare|declared|vote|voted|adopt|adopted|report|reported|claim|claimed|announce|announced|recommend|recommended|trace|traced"
    r"|ask|asked|count|counted|give|gave|mention|mentioned|write|wrote|describe|described|call|called|do|discover|discovered|investigate|investigated|act|confirm|confirmed|publish|published"
)
DOES = pattern(rf"^(?:\s(?:also|ever|really|already|first|then))?\s(?:{DOING})\b")
"""What only somebody does."""
OF_PERSONS = pattern(
    r"\b(?:convicted|charged|released|sentenced|tried|jailed|acquitted|identified|guilty|innocent|bailed|fined)\b"
)
"""What is done to persons alone."""
THERE = pattern(
    r"(?<!\bis )(?<!\bwas )(?<!\bare )(?<!\bwere )(?<!\bbeen )(?<!\bbe )\b(?:over )?there\b(?! (?:is|was|are|were|been|be|any|a)\b)"
    r"|(?<=^who was )there$|(?<=^who were )there$|(?<=^who is )there$"
)
THEN = pattern(r"\bsince then\b|\b(?:back |by |until )?then\b|\bat (?:that|the) time\b(?! (?:of|when|that)\b)")
THAT_TIME = pattern(
    r"\b(?P<bind>in|on|during|at|since|after|before|by|until)\s(?:that|this|those)\s(?:same )?(?:year|month|day|time|date|period|week|years|months)\b(?! (?:as|of|when))"
)
THAT_PLACE = pattern(r"\b(?:in|at|from)\s(?:that|this|the same)\s(?:country|city|town|place|province|region|village)\b")
THAT_THING = pattern(
    r"(?<!one and )\b(?:that|this|those|these|the same|the said)\s(?P<noun>[a-z][\w-]+)\b(?! (?:who|that|which|whose)\b)"
)
THE_EVENT = pattern(
    r"\b(?:that|this|the) (?:police |same )?(?:operation|raids?|inquiry|investigation|case)\b(?! (?:that|which|who|of|into|behind|about|in|against)\b)"
)
OF_THEM = pattern(
    r"^(?P<count>how many|how much|which|who|what share|some|all|most|any)(?: of (?:them|those|these)(?: (?:people|persons))?)?\s(?=\w)"
)
BARE_COUNT = pattern(r"^how many (?P<verb>were|are|was|have|had|has|did|came|took|got|faced)\s(?P<rest>.+)$")
HE = pattern(r"\b(?:he|she|him|(?P<poss>his|her(?=\s(?!(?:in|at|on|for|from|to|about)\b)\w))\s(?P<owned>[\w-]+)|her)\b")
THEY = pattern(r"\b(?:(?P<subject>they)|them|(?P<poss>their)\s(?P<owned>[\w-]+)|those(?=\W*$)|these(?=\W*$))\b")
IT = pattern(
    r"\b(?:it|(?P<poss>its)\s(?P<owned>[\w-]+)|(?:this|that)(?=\W*$)"
    r"|(?<=did )(?:this|that)|(?<=does )(?:this|that)|(?<=was )(?:this|that)|(?<=is )(?:this|that)|(?<=will )(?:this|that)"
    r"|(?<=about )(?:this|that)|(?<=of )(?:this|that)|(?<=against )(?:this|that))(?!\w|['’](?:s|d|ll)\b)"
)
OWN_GROUP = re.compile(r"(?<![\w'’])(?!(?:this|his|was|does|has|is)\b)[^\W\d]{3,}(?<!s)(?<!u)(?<!i)s(?![\w'’])")
"""A noun of several, by its ending."""
ASKS_FOR_ONE = pattern(
    r"(?:which|what) (?!(?:is|was|are|were|did|does|do|has|have|had|will|would|can)\b)[a-z-]+\s|who\s"
)
NAMES_ITSELF = pattern(r"\w\W+(?:who|what|where) (?:is|was|are|were) (?:he|she|it|they)$")
"""Who or what is meant stands before: "the ombudsman, who is he"."""
HANGING = pattern(r"\bvot\w+ (?:\w+ )?(?:against|in favour|for)$")
"""A vote on what is not said."""

SEVERAL_SENTENCES = re.compile(r"[^\W\d]{3}[.?!]\s+[A-ZÁÉÍÓÚÑ¿]")
"""The first says what the second is about."""
