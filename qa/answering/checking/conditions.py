"""What the sources tell only under a condition isn't told without it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word
from qa.domain.archive import Span

_CONDITION = re.compile(
    r"(?<!\w)(?<!\beven )(?<!\bas )(?<!\bonly )(?:(?:only )?if(?! (?:any|anything|not)(?!\w))|unless|provided(?= (?:that|the|it|they|he|she))|providing that|on condition that"
    r"|in the event (?:of|that)|as long as|assuming(?: that)?|subject to|conditional (?:on|upon)|contingent (?:on|upon)|pending(?= \w+ (?:approval|by|of))"
    r"|si(?! bien)|siempre que|siempre y cuando|a menos que|salvo que|a condición de que|en caso de(?: que)?|con tal de que)(?!\w)"
)
_ASKING = re.compile(
    r"(?<!\w)(?:ask\w*|know\w*|wonder\w*|decid\w+|determin\w+|see|sure|clear|doubt\w*|question|say|remember"
    r"|pregunt\w+|sab\w+|decidi\w+|determin\w+|averigu\w+|dud\w+|ver)\s(?:\w+\s)?$"
)
"""Before "if" where it begins a question rather than a condition."""
_KEPT = markers.any_of(
    r"if|unless|provid\w+|condition\w*|event|as long as|assum\w+|subject to|conting\w+|pending|once|when\w*|without|until|after|depend\w*|whether"
    r"|should|in case|si|siempre|menos que|salvo|condici\w+|en caso|cuando|hasta que|una vez|sin|tras|depend\w+"
)
"""Words by which a sentence keeps a condition; the mood of its verb alone doesn't."""
_CLAUSE = re.compile(r"[,;:—–()]|(?<!\w)(?:but|while|whereas|although|though|pero|mientras|aunque)(?!\w)")
LED = 6
"""Words with a meaning that a condition is held to be said of."""


def conditions(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Conditions that are left out, though what hangs on them is told."""
    if _KEPT.search(sentence.lower):
        return
    for one in witnesses:
        for mark in _marks(one.said):
            led = _led(one.said, mark)
            told = [word for word in led if sentence.has(word)]
            under = one.said.behind(mark, most=LED)
            if len(told) >= min(2, len(led)) and told and led[0] in told and _not_the_condition(sentence, under, led):
                words = one.ground.text[mark.start : (under[0].end if under else mark.end)]
                yield Finding(f"The sources tell it under a condition: “{words}”.")
                return


def _marks(said: Wording) -> list[Span]:
    return [mark for mark in said.marks(_CONDITION) if not _ASKING.search(said.lower[: mark.start])]


def _led(said: Wording, mark: Span) -> list[Word]:
    """The words that hang on a condition, nearest first: those before it, or where it comes first, behind its comma."""
    if said.lower[: mark.start].endswith(", "):  # "it could come later, the ministry said, if …"
        return list(said.before(Span(said.lower.index(","), mark.start), most=LED))
    begin = max((match.end() for match in _CLAUSE.finditer(said.lower, 0, mark.start)), default=0)
    before = [word for word in reversed(said.content) if begin <= word.start and word.end <= mark.start]
    if before:
        return before[:LED]
    comma = said.text.find(",", mark.end)
    return [word for word in said.content if 0 <= comma < word.start][:LED]


def _not_the_condition(sentence: Wording, under: Sequence[Word], led: Sequence[Word]) -> bool:
    """Whether a sentence tells less of the condition than of what hangs on it."""
    return sum(sentence.has(word) for word in under) <= sum(sentence.has(word) for word in led)
