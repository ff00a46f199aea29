"""What the staff decided: on questions, as it counts when one is asked again, on articles, and what readers learn."""

import hashlib
from collections.abc import Callable, Iterable
from dataclasses import KW_ONLY, dataclass, replace
from datetime import UTC, date, datetime
from functools import cache, lru_cache, partial

from qa.answering.policy import WITHHELD
from qa.errors import InputError, NotFound, Withdrawn
from qa.i18n.forms import Message
from qa.i18n.locale import N_
from qa.loaders.fields import MAX_NOTICE
from qa.models.archive import Article, Coverage, Source, Status, time_text
from qa.models.deliveries import Notice, NoticeKind
from qa.models.journal import AuditedAct, Cited, Fixed, Record, Review, State
from qa.models.replies import Inference, Question, Refusal, Reply
from qa.store.journal.opening import Journal
from qa.store.notices import NoticeStore
from qa.text.terms import STOP_WORDS, fold, stem, words

_PUBLIC = (NoticeKind.CORRECTION, NoticeKind.WITHDRAWAL)
MOST_OFFERED = 2
# Share of words (Dice) that two questions have in common, from which the answer to one is offered beside the other.
CLOSE = 0.6
# Stands for the archive as a whole among what has changed: that it holds no answer may be true no more.
ARCHIVE = "archive"
Look = Callable[[str], Article]  # at the article of an id, as readers see it; raises NotFound
Version = Callable[[str], Cited | None]  # of the article of an id, as `version_now` tells it


@dataclass(frozen=True)
class StaffOverrides:
    """`Overrides` by a journal's reviews. An answer that rests on what has changed since counts no more."""

    journal: Journal
    _: KW_ONLY
    article: Look
    coverage: Callable[[], Coverage]

    def settled(self, question: Question) -> Reply | None:
        review = self.journal.reviews.of_key(key_of(question))
        if review is None or review.state is State.OPEN or review.at is None:
            return None
        if review.state is State.WITHHELD:
            return Refusal(question, WITHHELD, (), self.coverage())
        record, version = self.journal.records.get(review.standing or ""), partial(version_now, article=self.article)
        if record is None or record.reply is None or self._has_changed(review, record, version, self.coverage()):
            return None
        return replace(record.reply, checked_on=review.at.date())

    def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
        rejected = self.journal.reviews.rejected(key_of(question))
        return frozenset((sentence.article_id, sentence.sentence) for sentence in rejected)

    def sweep(self) -> int:
        """Notes every decision that rests on what has changed since; how many do. No answer is read for it."""
        decided = {review.standing: review for review in self.journal.reviews.decided() if review.standing}
        # Each article is looked at once.
        coverage, version = self.coverage(), cache(partial(version_now, article=self.article))
        records = self.journal.records.of(list(decided), answers=False)
        return sum(self._has_changed(decided[record.answer_id], record, version, coverage) for record in records)

    def _has_changed(self, review: Review, record: Record, version: Version, coverage: Coverage) -> bool:
        """Whether anything that the answer behind which a review stands rests on has changed; if so, that is noted."""
        # A withheld answer stays so however the archive grows; what it rested on may still be looked at.
        changed = changed_since(record, version, None if review.state is State.WITHHELD else coverage)
        if changed and tuple(changed) != review.changed:
            self.journal.reviews.changed(review.number, changed)
        return bool(changed)

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Questions close to this one that the staff stand behind an answer to, with its id, the closest first."""
        others = [item for item in self.journal.reviews.standing() if item[0].casefold() != question.casefold()]
        weighed = [(_closeness(question, similar), similar, answer_id) for similar, answer_id in others]
        close = sorted((item for item in weighed if item[0] >= CLOSE), key=lambda item: -item[0])
        return [(similar, answer_id) for _, similar, answer_id in close[:MOST_OFFERED]]


def changed_since(record: Record, version: Version, coverage: Coverage | None) -> list[str]:
    """Ids of the articles that a reply rests on and that readers see otherwise now, or not at all."""
    changed = [cited.article_id for cited in record.cited if version(cited.article_id) != cited]
    then = record.reply.coverage if isinstance(record.reply, Refusal) else None
    return [*changed, ARCHIVE] if then and coverage and then != coverage else changed


def version_now(article_id: str, article: Look) -> Cited | None:
    """The article as readers see it now; None where they don't."""
    try:
        return Cited.of(article(article_id))
    except NotFound:
        return None


def key_of(question: Question, *, text: str | None = None) -> str:
    """Equal for the same question, as `text` has it alone, held to the same dates, outlet and language."""
    lifted = (reading for reading in question.without if reading is not Inference.REWRITING)
    filters = (question.published_from, question.published_until, question.outlet, question.language, *lifted)
    return " ".join([*map(fold, words(text or question.text)), *(f"|{value}" for value in filters if value)])


