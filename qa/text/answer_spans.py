"""The stretch of a sentence that answers a who, when, where, how-many or how-long question."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.dates.finding import find_dates
from qa.models.archive import Span
from qa.text.casing import lowered
from qa.text.numbers import DIGITS, NUMBER, NUMBER_WORDS, is_number
from qa.text.places import places_in
from qa.text.questions import Kind
from qa.text.terms import content_words, fold, stem, stems, word_matches, words

_LONG_AGO = re.compile(
    r"(?:[\d.,]+ (?:million |thousand )?years ago|[\d.,]+ (?:BC|BCE|BP|AD|CE)|[Hh]ace (?:\w+ ){0,2}?(?:[\d., ]*\d )?"
    r"(?:mil |millones |mil millones )?(?:de )?años|[\d.,]+ [ad]\. ?C\.?)(?!\w)"
)
"""Times of which no calendar is kept."""
_DURATION_UNIT = r"(?:second|minute|hour|day|week|month|year|decade|centur)(?:s|y|ies)?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?"
DURATION = re.compile(
    rf"(?:{NUMBER.pattern}|\ba|\ban|\bun|\bhalf a)(?:[\s-](?:and a half|full|calendar|or|to|y|a)?\s?(?:{DIGITS}|{NUMBER_WORDS})?)?[\s-]?"
    rf"(?:{_DURATION_UNIT})\b"
)
"""Of text in lower case."""
_CAPITAL = r"(?:[A-ZÁÉÍÓÚÑÜ][\w'’-]*|[A-Z]\.)"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:(?:de|del|la|las|los|of|the|von|van|bin|y)\s){{0,2}}{_CAPITAL})*")
PLACE = re.compile(
    rf"\b(?:in|at|from|near|to|of|across|around|en|desde|a|de|cerca de)\s(?:the\s|el\s|la\s|los\s)?({NAME.pattern}"
    rf"(?:,\s{NAME.pattern})*)"
)
_ROLE = re.compile(
    r"\b(?:minister|ministro|ombudsman|defensor|judge|juez|police|policía|guardia|government|gobierno|ministry|ministerio|ministra|jueza|fiscal(?:[ií]a)?|defensora|comisi[oó]n|consejo|parlamento|comisario|portavoz|empresa"
    r"|court|tribunal|parliament|council|commission|president|presidente|spokesman|official|officials|court|prosecutors?"
    r"|company|analysts?|team|scientists?|king|queen|emperor)\b",
    re.IGNORECASE,
)
_SOME_TIME = re.compile(
    r"\b(?:when|before|after|during|until|till|end of|beginning|start of|age|once|since|century|era|period"
    r"|cuando|antes|después|durante|hasta|desde|época|siglo|tras|mientras|(?:al |a )?final(?:es)? de|fin de|(?:al |a )?principios? de"
    r"|comienzos? de|edad|a partir)\b",
    re.IGNORECASE,
)
"""Words that place something in time without a date."""
_SOME_DURATION = re.compile(
    r"\b(?:until|till|hasta|from \S+ (?:\S+ )?to|several|many|decades|centuries|permanent(?:ly)?|indefinite(?:ly)?|life"
    r"|varios|varias|muchos|permanente|indefinido)\b",
    re.IGNORECASE,
)
CAUSE = re.compile(
    r"\b(?:because|due to|owing to|so that|so as|in order to|reasons?|grounds?|cause[ds]?|led to|results?|therefore|thus|since"
    r"|as a|without|after|to [a-z]+|porque|ya que|debido|motivos?|por|para)\b",
    re.IGNORECASE,
)
"""Words by which a sentence may give a reason; wide, since it only rules out sentences that have none of them."""

COUNTED_NOUN = 0.3
"""Worth of the counted noun beside a number, as against 1/2 for another word of the question right beside it."""

_PRONOUNS = frozenset({"them", "those", "whom", "ellos", "ellas"})
_COUNTED = re.compile(
    r"(?:how many|how much|cu[aá]nt[ao]s?)\s+(?:of the |of |de l[ao]s )?([\w-]+)(?:\s+([\w-]+))?", re.IGNORECASE
)
NOT_NAMES = frozenset(
    """
    yesterday today the a an in on at this that these those it he she they we i last first second as by for with
    but and however when while after before since some many most all its their his her there if
    el la los las un una en por para según
    """.split()  # noqa: SIM905
)
"""Words that stand before a name and begin with a capital only because their sentence begins there."""


@lru_cache(maxsize=1 << 10)
def dated_spans(sentence: str) -> tuple[Span, ...]:
    """The dates of a sentence in either language, in order, none overlapping another."""
    mentions = (one for language in ("en", "es") for one in find_dates(sentence, published=None, language=language))
    found = [Span(one.start, one.end) for one in mentions]
    found += [Span(*match.span()) for match in _LONG_AGO.finditer(sentence)]
    kept: list[Span] = []
    for span in sorted(found, key=lambda span: (span.start, -span.end)):
        if not kept or span.start >= kept[-1].end:
            kept.append(span)
    return tuple(kept)


def is_date(words: str) -> bool:
    """Whether words are a date and nothing else."""
    return dated_spans(words) == (Span(0, len(words)),)


def without_dates(text: str) -> str:
    """The text with a space in the place of each date."""
    kept, at = [], 0
    for span in dated_spans(text):
        kept.append(text[at : span.start])
        at = span.end
    return " ".join([*kept, text[at:]])


def plain_numbers(sentence: str, *, dates: Sequence[Span] | None = None) -> list[Span]:
    """The numbers of a sentence that are no part of a date; those that count days or years are. `dates`, if known."""
    dates = dated_spans(sentence) if dates is None else dates
    lower = lowered(sentence)
    return [
        span
        for span in (Span(*match.span()) for match in NUMBER.finditer(lower))
        if not any(span.within(date) for date in dates) or DURATION.match(lower, span.start)
    ]


def could_answer(kind: Kind, sentence: str, spans: list[Span]) -> bool:
    """Whether a sentence has what that kind of question asks for: a span of the kind, or words that do as well."""
    words_for = {Kind.WHY: CAUSE, Kind.WHEN: _SOME_TIME, Kind.HOW_LONG: _SOME_DURATION}
    if kind in words_for and words_for[kind].search(sentence):
        return True
    return kind is Kind.OTHER or bool(spans)


def answer_spans(kind: Kind, sentence: str, *, question: str) -> list[Span]:
    """Spans of the sentence that could answer a question of that kind, likeliest first; may be empty.

    Words of the question are no answer to it. For WHY and OTHER there are none.
    """
    asked = stems(question)
    found = list(_candidates(kind, sentence, asked))
    if kind is Kind.HOW_MANY:
        found.sort(key=lambda span: -_counts(sentence, span, question))
    return found


def _candidates(kind: Kind, sentence: str, asked: frozenset[str]) -> Iterator[Span]:
    if kind is Kind.HOW_MANY:
        yield from (span for span in plain_numbers(sentence) if not _is_known(sentence[span.start : span.end], asked))
    elif kind is Kind.WHEN:
        yield from (span for span in dated_spans(sentence) if not _is_known(sentence[span.start : span.end], asked))
    elif kind is Kind.HOW_LONG:
        yield from (Span(*m.span()) for m in DURATION.finditer(lowered(sentence)))
    elif kind is Kind.WHO:
        # Countries act, too, but more often they say whose ombudsman it was.
        countries = {place.start: place.end + len("'s") for place, _ in places_in(sentence)}
        yield from sorted(_names(sentence, asked), key=lambda span: span.end <= countries.get(span.start, 0))
    elif kind is Kind.WHERE:
        for m in PLACE.finditer(sentence):
            place = Span(*m.span(1))
            if not _is_known(m.group(1), asked) and not _is_dated(place, sentence):
                yield place


def _names(sentence: str, asked: frozenset[str]) -> Iterator[Span]:
    for m in NAME.finditer(sentence):
        start = m.start()
        first = m.group().split()[0]
        if fold(first) in NOT_NAMES:
            start += len(first) + 1
        name = sentence[start : m.end()]
        span = Span(start, m.end())
        if name and not _is_known(name, asked) and not _is_dated(span, sentence) and not is_number(name):
            yield span
    for m in _ROLE.finditer(sentence):
        if not _is_known(m.group(), asked):
            yield Span(*m.span())


def _is_dated(span: Span, sentence: str) -> bool:
    return any(span.within(date) for date in dated_spans(sentence))


def _is_known(text: str, asked: frozenset[str]) -> bool:
    """Whether the question says it already."""
    return stems(text) <= asked


def _counts(sentence: str, span: Span, question: str) -> float:
    """How surely a number counts what "how many …" asks for.

    The counted noun, or a word for it, stands just after the number; of several such numbers the one nearest to the
    question's other words is meant: in "500 people were held, 19 of them in Spain" the number held in Spain is 19.
    """
    counted = _COUNTED.search(question)
    nouns = {stem(noun) for noun in counted.groups() if noun} if counted else set()
    after = [fold(word) for word in words(sentence[span.end : span.end + 60])[:4]]
    named = any(stem(word) in nouns or word in _PRONOUNS for word in after)
    others = {stem(word) for word in content_words(question)} - nouns
    near = 0.0
    for match in word_matches(sentence):
        if stem(match.group()) in others:
            between = sentence[min(match.end(), span.end) : max(match.start(), span.start)]
            near += 1 / (2 + len(words(between)))
    return near + (COUNTED_NOUN if named else 0.0)
