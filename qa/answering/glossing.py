"""A citation as printed: its credit, its words with the glosses on their dates, its notes and translation."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from qa.answering.legal_terms import TermNote
from qa.dates.periods import DateKind, DateMention, Precision
from qa.i18n.forms import value_text
from qa.i18n.locale import N_, _
from qa.i18n.sources import lead, quote_credit
from qa.models.annotations import Annotations
from qa.models.archive import Correction, Source, Span
from qa.models.replies import Answer, Citation
from qa.models.support import Translation
from qa.text.entities import without_dates
from qa.text.numbers import NUMBER, number_value
from qa.text.terms import content_words, lowered, stem

UNRESOLVED = N_("the report has no date")
TRANSLATED = N_("Machine translation by {model}, not checked:")
"""Before what no person wrote or read, so that nobody takes it for a source's words or for the archive's."""

_YEARS = re.compile(r"\d{4}/\d{4}")
_GOES_ON = re.compile(r"[.,:/-]?\d")
_NAME = re.compile(r"(?<=[\w,;:(“] )[A-ZÁÉÍÓÚÑ]\w{3,}")


@dataclass(frozen=True, slots=True)
class Fragment:
    """A stretch of a quote, or a gloss: the archive's own words, never shown as the source's."""

    text: str
    marked: bool = False
    gloss: bool = False


@dataclass(frozen=True, slots=True)
class QuoteView:
    """A citation as printed: its credit, its words cut at marks and glosses, what explains and translates them.

    `correction` is that of its source where it is shown with this quote, once in a reply; `touched`: it is about these
    words, and stands in full before them.
    """

    citation: Citation
    credit: str
    fragments: tuple[Fragment, ...]
    notes: tuple[TermNote, ...] = ()
    translation: Translation | None = None
    correction: Correction | None = None
    touched: bool = False

    @property
    def number(self) -> int:
        return self.citation.number

    @property
    def source(self) -> Source:
        return self.citation.source

    @property
    def words(self) -> str:
        """The quoted words with their glosses in square brackets, without quotation marks."""
        return with_glosses(self.citation)


def glosses_within(annotations: Annotations, span: Span) -> tuple[DateMention, ...]:
    """The relative and the impossible dates of a stretch of a body."""
    return tuple(
        mention
        for mention in annotations.dates
        if (mention.kind is DateKind.RELATIVE or mention.flaw) and Span(mention.start, mention.end).within(span)
    )


def _tells(mention: DateMention, quote: Citation) -> bool:
    """Whether a gloss says what a reader of the quote and its credit can't know.

    Not of a full date of the article's own year, nor of so many whole years ("this decade"), nor inside a number.
    """
    if mention.flaw or mention.value is None:
        return True
    start, end = mention.start - quote.start, mention.end - quote.start
    if _YEARS.fullmatch(mention.value) or quote.text[:start][-1:].isdigit() or _GOES_ON.match(quote.text, end):
        return False
    published = quote.source.published
    own_year = published is not None and mention.value.startswith(f"{published.year}-")
    numbered = any(sign.isdigit() for sign in quote.text[start:end])
    return not (own_year and numbered and mention.precision is Precision.DAY)


def gloss_text(mention: DateMention) -> str:
    """What is printed in square brackets after the words of a date."""
    if mention.flaw:
        flaw = _(mention.flaw)
        return _("so in the source; {flaw}", flaw=f"{flaw[0].lower()}{flaw[1:]}")
    return value_text(mention.value) if mention.value else _(UNRESOLVED)


def with_glosses(quote: Citation) -> str:
    """A quote's words with its glosses, each in square brackets right after the words it explains."""
    return "".join(f" [{text}]" if is_gloss else text for text, is_gloss in interleaved(quote))


