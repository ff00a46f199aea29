"""Whether a translation says as much as its quote, as far as figures, dates, names, denials and stages tell."""

from __future__ import annotations

import re
from collections.abc import Iterator

from rapidfuzz import fuzz, process

from qa.generation.facts import COGNATE, Facts
from qa.generation.plain_sentence import objection
from qa.models.annotations import FigureKind
from qa.models.replies import Citation
from qa.text.figures import kind_words
from qa.text.language import ENOUGH_WORDS, language_of, language_read, primary
from qa.text.places import places_in
from qa.text.terms import fold, words

SHORTEST, LONGEST = 0.6, 1.5
"""Length of a translation in those of its quote. Of the thirty in tests/translating the shortest has 0.83 and
the longest 1.18."""

SLACK = 12
"""Characters that it may have more: a word weighs much in a headline."""

SAME = 90
"""Likeness, 0 to 100, from which a translation is the quote said again."""

_FATES = frozenset(
    {FigureKind.ARRESTED, FigureKind.REMANDED, FigureKind.CHARGED, FigureKind.TRIED, FigureKind.CONVICTED}
    | {FigureKind.ACQUITTED, FigureKind.RELEASED}
)
"""What becomes of people in a case: none is another."""
_SAME_FATE = {FigureKind.DETAINED: FigureKind.ARRESTED}

_MARKS = re.compile(r"[“”„‟«»‹›\"＂「」『』〝〞`´]|(?<!\w)['‘’‚‛]|['‘’‚‛](?!\w)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ENDED = re.compile(r"[.!?…]\W*$")


def without_quotation_marks(text: str) -> str:
    """The text with no mark that could make verbatim words of it; apostrophes inside words stay."""
    return " ".join(_MARKS.sub("", text).split())


def says_as_much(quote: Citation, text: str, *, language: str) -> bool:
    """Whether `text`, in a language of this tag, may be shown as a translation of the quote."""
    return not any(_amiss(quote, text, primary(language)))


def _amiss(quote: Citation, text: str, language: str) -> Iterator[bool]:
    """What speaks against a translation, what is found fastest first."""
    original = without_quotation_marks(quote.text)
    yield not SHORTEST * len(original) <= len(text) <= LONGEST * len(original) + SLACK
    yield bool(_ENDED.search(original)) and not _ENDED.search(text)
    yield objection(text) is not None
    yield set(_YEAR.findall(text)) != set(_YEAR.findall(original))
    yield fuzz.ratio(text.casefold(), original.casefold()) >= SAME
    yield _language_of(text, otherwise=language) != language
    source = quote.source
    translated = Facts(text, source.published, language)
    quoted = Facts(original, source.published, primary(source.language))
    yield _compared(translated) != _compared(quoted)
    yield from _foreign_names(translated, original)


def _compared(facts: Facts) -> tuple[object, ...]:
    """What a text and its translation have alike: numbers, dates, whether it denies, and what became of people.

    "One" as a word is an article in Spanish.
    """
    numbers = facts.numbers - {(1.0, False)}
    dates = {mention.value or fold(facts.text[mention.start : mention.end]) for mention in facts.dates}
    fates = {_SAME_FATE.get(word.kind, word.kind) for word in kind_words(facts.text)} & _FATES
    return numbers, dates, facts.denies, fates


def _foreign_names(facts: Facts, original: str) -> Iterator[bool]:
    """Names that the quote has neither alike nor as a place."""
    places = {code for _, code in places_in(original)}
    shared = [span for span, code in places_in(facts.text) if code in places]
    named = {word for span in shared for word in words(facts.text[span.start : span.end])}
    original_words = [fold(word) for word in words(original)]
    for name in facts.names:
        if name not in named:
            yield process.extractOne(fold(name), original_words, scorer=fuzz.ratio, score_cutoff=COGNATE) is None


def _language_of(text: str, *, otherwise: str) -> str:
    return language_read(text) if len(words(text)) >= ENOUGH_WORDS else language_of(text, otherwise=otherwise)
