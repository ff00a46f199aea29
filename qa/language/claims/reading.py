"""Reads an article's claims: each figure with what it counts, what became of it, where, when, and who says so.

The reading is shallow, word by word within a sentence, and rather says nothing than guesses.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from qa.domain.archive import Article, Span
from qa.domain.claims import Claim, ClaimKind
from qa.domain.mentions import DateMention, Figure
from qa.language.answer_spans import DURATION
from qa.language.claims import english, spanish
from qa.language.claims.events import Events
from qa.language.claims.kinds import CLAUSE_END, KindWord, kind_of, kind_words
from qa.language.claims.scopes import Scope, scopes
from qa.language.claims.speakers import Voices, attributions, speaker_of
from qa.language.figures import figures, is_common, kin
from qa.language.numbers import NUMBER, number_value
from qa.language.places import places_in
from qa.language.sentences import sentence_spans
from qa.language.terms import STOP_WORDS, fold, words

UNITS = frozenset({"country", "province", "month", "year", "day", "week", "hour", "minut"})
"""Things that nothing becomes of: places and lengths of time have no kind."""

PERSONS = {
    *(ClaimKind.ARRESTED, ClaimKind.DETAINED, ClaimKind.EXPECTED, ClaimKind.IMPLICATED, ClaimKind.INVESTIGATED),
    *(ClaimKind.REMANDED, ClaimKind.CHARGED, ClaimKind.TRIED, ClaimKind.CONVICTED, ClaimKind.ACQUITTED),
    *(ClaimKind.RELEASED, ClaimKind.REPORTED),
}

ELSEWHERE = 60
"""Characters behind a word for some within which places are those where they were."""

Places = Sequence[tuple[Span, str]]

_ONE = frozenset({"one", "un", "una", "uno"})
_COUNTED_SINGLY = frozenset({"people", "arrest", "search"})
_OF_WHICH = re.compile(
    r"\b(?:of (?:which|whom|them|those|these)|de (?:los que|las que|los cuales|las cuales|ellos|ellas))\W*(?:\w+\s)?$",
    re.IGNORECASE,
)
_MODIFIED = re.compile(r"(?:[\s-](?:[A-ZÁÉÍÓÚÑ][\w-]+|and|y|or|o))+\s(?P<noun>[a-záéíóúñ]+)")
"""Capital adjectives before the noun: "twelve European and Latin American countries"."""
_RANGE = re.compile(r"\s(?:and|y|a|to)\s")
_BETWEEN = re.compile(r"\b(?:between|entre|from|de)\s$", re.IGNORECASE)
_SIGN = re.compile(r"[$£€%]|per ?cent|por ciento|pct")
_NUMBERS = re.compile(r"\s(?:[\w-]+\s)?(?:numbers|figures|totals|counts|números|cifras)\b", re.IGNORECASE)
_BESIDE_DATE = re.compile(r"\s?(?:and|y|or|o|to|a|al|-|–|,)\s?")


@dataclass(frozen=True, slots=True)
class _Reader:
    """What is known of an article while its sentences are read."""

    article: Article
    dates: Sequence[DateMention]
    events: Events
    voices: Voices

    def claims_of(self, span: Span, last: str | None) -> tuple[list[Claim], str | None]:
        """The claims of one sentence, and who of several publications spoke in it, or before."""
        sentence = self.article.body[span.start : span.end]
        claims = self._figures(sentence, span)
        if not claims and not self.voices.several:
            return [], last
        said = attributions(sentence)
        speaker = speaker_of(said, self.voices, last)
        own = [one.who for one in said if not one.itself and self.voices.is_own(one.who)]
        heard = speaker if own and speaker else last
        return [self._placed(claim, span, speaker) for claim in claims], heard

    def _figures(self, sentence: str, span: Span) -> list[Claim]:
        if not (NUMBER.search(sentence) or _no_one().search(sentence) or _some().search(sentence)):
            return []
        here = [one for one in self.dates if span.start <= one.start and one.end <= span.end]
        dated = [Span(one.start - span.start, one.end - span.start) for one in here]
        named = places_in(sentence)
        found = [one for one in figures(sentence, dates=dated, named=named) if not _is_label(sentence, one, dated)]
        if not (found or _no_one().search(sentence) or _some().search(sentence)):
            return []  # its numbers are dates, or name things
        kinds = kind_words(sentence)
        read = [*_read(sentence, _with_nouns(sentence, found), kinds, named), *_noughts(sentence, kinds, named)]
        return read or _some_of(sentence, kinds, named)

    def _placed(self, claim: Claim, span: Span, speaker: str | None) -> Claim:
        """A claim of a sentence as one of the body."""
        figure = claim.figure.shifted(span.start)
        return replace(
            claim,
            figure=figure,
            sentence=span,
            speaker=speaker,
            as_of=self._as_of(figure, span),
            event=self.events.at(figure.start, span.end),
        )

    def _as_of(self, figure: Span, span: Span) -> str | None:
        """The sentence's date nearest to the figure, else the day of publication."""
        here = [one for one in self.dates if span.start <= one.start and one.end <= span.end and one.value]
        near = [one for one in here if not _parted(self.article.body, figure, one)]
        if near:
            return min(near, key=lambda one: max(one.start - figure.end, figure.start - one.end)).value
        published = self.article.source.published
        return published.isoformat() if published else None