def interleaved(quote: Citation) -> Iterator[tuple[str, bool]]:
    """The words of a quote cut where a gloss belongs, and the glosses; whether a piece is one. Words lose nothing."""
    at = quote.start
    for gloss in quote.glosses:
        if not _tells(gloss, quote):
            continue
        yield quote.text[at - quote.start : gloss.end - quote.start], False
        yield gloss_text(gloss), True
        at = gloss.end
    yield quote.text[at - quote.start :], False


def quote_view(
    quote: Citation,
    notes: Mapping[int, Sequence[TermNote]] | None = None,
    answer: Answer | None = None,
    corrected: Mapping[Citation, bool] | None = None,
) -> QuoteView:
    """A citation as printed, with its translation of `answer`, in the current locale.

    `corrected` are the quotes that a correction is shown with, and whether it touches them.
    """
    return QuoteView(
        quote,
        quote_credit(quote),
        tuple(fragments(quote)),
        tuple((notes or {}).get(quote.number, ())),
        answer.translation_of(quote) if answer else None,
        quote.source.correction if corrected and quote in corrected else None,
        bool(corrected and corrected.get(quote)),
    )


def corrected_quotes(quotes: Iterable[Citation]) -> dict[Citation, bool]:
    """For each corrected article the quote that its correction is shown with: the first it touches, else the first.

    The value says whether it touches it.
    """
    shown: dict[str, tuple[Citation, bool]] = {}
    for quote in quotes:
        correction = quote.source.correction
        if correction is None:
            continue
        touched = touches(correction.text, quote.text)
        if quote.source.article_id not in shown or (touched and not shown[quote.source.article_id][1]):
            shown[quote.source.article_id] = quote, touched
    return dict(shown.values())


def touches(correction: str, sentence: str) -> bool:
    """Whether a correction speaks of what a sentence says: a figure, a name, or another figure of the same thing."""
    corrected, figures = _figures_in(correction), _figures_in(sentence)
    if corrected & figures or _names_in(correction) & _names_in(sentence):
        return True
    return bool(corrected and figures and _stems_in(correction) & _stems_in(sentence))


def _stems_in(text: str) -> set[str]:
    return {stem(word) for word in content_words(text) if number_value(word) is None}


def _figures_in(text: str) -> set[float]:
    """The numbers of a text, those of dates too; not 1, which in words is an article as well."""
    values = (number_value(match[0]) for match in NUMBER.finditer(lowered(text)))
    return {value for value in values if value is not None and value != 1}


def _names_in(text: str) -> set[str]:
    """The capitalized words of a text that neither begin a sentence nor belong to a date."""
    return {word.casefold() for word in _NAME.findall(without_dates(text))}


def fragments(quote: Citation) -> Iterator[Fragment]:
    """A quote cut where a mark begins or ends and where a gloss belongs; without the glosses, its words."""
    start = quote.start
    for text, is_gloss in interleaved(quote):
        if is_gloss:
            yield Fragment(text, gloss=True)
            continue
        words = Span(start, start + len(text))
        parts = split(text, start, _overlap(quote.marked, words))
        yield from (Fragment(part, marked=place == 1) for place, part in enumerate(parts) if part)
        start = words.end


def split(text: str, start: int, marked: Span | None) -> tuple[str, str, str]:
    """A text at `start` of its article, cut around the mark inside it, if any."""
    if marked is None or not marked.within(Span(start, start + len(text))) or marked.start == marked.end:
        return text, "", ""
    begin, end = marked.start - start, marked.end - start
    return text[:begin], text[begin:end], text[end:]


def correction_line(correction: Correction) -> str:
    """A correction on one line: "Correction, 21 March 2005: …"."""
    return f"{lead(correction)}: {correction.text}"


def translated_by(translation: Translation) -> str:
    return _(TRANSLATED, model=translation.model)


def _overlap(marked: Span | None, words: Span) -> Span | None:
    """The part of a mark that falls on some words; a gloss may stand in the middle of it."""
    if marked is None:
        return None
    start, end = max(marked.start, words.start), min(marked.end, words.end)
    return Span(start, end) if start < end else None
