"""The passages that a language model is given to write from: stretches of articles around what was found."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import date
from functools import cached_property

from qa.answering.composing import ComposedReply
from qa.answering.events import Events, covers_several
from qa.answering.quoting import annotations_of, articles_of, glosses_within
from qa.answering.selecting import ANSWERS, Rejected, is_rejected
from qa.generation.verification import ground_of
from qa.models.annotations import Annotations
from qa.models.archive import Article, ListedArticle, Span
from qa.models.replies import TOLD_IN_STEPS, Answer, Citation, Event, Intent
from qa.models.support import Ground
from qa.protocols import ArticleReader
from qa.retrieval.timeline import when_of
from qa.text.sentences import sentence_spans

MOST = 12  # passages given at once, which is some 4,000 tokens
OF_ONE_ARTICLE = 3  # passages of one article, unless nothing was found in another
SENTENCES = 5  # sentences of a passage: what was found, and as many before it as after it
LONGEST = 1_200  # characters of a passage, which is as many as are given of one


class Material:
    """The `passages` to write from, none overlapping another. Raises NotFound where an article was taken back."""

    def __init__(self, composed: ComposedReply, library: ArticleReader, *, most: int = MOST) -> None:
        self._composed, self._library = composed, library
        stretches = _stretches(composed, library, most)
        if composed.intent in TOLD_IN_STEPS and composed.intent is not Intent.COMPARISON:
            stretches.sort(key=_order)
        annotated = annotations_of((article.article_id for article, _ in stretches), library)
        self.passages = [ground_of(article, annotated[article.article_id], span) for article, span in stretches]

    def quote(self, words: Ground) -> Citation:
        """Some words of a passage as a quote, those marked that answer by themselves where the reader found any."""
        answers = (item.answer for item in self._composed.candidates if item.source == words.source and item.answer)
        return replace(quote_of(words), marked=next((span for span in answers if span.within(words.span)), None))

    def likelihood(self, words: Citation | Ground) -> float:
        """The likelihood, 0 to 1, that a stretch of an article answers by itself, as far as its sentences were read."""
        return max((likely for stretch, likely in self._read if overlap(stretch, stretch_of(words))), default=0.0)

    def answers(self, words: Ground) -> bool:
        return self.likelihood(words) >= ANSWERS

    def event_of(self, quote: Citation) -> Event | None:
        """What a quote tells of, where the quoted answer keeps several events apart."""
        if self._events is None:
            return None
        for statement in self._quoted.statements if self._quoted else ():
            if overlap(stretch_of(statement.quotes[0]), stretch_of(quote)):
                return statement.event
        reported = self._events.of(quote)
        return reported.event if reported else None

    @property
    def _quoted(self) -> Answer | None:
        return self._composed.reply if isinstance(self._composed.reply, Answer) else None

    @cached_property
    def _read(self) -> list[tuple[Stretch, float]]:
        """The sentences that were read, and how likely each answers; a quote that code didn't weigh surely does."""
        read = [((item.source.article_id, item.span), item.support) for item in self._composed.candidates]
        for statement in self._quoted.statements if self._quoted else ():
            likely = 1.0 if statement.likelihood is None else statement.likelihood
            read += [(stretch_of(quote), likely) for quote in statement.quotes]
        return read

    @cached_property
    def _events(self) -> Events | None:
        in_steps = self._composed.intent in TOLD_IN_STEPS
        if self._quoted is None or in_steps or not covers_several(self._quoted):
            return None
        return Events(articles_of((passage.source.article_id for passage in self.passages), self._library.article))


Stretch = tuple[str, Span]  # the id of an article, and where in its body


def quote_of(ground: Ground) -> Citation:
    """A ground as a quote without a number, with the glosses on its dates."""
    glosses = glosses_within(Annotations(0, ground.dates), ground.span)
    return Citation(0, ground.source, ground.start, ground.end, ground.text, glosses=glosses)


