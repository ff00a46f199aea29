"""The passages that a language model is given to write from: stretches of articles around what was found."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from qa.answering.annotated import annotations_of, articles_of
from qa.answering.composing import ComposedReply
from qa.answering.confidence import ANSWERS
from qa.answering.events import Events
from qa.answering.glossing import glosses_within
from qa.answering.selecting import Rejected, is_rejected
from qa.answering.view import covers_several
from qa.generation.grounds import ground_of
from qa.models.annotations import Annotations
from qa.models.archive import Article, ListedArticle, Span
from qa.models.replies import TOLD_IN_STEPS, Answer, Citation, Event, Intent
from qa.models.support import Ground
from qa.protocols import ArticleReader
from qa.retrieval.timeline import when_of
from qa.text.sentences import sentence_spans

MOST = 12
"""Passages given at once, which is some 4,000 tokens."""

OF_ONE_ARTICLE = 3
"""Passages of one article, unless nothing was found in another."""

SENTENCES = 5
"""Sentences of a passage: what was found, and as many before it as after it."""

LONGEST = 1_200
"""Characters of a passage, which is as many as are given of one."""


@dataclass(frozen=True, slots=True)
class Passages:
    """Stretches of articles, numbered from 1, as quotes with their glosses and as grounds. None overlaps another."""

    quotes: tuple[Citation, ...]
    grounds: tuple[Ground, ...]

    def __len__(self) -> int:
        return len(self.quotes)

    def __getitem__(self, part: slice) -> Passages:
        return Passages(self.quotes[part], self.grounds[part])

    def numbered(self, *numbers: int) -> Passages:
        """Those of these numbers, in the order given, each as often as it is named."""
        return Passages(
            tuple(self.quotes[number - 1] for number in numbers), tuple(self.grounds[number - 1] for number in numbers)
        )

    def holding(self, words: Ground) -> int | None:
        """The number of the first passage that some words stand in."""
        for number, passage in enumerate(self.grounds, start=1):
            if passage.source == words.source and words.span.within(passage.span):
                return number
        return None


class Material:
    """What there is to write an answer from: the passages, and what is known of their sentences.

    Raises NotFound where an article was taken back.
    """

    def __init__(self, composed: ComposedReply, library: ArticleReader, *, most: int = MOST) -> None:
        self._composed = composed
        self._library = library
        cutting = _Cutting(library, composed.rejected, most=most, spread=_spread(composed))
        for article_id, span in _anchors(composed):
            cutting.add(article_id, span)
        stretches = cutting.stretches()
        if composed.intent in TOLD_IN_STEPS and composed.intent is not Intent.COMPARISON:
            stretches.sort(key=lambda stretch: (_day(stretch[0]), stretch[0].article_id, stretch[1]))
        annotated = annotations_of((article.article_id for article, _ in stretches), library)
        grounds = tuple(ground_of(article, annotated[article.article_id], span) for article, span in stretches)
        self.passages = Passages(tuple(map(quote_of, grounds)), grounds)

    def quote(self, words: Ground) -> Citation:
        """Some words of a passage as a quote, those marked that answer by themselves where the reader found any."""
        answers = (item.answer for item in self._composed.candidates if item.source == words.source and item.answer)
        return replace(quote_of(words), marked=next((span for span in answers if span.within(words.span)), None))

    def likelihood(self, quote: Citation | Ground) -> float:
        """The likelihood, 0 to 1, that a stretch of an article answers by itself, as far as its sentences were read."""
        return max(
            (likely for article_id, span, likely in self._read if _overlaps(article_id, span, quote)), default=0.0
        )

    def answers(self, quote: Citation | Ground) -> bool:
        return self.likelihood(quote) >= ANSWERS

    def event_of(self, quote: Citation) -> Event | None:
        """What a quote tells of, where the quoted answer keeps several events apart."""
        if self._events is None:
            return None
        for statement in self._quoted.statements if self._quoted else ():
            if _overlaps(statement.quotes[0].source.article_id, _span(statement.quotes[0]), quote):
                return statement.event
        reported = self._events.of(quote)
        return reported.event if reported else None

    @property
    def _quoted(self) -> Answer | None:
        return self._composed.reply if isinstance(self._composed.reply, Answer) else None

    @cached_property
    def _read(self) -> list[tuple[str, Span, float]]:
        """The sentences that were read, and how likely each answers; a quote that code didn't weigh surely does."""
        read = [(item.source.article_id, item.span, item.support) for item in self._composed.candidates]
        for statement in self._quoted.statements if self._quoted else ():
            likely = 1.0 if statement.likelihood is None else statement.likelihood
            read += [(quote.source.article_id, _span(quote), likely) for quote in statement.quotes]
        return read

    @cached_property
    def _events(self) -> Events | None:
        in_steps = self._composed.intent in TOLD_IN_STEPS
        if self._quoted is None or in_steps or not covers_several(self._quoted):
            return None
        articles = (quote.source.article_id for quote in self.passages.quotes)
        return Events(articles_of(articles, self._library.article))


