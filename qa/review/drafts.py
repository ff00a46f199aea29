"""Answers that the staff write: their words, the archive's quotes, each held against the other by software."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from qa.answering.quoting import glosses_within
from qa.errors import InputError, NotFound
from qa.i18n.forms import Message
from qa.i18n.locale import N_
from qa.models.annotations import Annotations
from qa.models.archive import Article, Span
from qa.models.replies import Answer, Citation, Composer, Question, Statement
from qa.models.support import Support
from qa.text.sentences import sentence_spans

MOST_STATEMENTS = 10
LONGEST_STATEMENT = 1_000
MOST_QUOTES = 5
MOST_TOGETHER = 4


@dataclass(frozen=True, slots=True)
class Place:
    """Sentences of an article by the numbers, from 1, that its page shows: from `first` to `last`."""

    article_id: str
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class StatementDraft:
    """One statement as it was written; an empty text stands for the words of its only quote."""

    text: str
    places: tuple[Place, ...]


@dataclass(frozen=True, kw_only=True)
class Curator:
    """Makes drafts into answers. What it is given looks into the archive as readers see it."""

    article: Callable[[str], Article]
    annotations: Callable[[str], Annotations]
    judge: Callable[[str, Sequence[Citation]], Support]

    def answer(self, question: Question, drafts: Sequence[StatementDraft], *, likeness: Answer | None = None) -> Answer:
        """The answer that drafts make, with the events of the one that is edited, `likeness`. Raises InputError."""
        if not 1 <= len(drafts) <= MOST_STATEMENTS:
            outside = N_("An answer has 1 to {most} statements, found {number}.")
            raise InputError(Message(outside, most=MOST_STATEMENTS, number=len(drafts)))
        numbered: dict[Place, Citation] = {}
        before = likeness.statements if likeness else ()
        events = {statement.quotes[0].source.article_id: statement.event for statement in before}
        statements = (self._statement(at, draft, numbered) for at, draft in enumerate(drafts, start=1))
        written = tuple(replace(item, event=events.get(item.quotes[0].source.article_id)) for item in statements)
        return Answer(question, written, composed_by=Composer.STAFF)

    def _statement(self, at: int, draft: StatementDraft, numbered: dict[Place, Citation]) -> Statement:
        text, count = " ".join(draft.text.split()), len(draft.places)
        if len(text) > LONGEST_STATEMENT:
            longer = N_("Statement {at}: at most {most} characters, found {number}.")
            raise InputError(Message(longer, at=at, most=LONGEST_STATEMENT, number=len(text)))
        if not 1 <= count <= MOST_QUOTES:
            resting = N_("Statement {at}: it rests on 1 to {most} quotes, found {number}.")
            raise InputError(Message(resting, at=at, most=MOST_QUOTES, number=count))
        if not text and count > 1:
            wordless = N_("Statement {at}: say in your words what the {number} quotes say together.")
            raise InputError(Message(wordless, at=at, number=count))
        places = dict.fromkeys(draft.places)
        for place in places:
            if place not in numbered:
                numbered[place] = self._quote(at, place, len(numbered) + 1)
        quotes = tuple(numbered[place] for place in places)
        if not text or text == " ".join(quotes[0].text.split()):
            return Statement(quotes[0].text, quotes)
        return Statement(text, quotes, support=self.judge(text, quotes))

    def _quote(self, at: int, place: Place, number: int) -> Citation:
        try:
            article = self.article(place.article_id)
        except NotFound:
            unseen = Message("Statement {at}: readers can't see an article {id}.", at=at, id=repr(place.article_id))
            raise InputError(unseen) from None
        spans, first, last = sentence_spans(article.body), place.first, place.last
        if not 1 <= first <= last <= min(len(spans), first + MOST_TOGETHER - 1):
            outside = N_(
                "Statement {at}: {id} has sentences 1 to {sentences}, of which at most {most} are quoted together; "
                "found {first} to {last}."
            )
            numbers = {"sentences": len(spans), "most": MOST_TOGETHER, "first": first, "last": last}
            raise InputError(Message(outside, at=at, id=place.article_id, **numbers))
        span = Span(spans[first - 1].start, spans[last - 1].end)
        glosses, text = glosses_within(self.annotations(place.article_id), span), article.body[span.start : span.end]
        return Citation(number, article.source, span.start, span.end, text, glosses=glosses)
