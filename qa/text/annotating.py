"""Reads what answers need of an article besides its words: dates, stages of cases, and figures.

The reading of figures is shallow, word by word within a sentence, and rather says nothing than guesses.
"""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from qa.dates.finding import find_dates
from qa.dates.periods import DateMention
from qa.models.annotations import OF_PERSONS, Annotations, Figure, FigureKind, dates_within
from qa.models.archive import Article, Span
from qa.text.entities import NUMBER, EventName, Place, is_number, number_value, operation_names, places_in
from qa.text.figures import figures, form, is_common, kin, kind_of, kind_words
from qa.text.sentences import sentence_spans
from qa.text.stages import find_stages
from qa.text.terms import STOP_WORDS, fold, lowered, words

VERSION = 18  # raised with every change to what is read or how

UNITS = frozenset({"country", "province", "month", "year", "day", "week", "hour", "minut"})  # nothing becomes of them
_PARTS = frozenset({"province", "region", "town", "citi", "localidad", "ciudad", "municipio", "comunidad", "communiti"})
"""Parts of a country: "19 people in 13 provinces of Spain" is said of Spain."""
_ONE = frozenset({"one", "un", "una", "uno"})
_COUNTED_SINGLY = frozenset({"people", "arrest", "search"})
_BEFORE = 30  # characters right before a figure that are read: more of them would take time and tell no more
_PUBLICATION = re.compile(r"(?:[a-záéíóúñ]+\s){0,5}(?P<name>[A-ZÁÉÍÓÚÑ].*)")
"""A part of what an article sums up that names a publication: "with figures from the BBC"."""
_NAMED = re.compile(
    r"(?<!\w)(?<!\b(?i:in|on|at|to|of|en|de|el|la) )(?<!\b(?i:from|near) )(?<!\b(?i:since|desde|según) )"
    r"(?<!\b(?i:the) )"
    r"(?!(?:In|On|At|To|Of|From|Near|Since|En|De|Desde|Según|The|El|La)\b)"
    r"[A-ZÁÉÍÓÚÑÜ][\w'’-]+(?: [A-ZÁÉÍÓÚÑÜ][\w'’-]+)+, \Z"
)
"""The whole name of somebody before a comma: no place and no time."""
_COMMA = re.compile(r",(?!\d)")
_ARTICLE = re.compile(r"^(?i:the|both|el|la|los|las)\s(?=[a-záéíóúñ])")


def annotate(article: Article) -> Annotations:
    """What the body says; it depends on nothing but the article and VERSION."""
    source = article.source
    dates = find_dates(article.body, published=source.published, language=source.language)
    figures_read = tuple(find_figures(article, dates))
    stages = find_stages(article.body, dates, published=source.published, language=source.language)
    return Annotations(VERSION, tuple(dates), figures_read, tuple(stages), article.event_date, article.derived_from)


def find_figures(article: Article, dates: Sequence[DateMention]) -> list[Figure]:
    """Every figure of an article's body that counts something, in order; `dates` are those of the body."""
    body, source = article.body, article.source
    # Its outlet and the publications that it sums up, each by the words of its name.
    listed = re.split(r",\s|\s(?:and|y)\s", re.sub(r"\([^)]*\)", "", source.summarises or ""))
    named = [match["name"] for part in listed if (match := _PUBLICATION.match(part.strip()))]
    publications, last = list(map(_name_key, (*named, source.outlet))), None
    in_title, events = {name.key for name in operation_names(source.title)}, operation_names(body)
    usual = in_title if len(in_title) == 1 else [key for key, _ in Counter(name.key for name in events).most_common(1)]
    figures_read = list[Figure]()
    for span in sentence_spans(body):
        inside = dates_within(dates, span)
        sentence = body[span.start : span.end]
        read = _sentence_figures(sentence, [Span(date.start - span.start, date.end - span.start) for date in inside])
        if not read and len(publications) <= 2:
            continue
        speaker, last = _speaker(sentence, publications, last)
        for figure in read:
            place = figure.span.shifted(span.start)
            as_of = _date_of(place, inside, body) or (source.published.isoformat() if source.published else None)
            event = _event_of(place, span, body, events) or next(iter(usual), None)
            figures_read.append(replace(figure, span=place, sentence=span, speaker=speaker, as_of=as_of, event=event))
    return figures_read


