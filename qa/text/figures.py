"""Numbers in a text: what they count, of which places and when, what became of the things counted, and who says so."""

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from typing import NamedTuple

from qa.dates.periods import DateMention
from qa.models.annotations import OF_PERSONS, Figure, FigureKind, dates_within
from qa.models.archive import Article, Span
from qa.text.entities import NUMBER, EventName, Place, number_value, operation_names, places_in, plain_numbers
from qa.text.patterns import pattern, word_file
from qa.text.sentences import sentence_spans
from qa.text.terms import STOP_WORDS, fold, lowered, stem, word_matches, words

form = partial(pattern, "figures")

WINDOW = 4  # words after a number among which the counted noun is looked for: "500 mostly quiet local people"
REACH = 90  # characters between a figure and the word that says what became of its things
RIGHT_BEHIND = 18  # characters behind a figure from which a word there tells less than one before it

_FORECAST = frozenset(
    {FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.CHARGED, FigureKind.CONVICTED, FigureKind.KILLED}
    | {FigureKind.INVESTIGATED, FigureKind.IMPLICATED, FigureKind.RELEASED, FigureKind.DISPLACED}
)  # of what may be forecast; not what was expected to be found or voted

_UNITS = frozenset({"country", "province", "month", "year", "day", "week", "hour", "minut"})  # nothing becomes of them
_PARTS = frozenset({"province", "region", "town", "citi", "localidad", "ciudad", "municipio", "comunidad", "communiti"})
"""Parts of a country: "19 people in 13 provinces of Spain" is said of Spain."""
_ONE = frozenset({"one", "un", "una", "uno"})
_COUNTED_SINGLY = frozenset({"people", "arrest", "search"})
_BEFORE = 30  # characters right before a figure that are read: more of them would take time and tell no more
_PUBLICATION = re.compile(r"(?:[a-záéíóúñ]+\s){0,5}(?P<name>[A-ZÁÉÍÓÚÑ].*)")  # a part that names one
_NAMED = re.compile(
    r"(?<!\w)(?<!\b(?i:in|on|at|to|of|en|de|el|la) )(?<!\b(?i:from|near) )(?<!\b(?i:since|desde|según) )"
    r"(?<!\b(?i:the) )"
    r"(?!(?:In|On|At|To|Of|From|Near|Since|En|De|Desde|Según|The|El|La)\b)"
    r"[A-ZÁÉÍÓÚÑÜ][\w'’-]+(?: [A-ZÁÉÍÓÚÑÜ][\w'’-]+)+, \Z"
)  # the whole name of somebody before a comma: no place and no time
_COMMA = re.compile(r",(?!\d)")
_ARTICLE = re.compile(r"^(?i:the|both|el|la|los|las)\s(?=[a-záéíóúñ])")


@cache
def _named(table: str) -> dict[str, str]:
    """The first of the words that count the same thing, by the stem of each."""
    return {stem(word): group.split()[0] for group in word_file("figures")[table] for word in group.split()}


@lru_cache(maxsize=50_000)
def kin(word: str) -> str:
    """One name for all words that count the same thing, in both languages; the stem of any other word."""
    plain = fold(word)
    if plain in ("office", "offices"):
        return "office"  # no officer, though of the same stem
    singular = (plain, plain.removesuffix("s"), plain.removesuffix("es"))
    masculine = tuple(f"{word[:-1]}o" for word in singular if word.endswith("a"))  # detenidas, detenidos: one thing
    for written in (*singular, *masculine):
        if name := _named("same").get(stem(written)) or _named("also_same").get(stem(written)):
            return name
    return stem(word)


@lru_cache(maxsize=10_000)
def is_common(word: str) -> bool:
    """Whether the usual words for a thing are all known here: a sentence with none of them has no such thing."""
    return kin(word) in _named("same").values()


def figures(sentence: str, dates: Sequence[Span] | None = None, named: Sequence[Place] | None = None) -> list[Figure]:
    """The numbers of a sentence outside dates, in order; `dates` and `named` are its dates and places, if known."""
    spans = plain_numbers(sentence, dates=dates)
    places: dict[Span, tuple[str, ...]] = dict.fromkeys(spans, ())
    for place, code in (places_in(sentence) if named is None else named) if spans else ():
        places[min(spans, key=lambda span: _distance(sentence, span, place))] += (code,)
    read = []
    for span in spans:
        value = number_value(sentence[span.start : span.end])
        before = lowered(sentence[max(0, span.start - 20) : span.start])
        bound = next((name for name in ("more", "less", "about") if form(name).search(before)), "")
        low = None if bound == "less" else value
        high = None if bound == "more" else value
        read.append(Figure(span, low, high, bool(bound), _counted(sentence, span), places[span]))
    return read


