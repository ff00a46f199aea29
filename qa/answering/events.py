"""Events: which articles report on the same one, what it is called, and by what a question says which one it means.

Like cases are kept apart by it. Reports of one name are of one event; one without joins those of its day that share its
figures or many of its names.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache
from itertools import combinations, pairwise
from typing import TypeVar

from qa.answering.quoting import articles_of
from qa.dates.finding import find_dates
from qa.dates.periods import Precision
from qa.models.archive import Article, Span
from qa.models.dates import Dates
from qa.models.replies import Answer, Citation, Event, Hit, Question, SentenceHit
from qa.protocols import DocumentStore, Retriever
from qa.retrieval.ranking import POOL
from qa.retrieval.timeline import When, moment_of
from qa.text.entities import NAME, event_names, fold_text, is_date, main_name, places_in
from qa.text.figures import figures, is_common, kin
from qa.text.terms import STOP_WORDS, fold, stem, words
from qa.text.timeframes import time_phrases, without_phrases

Item = TypeVar("Item")
Marks = frozenset[str]
"""What tells a story from others in every language: folded names as they are, countries as "@ES", figures as "#500"."""

FEWEST_OTHERS = 15  # passages whose articles tell what those are about that a question is held to
_NEXT_WORD = re.compile(r"\s+\w+")
LEAST_FIGURE = 10  # smaller numbers stand in any report
APART = timedelta(days=31)  # reports of what lies further apart are about different events
SAME_FIGURES = 2
"""Figures that two reports of one day share where they tell of one event. In the demo archive those of two events share
one at most, those of one event two in 12 of 21 pairs."""
SAME_NAMES = 0.4
"""Share of the shorter report's marks, at least, where they don't. In the demo archive reports of one event share .2 to
.85, reports of two that have a day in common up to .34."""
SAME_WITHOUT_DATE = 0.5  # the share that is asked for where neither report says when it was

_SENTENCE_END = re.compile(r"[.!?:”\"]\s*")
_TIMEX = re.compile(r"\d{4}(?:-\d\d(?:-\d\d)?|-[QH]\d)?(?:/[\d-]+)?")
_AT = re.compile(rf"(?<!\w)(?:in|at|from|near|en|desde|cerca de)\s(?:the\s|el\s|la\s|los\s)?({NAME.pattern})")
_EXCLUDED = re.compile(
    r"(?:,\s)?(?<!\w)(?i:besides|apart from|aside from|other than|except(?: for)?|además de|aparte de|salvo|excepto)\s"
    rf"(?:(?:the|el|la|los|las)\s)?(?P<left_out>{NAME.pattern}(?:(?:,| and| y) {NAME.pattern})*),?"
)
"""What a question leaves out: "besides Cerbero and Azahar"."""
_WITHIN = re.compile(r"(?<!\w)(?:in|during|from|of|en|durante|de|del)\s(?:the\s|el\s|la\s|los\s)?$", re.IGNORECASE)
_ALL_OF = re.compile(r"\b(?:(?:each|every|cada)\s(\w+(?:\s\w+)?)|(\w+s))\b", re.IGNORECASE)  # "each raid", "the raids"
_DEFINITE = re.compile(r"\b(?:the|those|these|los|las|esos|esas)\s(?:other\s|otr[oa]s\s)?$", re.IGNORECASE)
_ORDINAL = re.compile(r"(?<!\w)(?:second|third|fourth|fifth|segund[oa]|tercer[oa]?|cuart[oa]|quint[oa])(?!\w)")
_PERSONS = frozenset({"people", "arrest"})  # what numbers of cases count where they don't say: "the 19"


@dataclass(frozen=True, slots=True)
class Reported:
    """An event with the articles that report on it, of those looked at; `key` is its name, folded."""

    event: Event
    key: str
    articles: tuple[Article, ...]

    @property
    def known(self) -> bool:
        """Whether the articles themselves say what or when it was; else it is no more than one article's headline."""
        return bool(self.key) or self.event.date is not None

    @property
    def kind(self) -> frozenset[str]:
        return kind_of(self.event.name, self.key) if self.key else frozenset()

    @property
    def whens(self) -> tuple[When, ...]:
        return tuple(when for article in self.articles if (when := _when(article)))


