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
from qa.domain.mentions import DateMention, Figure, dates_within
from qa.language.answer_spans import DURATION
from qa.language.casing import lowered
from qa.language.claims import english, spanish
from qa.language.claims.counting import Sentence, counts
from qa.language.claims.events import Events
from qa.language.claims.kinds import CLAUSE_END, KindWord, kind_of, kind_words
from qa.language.claims.scopes import Scope, scopes
from qa.language.claims.speakers import Voices, attributions, speaker_of
from qa.language.numbers import NUMBER
from qa.language.places import places_in
from qa.language.sentences import sentence_spans

UNITS = frozenset({"country", "province", "month", "year", "day", "week", "hour", "minut"})
"""Things that nothing becomes of: places and lengths of time have no kind."""

PERSONS = {
    *(ClaimKind.ARRESTED, ClaimKind.DETAINED, ClaimKind.EXPECTED, ClaimKind.IMPLICATED, ClaimKind.INVESTIGATED),
    *(ClaimKind.REMANDED, ClaimKind.CHARGED, ClaimKind.TRIED, ClaimKind.CONVICTED, ClaimKind.ACQUITTED),
    *(ClaimKind.RELEASED, ClaimKind.REPORTED),
}

ELSEWHERE = 60
"""Characters behind a word for some within which places are those where they were."""

_SIGN = re.compile(r"[$£€%]|per ?cent|por ciento|pct")


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
        dates = dates_within(self.dates, span)
        claims = _claims(sentence, [Span(one.start - span.start, one.end - span.start) for one in dates])
        if not claims and not self.voices.several:
            return [], last
        said = attributions(sentence)
        speaker = speaker_of(said, self.voices, last)
        own = [one.who for one in said if not one.itself and self.voices.is_own(one.who)]
        heard = speaker if own and speaker else last
        return [self._placed(claim, span, dates, speaker) for claim in claims], heard

    def _placed(self, claim: Claim, span: Span, dates: Sequence[DateMention], speaker: str | None) -> Claim:
        """A claim of a sentence as one of the body."""
        figure = claim.figure.shifted(span.start)
        return replace(
            claim,
            figure=figure,
            sentence=span,
            speaker=speaker,
            as_of=self._as_of(figure, dates),
            event=self.events.at(figure, span, self.article.body),
        )

    def _as_of(self, figure: Span, dates: Sequence[DateMention]) -> str | None:
        """The sentence's date nearest to the figure, else the day of publication."""
        near = [one for one in dates if one.value and not _parted(self.article.body, figure, one)]
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


def _claims(text: str, dates: Sequence[Span]) -> list[Claim]:
    """The claims of a sentence, in its own offsets and without what only its article tells."""
    lower = lowered(text)
    uncounted = bool(_uncounted().search(lower))
    if not uncounted and not NUMBER.search(lower):
        return []
    sentence = Sentence(text, lower, dates, places_in(text))
    found = counts(sentence)
    if not found and not uncounted:
        return []  # its numbers are dates, or name things
    kinds = kind_words(lower)
    claims = _read(sentence, found, [word for word in kinds if not _denied().search(sentence.before(word.span.start))])
    if uncounted:
        claims += _noughts(sentence, kinds)
        claims = claims or _some_of(sentence, kinds)
    return claims


def _read(sentence: Sentence, found: list[Figure], kinds: list[KindWord]) -> list[Claim]:
    claims: list[Claim] = []
    for place, (figure, scope) in enumerate(zip(found, scopes(sentence.text, found, sentence.places), strict=True)):
        others = [one.span for one in (*found[max(0, place - 1) : place], *found[place + 1 : place + 2])]
        kind = None if UNITS & set(figure.counted[:2]) else kind_of(sentence.lower, figure.span, kinds, others)
        before = claims[-1] if claims else None
        if kind is None and before and not UNITS & set(figure.counted) and figure.counted == before.counted:
            kind = before.kind  # "500 arrests, of which 19 took place in Spain"
        claims.append(_claim(sentence, figure, kind, scope))
    return claims