def _parted(body: str, figure: Span, date: DateMention) -> bool:
    """Whether a date stands in another clause than a figure."""
    return bool(CLAUSE_END.search(body, min(figure.end, date.end), max(figure.start, date.start)))


def find_claims(article: Article, dates: Sequence[DateMention]) -> list[Claim]:
    """Every figure of an article's body as a claim, in order; `dates` are those of the body."""
    events = Events.of(article.source.title, article.body)
    reader = _Reader(article, dates, events, Voices.of(article.source))
    claims: list[Claim] = []
    last: str | None = None
    for span in sentence_spans(article.body):
        found, last = reader.claims_of(span, last)
        claims += found
    return claims


def _read(sentence: str, found: list[Figure], kinds: list[KindWord], named: Places) -> list[Claim]:
    claims: list[Claim] = []
    for figure, scope in zip(found, scopes(sentence, found, named), strict=True):
        others = [one.span for one in found if one is not figure]
        kind = None if UNITS & set(figure.counted[:2]) else kind_of(sentence, figure.span, kinds, others)
        before = claims[-1] if claims else None
        if kind is None and before and not UNITS & set(figure.counted) and figure.counted == before.counted:
            kind = before.kind  # "500 arrests, of which 19 took place in Spain"
        claims.append(_claim(sentence, figure, kind, scope))
    return claims


def _claim(sentence: str, figure: Figure, kind: ClaimKind | None, scope: Scope) -> Claim:
    span = figure.span
    sign = _SIGN.search(sentence, span.start, span.end)
    unit = "%" if sign and sign.group()[0] not in "$£€" else sign.group() if sign else ""
    return Claim(
        span, span, figure.low, figure.high, figure.approximate, _counted(figure, kind, unit), kind,
        scope=scope.places,
        worldwide=scope.worldwide,
        period=_period(sentence, span),
        additional=bool(_added_before().search(_before(sentence, span)) or _added_behind().match(sentence, span.end)),
    )  # fmt: skip


def _counted(figure: Figure, kind: ClaimKind | None, unit: str) -> tuple[str, ...]:
    """What is counted; people where only what became of them is said: "19 were arrested"."""
    if figure.counted or unit:
        return (unit, *figure.counted) if unit else figure.counted
    if kind is ClaimKind.VOTED:
        return ("vote",)
    return ("people",) if kind in PERSONS else ()


def _with_nouns(sentence: str, found: list[Figure]) -> list[Figure]:
    """Figures with the noun they count, wherever it stands: "the number of arrests … at 500", "24 of those"."""
    named: list[Figure] = []
    for figure in _ranges(sentence, found):
        counted = figure.counted
        if not any(is_common(word) for word in counted):
            counted = (
                _number_of(sentence, figure.span, [one.span for one in found])
                or _modified(sentence, figure.span)
                or counted
            )
        if (
            named
            and (not counted or _OF_WHICH.search(_before(sentence, figure.span)))
            and not is_common(counted[0] if counted else "")
        ):
            counted = named[-1].counted
        named.append(replace(figure, counted=counted))
    return [one for one in named if not _is_article(sentence, one)]


def _ranges(sentence: str, found: list[Figure]) -> list[Figure]:
    """Figures, two that are the ends of a range made one: "between six and 24 months"."""
    joined: list[Figure] = []
    for figure in found:
        before = joined[-1] if joined else None
        if (
            before
            and _RANGE.fullmatch(sentence, before.span.end, figure.span.start)
            and _BETWEEN.search(_before(sentence, before.span))
        ):
            joined[-1] = replace(figure, span=Span(before.span.start, figure.span.end), low=before.low)
        else:
            joined.append(_split(sentence, figure))
    return joined