def _date_of(figure: Span, dates: Sequence[DateMention], body: str) -> str | None:
    """The sentence's date nearest to a figure, in its clause."""
    ends, near = form("clause_end"), [date for date in dates if date.value]
    near = [d for d in near if not ends.search(body, min(figure.end, d.end), max(figure.start, d.start))]
    return min(near, key=lambda date: max(date.start - figure.end, figure.start - date.end)).value if near else None


def _event_of(figure: Span, sentence: Span, body: str, names: Sequence[EventName]) -> str | None:
    """The key of the event that a figure of a sentence belongs to; None where none is named so far.

    It is that which the figure is said to be of ("30 in Operation Landmark"), else the last one named before it in the
    sentence, the first one behind it in the sentence, or the last one of the sentences before.
    """
    before = next((name for name in reversed(names) if name.span.start < figure.start), None)
    behind = next((name for name in names if figure.start <= name.span.start < sentence.end), None)
    if behind and form("said_of").fullmatch(body, figure.end, behind.span.start):
        return behind.key
    nearest = before if before and (not behind or before.span.start >= sentence.start) else behind
    return nearest.key if nearest else None


def _sentence_figures(text: str, dates: Sequence[Span]) -> list[Figure]:
    """The figures of a sentence, in its own offsets and without what only its article tells."""
    lower = lowered(text)
    if not NUMBER.search(lower):
        return []
    sentence = _Sentence(text, lower, dates, places_in(text))
    counts = sentence.counting()
    if not counts:
        return []
    kinds = [word for word in kind_words(lower) if not form("denied").search(sentence.before(word.span.start))]
    read: list[Figure] = []
    for at, figure in enumerate(counts):
        others = [other.span for other in counts if other is not figure]
        kind = None if UNITS & set(figure.counted[:2]) else kind_of(lower, figure.span, kinds, others)
        if kind is None and read and figure.counted == read[-1].counted:
            kind = read[-1].kind  # "500 arrests, of which 19 took place in Spain"
        if at and form("whole").fullmatch(lower, counts[at - 1].span.end, figure.span.start):
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
        # "One" or "un" counts only what is counted singly; of other things it is an article.
        numbers = (fold(self.lower[figure.span.start : figure.span.end]) for figure in read)
        pairs = zip(read, numbers, strict=True)
        return [figure for figure, number in pairs if number not in _ONE or _COUNTED_SINGLY & set(figure.counted[:2])]

    def _ranges(self, figures_read: list[Figure]) -> list[Figure]:
        """Figures, two that are the ends of a range made one: "between six and 24 months", in words read as one."""
        joined: list[Figure] = []
        for figure in figures_read:
            span = figure.span
            between = bool(form("between").search(self.before((joined[-1].span if joined else span).start)))
            ends = [number_value(end) for end in form("range").split(self.lower[span.start : span.end])]
            if joined and between and form("range").fullmatch(self.lower, joined[-1].span.end, span.start):
                joined[-1] = replace(figure, span=Span(joined[-1].span.start, span.end), low=joined[-1].low)
            elif len(ends) == 2 and form("between").search(self.before(span.start)):
                joined.append(replace(figure, low=ends[0], high=ends[1]))
            else:
                joined.append(figure)
        return joined

    def _number_of(self, figure: Span, others: Sequence[Span]) -> tuple[str, ...]:
        """The noun of "the number of arrests", before or behind a figure, with no other figure between."""
        for match in form("count_of").finditer(self.lower):
            first, last = (match.end(), figure.start) if match.end() <= figure.start else (figure.end, match.start())
            if not any(other.within(Span(first, last)) for other in others):
                following = [fold(word) for word in words(self.lower[match.end() : match.end() + 40])[:3]]
                return tuple(kin(word) for word in following if word not in STOP_WORDS)[:2]
        return ()

    def _is_label(self, figure: Span) -> bool:
        """A number that names its thing, is half of a date, or an age: "article 12", "17 and 18 October"."""
        if form("numbers").match(self.lower, figure.end) or form("label").search(self.before(figure.start)):
            return True
        if self._is_age(figure):
            return True
        behind = (date.start for date in self.dates if date.start >= figure.end)
        return any(form("beside_date").fullmatch(self.lower, figure.end, start) for start in behind)

    def _is_age(self, figure: Span) -> bool:
        """A number between commas right behind the whole name of somebody: "Ann Lee, 34, was elected"."""
        named = _NAMED.search(self.text, max(0, figure.start - 2 * _BEFORE), figure.start)
        return bool(named) and figure.end - figure.start == 2 and bool(_COMMA.match(self.text, figure.end))

    def described(self, figure: Figure, kind: FigureKind | None) -> Figure:
        """A figure with its unit, what became of its things, and how it was counted."""
        span, counted = figure.span, figure.counted
        following = kind_words(self.lower[span.end + 1 : span.end + _BEFORE])
        if sign := form("sign").search(self.lower, span.start, span.end) or form("sign").match(self.lower, span.end):
            counted = (sign["sign"] if sign["sign"] in "$£€" else "%", *counted)
        elif kind in OF_PERSONS and (not counted or (following and following[0].span.start == 0)):
            counted = ("people",)  # persons are counted by what became of them: "44 convicted"
        elif not counted and kind is FigureKind.VOTED:
            counted = ("vote",)
        over = form("over").search(self.lower, span.end, span.end + 90)
        period = slice(*over.span("period" if over["period"] else "since")) if over else None
        added = form("added_before").search(self.before(span.start)) or form("added_behind").match(self.lower, span.end)
        period_text = self.text[period] if period else None
        return replace(figure, counted=counted, kind=kind, period=period_text, additional=bool(added))