class Events:
    """The events that some articles report on: `by_article` has the event of each article, by the article's id."""

    def __init__(self, articles: Iterable[Article] = (), others: Iterable[Article] = ()) -> None:
        """`others` tell what the events are called and when they were; none of their headlines is one's name."""
        articles = list(articles)
        known = {article.article_id for article in articles}
        grouped = _grouped([*articles, *others])
        self._events = [Reported(_event(key, group, known), key, tuple(group)) for key, group in grouped]
        self._known = [
            event for event in self._events if event.key or any(a.article_id in known for a in event.articles)
        ]
        self._by_key = {event.key: event for event in self._events if event.key}
        self.by_article = {article.article_id: event for event in self._events for article in event.articles}

    @classmethod
    def among(cls, hits: Iterable[Hit], store: DocumentStore) -> Events:
        """Those that the articles of some passages report on."""
        return cls(articles_of((hit.source.article_id for hit in hits), store.article))

    @classmethod
    def around(cls, question: Question, hits: Iterable[Hit], retriever: Retriever, store: DocumentStore) -> Events:
        """The same; where a question is held to some articles, others tell what the events of these are called."""
        if question == question.unlimited:
            return cls.among(hits, store)
        held = articles_of((hit.source.article_id for hit in hits), store.article)
        found = retriever.find(question.unlimited, limit=POOL)[: max(len(held), FEWEST_OTHERS)]
        ids = {article.article_id for article in held}
        others = (hit.source.article_id for hit in found if hit.source.article_id not in ids)
        return cls(held, articles_of(others, store.article))

    def within(self, sentence: str, article_id: str) -> Reported:
        """The event that a sentence tells of: its article's own, unless the sentence names just one other."""
        of_article = self.by_article[article_id]
        names = {name.key: name for name in event_names(sentence)}
        if len(names) != 1 or of_article.key in names:
            return of_article
        ((key, name),) = names.items()
        return self._by_key.get(key) or Reported(Event(name.text), key, ())

    def of(self, item: SentenceHit | Citation) -> Reported | None:
        """What a sentence tells of; None where its article doesn't say what or when that was."""
        of_article = self.by_article.get(item.source.article_id)
        if of_article is None:
            return None
        reported = self.within(item.text, item.source.article_id)
        if reported is of_article:
            reported = self._recalled(item, of_article) or of_article
        return reported if reported.known else None

    def of_passage(self, hit: Hit) -> Reported | None:
        """What its article is about; None where that doesn't say what or when that was."""
        reported = self.by_article.get(hit.source.article_id)
        return reported if reported and reported.known else None

    def _recalled(self, item: SentenceHit | Citation, of_article: Reported) -> Reported | None:
        """The one other event that has the date a sentence gives, long before its article's own: "last December"."""
        dates = _dates_in(item.text, item.source.published, item.source.language)
        elsewhere = [event for event in self._known if event is not of_article and event.event.date in dates]
        if len(elsewhere) != 1 or of_article.event.date in dates:
            return None
        return elsewhere[0] if long_before(elsewhere[0].event.date, of_article.event.date) else None

    def named_by(self, reference: EventReference) -> list[str]:
        """The ids of the articles on the event that a question names."""
        return [article_id for article_id, event in self.by_article.items() if reference.names_event(event)]

    def beside_named(self, chosen: Sequence[SentenceHit], reference: EventReference) -> list[SentenceHit]:
        """The sentences; where the first is on the event that is named, without those that say of none which it was."""
        first = self.of(chosen[0]) if chosen else None
        if not (first and first.key and reference.names_event(first)):
            return list(chosen)
        return [item for item in chosen if self.of(item)]

    def names(self, chosen: Iterable[SentenceHit]) -> list[str]:
        """The names, folded, of the events that sentences tell of, where these have one."""
        return sorted({reported.key for item in chosen if (reported := self.of(item)) and reported.key})

    def naming_the_same(
        self, chosen: Iterable[SentenceHit], question: Question, store: DocumentStore, *, limit: int
    ) -> Iterator[Hit]:
        """Passages, in any language, that name an event that the chosen sentences tell of; `limit` for each event."""
        for key in self.names(chosen):
            for hit in store.matching(key.split(), limit=limit, between=Dates.of(question)):
                if any(name.key == key for name in event_names(f"{hit.source.title}. {hit.passage.text}")):
                    yield hit

    def grouped(self, chosen: Iterable[SentenceHit]) -> list[tuple[SentenceHit, Event | None]]:
        """What was chosen, event by event in the order of their best sentences; what tells of none stays last."""
        placed = [(item, reported.event if (reported := self.of(item)) else None) for item in chosen]
        order = list(dict.fromkeys(event for _, event in placed))
        last = order.index(None) if None in order[1:] else -1
        return sorted(placed, key=lambda pair: (order.index(pair[1]) == last, order.index(pair[1])))


