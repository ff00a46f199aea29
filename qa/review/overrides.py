"""What the staff decided, as it counts when a question is asked again."""

from collections.abc import Callable, Sequence
from dataclasses import KW_ONLY, dataclass, replace
from functools import cache, lru_cache, partial

from qa.answering.policy import WITHHELD
from qa.errors import NotFound
from qa.models.archive import Article, Coverage
from qa.models.journal import Cited, Record, Review, State
from qa.models.replies import Inference, Question, Refusal, Reply
from qa.store.journal.records import RecordStore
from qa.store.journal.reviews import ReviewStore
from qa.text.terms import STOP_WORDS, fold, stem, words

MOST_OFFERED = 2
# Share of words (Dice) that two questions have in common, from which the answer to one is offered beside the other.
CLOSE = 0.6
# Stands for the archive as a whole among what has changed: that it holds no answer may be true no more.
ARCHIVE = "archive"
Look = Callable[[str], Article]  # at the article of an id, as readers see it; raises NotFound


@dataclass(frozen=True)
class StaffOverrides:
    """`Overrides` by the reviews of a journal. An answer that rests on what has changed since counts no more."""

    reviews: ReviewStore
    records: RecordStore
    _: KW_ONLY
    article: Look
    coverage: Callable[[], Coverage]

    def settled(self, question: Question) -> Reply | None:
        review = self.reviews.of_key(key_of(question))
        if review is None or review.state is State.OPEN or review.at is None:
            return None
        if review.state is State.WITHHELD:
            return Refusal(question, WITHHELD, (), self.coverage())
        record = self.records.get(review.standing or "")
        version = partial(version_now, article=self.article)
        if record is None or record.reply is None:
            return None
        if self._noted(review, changed_since(record, version, self.coverage())):
            return None
        return replace(record.reply, checked_on=review.at.date())

    def rejected(self, question: Question) -> frozenset[tuple[str, str]]:
        rejected = self.reviews.rejected(key_of(question))
        return frozenset((sentence.article_id, sentence.sentence) for sentence in rejected)

    def sweep(self) -> int:
        """Notes every decision that rests on what has changed since; how many do. No answer is read for it."""
        decided = {review.standing: review for review in self.reviews.decided() if review.standing}
        # Each article is looked at once.
        coverage, version = self.coverage(), cache(partial(version_now, article=self.article))
        count = 0
        for record in self.records.of(list(decided), answers=False):
            review = decided[record.answer_id]
            # A withheld answer stays so however the archive grows; what it rested on may still be looked at.
            grown = None if review.state is State.WITHHELD else coverage
            count += self._noted(review, changed_since(record, version, grown))
        return count

    def _noted(self, review: Review, changed: Sequence[str]) -> bool:
        """Whether anything that the answer behind which a review stands rests on has changed; if so, that is noted."""
        if changed and tuple(changed) != review.changed:
            self.reviews.changed(review.number, changed)
        return bool(changed)

    def close_to(self, question: str) -> list[tuple[str, str]]:
        """Questions close to this one that the staff stand behind an answer to, with its id, the closest first."""
        others = [item for item in self.reviews.standing() if item[0].casefold() != question.casefold()]
        weighed = [(_closeness(question, similar), similar, answer_id) for similar, answer_id in others]
        close = sorted((item for item in weighed if item[0] >= CLOSE), key=lambda item: -item[0])
        return [(similar, answer_id) for _, similar, answer_id in close[:MOST_OFFERED]]


def changed_since(record: Record, version: Callable[[str], Cited | None], coverage: Coverage | None) -> list[str]:
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
