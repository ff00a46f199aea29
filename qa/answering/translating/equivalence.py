"""Whether a translation says as much as its quote, as far as the rules can tell that check written sentences.

Each rule is asked whether the translation says anything that the quote doesn't. Those that read figures, dates,
denials and the stages of a case are asked the other way round, too: the others would drop more that is right.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from rapidfuzz import fuzz

from qa.answering.checking.calendar import calendar
from qa.answering.checking.check import RULES, Rule
from qa.answering.checking.denial import denial
from qa.answering.checking.figures import figures
from qa.answering.checking.form import form
from qa.answering.checking.identifiers import identifiers
from qa.answering.checking.status import status
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.domain.archive import Source
from qa.domain.replies import Quote
from qa.domain.support import Ground
from qa.language.figures import is_common
from qa.language.terms import words
from qa.language.tongues import ENOUGH_WORDS, language_of, language_read, primary

AND_BACK: tuple[Rule, ...] = (figures, identifiers, calendar, denial, status)
"""Rules that find what a translation leaves out."""

SHORTEST, LONGEST = 0.6, 1.5
"""Length of a translation in those of its quote. Of the thirty in tests/translating the shortest has 0.83 and
the longest 1.18."""

SLACK = 12
"""Characters that it may have more: a word weighs much in a headline."""

SAME = 90
"""Likeness, 0 to 100, from which a translation is the quote said again."""

_MARKS = re.compile(r"[“”„‟«»‹›\"＂「」『』〝〞`´]|(?<!\w)['‘’‚‛]|['‘’‚‛](?!\w)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ARTICLE = re.compile(r"(?<!\w)[Aa]n? (?=(\w+))")
_ENDED = re.compile(r"[.!?…]\W*$")


def without_quotation_marks(text: str) -> str:
    """The text with no mark that could make verbatim words of it; apostrophes inside words stay."""
    return " ".join(_MARKS.sub("", text).split())


def says_as_much(quote: Quote, text: str, *, language: str) -> bool:
    """Whether `text`, in a language of this tag, may be shown as a translation of the quote."""
    return not any(_amiss(quote, text, primary(language)))


def _amiss(quote: Quote, text: str, language: str) -> Iterator[object]:
    """What speaks against a translation, what is found fastest first."""
    original = without_quotation_marks(quote.text)
    yield not SHORTEST * len(original) <= len(text) <= LONGEST * len(original) + SLACK
    yield bool(_ENDED.search(original)) and not _ENDED.search(text)
    yield from form(text)
    yield set(_YEAR.findall(text)) != set(_YEAR.findall(original))
    yield fuzz.ratio(text.casefold(), original.casefold()) >= SAME
    yield _language_of(text, otherwise=language) != language
    source = replace(quote.source, title="", outlet="", summarises=None)  # the quote's own words alone count
    own = primary(source.language)
    for rule in RULES:
        yield from rule(Wording.of(text, otherwise=language), [_witness(original, source)])
    for rule in AND_BACK:
        yield from rule(Wording.of(original, otherwise=own), [_witness(text, replace(source, language=language))])


def _witness(text: str, source: Source) -> Witness:
    """A text to hold another against; "a person" counts one person there, as "una persona" does."""
    counting = _ARTICLE.sub(lambda found: "one " if is_common(found[1]) else found[0], text)
    return Witness(1, Ground(source, 0, counting))


def _language_of(text: str, *, otherwise: str) -> str:
    return language_read(text) if len(words(text)) >= ENOUGH_WORDS else language_of(text, otherwise=otherwise)
