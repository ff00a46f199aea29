"""The review of answers by the staff: the next question, each statement beside its source, the decision, own words."""

import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import KW_ONLY, dataclass, field, replace
from datetime import UTC, datetime, timedelta
from functools import partial
from typing import TYPE_CHECKING

from qa.answering.quoting import glosses_within
from qa.errors import InputError, NotFound, Refused
from qa.i18n.forms import Message
from qa.i18n.locale import N_, _
from qa.i18n.staff import value_words
from qa.models.annotations import Annotations
from qa.models.archive import Coverage, Source, Span
from qa.models.deliveries import Notice
from qa.models.journal import Channel, Decision, Judgement, ReaderReport, Record, Rejected, Review, Role, State
from qa.models.replies import Answer, Citation, Composer, Question, Reply, Statement
from qa.models.support import Prices, Support
from qa.review.accounts import Accounts
from qa.review.decisions import ArticleActions, Look, StaffOverrides, changed_since, version_now
from qa.review.permanent import Recorder, SourceChange, SourceToday, sources_today
from qa.store.journal.opening import Journal
from qa.store.journal.reviews import ReviewFilter
from qa.text.cleaning import clean_line
from qa.text.sentences import sentence_spans

if TYPE_CHECKING:
    from qa.review.openid import Provider  # its client is an extra, which most archives don't need

MOST_STATEMENTS, LONGEST_STATEMENT = 10, 1_000
MOST_QUOTES, MOST_SPAN = 5, 4  # of a statement, and sentences of a quote
LONGEST_NOTE = 1_000
# For so long the next question that one checker was handed isn't handed to others, who may open it by the list.
HANDED = timedelta(minutes=5)


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


@dataclass(frozen=True, slots=True)
class QuoteContext:
    """The sentences around a quote; `standing` says what became of its source, empty where nothing did."""

    before: str = ""
    after: str = ""
    standing: str = ""


def _context_of(quote: Citation, today: SourceToday) -> QuoteContext:
    standing = "" if today.change is SourceChange.UNCHANGED else today.what
    start = today.start_of(quote)
    if today.article is None or start is None:
        moved = _("These words stand there no more.") if today.article else ""
        return QuoteContext(standing=f"{standing} {moved}".strip())
    body, end = today.article.body, start + len(quote.text)
    spans = sentence_spans(body)
    before = next((body[span.start : span.end] for span in reversed(spans) if span.end <= start), "")
    after = next((body[span.start : span.end] for span in spans if span.start >= end), "")
    return QuoteContext(before, after, standing)


@dataclass(frozen=True, slots=True)
class OpenedReview:
    """Everything that it takes to decide about a question; the articles `changed` are not as when it was answered."""

    review: Review
    record: Record
    contexts: Mapping[Citation, QuoteContext]  # of the quotes that the statements rest on
    judged: Mapping[int, Judgement]  # by the number of the statement
    reports: tuple[ReaderReport, ...]
    changed: tuple[str, ...]

    @property
    def reply(self) -> Reply | None:
        return self.record.reply

    @property
    def statements(self) -> tuple[Statement, ...]:
        return self.reply.statements if isinstance(self.reply, Answer) else ()

    @property
    def question(self) -> Question:
        """The question as it stands alone, held to the reader's own dates."""
        if self.reply is None:
            return Question(self.review.question)
        question = self.reply.question
        return replace(question, text=self.reply.understood_as or question.text, period=None)