def number_of(words: Ground, passages: Sequence[Ground]) -> int | None:
    """The number, from 1, of the first passage that some words stand in."""
    within = (n for n, p in enumerate(passages, start=1) if p.source == words.source and words.span.within(p.span))
    return next(within, None)


def stretch_of(words: Citation | Ground) -> Stretch:
    return words.source.article_id, Span(words.start, words.end)


def overlap(first: Stretch, second: Stretch) -> bool:
    return first[0] == second[0] and first[1].overlaps(second[1])


def _order(stretch: tuple[Article, Span]) -> tuple[date, str, Span]:
    article, span = stretch
    return when_of(ListedArticle(article.source, article.event_date)).first or date.max, article.article_id, span


def _found(composed: ComposedReply) -> Iterator[Stretch]:
    """The quoted answer's own sentences, what differs from them, what came next, then the passages."""
    if isinstance(composed.reply, Answer):
        parties = (party.quote for party in composed.reply.parties)
        yield from map(stretch_of, (*composed.reply.citations, *parties))
    yield from ((item.source.article_id, item.span) for item in composed.candidates)
    yield from ((hit.source.article_id, hit.passage.span) for hit in composed.near)


def _stretches(composed: ComposedReply, library: ArticleReader, most: int) -> list[tuple[Article, Span]]:
    """Whole sentences around what was found, what touches made one if not too long, few of one article."""
    found = list(_found(composed))
    of_each = OF_ONE_ARTICLE if len({article_id for article_id, _ in found}) > 1 else most
    cuttings: dict[str, _Cutting] = {}
    chosen: list[tuple[_Cutting, range]] = []
    for article_id, anchor in found:
        if len(chosen) == most:
            break
        if article_id not in cuttings:
            cuttings[article_id] = _Cutting(library.article(article_id), composed.rejected)
        cutting = cuttings[article_id]
        if not (numbers := cutting.around(anchor)):
            continue
        for at, (other, earlier) in enumerate(chosen):
            joined = range(min(earlier.start, numbers.start), max(earlier.stop, numbers.stop))
            if other is cutting and len(joined) == len(earlier) + len(numbers) and cutting.fits(joined):
                chosen[at] = cutting, joined
                break
        else:
            if sum(other is cutting for other, _ in chosen) == of_each:
                continue
            chosen.append((cutting, numbers))
        cutting.free -= set(numbers)
    return [(cutting.article, cutting.span(numbers)) for cutting, numbers in chosen]


class _Cutting:
    """An article that stretches are cut out of; `free` are the numbers of the sentences that may still be taken."""

    def __init__(self, article: Article, rejected: Rejected) -> None:
        self.article = article
        self._sentences = sentence_spans(article.body)
        texts = (article.body[span.start : span.end] for span in self._sentences)
        self.free = {n for n, text in enumerate(texts) if not is_rejected(article.article_id, text, rejected)}

    def span(self, numbers: range) -> Span:
        return Span(self._sentences[numbers[0]].start, self._sentences[numbers[-1]].end)

    def fits(self, numbers: range) -> bool:
        span = self.span(numbers)
        return span.end - span.start <= LONGEST

    def around(self, anchor: Span) -> range:
        """The numbers of the free sentences of the anchor, with those beside it until there are enough."""
        inside = [n for n, span in enumerate(self._sentences) if span.overlaps(anchor) and n in self.free]
        numbers = range(inside[0], inside[0] + 1) if inside else range(0)
        for after in inside[1:]:
            if after == numbers.stop:
                numbers = self._widened(numbers, after)
        for step in range(SENTENCES if inside else 0):
            if len(numbers) < SENTENCES:
                numbers = self._widened(numbers, numbers.stop if step % 2 else numbers.start - 1)
        return numbers

    def _widened(self, numbers: range, more: int) -> range:
        wider = range(min(numbers.start, more), max(numbers.stop, more + 1))
        return wider if more in self.free and self.fits(wider) else numbers
