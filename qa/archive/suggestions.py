"""Questions to ask next: made of the archive's own articles, each asked once before it is offered.

They are kept in memory alone, so that nothing of an article that is taken out is left on the disk in them.
"""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from qa.answering.annotated import annotations_of
from qa.answering.suggesting import Reading, drafts
from qa.errors import ArchiveError, NotFound
from qa.i18n.catalogues import locale_of, locales
from qa.i18n.locale import use_locale
from qa.models.archive import Article, Coverage
from qa.models.journal import Cited
from qa.models.replies import Answer, Intent, Question, Refusal, Reply
from qa.protocols import DocumentStore, Encoder, Overrides, Vectors
from qa.review.overrides import version_now
from qa.text.terms import alike, content_words, stem

MOST_SUGGESTED = 3
"""Questions after an answer."""

MOST_PREPARED = 60
"""Questions of each language."""

MOST_DRAFTED = 120
"""Questions of each language that are asked: about half of them are answered surely."""

MOST_READ = 2_000
"""Articles that questions are made of, the newest ones: reading all of a large archive takes minutes."""

SAME = 0.7
"""Share of their words of topic (Jaccard) from which two questions are the same: "arrested in Operación X" and "people
arrested in Operación X" share .75, that of two such operations .6."""

PAUSE = 0.1
"""Seconds between two questions, for those of readers."""

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A question that was answered: by articles as they were then, a unit vector telling what it is near to."""

    question: str
    cited: tuple[Cited, ...]
    vector: Vectors


class Suggestions:
    """The questions of an archive, by language. `ask` is to be quick: no language model writes."""

    def __init__(
        self,
        store: DocumentStore,
        encoder: Encoder,
        *,
        ask: Callable[[Question], Reply],
        overrides: Overrides | None = None,
    ) -> None:
        self._store = store
        self._encoder = encoder
        self._ask = ask
        self._overrides = overrides
        self._prepared: dict[str, list[Suggestion]] = {}
        self._coverage: Coverage | None = None
        self._over = threading.Event()

    @contextmanager
    def kept_prepared(self, *, every: float) -> Iterator[None]:
        """Prepares them in a thread of its own, and anew once no more articles come or go, until the block ends."""

        def run() -> None:
            before: Coverage | None = None
            while True:
                try:
                    coverage = self._store.coverage()
                    if coverage != self._coverage and before in (None, coverage):
                        self.prepare(pause=PAUSE)
                    before = coverage
                except ArchiveError:
                    _log.exception("questions to ask next could not be prepared")
                if self._over.wait(every):
                    return

        thread = threading.Thread(target=run, name="suggestions", daemon=True)
        thread.start()
        try:
            yield
        finally:
            self._over.set()
            thread.join()

    def prepare(self, *, pause: float = 0.0) -> None:
        """Drafts the questions of every language and asks them. Raises StoreError."""
        coverage, readings = self._store.coverage(), self._readings()
        for tag in locales():
            with use_locale(tag):
                questions = drafts(readings, limit=MOST_DRAFTED)
            prepared = list[Suggestion]()
            for question in questions:
                if self._over.wait(pause) or len(prepared) == MOST_PREPARED:
                    break
                if suggestion := self._answered(Question(question, locale=tag)):
                    prepared.append(suggestion)
            self._prepared[tag] = prepared
        self._coverage = coverage

    def _readings(self) -> list[Reading]:
        listed = sorted(self._store.listed(), key=lambda item: str(item.source.published or ""), reverse=True)
        article_ids = [item.source.article_id for item in listed[:MOST_READ]]
        annotated = annotations_of(article_ids, self._store)
        return [(article, annotated[article.article_id]) for article in self._articles(article_ids)]

    def _articles(self, article_ids: Iterable[str]) -> Iterator[Article]:
        for article_id in article_ids:
            try:
                yield self._store.article(article_id)
            except NotFound:
                continue

    def _answered(self, question: Question) -> Suggestion | None:
        reply = self._ask(question)
        # None asks for an overview: taken for such, it is of everything but what it names.
        if not isinstance(reply, Answer) or reply.intent is Intent.OVERVIEW or not reply.statements[0].sure:
            return None
        cited = [self._version(article_id) for article_id in _cited(reply)]
        return Suggestion(question.text, tuple(filter(None, cited)), self._encoder.encode_question(question.text))

    def _version(self, article_id: str) -> Cited | None:
        return version_now(article_id, self._store.article)

    def first(self, locale: str, *, limit: int) -> list[str]:
        """Questions to begin with, of different articles as far as there are such. Raises StoreError."""
        seen, early, late = set[str](), list[Suggestion](), list[Suggestion]()
        for suggestion in self._of(locale):
            articles = {cited.article_id for cited in suggestion.cited}
            (late if seen & articles else early).append(suggestion)
            seen |= articles
        return self._offered([*early, *late], asked=(), limit=limit)

    def after(self, reply: Reply, *, asked: Sequence[str], limit: int) -> list[str]:
        """Questions to ask after an answer: of the articles that it quotes, then those nearest. Raises StoreError."""
        if not isinstance(reply, Answer):
            return []
        articles = set(_cited(reply))
        text = reply.understood_as or reply.question.text
        pool = self._of(reply.question.locale)
        if not pool:
            return []
        vector = self._encoder.encode_question(text)

        def nearness(suggestion: Suggestion) -> tuple[bool, float]:
            shared = any(cited.article_id in articles for cited in suggestion.cited)
            return shared, float(suggestion.vector @ vector)

        ranked = sorted(pool, key=nearness, reverse=True)
        return self._offered(ranked, asked=(*asked, text, reply.question.text), limit=limit)

    def _of(self, locale: str) -> list[Suggestion]:
        return self._prepared.get(locale_of(locale), [])

    def _offered(self, suggestions: Iterable[Suggestion], *, asked: Sequence[str], limit: int) -> list[str]:
        """The first that were not asked and are answered still."""
        known, offered = [_content(question) for question in asked], list[str]()
        for suggestion in suggestions:
            if len(offered) == limit:
                break
            content = _content(suggestion.question)
            if all(alike(content, other) < SAME for other in known) and self._stands(suggestion):
                offered.append(suggestion.question)
        return offered

    def _stands(self, suggestion: Suggestion) -> bool:
        """Whether its articles are as they were, and the staff withhold no answer to it."""
        if any(self._version(cited.article_id) != cited for cited in suggestion.cited):
            return False
        settled = self._overrides.settled(Question(suggestion.question)) if self._overrides else None
        return not isinstance(settled, Refusal)


def _cited(answer: Answer) -> list[str]:
    return list(dict.fromkeys(quote.source.article_id for quote in answer.citations))


def _content(question: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(question)))