def quote_of(ground: Ground) -> Citation:
    """A ground as a quote without a number, with the glosses on its dates."""
    glosses = glosses_within(Annotations(0, ground.dates), ground.span)
    return Citation(0, ground.source, ground.start, ground.end, ground.text, glosses=glosses)


def _anchors(composed: ComposedReply) -> Iterator[tuple[str, Span]]:
    """What was found: the quoted answer's own sentences, what differs from them, what came next, then the passages."""
    if isinstance(composed.reply, Answer):
        parties = (party.quote for party in composed.reply.parties)
        yield from ((quote.source.article_id, _span(quote)) for quote in (*composed.reply.citations, *parties))
    yield from ((item.source.article_id, item.span) for item in composed.candidates)
    yield from ((hit.source.article_id, hit.passage.span) for hit in composed.near)


def _spread(composed: ComposedReply) -> bool:
    return len({article_id for article_id, _ in _anchors(composed)}) > 1


def _day(article: Article) -> date:
    return when_of(ListedArticle(article.source, article.event_date)).first or date.max


def _span(quote: Citation | Ground) -> Span:
    return Span(quote.start, quote.end)


def _overlaps(article_id: str, span: Span, quote: Citation | Ground) -> bool:
    return quote.source.article_id == article_id and span.start < quote.end and quote.start < span.end


class _Cutting:
    """Cuts stretches of whole sentences out of articles, at most so many, and of each article few where they `spread`.

    No sentence is cut out twice, and none that was rejected.
    """

    def __init__(self, library: ArticleReader, rejected: Rejected, *, most: int, spread: bool) -> None:
        self._library = library
        self._rejected = rejected
        self._most = most
        self._of_each = OF_ONE_ARTICLE if spread else most
        self._articles: dict[str, tuple[Article, tuple[Span, ...]]] = {}
        self._chosen: list[tuple[str, range]] = []

    def stretches(self) -> list[tuple[Article, Span]]:
        stretches = []
        for article_id, numbers in self._chosen:
            article, sentences = self._articles[article_id]
            stretches.append((article, Span(sentences[numbers[0]].start, sentences[numbers[-1]].end)))
        return stretches

    def add(self, article_id: str, anchor: Span) -> None:
        """Cuts out what stands around a stretch of an article; nothing where there is enough, or it is cut out."""
        if len(self._chosen) == self._most:
            return
        if article_id not in self._articles:
            article = self._library.article(article_id)
            self._articles[article_id] = article, sentence_spans(article.body)
        numbers = self._around(article_id, anchor)
        if not numbers:
            return
        at = self._touching(article_id, numbers)
        if at is not None:
            earlier = self._chosen[at][1]
            merged = range(min(earlier.start, numbers.start), max(earlier.stop, numbers.stop))
            self._chosen[at] = article_id, merged
        elif sum(name == article_id for name, _ in self._chosen) < self._of_each:
            self._chosen.append((article_id, numbers))

    def _around(self, article_id: str, anchor: Span) -> range:
        """The numbers of the sentences of the anchor, with those beside it until there are enough."""
        sentences = self._articles[article_id][1]
        inside = [n for n, span in enumerate(sentences) if span.start < anchor.end and anchor.start < span.end]
        first = next((n for n in inside if self._free(article_id, n)), None)
        if first is None:
            return range(0)
        numbers = range(first, first + 1)
        for after in inside:
            if after == numbers.stop and self._free(article_id, after) and self._fits(article_id, numbers, after):
                numbers = range(numbers.start, after + 1)
        for step in range(SENTENCES):
            wider = numbers.stop if step % 2 else numbers.start - 1
            enough = len(numbers) >= SENTENCES
            if not enough and self._free(article_id, wider) and self._fits(article_id, numbers, wider):
                numbers = range(min(numbers.start, wider), max(numbers.stop, wider + 1))
        return numbers

    def _free(self, article_id: str, number: int) -> bool:
        """True of a sentence that there is, that isn't cut out yet and that may be quoted."""
        article, sentences = self._articles[article_id]
        if not 0 <= number < len(sentences) or any(number in n for name, n in self._chosen if name == article_id):
            return False
        span = sentences[number]
        return not is_rejected(article_id, article.body[span.start : span.end], self._rejected)

    def _fits(self, article_id: str, numbers: range, more: int) -> bool:
        sentences = self._articles[article_id][1]
        first, last = min(numbers.start, more), max(numbers.stop - 1, more)
        return sentences[last].end - sentences[first].start <= LONGEST

    def _touching(self, article_id: str, numbers: range) -> int | None:
        """The place of a stretch that these sentences go on from, if both together are not too long."""
        for at, (name, earlier) in enumerate(self._chosen):
            touches = name == article_id and (earlier.stop == numbers.start or numbers.stop == earlier.start)
            if touches and self._fits(name, earlier, numbers.start) and self._fits(name, earlier, numbers.stop - 1):
                return at
        return None