def _claim(sentence: Sentence, figure: Figure, kind: ClaimKind | None, scope: Scope) -> Claim:
    span, lower = figure.span, sentence.lower
    sign = _SIGN.search(lower, span.start, span.end)
    unit = "%" if sign and sign.group()[0] not in "$£€" else sign.group() if sign else ""
    return Claim(
        span, span, figure.low, figure.high, figure.approximate, _counted(figure, kind, unit), kind,
        scope=scope.places,
        worldwide=scope.worldwide,
        period=_period(sentence, span),
        additional=bool(_added_before().search(sentence.before(span.start)) or _added_behind().match(lower, span.end)),
    )  # fmt: skip


def _counted(figure: Figure, kind: ClaimKind | None, unit: str) -> tuple[str, ...]:
    """What is counted; people where only what became of them is said: "19 were arrested"."""
    if figure.counted or unit:
        return (unit, *figure.counted) if unit else figure.counted
    if kind is ClaimKind.VOTED:
        return ("vote",)
    return ("people",) if kind in PERSONS else ()


def _noughts(sentence: Sentence, kinds: list[KindWord]) -> list[Claim]:
    """Counts of nought: "had arrested no one", "no arrests"."""
    claims = []
    for match in _no_one().finditer(sentence.lower):
        span = Span(*match.span())
        kind = kind_of(sentence.lower, span, kinds, [])
        near = [word for word in kinds if word.kind is kind and abs(word.span.start - span.end) < 40]
        if kind in PERSONS and (near or kind is ClaimKind.EXPECTED):
            places = tuple(dict.fromkeys(code for _, code in sentence.places))
            scope = Scope(places) if len(places) < 3 else Scope(worldwide=True)
            claims.append(_claim(sentence, Figure(span, 0.0, 0.0, False, ("people",)), kind, scope))
    return claims


def _some_of(sentence: Sentence, kinds: list[KindWord]) -> list[Claim]:
    """That there were some, in each place that the sentence names behind the word: "arrests in Italy and in Chile"."""
    claims = []
    for match in _some().finditer(sentence.lower):
        span = Span(*match.span())
        if _denying().search(sentence.before(span.start)):
            continue
        kind = next((word.kind for word in kinds if word.span.start == span.start), None)
        places = [code for place, code in sentence.places if span.end <= place.start <= span.end + ELSEWHERE]
        if kind is not None:
            some = Figure(span, None, None, False, ("people",))
            claims += [_claim(sentence, some, kind, Scope((code,))) for code in places]
    return claims


def _period(sentence: Sentence, figure: Span) -> str | None:
    """The length of time a figure was counted over, as printed."""
    match = _over().search(sentence.lower, figure.end, figure.end + 90)
    if match is None:
        return None
    start, end = match.span("period" if match["period"] else "since")
    return sentence.text[start:end]


@cache
def _over() -> re.Pattern[str]:
    return re.compile(
        rf"\b(?:{english.PERIOD}|{spanish.PERIOD})\s(?:the (?:past|last) |los últimos |las últimas )?"
        rf"(?P<period>{DURATION.pattern})|\b(?P<since>(?:since|desde) \d{{4}})\b"
    )


@cache
def _no_one() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.NO_ONE}|{spanish.NO_ONE})")


@cache
def _denied() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.NO}|{spanish.NO})\s$")


@cache
def _denying() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.NO}|{spanish.NO})\b[^,;:.()]*$")


@cache
def _some() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.SOME}|{spanish.SOME})\b")


@cache
def _uncounted() -> re.Pattern[str]:
    return re.compile(f"{_no_one().pattern}|{_some().pattern}")


@cache
def _added_before() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{english.ADDITIONAL_BEFORE}|{spanish.ADDITIONAL_BEFORE})\s$")


@cache
def _added_behind() -> re.Pattern[str]:
    return re.compile(rf"\s(?:{english.ADDITIONAL_AFTER}|{spanish.ADDITIONAL_AFTER})\b")