def kind_of(name: str, key: str) -> frozenset[str]:
    """What a name says that an event is, as stems: the operation of "Operación Cerbero", whose key is "cerbero"."""
    own = key.split()
    return _stems_of(word for word in words(name) if fold(word) not in own)


def kinds_asked(question: str) -> frozenset[str]:
    """What a question asks for all of, as stems: "operations", "each operation"."""
    return _stems_of(word for one, several in _ALL_OF.findall(question) for word in (one or several).split())


def _stems_of(several: Iterable[str]) -> frozenset[str]:
    """Stems of words in both languages: "operaciones" and "operation" have one."""
    topical = [word for word in several if fold(word) not in STOP_WORDS]
    return frozenset(stem(word, language) for word in topical for language in ("en", "es"))


@lru_cache(maxsize=500)
def _dates_in(sentence: str, published: date | None, language: str) -> frozenset[str]:
    mentions = find_dates(sentence, published=published, language=language)
    return frozenset(mention.value for mention in mentions if mention.value and not mention.flaw)


def long_before(earlier: str | None, later: str | None) -> bool:
    """Whether a date lies so long before another that what it is of is another event."""
    first, second = (moment_of(value) if value else None for value in (earlier, later))
    return bool(first and first.last and second and second.first and second.first - first.last > APART)


def covers_several(answer: Answer) -> bool:
    """True where an answer's statements cover more than one known event."""
    events = combinations({statement.event for statement in answer.statements if statement.event}, 2)
    # Two of one date of which one has no name but a headline may be the same.
    return any(first.date != second.date or not (first.by_headline or second.by_headline) for first, second in events)


def _grouped(articles: Iterable[Article]) -> list[tuple[str, list[Article]]]:
    """The articles of each event with its name, folded, or empty."""
    named: dict[str, list[Article]] = {}
    rest: list[Article] = []
    for article in sorted(articles, key=lambda member: member.article_id):
        name = main_name(article.source.title, article.body)
        named.setdefault(name.key, []).append(article) if name else rest.append(article)
    groups = list(named.items())
    for article in rest:
        likeness = [max(_shared(article, member) for member in group) for _, group in groups]
        if any(likeness):
            groups[likeness.index(max(likeness))][1].append(article)
        else:
            groups.append(("", [article]))
    return groups


def _event(key: str, articles: Sequence[Article], known: Container[str]) -> Event:
    """What the event is called most often, and the most exact date that most of its reports give.

    Without a name it is called by the headline of one of the known articles, by their ids, if it has any.
    """
    dates = Counter(day for article in articles if (day := article.event_date) and _TIMEX.fullmatch(day))

    def exactness(text: str) -> tuple[int, int, str]:
        when, precisions = moment_of(text), [*Precision]
        vagueness = precisions.index(when.precision) if when and when.precision else len(precisions)
        return -vagueness, dates[text], text

    most_exact = max(dates, key=exactness, default=None)
    named = (main_name(article.source.title, article.body) for article in articles if key)
    names = Counter(name.text for name in named if name)
    if names:
        return Event(max(names, key=lambda text: (names[text], text)), most_exact)
    titled = [article for article in articles if article.article_id in known] or articles
    first = min(titled, key=lambda article: (article.source.published or date.max, article.article_id))
    return Event(first.source.title, most_exact, by_headline=True)


def _when(article: Article) -> When | None:
    return moment_of(article.event_date) if article.event_date else None


