"""Quotes and the articles behind them: the glosses on their dates, and how many words of each are shown."""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field, replace
from functools import partial
from itertools import count
from typing import TypeVar

from qa.answering.policy import NOT_QUOTABLE
from qa.dates.periods import DateKind, DateMention, Precision
from qa.errors import NotFound
from qa.i18n.forms import Message, credit, value_text
from qa.i18n.locale import N_, _
from qa.models.annotations import Annotations
from qa.models.archive import Article, Coverage, Source, Span, allowed_span
from qa.models.replies import CaseStatus, Citation, Hit, Party, Question, Refusal, Reply, quotes_of
from qa.protocols import ArticleReader, Retriever
from qa.retrieval.results import Piece
from qa.text.annotating import VERSION, annotate

FindArticle = Callable[[str], Article]  # the article of an id as readers may see it now; raises NotFound
Annotated = Mapping[str, Annotations]  # annotations by the article's id
Quoting = TypeVar("Quoting", Party, CaseStatus)

UNRESOLVED = N_("the report has no date")

_YEARS = re.compile(r"\d{4}/\d{4}")
_GOES_ON = re.compile(r"[.,:/-]?\d")


def articles_of(article_ids: Iterable[str], find: FindArticle) -> list[Article]:
    """The articles that readers may still see, each once."""
    articles = []
    for article_id in dict.fromkeys(article_ids):
        with suppress(NotFound):  # taken back a moment ago; the last check of the reply will see it
            articles.append(find(article_id))
    return articles


def annotations_of(article_ids: Iterable[str], library: ArticleReader) -> dict[str, Annotations]:
    """The annotations of each article, read anew where those stored are of another version; none where it is gone."""
    wanted = list(dict.fromkeys(article_ids))
    stored = {name: read for name, read in library.annotations(wanted).items() if read.version == VERSION}
    anew = articles_of((name for name in wanted if name not in stored), library.article)
    read = stored | {article.article_id: annotate(article) for article in anew}
    return {name: read.get(name) or Annotations(VERSION) for name in wanted}


def glosses_within(annotations: Annotations, span: Span) -> tuple[DateMention, ...]:
    """The relative and the impossible dates of a stretch of a body."""
    dates = (mention for mention in annotations.dates if mention.kind is DateKind.RELATIVE or mention.flaw)
    return tuple(mention for mention in dates if Span(mention.start, mention.end).within(span))


def fragments(quote: Citation) -> Iterator[Piece]:
    """A quote cut where a mark begins or ends and where a gloss belongs; without the glosses, its words."""
    at, marked = quote.start, quote.marked or Span(quote.start, quote.start)
    glosses = [(gloss.end, gloss_text(gloss)) for gloss in quote.glosses if _explains(gloss, quote)]
    for end, gloss in [*glosses, (quote.end, "")]:
        for stop in (marked.start, marked.end, end):
            stop = min(max(stop, at), end)
            if stop > at:
                is_marked = marked.start <= at < marked.end
                yield Piece(quote.text[at - quote.start : stop - quote.start], marked=is_marked)
            at = stop
        if gloss:
            yield Piece(gloss, gloss=True)


def _explains(mention: DateMention, quote: Citation) -> bool:
    """Whether a gloss says what a reader of the quote and its credit can't know."""
    if mention.flaw or mention.value is None:
        return True
    # Not of a full date of the article's own year, nor of so many whole years ("this decade"), nor inside a number.
    start, end = mention.start - quote.start, mention.end - quote.start
    if _YEARS.fullmatch(mention.value) or quote.text[:start][-1:].isdigit() or _GOES_ON.match(quote.text, end):
        return False
    published = quote.source.published
    own_year = published is not None and mention.value.startswith(f"{published.year}-")
    numbered = any(sign.isdigit() for sign in quote.text[start:end])
    return not (own_year and numbered and mention.precision is Precision.DAY)


def gloss_text(mention: DateMention) -> str:
    """What is printed in square brackets after the words of a date."""
    if mention.flaw:
        flaw = _(mention.flaw)
        return _("so in the source; {flaw}", flaw=f"{flaw[0].lower()}{flaw[1:]}")
    return value_text(mention.value) if mention.value else _(UNRESOLVED)


def numbered(reply: Reply) -> Reply:
    """The reply, its quotes numbered 1, 2, 3 … as they first stand in it, those of its conflicts behind them."""
    numbers: dict[tuple[str, int, int], int] = {}

    def with_numbers(quotes: Iterable[Citation]) -> tuple[Citation, ...]:
        placed = ((quote, (quote.source.article_id, quote.start, quote.end)) for quote in quotes)
        return tuple(replace(quote, number=numbers.setdefault(place, len(numbers) + 1)) for quote, place in placed)

    def with_next(party: Party) -> Party:
        return replace(party, quote=replace(party.quote, number=next(further)))

    if isinstance(reply, Refusal):
        cases = tuple(replace(case, quote=with_numbers((case.quote,))[0]) for case in reply.cases)
        return replace(reply, cases=cases, closest=with_numbers(reply.closest))
    statements = tuple(replace(statement, quotes=with_numbers(statement.quotes)) for statement in reply.statements)
    further = count(len(numbers) + 1)
    conflicts = (replace(conflict, parties=tuple(map(with_next, conflict.parties))) for conflict in reply.conflicts)
    return replace(reply, statements=statements, conflicts=tuple(conflicts))