def _closeness(first_text: str, second_text: str) -> float:
    """How much of their words two questions share, 0 to 1; 0 where a number or a name is in one of them only."""
    (first, first_names), (second, second_names) = _content(first_text), _content(second_text)
    exact = {word for word in first ^ second if not word.isalpha()}
    if exact or first_names != second_names or not first | second:
        return 0.0
    return 2 * len(first & second) / (len(first) + len(second))


@lru_cache(maxsize=10_000)
def _content(text: str) -> tuple[frozenset[str], frozenset[str]]:
    """The stems of a question's words, and its names: words with a capital, but for the first."""
    listed = words(text)
    stems = frozenset(stem(word) for word in listed if fold(word) not in STOP_WORDS)
    return stems, frozenset(fold(word) for word in listed[1:] if word[:1].isupper())


@dataclass(frozen=True)
class ArticleActions:
    """Acts on articles. Each act counts at once in every process, a page that is being served too."""

    book: NoticeStore
    journal: Journal
    now: Callable[[], datetime] = lambda: datetime.now(UTC)

    def act(
        self, article_id: str, kind: NoticeKind, text: str, *, by: str, until: datetime | None, review_on: date | None
    ) -> None:
        """Writes a notice. Raises NotFound, InputError, StoreError."""
        if kind is NoticeKind.ERASURE:
            raise InputError("Text is erased from the disk by `qa withdraw ID --erase`, where the archive runs.")
        if kind in _PUBLIC and not text:
            raise InputError(Message("Readers are told why: write it down."))
        if len(text) > MAX_NOTICE:
            longer = N_("The text has {number} characters; shorten it to {most} or fewer.")
            raise InputError(Message(longer, number=len(text), most=MAX_NOTICE))
        now = self.now()
        bears = now.date() if kind in _PUBLIC else None
        wanted = Notice(article_id[:500], kind, text, by, now, bears, until, review_on)  # nobody's id is longer
        try:
            self.write(wanted)
        except NotFound:
            unknown = N_("The archive holds no article {id}. `qa list` shows what it holds.")
            raise NotFound(Message(unknown, id=repr(wanted.article_id))) from None

    def write(self, notice: Notice) -> Notice:
        """Writes a notice, and in the audit log that it was; as it was written. Raises NotFound, InputError."""
        if notice.review_on and notice.review_on <= notice.at.date():
            raise InputError(Message("The review date is over already. Give a day that is still to come."))
        written = self.book.add(notice)
        # Of its text the digest: a correction may repeat what is to be erased.
        after = {"text_sha256": hashlib.sha256(written.text.encode()).hexdigest()}
        after |= {name: time_text(day) for name in ("until", "review_on") if (day := getattr(written, name))}
        taken_back = written.kind is NoticeKind.CORRECTION and written.until
        what = "correction taken back" if taken_back else written.kind.value
        self.journal.audit.add(AuditedAct(written.by, what, written.article_id, written.at, {}, after))
        return written

    def copies(self, article_id: str) -> list[str]:
        """Ids of the other articles that have the text of this one, to which the same may have to be done."""
        return self.book.copies(article_id)

    def due(self) -> list[Notice]:
        """Orders that were to be looked at again by now."""
        return self.book.due(self.now().date())


def corrections(
    decided: Iterable[Review],
    sources: Iterable[Source],
    noticed: Iterable[str],
    article: Look,
    *,
    link: Callable[[str], str],
) -> list[Fixed]:
    """Everything that stands corrected, newest first, the undated last; only texts that are public.

    `sources` are the articles as they stand, `noticed` the ids of those that the staff acted on, which may be erased.
    """
    fixed = []
    for review in decided:
        if review.at and review.state is State.EDITED:
            address = f"/answer/{review.standing}"
            fixed.append(Fixed(review.at, review.question, N_("Answer put right"), review.reason, address))
        elif review.at and review.state is State.WITHHELD:
            # Its question isn't public.
            fixed.append(Fixed(review.at, N_("An answer was withheld"), N_("Answer withheld"), review.reason))
    by_id = {source.article_id: source for source in sources}
    for source in by_id.values():
        for correction in source.corrections if source.status.readable else ():
            day, address = _midnight(correction.day), link(source.article_id)
            fixed.append(Fixed(day, source.title, N_("Article corrected"), correction.text, address))
    withdrawn = (name for name, source in by_id.items() if source.status is Status.WITHDRAWN)
    for name in dict.fromkeys([*(name for name in noticed if name not in by_id), *withdrawn]):
        try:
            article(name)
        except Withdrawn as notice:
            # Its headline isn't public, and its id may hold words of that: no link, though its page has the reason too.
            what = (N_("An article was withdrawn"), N_("Article withdrawn"))
            fixed.append(Fixed(_midnight(notice.day), *what, notice.reason))
        except NotFound:  # readers may not know of it
            continue
    return sorted(fixed, key=lambda row: row.at or datetime.min.replace(tzinfo=UTC), reverse=True)


def _midnight(day: date | None) -> datetime | None:
    return datetime(day.year, day.month, day.day, tzinfo=UTC) if day else None
