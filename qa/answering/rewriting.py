"""Query rewriting: a question that leans on those before it is made to stand alone before anything is searched.

The question before, as it stood alone, is put in front of it; where it is no more than a territory ("and in France?")
that goes in the place of the one named there. With a language model the model rewrites it instead:
qa/generation/rewriting.py.
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.encoding.intents import leaning_by_words
from qa.models.archive import Span
from qa.models.replies import Leaning
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, words

LONGEST = 1_000
"""Characters of a question; four times the longest that readers were seen to ask."""

QueryRewriter = Callable[[str, Sequence[str]], str]
"""Takes a question and those before it, oldest first; gives the question as it can be asked without them."""

LOOKED_BACK = 8
"""Questions before this one that are read: what was asked earlier than that is seldom meant."""

OPENERS = frozenset(words("and but or so what how about in for from y e pero o en de que hay tal"))
"""Words beside a territory with which a question brings nothing but that."""

_ARTICLE = re.compile(r"(?:\b(?:the|el|la|los|las)\s+)?$", re.IGNORECASE)

BARE = 2
"""Words up to which a question without a topic leans, whatever it is taken for."""

LIGHT = STOP_WORDS | frozenset(
    words(
        "happen happened take took taken place people person thing case according concerning called name during since"
        " until within something persona personas paso ocurrio tuvo lugar caso segun durante desde hasta"
    )
)
"""Words by which a question is put, that bring nothing into it."""


@dataclass(frozen=True, slots=True)
class QueryRewriting:
    """Makes questions stand alone; `leaning` tells which of them need it."""

    leaning: Callable[[str], Leaning] = leaning_by_words

    def rewrite(self, question: str, history: Sequence[str]) -> str:
        """The question joined with the one before, as it stood alone, where it leans on that; else unchanged.

        The result is at most LONGEST characters long where the question is.
        """
        return _joined(self._asked_last(history), question) if self.leans(question) else question

    def after_the_last(self, question: str, history: Sequence[str]) -> str:
        """The same for a question that doesn't show whether it leans on the one before."""
        return _in_front(self._asked_last(history), question)

    def repeated(self, rewritten: str, history: Sequence[str]) -> list[str]:
        """The questions before, as they stood alone, that a rewritten one asks again in front of its own words."""
        plain = [" ".join(earlier.split()) for earlier in history[-LOOKED_BACK:]]
        alone = [self.rewrite(earlier, plain[:at]) for at, earlier in enumerate(plain)]
        return [earlier for earlier in alone if earlier and rewritten != earlier and rewritten.startswith(earlier)]

    def leans(self, question: str) -> bool:
        """True for a question that can't be understood without the one before, as "Why?" never can."""
        leaning = self.leaning(question)
        bare = len(words(question)) <= BARE and not topical_words(question)
        return leaning is Leaning.LEANS or (bare and leaning is Leaning.ALONE)

    def _asked_last(self, history: Sequence[str]) -> str:
        """The last question before that is about something, as it stood alone; empty where there is none."""
        before = ""
        for earlier in history[-LOOKED_BACK:]:
            plain = " ".join(earlier.split()) if len(earlier) <= LONGEST else ""
            if not words(plain) or (before and self.leaning(plain) is Leaning.REMARK):
                continue
            if not self.leans(plain):
                before = plain
            elif topical_words(plain):  # "Why?" brings none: the next question is about what the one before it was
                before = _joined(before, plain)
        return before


def _joined(before: str, question: str) -> str:
    return _with_its_place(before, question) or _in_front(before, question)


def _with_its_place(before: str, question: str) -> str:
    """The question before with the territory that this one brings ("and in France?") in the place of its only one.

    Empty where this one says anything else, or that one names none or several.
    """
    new, old = _territories(question), _territories(before)
    if len(new) != 1 or len(old) != 1:
        return ""
    rest = f"{question[: new[0].start]} {question[new[0].end :]}"
    if not OPENERS.issuperset(map(fold, words(rest))):
        return ""
    swapped = before[: old[0].start] + question[new[0].start : new[0].end] + before[old[0].end :]
    return swapped if len(swapped) <= LONGEST else ""


def _territories(text: str) -> list[Span]:
    """Where a text names territories, each with its article."""
    return [Span(len(_ARTICLE.sub("", text[: span.start], count=1)), span.end) for span, _ in places_in(text)]


def _in_front(before: str, question: str) -> str:
    if not before:
        return question
    stop = "" if before[-1] in ".?!…" else "."
    joined = f"{before}{stop} {question.strip()}"
    return joined if len(joined) <= LONGEST else question


def topical_words(text: str) -> list[str]:
    return [word for word in map(fold, words(text)) if word not in LIGHT]