def _shared(first: Article, second: Article) -> float:
    """How much two reports have in common, 0 where they tell of two events."""
    first_marks, second_marks = (marks_of(f"{article.source.title}. {article.body}") for article in (first, second))
    both = first_marks & second_marks
    share = len(both) / min(len(first_marks), len(second_marks)) if both else 0.0
    counted = sum(mark[0] == "#" for mark in both)
    when, where = _when(first), _when(second)
    if not when and not where:
        return share if share >= SAME_WITHOUT_DATE and counted + len(both) > SAME_FIGURES else 0.0
    if not when or not where:
        return 0.0
    if when.value == where.value:
        return share + counted if counted >= SAME_FIGURES or share >= SAME_NAMES else 0.0
    return share if _near(when, where) and counted >= SAME_FIGURES and share >= SAME_NAMES else 0.0


def _near(first: When, second: When) -> bool:
    """Whether two dates touch, or are a day apart."""
    if not (first.first and first.last and second.first and second.last):
        return False
    (_, end), (begin, _) = sorted([(first.first, first.last), (second.first, second.last)])
    return (begin - end).days <= 1


@lru_cache(maxsize=1_000)
def marks_of(text: str) -> Marks:
    """The marks of a text. Neither years nor days are figures."""
    # Read without looking for dates, which would take longer than all the rest.
    counting = (f for f in figures(text, dates=()) if not (f.counted and is_date(f.counted[0].title())))
    values = {figure.low or figure.high or 0 for figure in counting}
    marks = {f"#{value:g}" for value in values if value >= LEAST_FIGURE and not 1000 <= value < 2100}
    marks |= {f"@{code}" for _, code in places_in(text)}
    ends = [0, *(match.end() for match in _SENTENCE_END.finditer(text)), len(text)]
    for begin, end in pairwise(ends):
        for match in NAME.finditer(text, begin, end):
            names = words(match.group())
            # The first word of a sentence has a capital anyway.
            marks |= {fold(name) for name in (names[1:] if match.start() == begin else names) if name[0].isupper()}
    return frozenset(marks - STOP_WORDS)


class EventReference:
    """What a question gives away of the event it means; `by_time_alone`, nothing else that tells it from others."""

    def __init__(self, question: str, *, by_time_alone: bool = False) -> None:
        # Names that it doesn't mean: "besides Cerbero".
        self.excluded = _spaced(" ".join(match["left_out"] for match in _EXCLUDED.finditer(question)))
        question = without_exclusion(question)
        dated = [m.value for tag in ("en", "es") for m in find_dates(question, published=None, language=tag)]
        self.times = [when for value in dict.fromkeys(dated) if value and (when := moment_of(value))]
        question = "" if by_time_alone else question
        self.text = _spaced(question)
        self.names = {name.key for name in event_names(question)}
        self.numbers = list(_numbers(question))
        self.kinds = kinds_asked(question)
        # What must stand in its reports: names after in, at or from that aren't countries,
        # and ordinals ("the second fire").
        self.terms = [*(match[1] for match in _place_matches(question)), *_ORDINAL.findall(fold_text(question))]

    @property
    def given(self) -> bool:
        """Whether the question says anything of which event it means."""
        return bool(self.names or self.times or self.numbers or self.terms or self.excluded.strip())

    def names_event(self, event: Reported) -> bool:
        """Whether the question calls the event by its name, in full or in short: "the Cerbero case"."""
        return bool(event.key) and (event.key in self.names or f" {event.key} " in self.text)

    def excludes(self, event: Reported) -> bool:
        return bool(event.key) and f" {event.key} " in self.excluded

    def in_time(self, whens: Iterable[When]) -> bool:
        return any(when.meets(time.first, time.last) for when in whens for time in self.times)

    def in_number(self, event: Reported) -> bool:
        """Whether some report counts as many of the same kind; without a kind, people or arrests are meant."""
        return any(
            value in (low, high) and nouns & counted
            for value, nouns, _ in self.numbers
            for article in event.articles
            for low, high, counted in _counted(f"{article.source.title}. {article.body}")
        )

    def in_words(self, event: Reported) -> bool:
        """True where its reports have every name and ordinal."""
        return all(any(_spaced(term) in folded(article) for article in event.articles) for term in self.terms)


