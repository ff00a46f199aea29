"""Reads an article's figures: each number with what it counts, what became of it, where, when, and who says so.

The reading is shallow, word by word within a sentence, and rather says nothing than guesses.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from qa.dates.periods import DateMention
from qa.models.annotations import OF_PERSONS, Figure, FigureKind
from qa.models.archive import Article, Span
from qa.text.casing import capitalised_too, lowered
from qa.text.event_names import EventName, operation_names
from qa.text.figure_kinds import form, kind_of, kind_words
from qa.text.figures import figures, is_common, kin
from qa.text.numbers import NUMBER, number_value
from qa.text.patterns import word_file
from qa.text.places import Place, places_in
from qa.text.sentences import sentence_spans
from qa.text.speakers import Voices, attributions
from qa.text.terms import STOP_WORDS, fold, words

UNITS = frozenset({"country", "province", "month", "year", "day", "week", "hour", "minut"})
"""Things that nothing becomes of: places and lengths of time have no kind."""

_PARTS = frozenset({"province", "region", "town", "citi", "localidad", "ciudad", "municipio", "comunidad", "communiti"})
"""Parts of a country: "19 people in 13 provinces of Spain" is said of Spain."""

_BEFORE = 30
"""Characters right before a figure that are read: more of them would take time and tell no more."""

_ONE = frozenset({"one", "un", "una", "uno"})
_COUNTED_SINGLY = frozenset({"people", "arrest", "search"})


@cache
def _worldwide() -> re.Pattern[str]:
    return re.compile(rf"\b(?:{capitalised_too(word_file('figures')['fragments']['worldwide'])})\b")


def find_figures(article: Article, dates: Sequence[DateMention]) -> list[Figure]:
    """Every figure of an article's body that counts something, in order; `dates` are those of the body."""
    body, published = article.body, article.source.published
    events, voices = _EventNames.of(article.source.title, body), Voices.of(article.source)
    figures_read, last = list[Figure](), None
    for span in sentence_spans(body):
        inside = [date for date in dates if span.start <= date.start and date.end <= span.end]
        sentence = body[span.start : span.end]
        read = sentence_figures(sentence, [Span(date.start - span.start, date.end - span.start) for date in inside])
        if not read and not voices.several:
            continue
        speaker, last = voices.speaker(attributions(sentence), last)
        for figure in read:
            place = figure.span.shifted(span.start)
            as_of = _date_of(place, inside, body) or (published.isoformat() if published else None)
            event = events.at(place, span, body)
            figures_read.append(replace(figure, span=place, sentence=span, speaker=speaker, as_of=as_of, event=event))
    return figures_read


def _date_of(figure: Span, dates: Sequence[DateMention], body: str) -> str | None:
    """The sentence's date nearest to a figure, in its clause."""
    near = [
        date
        for date in dates
        if date.value and not form("clause_end").search(body, min(figure.end, date.end), max(figure.start, date.start))
    ]
    return min(near, key=lambda date: max(date.start - figure.end, figure.start - date.end)).value if near else None


