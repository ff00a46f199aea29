"""What a correction touches: words of the article that has it, and those with which another one takes them back."""

import re
from collections.abc import Callable, Iterable, Sequence
from datetime import date
from typing import NamedTuple, TypeVar

from qa.models.archive import Source
from qa.models.replies import Citation
from qa.text.entities import NUMBER, number_value, places_in, without_dates
from qa.text.terms import content_words, lowered, stem

Item = TypeVar("Item")

_CAPITALISED = re.compile(r"\b[A-ZÁÉÍÓÚÑ]\w{3,}")
_NAME = re.compile(r"(?<=[\w,;:(“] )[A-ZÁÉÍÓÚÑ]\w{3,}")  # neither what begins a sentence nor a short word


def corrected_quotes(quotes: Iterable[Citation]) -> dict[Citation, bool]:
    """The quotes that a correction is shown with: of each article the first that it touches (True), else the first."""
    shown: dict[str, tuple[Citation, bool]] = {}
    touched = [(quote, is_corrected(quote)) for quote in quotes if quote.source.correction]
    for quote, is_touched in sorted(touched, key=lambda pair: not pair[1]):
        shown.setdefault(quote.source.article_id, (quote, is_touched))
    return dict(shown.values())


def is_corrected(quote: Citation) -> bool:
    """Whether the correction of a quote's article touches its words."""
    return is_touched(quote.source, quote.text)


def is_touched(source: Source, sentence: str) -> bool:
    """Whether the correction of an article touches a sentence of it."""
    outlets = f"{source.outlet} {source.summarises or ''}"
    return source.correction is not None and touches(source.correction.text, sentence, outlets)


class Said(NamedTuple):
    """A sentence of a source, and the words of it that answer or give a figure."""

    source: Source
    sentence: str
    words: str


def not_taken_back(items: Sequence[Item], said_in: Callable[[Item], Said]) -> list[Item]:
    """The items without those whose words one sentence has only to correct another.

    "On Monday we said seven; it is six" stands in the correction of what was said on Monday: no second source says
    seven, and this one says six.
    """
    said = list(map(said_in, items))
    wrong = [(of, of.source.correction) for of in said if is_touched(of.source, of.sentence)]

    def is_taken_back(one: Said) -> bool:
        return any(
            correction
            and _may_correct(one.source, of.source)
            and one.sentence in correction.text
            and _repeats(one.words, of.sentence)
            for of, correction in wrong
        )

    return [item for item, one in zip(items, said, strict=True) if not is_taken_back(one)]


def _may_correct(source: Source, other: Source) -> bool:
    """Whether an article may be one in which the outlet of another takes back what that said."""
    of_outlet = bool(source.outlet) and source.outlet == other.outlet and source.article_id != other.article_id
    return of_outlet and (source.published or date.min) >= (other.published or date.max)


def _repeats(words: str, corrected: str) -> bool:
    """Whether words have a figure of a sentence; or a word of it with a capital, where they have no figures."""
    (figures, *_), (others, *_) = map(_told_in, (words, corrected))
    names, their_names = (set(map(str.casefold, _CAPITALISED.findall(text))) for text in (words, corrected))
    return bool(figures & others if figures else names & their_names)


def touches(correction: str, sentence: str, outlets: str) -> bool:
    """Whether a correction speaks of what a sentence says: a figure, a name, or another figure of the same thing."""
    # Names of outlets and countries, which most sentences of an article have, count where it says nothing else; other
    # words where it has neither names nor figures.
    (figures, names, stems), (said, named, words) = map(_told_in, (correction, sentence))
    counted, *_ = _told_in(without_dates(correction))
    countries = " ".join(correction[span.start : span.end] for span, _ in places_in(correction))
    common = {word.casefold() for word in _NAME.findall(f", {outlets} {countries}")}
    shared = (names & named) - (common if counted or names - common else set())
    same_thing = bool(stems & words) or not stems
    # A year or a day that both have says little beside a name or a number, if they have nothing else in common.
    if (counted or names - common) and not stems & words:
        figures = counted
    return bool(figures & said or shared or (same_thing and (figures and said if figures else not names)))


def _told_in(text: str) -> tuple[set[float], set[str], set[str]]:
    """The numbers of a text, those of dates too but not 1, which is an article as well; its names; its other stems."""
    values = (number_value(match[0]) for match in NUMBER.finditer(lowered(text)))
    names = {word.casefold() for word in _NAME.findall(without_dates(text))}
    stems = {stem(word) for word in content_words(text) if number_value(word) is None and word.casefold() not in names}
    return {value for value in values if value is not None and value != 1}, names, stems
