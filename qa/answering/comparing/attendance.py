"""Who met: reports that let different people attend the same meeting."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from qa.answering.comparing.parties import Saying
from qa.answering.comparing.sentences import Told, on_one_event
from qa.answering.comparing.stated import Ties
from qa.domain.archive import Span
from qa.domain.claims import ClaimKind
from qa.language.claims.kinds import kind_words
from qa.language.figures import kin
from qa.language.questions import Kind
from qa.language.terms import STOP_WORDS, fold, word_matches, words

LONGEST = 14
"""Words of a phrase that names who attended; a longer one is a clause."""

_CLAUSE = re.compile(r"[,;:.]\s|\b(?:and|but|y|pero|que|that|which|who)\s", re.IGNORECASE)
_INVITED = re.compile(r"\ba\s")
_MEETING = re.compile(
    r"\b(?:meetings?|met|summit|gathering|reuni(?:ón|ones|ó|eron)|convoc\w+|encuentros?)\b", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Attended:
    """A phrase that names who attended, at `mark` of its sentence."""

    told: Told
    said: str
    mark: Span

    @property
    def who(self) -> frozenset[str]:
        """The words for persons in it, by one name each in both languages."""
        return frozenset(kin(word) for word in words(self.said) if fold(word) not in STOP_WORDS)


def asks_who_met(question: str, kind: Kind) -> bool:
    """Whether a question asks for those who attended something."""
    met = any(word.kind is ClaimKind.ATTENDED for word in kind_words(f"{question} "))
    which = re.match(r"\W*(?:which|what|qu[eé])\b", question, re.IGNORECASE)
    return met and (kind is Kind.WHO or (bool(which) and "country" not in {kin(word) for word in words(question)}))


def compare_attendance(sentences: Sequence[Told], answered: Sequence[Told], ties: Ties) -> list[Saying]:
    """Who attended, by each report of the event, if what they say has no word for a person in common."""
    found = [one for told in sentences if _MEETING.search(told.text) and (one := _attended(told))]
    for anchor in found:
        if anchor.told not in answered:
            continue
        others = [one for one in found if one is not anchor and on_one_event(one.told.report, anchor.told.report, ties)]
        if any(not one.who & anchor.who - {"country"} for one in others):
            return [one.told.saying(one.said, one.mark) for one in [anchor, *others]]
    return []


def _attended(told: Told) -> Attended | None:
    """The phrase before the verb, or whom a convener called."""
    for word in kind_words(told.text):
        if word.kind is not ClaimKind.ATTENDED:
            continue
        start = max((m.end() for m in _CLAUSE.finditer(told.text, 0, word.span.start)), default=0)
        span = Span(start, word.span.start)
        if fold(told.text[word.span.start : word.span.end]).startswith("convoc"):
            invited = _INVITED.search(told.text, word.span.end)
            if invited is None:
                continue
            end = _CLAUSE.search(told.text, invited.end())
            span = Span(invited.end(), end.start() if end else len(told.text))
        said = told.text[span.start : span.end].strip()
        if 0 < len(list(word_matches(said))) <= LONGEST:
            return Attended(told, said, Span(span.start, span.start + len(said)))
    return None