def _split(sentence: str, figure: Figure) -> Figure:
    """A figure in words that is a range: "between six and nine" reads like one number."""
    text = sentence[figure.span.start : figure.span.end]
    ends = [number_value(part) for part in _RANGE.split(text)]
    if len(ends) != 2 or None in ends or not _BETWEEN.search(_before(sentence, figure.span)):
        return figure
    return replace(figure, low=ends[0], high=ends[1])


def _modified(sentence: str, figure: Span) -> tuple[str, ...]:
    match = _MODIFIED.match(sentence, figure.end)
    return (kin(match["noun"]),) if match and is_common(match["noun"]) else ()


def _number_of(sentence: str, figure: Span, others: list[Span]) -> tuple[str, ...]:
    """The noun of "the number of arrests", before or behind a figure, with no other figure between."""
    for match in _count_of().finditer(sentence):
        first, last = (match.end(), figure.start) if match.end() <= figure.start else (figure.end, match.start())
        if first <= last and not any(first <= one.start and one.end <= last for one in others):
            following = [fold(word) for word in words(sentence[match.end() : match.end() + 40])[:3]]
            return tuple(kin(word) for word in following if word not in STOP_WORDS)[:2]
    return ()


def _is_article(sentence: str, figure: Figure) -> bool:
    """Whether "one" or "un" is no count: it is one only of things that are counted."""
    word = fold(sentence[figure.span.start : figure.span.end])
    return word in _ONE and not _COUNTED_SINGLY & set(figure.counted[:2])


def _is_label(sentence: str, figure: Figure, dates: list[Span]) -> bool:
    """Whether a number names its thing, or is half of a date: "article 12", "17 and 18 October"."""
    halves = any(
        figure.span.end <= date.start and _BESIDE_DATE.fullmatch(sentence, figure.span.end, date.start)
        for date in dates
    )
    numbers = _NUMBERS.match(sentence, figure.span.end)  # "four different numbers of arrests"
    return halves or bool(numbers) or bool(_label().search(_before(sentence, figure.span)))


def _noughts(sentence: str, kinds: list[KindWord], named: Places) -> list[Claim]:
    """Counts of nought: "had arrested no one", "no arrests"."""
    claims = []
    for match in _no_one().finditer(sentence):
        span = Span(*match.span())
        kind = kind_of(sentence, span, kinds, [])
        near = [word for word in kinds if word.kind is kind and abs(word.span.start - span.end) < 40]
        if kind in PERSONS and (near or kind is ClaimKind.EXPECTED):
            places = tuple(dict.fromkeys(code for _, code in named))
            scope = Scope(places) if len(places) < 3 else Scope(worldwide=True)
            claims.append(_claim(sentence, Figure(span, 0.0, 0.0, False, ("people",)), kind, scope))
    return claims


def _some_of(sentence: str, kinds: list[KindWord], named: Places) -> list[Claim]:
    """That there were some, in each place that the sentence names behind the word: "arrests in Italy and in Chile"."""
    claims = []
    for match in _some().finditer(sentence):
        span = Span(*match.span())
        kind = next((word.kind for word in kinds if word.span.start == span.start), None)
        places = [code for place, code in named if span.end <= place.start <= span.end + ELSEWHERE]
        if kind is not None:
            claims += [
                _claim(sentence, Figure(span, None, None, False, ("people",)), kind, Scope((code,))) for code in places
            ]
    return claims


def _before(sentence: str, span: Span) -> str:
    """The words right before: more of them would take time and tell no more."""
    return sentence[max(0, span.start - 30) : span.start]


def _period(sentence: str, figure: Span) -> str | None:
    """The length of time a figure was counted over, as printed."""
    match = _over().search(sentence, figure.end, figure.end + 90)
    return (match["period"] or match["since"]) if match else None


@cache
def _over() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{english.PERIOD}|{spanish.PERIOD})\s(?:the (?:past|last) |los últimos |las últimas )?"
        rf"(?P<period>{DURATION.pattern})|\b(?P<since>(?:since|desde) \d{{4}})\b",
        re.IGNORECASE,
    )


@cache
def _count_of() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.COUNT_OF}|{spanish.COUNT_OF})\s", re.IGNORECASE)


@cache
def _label() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.LABELS}|{spanish.LABELS})\.?\s$", re.IGNORECASE)


@cache
def _no_one() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.NO_ONE}|{spanish.NO_ONE})", re.IGNORECASE)


@cache
def _some() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.SOME}|{spanish.SOME})\b", re.IGNORECASE)


@cache
def _added_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.ADDITIONAL_BEFORE}|{spanish.ADDITIONAL_BEFORE})\s$", re.IGNORECASE)


@cache
def _added_behind() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{english.ADDITIONAL_AFTER}|{spanish.ADDITIONAL_AFTER})\b", re.IGNORECASE)