def sentence_figures(text: str, dates: Sequence[Span]) -> list[Figure]:
    """The figures of a sentence, in its own offsets and without what only its article tells."""
    lower = lowered(text)
    if not NUMBER.search(lower):
        return []
    sentence = _Sentence(text, lower, dates, places_in(text))
    counts = sentence.counting()
    kinds = (
        [word for word in kind_words(lower) if not form("denied").search(sentence.before(word.span.start))]
        if counts
        else []
    )
    read: list[Figure] = []
    for at, figure in enumerate(counts):
        neighbours = [neighbour.span for neighbour in counts if neighbour is not figure]
        kind = None if UNITS & set(figure.counted[:2]) else kind_of(lower, figure.span, kinds, neighbours)
        whole = at > 0 and bool(form("whole").fullmatch(lower, counts[at - 1].span.end, figure.span.start))
        if kind is None and read and not UNITS & set(figure.counted) and figure.counted == read[-1].counted:
            kind = read[-1].kind  # "500 arrests, of which 19 took place in Spain"
        if whole and not UNITS & set(figure.counted):
            read[-1], kind = replace(read[-1], kind=read[-1].kind or kind, counted=figure.counted), None
        read.append(sentence.described(figure, kind))
    return _placed(sentence, read)


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence as printed and in lower case, character for character, with its dates and the places it names."""

    text: str
    lower: str
    dates: Sequence[Span]
    places: Sequence[Place]

    def before(self, place: int) -> str:
        """The words right before a place, in lower case."""
        return self.lower[max(0, place - _BEFORE) : place]

    def counting(self) -> list[Figure]:
        """The figures that count something, in order; two that are the ends of a range are one."""
        figures_read = figures(self.text, dates=self.dates, named=self.places)
        joined = self._ranges([figure for figure in figures_read if not self._is_label(figure.span)])
        spans, read = [figure.span for figure in joined], list[Figure]()
        for figure in joined:
            counted = figure.counted
            if not any(map(is_common, counted)):
                counted = self._number_of(figure.span, spans) or counted
            part = not counted or form("of_which").search(self.before(figure.span.start))  # "24 of those"
            if read and part and not (counted and is_common(counted[0])):
                counted = read[-1].counted
            read.append(replace(figure, counted=counted))
        return [figure for figure in read if not self._is_article(figure)]

    def _ranges(self, figures_read: list[Figure]) -> list[Figure]:
        """Figures, two that are the ends of a range made one: "between six and 24 months", in words read as one."""
        joined: list[Figure] = []
        for figure in figures_read:
            between = bool(form("between").search(self.before((joined[-1] if joined else figure).span.start)))
            ends = [number_value(end) for end in form("range").split(self.lower[figure.span.start : figure.span.end])]
            if joined and between and form("range").fullmatch(self.lower, joined[-1].span.end, figure.span.start):
                span = Span(joined[-1].span.start, figure.span.end)
                joined[-1] = replace(figure, span=span, low=joined[-1].low)
            elif len(ends) == 2 and None not in ends and form("between").search(self.before(figure.span.start)):
                joined.append(replace(figure, low=ends[0], high=ends[1]))
            else:
                joined.append(figure)
        return joined

    def _number_of(self, figure: Span, neighbours: Sequence[Span]) -> tuple[str, ...]:
        """The noun of "the number of arrests", before or behind a figure, with no other figure between."""
        for match in form("count_of").finditer(self.lower):
            first, last = (match.end(), figure.start) if match.end() <= figure.start else (figure.end, match.start())
            if first <= last and not any(
                first <= neighbour.start and neighbour.end <= last for neighbour in neighbours
            ):
                following = [fold(word) for word in words(self.lower[match.end() : match.end() + 40])[:3]]
                return tuple(kin(word) for word in following if word not in STOP_WORDS)[:2]
        return ()

    def _is_article(self, figure: Figure) -> bool:
        """ "One" or "un" that is no count: it is one only of things that are counted."""
        word = fold(self.lower[figure.span.start : figure.span.end])
        return word in _ONE and not _COUNTED_SINGLY & set(figure.counted[:2])

    def _is_label(self, figure: Span) -> bool:
        """A number that names its thing, or is half of a date: "article 12", "17 and 18 October"."""
        halves = any(
            figure.end <= date.start and form("beside_date").fullmatch(self.lower, figure.end, date.start)
            for date in self.dates
        )
        return halves or bool(
            form("numbers").match(self.lower, figure.end) or form("label").search(self.before(figure.start))
        )

    def _names_what_became(self, figure: Span) -> bool:
        """Persons are counted by what became of them: "44 convicted"."""
        following = kind_words(self.lower[figure.end + 1 : figure.end + _BEFORE])
        return bool(following) and following[0].span.start == 0

    def described(self, figure: Figure, kind: FigureKind | None) -> Figure:
        """A figure with its unit, what became of its things, and how it was counted."""
        span, counted = figure.span, figure.counted
        if sign := form("sign").search(self.lower, span.start, span.end) or form("sign").match(self.lower, span.end):
            counted = (sign["sign"] if sign["sign"] in "$£€" else "%", *counted)
        elif kind in OF_PERSONS and (not counted or self._names_what_became(span)):
            counted = ("people",)
        elif not counted and kind is FigureKind.VOTED:
            counted = ("vote",)
        over = form("over").search(self.lower, span.end, span.end + 90)
        period = Span(*over.span("period" if over["period"] else "since")) if over else None
        return replace(
            figure,
            counted=counted,
            kind=kind,
            period=self.text[period.start : period.end] if period else None,
            additional=bool(
                form("added_before").search(self.before(span.start)) or form("added_behind").match(self.lower, span.end)
            ),
        )


def _placed(sentence: _Sentence, figures_read: Sequence[Figure]) -> list[Figure]:
    """The figures of a sentence, each said of at most two countries, or of all concerned, or of none."""
    wide = any("country" in figure.counted for figure in figures_read) or bool(_worldwide().search(sentence.text))
    read: list[Figure] = []
    for figure in figures_read:
        counted_places = [
            (place, code) for place, code in sentence.places if _is_meant(sentence.lower, figure, place, code)
        ]
        places = tuple(dict.fromkeys(code for _, code in counted_places))
        more = "country" in figure.counted or any(
            form("and_more").match(sentence.lower, place.end) for place, _ in counted_places
        )
        if not places and not wide and read and len(sentence.places) == 1:
            # "24 people in Spain and made 29 searches"
            also = form("also").search(sentence.lower, read[-1].span.end, figure.span.start)
            places = read[-1].places if also else ()
        few = places if len(places) <= 2 and not more else ()
        read.append(replace(figure, places=few, worldwide=not few and (wide or more or bool(places))))
        for at in range(len(read) - 1, 0, -1):
            if not few or not _PARTS & set(read[at].counted) or read[at - 1].places:
                break
            read[at - 1] = replace(read[at - 1], places=few, worldwide=False)
    return read


def _is_meant(sentence: str, figure: Figure, place: Span, code: str) -> bool:
    """A place that a figure is said of: it stands right behind it, or behind a preposition, in its clause."""
    if code not in figure.places or (
        place.start > figure.span.end and form("new_verb").search(sentence, figure.span.end, place.start)
    ):
        return False
    close = 0 <= place.start - figure.span.end <= 2 or bool(form("listed").match(sentence, place.end))
    return close or bool(form("placed").search(sentence[max(0, place.start - 16) : place.start]))


@dataclass(frozen=True, slots=True)
class _EventNames:
    """The events that an article names: the keys of those in its headline, and those of its body in order."""

    title: tuple[str, ...]
    body: tuple[EventName, ...]

    @classmethod
    def of(cls, title: str, body: str) -> _EventNames:
        return cls(tuple(dict.fromkeys(name.key for name in operation_names(title))), tuple(operation_names(body)))

    def at(self, figure: Span, sentence: Span, body: str) -> str | None:
        """The key of the event that a figure of a sentence belongs to.

        It is the one that the figure is said to be of ("30 in Operation Landmark"), else the one named last before it,
        but one that its sentence names behind it rather than one of a sentence before. Where none is named so far, it
        is that of the headline, or the one that the article names most.
        """
        before = [name for name in self.body if name.span.start < figure.start]
        behind = [name for name in self.body if figure.start <= name.span.start < sentence.end]
        if behind and form("said_of").fullmatch(body, figure.end, behind[0].span.start):
            return behind[0].key
        if before and (not behind or before[-1].span.start >= sentence.start):
            return before[-1].key
        if behind or len(self.title) == 1:
            return behind[0].key if behind else self.title[0]
        counts = Counter(name.key for name in self.body)
        return counts.most_common(1)[0][0] if counts else None
