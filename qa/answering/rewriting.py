"""Query rewriting: a question that leans on those before it is made to stand alone before anything is searched.

The question before, as it stood alone, is put in front of it; where it is no more than a name ("and in France?") that
name goes in the place of the one of its kind there. With a language model the model rewrites it instead:
qa/generation/rewriting.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from qa.encoding.intents import leaning_by_words
from qa.models.replies import Leaning
from qa.text.entities import NAME
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, words

LONGEST = 1_000
"""Characters of a question; four times the longest that readers were seen to ask."""

QueryRewriter = Callable[[str, Sequence[str]], str]
"""Takes a question and those before it, oldest first; gives the question as it can be asked without them."""

LOOKED_BACK = 8
"""Questions before this one that are read: what was asked earlier than that is seldom meant."""

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
        return _joined(self._asked_last(history), question, history) if self.leans(question) else question

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
        for place, earlier in enumerate(history[-LOOKED_BACK:], start=max(0, len(history) - LOOKED_BACK)):
            plain = " ".join(earlier.split()) if len(earlier) <= LONGEST else ""
            if not words(plain) or self.leaning(plain) is Leaning.REMARK:
                continue
            if not self.leans(plain):
                before = plain
            elif topical_words(plain):  # "Why?" brings none: the next question is about what the one before it was
                before = _joined(before, plain, history[:place])
        return before


def _joined(before: str, question: str, history: Sequence[str]) -> str:
    directly = bool(history) and before == " ".join(history[-1].split())
    return _with_its_name(before, question, directly=directly) or _in_front(before, question)


def _with_its_name(before: str, question: str, *, directly: bool) -> str:
    """The question before with the only name that this one brings; empty where it brings more, or fits no one place.

    Names that aren't of territories are of one kind only where nothing was asked in between.
    """
    brought = _names_by_kind(question, since=0)
    if sum(map(len, brought)) != 1 or topical_words(question) != topical_words(" ".join(brought[0] + brought[1])):
        return ""
    places, others = _names_by_kind(before, since=len(before.split(" ", 1)[0]))  # any word opens with a capital
    for new, old in zip(brought, (places, others if directly else []), strict=True):
        if new and len(set(old)) == 1:
            swapped = before.replace(old[0], new[0])
            return swapped if len(swapped) <= LONGEST else ""
    return ""


def _names_by_kind(text: str, *, since: int) -> tuple[list[str], list[str]]:
    """The names of territories, and other names, without the light words that they begin with ("And Rubalcaba")."""
    places = [text[span.start : span.end] for span, _ in places_in(text)]
    names = [_without_light_words(match[0]) for match in NAME.finditer(text, since)]
    return places, [name for name in names if name and not places_in(name)]


def _without_light_words(name: str) -> str:
    parts = name.split()
    while parts and fold(parts[0]) in LIGHT:
        parts.pop(0)
    return " ".join(parts)


def _in_front(before: str, question: str) -> str:
    if not before:
        return question
    stop = "" if before[-1] in ".?!…" else "."
    joined = f"{before}{stop} {question.strip()}"
    return joined if len(joined) <= LONGEST else question


def topical_words(text: str) -> list[str]:
    return [word for word in map(fold, words(text)) if word not in LIGHT]
