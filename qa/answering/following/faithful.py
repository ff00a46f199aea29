"""Whether a question that a language model rewrote brings nothing but what was asked."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence

from qa.answering.asking import LONGEST
from qa.answering.following.tongue import word_set
from qa.language.event_names import event_names
from qa.language.figures import kin
from qa.language.numbers import DIGITS, NUMBER, is_number, number_value
from qa.language.places import places_in
from qa.language.terms import STOP_WORDS, fold, word_matches, words
from qa.language.timeframes import time_phrases

FOR_ONE_NEW = 4
"""Words of topic from what was asked for each one that may be new: "carried out" for "made"."""

_MARKUP = re.compile(r"[<>{}\[\]`*_#|\\^~=@]|://|www\.|&\w+;|\b[\w-]+\.(?:com|org|net|es|eu|info|io)\b", re.IGNORECASE)
_MORE_THAN_ONE = re.compile(r"[?!;:…]\s*\S|\.\s+[^\W\d_]")
"""Something behind the end of a sentence."""
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "So"})
_NEGATIONS = word_set("not no never none nobody nothing without nunca nadie nada ninguno ninguna sin jamas n't")
_LIGHT = word_set(
    """
    happen happened happening take took taken place people person persons thing things kind case exactly also still
    according regarding concerning named called name occur occurred
    paso ocurrio sucedio tuvo lugar personas persona cosa caso exactamente tambien segun
    """
)
"""Words by which a question is put, that bring nothing into it."""

_BINDS_TIME = word_set(
    "during since until within starting following later than through desde hasta durante despues antes"
)


def faithful_rewrite(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """Whether a rewritten question holds only what the question and those before it hold, and all that it must.

    It is one question in one line, without markup; every name, number, date, place and negation in it was said before,
    its other words mostly; and no name, number or place of the question itself is lost.
    """
    told = " \n ".join((*history, question))
    return (
        _is_one_question(rewritten, told)
        and _figures_of(rewritten) <= _figures_of(told)
        and _figures_of(question) <= _figures_of(rewritten)
        and _codes(rewritten) <= _codes(told) | _codes(told.title())
        and _codes(question) <= _codes(rewritten)
        and _names(rewritten) <= _said(told)
        and _names(question) <= _said(rewritten)
        and _events(rewritten) <= _said(told)
        and _times(rewritten) <= _said(told)
        and _negations(rewritten) <= _negations(told)
        and _few_new_words(rewritten, told)
    )


def _is_one_question(text: str, told: str) -> bool:
    return (
        0 < len(text) <= LONGEST
        and text == text.strip()
        and text.endswith("?")
        and text.count("?") == 1
        and text.count("¿") <= 1
        and not _MARKUP.search(text)
        and all(_around(match) in told for match in _MORE_THAN_ONE.finditer(text))
        and not any(unicodedata.category(ch) in _INVISIBLE for ch in text)
    )


def _around(match: re.Match[str]) -> str:
    """A mark with the word before it: what was written so before may be an abbreviation, as in "Hurbain v. Belgium"."""
    start, end = match.span()
    return f"{match.string[:start].split()[-1] if match.string[:start].split() else ''}{match.string[start:end]}"


def _figures_of(text: str) -> set[float | str]:
    """The numbers of a text, in digits or words; one is no number: "which one"."""
    found: set[float | str] = set()
    lowered = text.lower()
    for match in NUMBER.finditer(lowered):
        value = number_value(match.group())
        if value is None or value >= 2:
            found.add(match.group() if value is None else value)
    digits = {number_value(digit) for digit in re.findall(DIGITS, lowered)}
    return found | {value for value in digits if value is not None and value >= 2}


def _codes(text: str) -> set[str]:
    return {code for _, code in places_in(text)}


def _events(text: str) -> set[str]:
    """The words of the names of events."""
    return {word for name in event_names(text) for word in name.key.split()}


def _said(text: str) -> set[str]:
    """The words of a text, folded, and one name for all words of a kind."""
    return {kin(word) for word in words(text)} | {fold(word) for word in words(text)}


def _names(text: str) -> set[str]:
    """The words with a capital that are no territory's; the first only where it is none that opens questions."""
    places = [span for span, _ in places_in(text)]
    found = set()
    for number, match in enumerate(word_matches(text)):
        word = match.group()
        inside = any(span.start <= match.start() < span.end for span in places)
        opens = number == 0 and fold(word) in STOP_WORDS | _LIGHT
        if word[:1].isupper() and not inside and not opens:
            found.add(kin(word))
    return found


def _times(text: str) -> set[str]:
    """The words of a text's dates but for those that bind them: "March", "2005", "yesterday"."""
    found = [text[span.start : span.end] for span in time_phrases(text)]
    return {fold(word) for phrase in found for word in words(phrase) if fold(word) not in STOP_WORDS | _BINDS_TIME}


def _negations(text: str) -> set[str]:
    found = {fold(word) for word in words(text)} & _NEGATIONS
    return {"not"} if found or re.search(r"n['’]t\b", text) else set()


def _few_new_words(text: str, told: str) -> bool:
    known = _said(told)
    put = STOP_WORDS | _LIGHT | _BINDS_TIME
    topical = [word for word in map(fold, words(text)) if word not in put and not is_number(word)]
    places = {fold(word) for span, _ in places_in(text) for word in words(text[span.start : span.end])}
    new = [word for word in topical if word not in known and kin(word) not in known and word not in places]
    return len(topical) - len(new) >= FOR_ONE_NEW * len(new) and len(topical) > len(new)