@dataclass
class QuoteBudget:
    """How many words of each article are left to one reply or page; of articles without a limit none are counted."""

    left: dict[str, int] = field(default_factory=dict)
    cut: dict[str, Source] = field(default_factory=dict)
    allowed: dict[tuple[str, Span], Span | None] = field(default_factory=dict)  # of the quotes so far

    def quoted(self, quote: Citation) -> Citation | None:
        """The quote, cut to what may still be shown; None where that is nothing. Quoted again it costs nothing."""
        if quote.source.quote_limit is None:
            return quote
        place = quote.source.article_id, Span(quote.start, quote.end)
        if place not in self.allowed:
            self.allowed[place] = self._spent(quote, quote.source.quote_limit)
        allowed = self.allowed[place]
        if allowed is None:
            return None
        if allowed == Span(0, len(quote.text)):
            return quote
        span, text = allowed.shifted(quote.start), quote.text[allowed.start : allowed.end]
        marked = quote.marked if quote.marked and quote.marked.within(span) else None
        glosses = tuple(gloss for gloss in quote.glosses if Span(gloss.start, gloss.end).within(span))
        return replace(quote, start=span.start, end=span.end, text=text, marked=marked, glosses=glosses)

    def _spent(self, quote: Citation, limit: int) -> Span | None:
        """What may be shown of a new quote's text, whose words are taken off those that are left."""
        source = quote.source
        left, words = self.left.setdefault(source.article_id, limit), len(quote.text.split())
        self.left[source.article_id] = max(0, left - words)
        if words <= left:
            return Span(0, len(quote.text))
        self.cut[source.article_id] = source
        around = quote.marked.shifted(-quote.start) if quote.marked else None
        return allowed_span(quote.text, left, around=around)

    def notices(self) -> Iterator[str]:
        """What readers are told of the articles that were cut or left out."""
        for source in self.cut.values():
            if source.quote_limit:
                text = N_("Of “{title}” no more than {number} words may be shown; the article says more.")
                yield Message(text, title=source.title, number=source.quote_limit)
            else:
                text = N_("“{title}” ({credit}) says something about this, but may not be quoted.")
                yield Message(text, title=source.title, credit=partial(credit, source))


def with_quotes(
    reply: Reply, change: Callable[[Citation], Citation | None], *, first_suffices: bool = False
) -> Reply | None:
    """The reply with each quote changed or left out, and what rests on it too; None where no statement is left.

    A statement stands while all of its quotes do, or, where the `first_suffices`, a verbatim one while that does; a
    conflict while the parties left still say different things.
    """

    def with_quote(quoting: Iterable[Quoting]) -> tuple[Quoting, ...]:
        quotes = ((item, change(item.quote)) for item in quoting)
        return tuple(replace(item, quote=quote) for item, quote in quotes if quote)

    if isinstance(reply, Refusal):
        return replace(reply, cases=with_quote(reply.cases), closest=tuple(filter(None, map(change, reply.closest))))
    statements = []
    for statement in reply.statements:
        changed = list(map(change, statement.quotes))
        if all(changed[:1] if first_suffices and statement.verbatim else changed):
            quotes = tuple(filter(None, changed))
            text = quotes[0].text if statement.verbatim else statement.text
            statements.append(replace(statement, text=text, quotes=quotes))
    if not statements:
        return None
    cases = with_quote(reply.cases)  # quoted from the statements
    left = (replace(conflict, parties=with_quote(conflict.parties)) for conflict in reply.conflicts)
    conflicts = tuple(conflict for conflict in left if conflict.differs)
    return replace(reply, statements=tuple(statements), cases=cases, conflicts=conflicts)


def within_rights(reply: Reply, coverage: Callable[[], Coverage]) -> Reply:
    """The reply with quotes cut to what their owners allow, and told of each article that was cut or left out."""
    if not is_limited(reply):
        return reply
    budget = QuoteBudget()
    left = with_quotes(reply, budget.quoted)
    notices = (*reply.notices, *budget.notices())
    if left is None:
        named = tuple(dict.fromkeys(quote.source for quote in reply.citations))
        return Refusal(
            reply.question, NOT_QUOTABLE, named, coverage(), reply.understood_as, notices=notices, intent=reply.intent
        )
    return numbered(replace(left, notices=notices))  # those that may not be shown leave gaps


def is_limited(reply: Reply) -> bool:
    """Whether a reply shows words of an article with a quote limit: no language model is given those to write from."""
    return any(quote.source.quote_limit is not None for quote in quotes_of(reply))


def hits_within_rights(hits: Iterable[Hit]) -> list[Hit]:
    """Passages with no more words than may be shown of each; one of which nothing may be shown has an empty text."""
    bounded = []
    for hit in hits:
        passage, text = hit.passage, _beginning(hit.passage.text, hit.source)
        end = passage.start + len(text)
        sentences = tuple(sentence for sentence in passage.sentences if sentence.end <= end)
        bounded.append(replace(hit, passage=replace(passage, end=end, text=text, sentences=sentences)))
    return bounded


@dataclass(frozen=True, slots=True)
class RightsRetriever:
    """A `Retriever` whose passages have no more words than may be shown of each."""

    retriever: Retriever

    def find(self, question: Question, *, limit: int) -> list[Hit]:
        return hits_within_rights(self.retriever.find(question, limit=limit))


def article_within_rights(article: Article) -> Article:
    """The article with as much of its body as may be shown."""
    return replace(article, body=_beginning(article.body, article.source))


def _beginning(text: str, source: Source) -> str:
    if source.quote_limit is None:
        return text
    span = allowed_span(text, source.quote_limit)
    return text[: span.end] if span else ""
