"""The questions that the page offers, each of which was asked once: made when it is filled, else while it is served."""

import hashlib
import threading
import time
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from importlib.metadata import version
from itertools import islice

from qa.answering.policy import policy_text
from qa.answering.quoting import annotations_of, articles_of
from qa.answering.suggesting import Reading, drafts, subject_of
from qa.encoding.intents import IntentClassifier
from qa.i18n.locale import locale_of, locales, use_locale
from qa.models.journal import Cited
from qa.models.replies import Answer, Intent, Question, Refusal, Reply
from qa.protocols import Encoder
from qa.review.decisions import StaffOverrides, version_now
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from qa.store.entries import adapter
from qa.text.annotating import VERSION
from qa.text.terms import alike, content_words, stem

MOST_PREPARED = 60  # questions of each language
MOST_DRAFTED = 120  # questions of each language that are asked: about half of them are answered surely
MOST_READ = 2_000  # articles that questions are made of, the newest ones: reading all of a large archive takes minutes
PAUSE = 0.1  # seconds between two questions, for those of readers
SAME = 0.7
"""Share of their words of topic (Jaccard) from which two questions are the same: "arrested in Operación X" and "people
arrested in Operación X" share .75, that of two such operations .6."""


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that was answered, and the articles that answered it as they were then."""

    question: str
    intent: Intent
    cited: tuple[Cited, ...]


@dataclass(frozen=True, slots=True)
class Kept:
    """What an archive keeps: the questions by language, what made them, and the state that they are of.

    A language whose time was over before any was found is left out: whoever serves the archive makes them.
    """

    made_by: str
    state: str
    questions: dict[str, tuple[Suggestion, ...]]


def made_by(settings: Settings, *, encoder: str | None) -> str:
    """Equal where the same questions are made, and answered alike; `encoder` is its fingerprint. Raises SettingsError.

    Of the policy it has what the file says, which people edit.
    """
    policy = hashlib.sha256(policy_text(settings.policy).encode()).hexdigest()[:16]
    models = f"{encoder} + {settings.reader}, {settings.precision}, {settings.device}"
    return f"{version('archive-qa')}, reading {VERSION}, {models}, policy {policy}"


def kept_in(store: ArchiveStore, *, made_by: str) -> Kept | None:
    """The questions that an archive keeps; None where it keeps none, or another version made them."""
    text = store.kept_questions()
    try:
        kept: Kept | None = adapter(Kept).validate_json(text) if text else None
    except ValueError:  # as it is damaged
        return None
    return kept if kept and kept.made_by == made_by else None


class Suggestions:
    """Questions to ask next, by language: made of the archive's own articles, each asked once before it is offered.

    `ask` is to be quick: no language model writes.
    """

    def __init__(
        self,
        store: ArchiveStore,
        encoder: Encoder,
        *,
        ask: Callable[[Question], Reply],
        made_by: str = "",
        intents: IntentClassifier | None = None,
        overrides: StaffOverrides | None = None,
    ) -> None:
        self._store, self._encoder, self._ask = store, encoder, ask
        self._overrides = overrides
        self._intents = intents or IntentClassifier()
        self._vector = lru_cache(maxsize=1_000)(encoder.encode_question)
        self._subject = lru_cache(maxsize=1_000)(subject_of)
        self._kept = Kept(made_by, "", {})
        self._before: str | None = None  # the state that was found the last time

    def restore(self) -> None:
        """Takes the questions that the archive keeps, unless those at hand are newer. Raises StoreError."""
        kept = kept_in(self._store, made_by=self._kept.made_by)
        if kept and (not self._kept.questions or self._store.state() == kept.state != self._kept.state):
            self._kept = kept

    def refresh(self, over: threading.Event | None = None) -> None:
        """Takes the questions that are kept, and makes those of another state anew once no more articles come or go.

        With pauses where it may be `over` meanwhile. Raises StoreError.
        """
        self.restore()
        for suggestion in (one for questions in self._kept.questions.values() for one in questions):
            self._vector(suggestion.question)  # else the first reader waits for all of them
        state = self._store.state()
        rests, self._before = self._before in (None, state), state
        missing = [tag for tag in locales() if self._kept.state != state or tag not in self._kept.questions]
        if not (missing and rests):
            return
        readings = self._readings()
        for tag in missing:
            made = self._answered(_drafted(readings, tag), tag, lambda: not (over and over.wait(PAUSE)))
            self._kept = replace(self._kept, questions=self._kept.questions | {tag: made})
        self._kept = replace(self._kept, state=state)

    def made(self, *, seconds: float, progress: Callable[[int], None]) -> Kept:
        """The questions to keep, of each language those that are asked in its share of these seconds of the processor.

        How long that takes is up to whoever else uses it. Raises StoreError.
        """
        state, readings, tags = self._store.state(), self._readings(), locales()
        questions = dict[str, tuple[Suggestion, ...]]()

        def has_time(until: float) -> bool:
            progress(1)
            return time.thread_time() < until

        for tag in tags:
            drafted = _drafted(readings, tag)
            until = time.thread_time() + seconds / len(tags)
            found = self._answered(drafted, tag, partial(has_time, until))
            if found or time.thread_time() < until:
                questions[tag] = found
        return Kept(self._kept.made_by, state, questions)

    def _readings(self) -> list[Reading]:
        """The newest articles, with what was read out of them."""
        listed = sorted(self._store.listed(), key=lambda item: str(item.source.published or ""), reverse=True)
        article_ids = [item.source.article_id for item in listed[:MOST_READ]]
        annotated = annotations_of(article_ids, self._store)
        articles = articles_of(article_ids, self._store.article)
        return [(article, annotated[article.article_id]) for article in articles]

    def _answered(self, questions: Sequence[str], tag: str, goes_on: Callable[[], bool]) -> tuple[Suggestion, ...]:
        """Asks drafted questions in a language, as long as it `goes_on`; those that are answered surely."""
        prepared = list[Suggestion]()
        for question in questions:
            if len(prepared) == MOST_PREPARED or not goes_on():
                break
            reply = self._ask(Question(question, locale=tag))
            if isinstance(reply, Answer) and _is_on_one(reply) and reply.clear:
                cited = (version_now(name, self._store.article) for name in sorted(_cited(reply)))
                prepared.append(Suggestion(question, reply.intent, tuple(filter(None, cited))))
        return tuple(prepared)

    def first(self, locale: str, *, limit: int) -> list[str]:
        """Questions to begin with, of different articles as far as there are such. Raises StoreError."""
        seen, early, late = set[str](), list[Suggestion](), list[Suggestion]()
        for suggestion in self._kept.questions.get(locale_of(locale), ()):
            article_ids = {cited.article_id for cited in suggestion.cited}
            (early if seen.isdisjoint(article_ids) else late).append(suggestion)
            seen |= article_ids
        return self._offered([*early, *late], asked=(), limit=limit)

    def after(self, reply: Reply, *, asked: Sequence[str], limit: int) -> list[str]:
        """Questions to ask after an answer: of the articles that it quotes, then those nearest. Raises StoreError."""
        pool = self._kept.questions.get(locale_of(reply.question.locale), ())
        if not pool or not isinstance(reply, Answer):
            return []
        articles, text = _cited(reply), reply.understood_as or reply.question.text
        vector = self._encoder.encode_question(text)

        def nearness(suggestion: Suggestion) -> tuple[bool, float]:
            on_same = any(cited.article_id in articles for cited in suggestion.cited)
            return on_same, float(self._vector(suggestion.question) @ vector)

        ranked = sorted(pool, key=nearness, reverse=True)
        return self._offered(ranked, asked=(*asked, text, reply.question.text), limit=limit)

    def _offered(self, suggestions: Iterable[Suggestion], *, asked: Sequence[str], limit: int) -> list[str]:
        """The first that were not asked, in whatever words, and are answered still."""
        known = list(map(_content, asked))
        of_asked = (subject_of(question, self._intents.classify(question).intent) for question in asked)
        subjects = [subject for subject in of_asked if subject]

        def is_new(item: Suggestion) -> bool:
            repeated = any(alike(_content(item.question), other) >= SAME for other in known)
            subject = self._subject(item.question, item.intent)
            return not (repeated or (subject and any(map(subject.is_that_of, subjects))))

        return list(islice((item.question for item in suggestions if is_new(item) and self._stands(item)), limit))

    def _stands(self, suggestion: Suggestion) -> bool:
        """Whether its articles are as they were, and the staff withhold no answer to it."""
        if any(version_now(cited.article_id, self._store.article) != cited for cited in suggestion.cited):
            return False
        settled = self._overrides.settled(Question(suggestion.question)) if self._overrides else None
        return not isinstance(settled, Refusal)


def _drafted(readings: Sequence[Reading], tag: str) -> list[str]:
    with use_locale(tag):
        return drafts(readings, limit=MOST_DRAFTED)


def _is_on_one(reply: Answer) -> bool:
    """Whether it is on what its question names: an overview of several events is of everything else, too."""
    return reply.intent is not Intent.OVERVIEW or len({statement.event for statement in reply.statements}) == 1


def _cited(answer: Answer) -> set[str]:
    return {quote.source.article_id for quote in answer.citations}


def _content(question: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(question)))
