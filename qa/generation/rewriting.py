"""Query rewriting by a language model: its words count only where they bring in nothing that was not asked."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress

from qa.answering.analysis import LIGHT, LONGEST_QUESTION, QueryRewriter, topical_words
from qa.errors import ChatError
from qa.generation.prompt import REWRITING, rewriting_text
from qa.protocols import ChatModel
from qa.text.entities import DIGITS, NUMBER, event_names, number_value, places_in
from qa.text.figures import kin
from qa.text.terms import fold, word_matches, words
from qa.text.timeframes import time_phrases

FOR_ONE_NEW = 4  # words of topic from what was asked for each one that a model may bring in: "carried out" for "made"
STEM = 4  # letters by which a word is taken for another form of one that was asked: "fundó" of "fundaron"

_GOES_ON = re.compile(r"\S*[?!;:…]\s*\S|\S*\.\s+[^\W\d_]")  # past the end of a sentence, with the word before it
_MARKUP = re.compile(r"[<>{}\[\]`*_#|\\^~=@]|://|www\.|&\w+;|\b[\w-]+\.(?:com|org|net|es|eu|info|io)\b", re.IGNORECASE)
_INVISIBLE = frozenset({"Cc", "Cf", "Co", "Cs", "Cn", "Zl", "Zp", "So"})  # categories of Unicode
_NEGATION = re.compile(
    r"\b(?:not|no|never|none|nobody|nothing|without|nunca|nadie|nada|ningun[oa]|sin|jamás)\b|n['’]t\b", re.IGNORECASE
)


def rewriting_with(model: ChatModel, *, otherwise: QueryRewriter) -> QueryRewriter:
    """A rewriter that asks the model, and another where the model fails or strays."""

    def rewritten(question: str, history: Sequence[str]) -> str:
        if not history:
            return question
        text = ""
        with suppress(ChatError):
            text = "".join(model.stream(system=REWRITING, user=rewriting_text(question, history))).strip()
        return text if is_faithful(text, question, history) else otherwise(question, history)

    return rewritten


def is_faithful(rewritten: str, question: str, history: Sequence[str]) -> bool:
    """True for one plain question with all names and numbers of the one asked, and hardly a word that is new."""
    if len(rewritten) > LONGEST_QUESTION:
        return False
    conversation = " \n ".join((*history, question))
    known, begun = _kin(conversation), {word[:STEM] for word in map(fold, words(conversation)) if len(word) > STEM}
    topical = [word for word in topical_words(rewritten) if number_value(word) is None]
    new = [word for word in topical if word not in known and kin(word) not in known and word[:STEM] not in begun]
    return (
        rewritten == rewritten.strip()
        and rewritten.find("?") == len(rewritten) - 1 >= 0
        and not _MARKUP.search(rewritten)
        and not any(unicodedata.category(char) in _INVISIBLE for char in rewritten)
        and all(match[0] in conversation for match in _GOES_ON.finditer(rewritten))
        and _named(rewritten) <= _named(conversation) | known
        and _named(question) <= _named(rewritten) | _kin(rewritten)
        and bool(_NEGATION.search(rewritten)) <= bool(_NEGATION.search(conversation))
        and len(topical) > len(new)
        and len(topical) - len(new) >= FOR_ONE_NEW * len(new)
    )


def _named(text: str) -> set[str | float]:
    """What can be wrong: numbers, territories, words of dates, names of events, words with a capital."""
    lowered, places = text.lower(), places_in(text)
    figures = [match[0] for match in NUMBER.finditer(lowered)] + re.findall(DIGITS, lowered)
    values = {number_value(figure) or figure for figure in figures}
    in_place = {at for span, _ in places for at in range(span.start, span.end)}
    capitals = [match[0] for match in word_matches(text) if match[0][0].isupper() and match.start() not in in_place]
    first = next(iter(words(text)), "")
    capital = {kin(word) for word in capitals if word != first or fold(first) not in LIGHT}
    dates = {fold(word) for span in time_phrases(text) for word in words(text[span.start : span.end])} - LIGHT
    events = {word for name in event_names(text) for word in name.key.split()}
    codes = {code for _, code in (*places, *places_in(text.title()))}
    return codes | capital | dates | events | (values - {1})


def _kin(text: str) -> set[str | float]:
    """The words of a text, folded, and one name for all words of a kind."""
    return {form(word) for word in words(text) for form in (kin, fold)}