@dataclass(eq=False)
class ReviewService:
    """Opens questions for checking and writes decisions down. What it is given looks into the archive as readers do."""

    journal: Journal
    _: KW_ONLY
    article: Look
    coverage: Callable[[], Coverage]
    annotations: Callable[[str], Annotations]
    judge: Callable[[str, Sequence[Citation]], Support]
    recorder: Recorder
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    _handing: threading.Lock = field(default_factory=threading.Lock, init=False)
    _handed: dict[int, tuple[str, datetime]] = field(default_factory=dict, init=False)

    def next(self, by: str, *, after: int | None = None) -> Review | None:
        """The question most in need of a check, other than `after`; if possible one that nobody was handed lately."""
        with self._handing:
            now = self.now()
            self._handed = {number: handed for number, handed in self._handed.items() if handed[1] > now}
            elsewhere = {number for number, (name, _) in self._handed.items() if name != by}
            listed = self.journal.reviews.listed(ReviewFilter(to_check=True), limit=len(elsewhere) + 2)
            first = [review for review in listed if review.number != after]
            free = next((review for review in first if review.number not in elsewhere), next(iter(first), None))
            if free:
                self._handed[free.number] = (by, now + HANDED)
        return free

    def ask(self, question: Question, reply: Callable[[Question], Reply]) -> int:
        """Has a question answered and the reply kept; the number of its review. Raises QuestionError, StoreError."""
        began, answer = self.now(), reply(question)
        seconds = (self.now() - began).total_seconds()
        answer_id = self.recorder.keep(answer, channel=Channel.STAFF, seconds=seconds)
        return self.journal.reviews.of_answer(answer_id).number

    def opened(self, number: int, *, answer_id: str | None = None) -> OpenedReview:
        """A question with the answer last given to it, or with another of its answers. Raises NotFound."""
        review = self.journal.reviews.get(number)
        record = self.journal.records.get(answer_id or review.latest)
        if record is None or self.journal.reviews.of_answer(record.answer_id).number != number:
            raise NotFound(Message("That answer is not one to this question, or its time is over."))
        changed = changed_since(record, partial(version_now, article=self.article), self.coverage())
        today = {source.article_id: source for source in sources_today(record, self.article)}
        quotes = record.reply.citations if record.reply else ()
        contexts = {quote: _context_of(quote, today[quote.source.article_id]) for quote in quotes}
        judged, reports = self.journal.reviews.judged(record.answer_id), self.journal.reviews.reports(number)
        return OpenedReview(review, record, contexts, judged, tuple(reports), tuple(changed))

    def decide(self, decision: Decision, drafts: Sequence[StatementDraft] | None = None, *, role: Role) -> Review:
        """Writes a decision and an edition's answer down. Raises Refused, InputError, Overtaken, NotFound."""
        decision = replace(decision, note=clean_line(decision.note), reason=clean_line(decision.reason))
        if (decision.state is State.EDITED) != (drafts is not None):
            raise InputError("An edition needs the answer that is to stand instead.")
        opened, written = self._checked(decision, role), None
        if drafts is not None:
            written = self.recorder.record(self.draft(opened, drafts), channel=Channel.STAFF, seconds=0.0)
        rejected = [
            Rejected(opened.question.text, quote.source.article_id, quote.start, quote.end, quote.text)
            for number in sorted(number for number, judgement in decision.judged.items() if judgement.rejects)
            for quote in opened.statements[number].quotes
        ]
        return self.journal.reviews.decide(decision, rejected=rejected, written=written)

    def draft(self, opened: OpenedReview, drafts: Sequence[StatementDraft]) -> Answer:
        """The answer that drafts make, with the events of the one that is edited. Raises InputError."""
        if not 1 <= len(drafts) <= MOST_STATEMENTS:
            outside = N_("An answer has 1 to {most} statements, found {number}.")
            raise InputError(Message(outside, most=MOST_STATEMENTS, number=len(drafts)))
        numbered: dict[Place, Citation] = {}
        events = {statement.quotes[0].source.article_id: statement.event for statement in opened.statements}
        statements = (self._statement(at, draft, numbered) for at, draft in enumerate(drafts, start=1))
        written = tuple(replace(item, event=events.get(item.quotes[0].source.article_id)) for item in statements)
        return Answer(opened.question, written, composed_by=Composer.STAFF)

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
        for place in draft.places:
            if place not in numbered:
                numbered[place] = self._quote(at, place, len(numbered) + 1)
        quotes = tuple(numbered[place] for place in dict.fromkeys(draft.places))
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
        if not 1 <= first <= last <= min(len(spans), first + MOST_SPAN - 1):
            outside = N_(
                "Statement {at}: {id} has sentences 1 to {sentences}, of which at most {most} are quoted together; "
                "found {first} to {last}."
            )
            numbers = {"sentences": len(spans), "most": MOST_SPAN, "first": first, "last": last}
            raise InputError(Message(outside, at=at, id=place.article_id, **numbers))
        span = Span(spans[first - 1].start, spans[last - 1].end)
        glosses, text = glosses_within(self.annotations(place.article_id), span), article.body[span.start : span.end]
        return Citation(number, article.source, span.start, span.end, text, glosses=glosses)

    def _checked(self, decision: Decision, role: Role) -> OpenedReview:
        """What is decided about, after what can be wrong with a decision; an approval must not contradict itself."""
        opened = self.opened(decision.review, answer_id=decision.answer_id)
        needed = Role.EDITOR if decision.state.editorial or opened.review.state.editorial else Role.CHECKER
        if not role.covers(needed):
            words = partial(value_words, needed)
            raise Refused(Message("Only users of the role {role} or above may do that.", role=words))
        long_note = N_("The note has {number} characters; shorten it to {most} or fewer.")
        long_reason = N_("The reason has {number} characters; shorten it to {most} or fewer.")
        for longer, text in ((long_note, decision.note), (long_reason, decision.reason)):
            if len(text) > LONGEST_NOTE:
                raise InputError(Message(longer, number=len(text), most=LONGEST_NOTE))
        if decision.state.editorial and not decision.reason:
            raise InputError(Message("Readers are told why an answer was edited or withheld: write the public reason."))
        if any(not 0 <= number < len(opened.statements) for number in decision.judged):
            missing = N_("The answer has {number} statements; one that was judged isn't among them.")
            raise InputError(Message(missing, number=len(opened.statements)))
        if decision.state is not State.APPROVED:
            return opened
        if opened.reply is None:
            raise InputError(
                Message("This answer quoted an article that was erased: there is nothing left to approve.")
            )
        if opened.changed:
            changed = N_("What this answer rests on has changed since it was given: choose “Ask again”, then decide.")
            raise InputError(Message(changed))
        if rejected := [number + 1 for number, judgement in decision.judged.items() if judgement.rejects]:
            wanting = N_("You found statement {numbers} wanting: edit or withhold the answer instead.")
            raise InputError(Message(wanting, numbers=", ".join(map(str, rejected))))
        return opened


@dataclass(frozen=True, slots=True)
class StaffContext:
    """The journal, who may enter, and what is done there."""

    journal: Journal
    accounts: Accounts
    review_service: ReviewService
    staff_overrides: StaffOverrides
    article_actions: ArticleActions
    history: Callable[[], Sequence[Notice]]  # gives all notices, oldest first
    provider: "Provider | None" = None  # where the staff may sign in elsewhere, if there is one
    sources: Callable[[], Sequence[Source]] = tuple  # gives every article as it stands
    prices: Prices | None = None  # of the language model, if they are known