def meant(
    items: Sequence[Item], event_of: Callable[[Item], Reported | None], reference: EventReference
) -> tuple[list[Item], list[str]]:
    """The items of the events that a question can mean, and in words the tests that others failed.

    Items without an event stay: nothing says that they are about another.
    """
    placed = [(item, event_of(item)) for item in items]
    placed = [(item, event) for item, event in placed if not (event and reference.excludes(event))]
    limits = list[str]()
    counted = any(event and event.kind & reference.kinds for _, event in placed)

    def in_number(event: Reported) -> bool:
        # "The two operations" are no two people who were held.
        return not counted and reference.in_number(event)

    # Time is no test: a report of 2007 may tell of 2005, so it is weighed sentence by sentence.
    tests = (
        ("", reference.names_event),
        (", ".join(text for *_, text in reference.numbers), in_number),
        (", ".join(reference.terms), reference.in_words),
    )
    for words_of_test, test in tests:
        fit = [event for _, event in placed if event is not None and test(event)]
        fitting = [(item, event) for item, event in placed if event is None or event in fit]
        if fit and len(fitting) < len(placed):
            placed = fitting
            limits.append(words_of_test or ", ".join(dict.fromkeys(event.event.name for event in fit)))
    return [item for item, _ in placed], limits


def without_exclusion(question: str) -> str:
    """The question without "besides Operation Gull", which no answer names; what it excludes is kept out otherwise."""
    return without_phrases(question, [Span(*match.span()) for match in _EXCLUDED.finditer(question)])


def without_event(question: str) -> str:
    """The question without "in Operation Gull" and "in Velm"; as it is where nothing is left that carries topic."""
    places = [Span(*match.span()) for match in _place_matches(question)]
    events = [
        Span(within.start(), name.span.end)
        for name in event_names(question)
        if (within := _WITHIN.search(question[: name.span.start]))
    ]
    return without_phrases(question, places + events)


def folded(article: Article) -> str:
    """An article's words, to look for words in: each has a space on both sides."""
    return _spaced(f"{article.source.title} {article.body}")


@lru_cache(maxsize=1_000)
def _spaced(text: str) -> str:
    return f" {fold_text(text)} "


@lru_cache(maxsize=1_000)
def _counted(text: str) -> tuple[tuple[float | None, float | None, frozenset[str]], ...]:
    """The figures of a text and what they count; where the words behind one don't say, what its sentence speaks of."""
    numbers = []
    for sentence in re.split(r"(?<=[.!?])\s+", text):
        spoken = frozenset(map(kin, words(sentence)))
        for figure in figures(sentence):
            alone = " " not in sentence[figure.span.start : figure.span.end]  # "nine and ten" are two
            counted = figure.counted[:2] if any(map(is_common, figure.counted[:2])) else (spoken if alone else ())
            numbers.append((figure.low, figure.high, _kinds(counted)))
    return tuple(numbers)


def _kinds(counted: Iterable[str]) -> frozenset[str]:
    """What is counted; people who were arrested are counted as arrests, and arrests as people."""
    kinds = frozenset(counted)
    return kinds | _PERSONS if kinds & _PERSONS else kinds


def _numbers(question: str) -> Iterator[tuple[float, frozenset[str], str]]:
    """The numbers that a question takes as known ("the 19"), with what they count and the words for both."""
    for figure in figures(question):
        value = figure.low if figure.low is not None else figure.high
        counts, definite = any(map(is_common, figure.counted)), _DEFINITE.search(question[: figure.span.start])
        # "Which two countries" asks for them.
        if value is not None and ((definite and value >= 2) or (counts and value >= LEAST_FIGURE)):
            number = question[figure.span.start : figure.span.end]
            noun = (
                _NEXT_WORD.match(question, figure.span.end)
                if counts and not number.endswith(("%", "$", "£", "€"))
                else None
            )
            yield value, _kinds(figure.counted) if counts else _PERSONS, number + (noun[0] if noun else "")


def _place_matches(question: str) -> Iterator[re.Match[str]]:
    """Names after in, at, from … that are no countries, no dates and no events."""
    countries = {fold_text(question[span.start : span.end]) for span, _ in places_in(question)}
    named = {word for name in event_names(question) for word in map(fold, words(name.text))}
    times = time_phrases(question)
    for match in _AT.finditer(question):
        key = fold_text(match[1])
        dated = is_date(match[1]) or any(time.start < match.end() <= time.end for time in times)
        if key not in countries and not dated and not named & set(key.split()):
            yield match