def _counted(sentence: str, span: Span) -> tuple[str, ...]:
    """Kin of the words right after a number, up to where its noun phrase ends."""
    parts: list[str] = []
    end, ends = span.end, word_file("figures")["ends_phrase"].split()
    for match in word_matches(sentence[span.end : span.end + 60]):
        gap = sentence[end : span.end + match.start()]
        word = fold(match.group())
        if len(parts) == WINDOW or re.search(r"[^\s'’\-\"“”%€$]", gap) or word in ends or word[0].isdigit():
            break
        end = span.end + match.end()
        if word not in STOP_WORDS:
            parts.append(kin(word))
    return tuple(parts)


def _distance(sentence: str, number: Span, place: Span) -> int:
    """Characters between a number and a place. A place in front counts only as in "Sweden (8)" or "Sweden: 8"."""
    if place.start >= number.end:
        return place.start - number.end
    between = sentence[place.end : number.start]
    return len(between) if re.fullmatch(r"\s?[(:]\s?", between) else 40 + len(between)


class KindWord(NamedTuple):
    span: Span
    kind: FigureKind


@cache
def _kinds() -> tuple[re.Pattern[str], re.Pattern[str]]:
    """A word that says a kind; and, quicker, the first three letters of any."""
    english, spanish = word_file("figures")["english"], word_file("figures")["spanish"]
    groups = [f"(?P<{kind.upper()}>{words}|{spanish[kind]})" for kind, words in english.items()]
    entries = "|".join([*english.values(), *spanish.values()])
    starts = sorted(set(re.findall(r"(?:^|[|():=])([a-záéíóúñü]{2}[a-záéíóúñü ])", entries)))
    return re.compile(rf"(?:{'|'.join(groups)})\b"), re.compile(rf"\b(?:{'|'.join(starts)})")


def kind_words(text: str) -> list[KindWord]:
    """The words of a text that say a kind, in order."""
    kinds, starts = _kinds()
    matches, end, lower = list[KindWord](), 0, lowered(text)
    for start in starts.finditer(lower):
        match = kinds.match(lower, start.start()) if start.start() >= end else None
        if match and match.lastgroup:
            end = match.end()
            matches.append(KindWord(Span(*match.span()), FigureKind[match.lastgroup]))
    return matches


def kind_of(sentence: str, figure: Span, words: Sequence[KindWord], others: Sequence[Span]) -> FigureKind | None:
    """What is said of a figure's things, behind it in its clause, else before it; `others`: the other figures."""
    clause_end = form("clause_end")
    limit = min([other.start for other in others if other.start >= figure.end] + [figure.end + REACH])
    word = next((word for word in words if figure.end <= word.span.start < limit), None)
    if word and clause_end.search(sentence, figure.end, word.span.start):
        word = None
    limit = max([other.end for other in others if other.end <= figure.start] + [figure.start - REACH])
    before = next((word for word in words[::-1] if limit <= word.span.start and word.span.end <= figure.start), None)
    if before:
        between = sentence[before.span.end : figure.start]
        gap = sentence[figure.end : word.span.start] if word else ","
        close = not form("and").search(between)
        # In "the arrests were made in Chile (40)" the bracket holds the figure.
        apart = clause_end.search(between.removesuffix("("))
        if not apart and ("," in gap or (len(gap) > RIGHT_BEHIND and close)):
            word = before  # "arrested seven people on Saturday in a raid"
    if word is None or word.kind not in _FORECAST:
        return word.kind if word else None
    # A word of expectation rules the figure in its clause, before it or right behind it.
    last = figure.end + REACH // 2
    begin = max((match.end() for match in clause_end.finditer(sentence, 0, figure.start)), default=0)
    end = clause_end.search(sentence, figure.end, last)
    expected = form("expecting").search(sentence, max(begin, figure.start - REACH), end.start() if end else last)
    return FigureKind.EXPECTED if expected else word.kind


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
    """The key of the event that a figure is said to be of ("30 in Operation Landmark"), else of the nearest one."""
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
        kind = None if _UNITS & set(figure.counted[:2]) else kind_of(lower, figure.span, kinds, others)
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
        """A number that names its thing, is half of a date, or an age: "article 12", "17 and 18 October", "Lee, 34"."""
        if form("numbers").match(self.lower, figure.end) or form("label").search(self.before(figure.start)):
            return True
        two_digits = figure.end - figure.start == 2 and _COMMA.match(self.text, figure.end)
        if two_digits and _NAMED.search(self.text, max(0, figure.start - 2 * _BEFORE), figure.start):
            return True
        behind = (date.start for date in self.dates if date.start >= figure.end)
        return any(form("beside_date").fullmatch(self.lower, figure.end, start) for start in behind)

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
    """Who says a sentence, as printed, None for the report itself; and who of several publications spoke `last`."""
    names = (match["a"] or match["b"] or match["c"] for match in form("attribution").finditer(sentence))
    named = (
        name for name in names if _name_key(name) or form("the_report").fullmatch(name)
    )  # not "The", of "The report"
    who = next((name for name in named if not (form("nobody").fullmatch(name) or NUMBER.fullmatch(lowered(name)))), "")
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
