"""Query rewriting: a question that leans on those before it is made to stand alone before anything is searched.

The question before, as it stood alone, is put in front of it; where it is no more than a name ("and in France?") that
name goes in the place of the one of its kind there. With a language model the model rewrites it instead:
qa/generation/rewriting.py.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial

from qa.text.entities import NAME
from qa.text.patterns import pattern
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, words

LONGEST = 1_000
"""Characters of a question; four times the longest that readers were seen to ask."""

QueryRewriter = Callable[[str, Sequence[str]], str]
"""Takes a question and those before it, oldest first; gives the question as it can be asked without them."""

LOOKED_BACK = 8
"""Questions before this one that are read: what was asked earlier than that is seldom meant."""

FEW_WORDS = 2
"""Words of topic up to which a question that opens with "and" and names nothing is about what was asked before; without
"and" one less, as a new question such as "Who ran the ferry?" has two."""

_form = partial(pattern, "follow_ups")

LIGHT = STOP_WORDS | frozenset(
    words(
        "happen happened take took taken place people person thing case according concerning called name during since"
        " until within something persona personas paso ocurrio tuvo lugar caso segun durante desde hasta"
    )
)
"""Words by which a question is put, that bring nothing into it."""


def rewrite_query(question: str, history: Sequence[str]) -> str:
    """The question with the one before, as it stood alone, in front of it where it leans on that; else unchanged.

    The result is at most LONGEST characters long where the question is.
    """
    before = _asked_last(history)
    return _joined(before, question, history) if leans(question) else question


def after_the_last(question: str, history: Sequence[str]) -> str:
    """The same for a question that doesn't show whether it leans on the one before."""
    return _in_front(_asked_last(history), question)


def _asked_last(history: Sequence[str]) -> str:
    """The last question before that is about something, as it stood alone; empty where there is none."""
    before = ""
    for place, earlier in enumerate(history[-LOOKED_BACK:], start=max(0, len(history) - LOOKED_BACK)):
        plain = " ".join(earlier.split()) if len(earlier) <= LONGEST else ""
        if words(plain) and (_asks(plain) or not before) and _brings_topic(plain):
            before = _joined(before, plain, history[:place]) if leans(plain) else plain
    return before


def repeated(rewritten: str, history: Sequence[str]) -> list[str]:
    """The questions before, as they stood alone, that a rewritten one asks again in front of its own words."""
    plain = [" ".join(earlier.split()) for earlier in history[-LOOKED_BACK:]]
    alone = [rewrite_query(earlier, plain[:at]) for at, earlier in enumerate(plain)]
    return [earlier for earlier in alone if earlier and rewritten != earlier and rewritten.startswith(earlier)]


def _brings_topic(question: str) -> bool:
    """False for "Why?" or "By whom?": the next question is about what the one before was about."""
    return not leans(question) or bool(_form("opens").match(question.lower())) or _names(question)


def _joined(before: str, question: str, history: Sequence[str]) -> str:
    directly = bool(history) and before == " ".join(history[-1].split())
    return _with_its_name(before, question, directly=directly) or _in_front(before, question)


def _with_its_name(before: str, question: str, *, directly: bool) -> str:
    """The question before with the only name that this one brings; empty where it brings more, or fits no one place.

    Names that aren't of territories are of one kind only where nothing was asked in between.
    """
    opens = _form("opens").match(question.lower())
    brought = _names_by_kind(question, since=opens.end() if opens else 0)
    if sum(map(len, brought)) != 1 or topical_words(question) != topical_words(" ".join(brought[0] + brought[1])):
        return ""
    places, others = _names_by_kind(before, since=len(before.split(maxsplit=1)[0]) if before else 0)
    for new, old in zip(brought, (places, others if directly else []), strict=True):
        if new and len(set(old)) == 1:
            swapped = before.replace(old[0], new[0])
            return swapped if len(swapped) <= LONGEST else ""
    return ""


def _names_by_kind(text: str, *, since: int) -> tuple[list[str], list[str]]:
    """The names of territories, and other names, that begin at that character or later."""
    places = [text[span.start : span.end] for span, _ in places_in(text) if span.start >= since]
    names = [match[0] for match in NAME.finditer(text, since)]
    known = STOP_WORDS | LIGHT
    others = [name for name in names if name not in places and any(fold(word) not in known for word in words(name))]
    return places, [name for name in others if not places_in(name)]


def _in_front(before: str, question: str) -> str:
    if not before:
        return question
    stop = "" if before[-1] in ".?!…" else "."
    joined = f"{before}{stop} {question.strip()}"
    return joined if len(joined) <= LONGEST else question


def leans(question: str) -> bool:
    """True for a question that can't be understood without the one before: an ellipsis, a pronoun, or too few words."""
    text = question.lower()
    if not _asks(text):
        return False
    opens = _form("opens").match(text)
    if opens and not _form("asks").match(text[opens.end() :]):
        return True
    few = FEW_WORDS if opens else FEW_WORDS - 1
    return _points(text) or (not _names(question) and len(topical_words(question)) <= few)


def _asks(text: str) -> bool:
    """False for thanks, greetings and orders such as "tell me more", which are about no topic."""
    return "?" in text or bool(_form("asks").match(text.lower()) or _form("opens").match(text.lower()))


def _points(text: str) -> bool:
    """A pronoun points back unless two words of topic stand before it in the question, which it may mean."""
    for match in _form("points").finditer(text):
        ends = not words(text[match.end() :])
        if not match["pronoun"] or ends or len(topical_words(text[: match.start()])) < 2:
            return True
    return False


def topical_words(text: str) -> list[str]:
    return [word for word in map(fold, words(text)) if word not in LIGHT]


def _names(question: str) -> bool:
    return any(word[:1].isupper() or word[:1].isdigit() for word in words(question)[1:])