def _placed(sentence: _Sentence, figures_read: Sequence[Figure]) -> list[Figure]:
    """The figures of a sentence, each said of at most two countries, or of all concerned, or of none."""
    worldwide = bool(form("said_worldwide").search(sentence.text))
    wide = worldwide or any("country" in figure.counted for figure in figures_read)
    read: list[Figure] = []
    for figure in figures_read:
        meant = [place for place in sentence.places if _is_meant(sentence.lower, figure, *place)]
        places = tuple(dict.fromkeys(code for _, code in meant))
        and_more = any(form("and_more").match(sentence.lower, place.end) for place, _ in meant)
        more = and_more or "country" in figure.counted
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
    """A place that a figure is said of: it stands right beside it, or behind a preposition, in the figure's clause."""
    if code not in figure.places or form("new_verb").search(sentence, figure.span.end, place.start):
        return False
    close = 0 <= place.start - figure.span.end <= 2 or form("listed").match(sentence, place.end)
    return bool(close or form("placed").search(sentence[max(0, place.start - 16) : place.start]))


def _speaker(sentence: str, publications: Sequence[frozenset[str]], last: str | None) -> tuple[str | None, str | None]:
    """Who says a sentence, as printed, None for the report itself, or the one publication that it sums up.

    With it comes who of several publications spoke `last`.
    """
    names = (match["a"] or match["b"] or match["c"] for match in form("attribution").finditer(sentence))
    who = next((name for name in names if not form("nobody").fullmatch(name) and not is_number(name)), "")
    if not who:
        return None, last
    if form("the_report").fullmatch(who):
        return last, last
    who = _ARTICLE.sub("", who)
    key = _name_key(who)
    if not key or not any(key <= name or (name and name <= key) for name in publications):
        return who, last
    return (who, who) if len(publications) > 2 else (None, None)


@lru_cache(maxsize=2_000)
def _name_key(name: str) -> frozenset[str]:
    return frozenset(fold(word) for word in words(name) if fold(word) not in STOP_WORDS | {"copy", "report"})
