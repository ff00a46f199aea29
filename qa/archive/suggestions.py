"""Questions to ask next: made of the archive's own articles, each asked once before it is offered.

They are kept in memory alone, so that nothing of an article that is taken out is left on the disk in them.
"""

import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from qa.answering.quoting import annotations_of
from qa.answering.suggesting import Reading, drafts
from qa.errors import NotFound, SettingsError
from qa.i18n.locale import locale_of, locales, use_locale
from qa.models.archive import Coverage
from qa.models.journal import Cited
from qa.models.replies import Answer, Intent, Question, Refusal, Reply
from qa.protocols import DocumentStore, Encoder, Overrides, Vectors
from qa.review.decisions import version_now
from qa.settings import Settings
from qa.text.terms import alike, content_words, stem

MOST_EXAMPLES = 4  # questions on the first page
MOST_SUGGESTED = 3  # questions after an answer
MOST_PREPARED = 60  # questions of each language
MOST_DRAFTED = 120  # questions of each language that are asked: about half of them are answered surely
MOST_READ = 2_000  # articles that questions are made of, the newest ones: reading all of a large archive takes minutes

SAME = 0.7
"""Share of their words of topic (Jaccard) from which two questions are the same: "arrested in Operación X" and "people
arrested in Operación X" share .75, that of two such operations .6."""

PAUSE = 0.1  # seconds between two questions, for those of readers


def examples_of(settings: Settings) -> dict[str, tuple[str, ...]] | None:
    """The example questions by the page's language, None where no file is set. Raises SettingsError.

    Those of the file itself are for every language (key ""); `NAME.es.list` beside `NAME.list` holds those for Spanish.
    """
    if settings.examples is None:
        return None
    path, examples = settings.examples, {}
    files = {"": path} | {locale: path.with_suffix(f".{locale}{path.suffix}") for locale in locales()}
    for locale, file in files.items():
        if not locale or file.exists():
            try:
                lines = file.read_text(encoding="utf-8").split("\n")
            except (OSError, UnicodeDecodeError) as error:
                raise SettingsError(f"QA_EXAMPLES: {file} can't be read: {error}.") from error
            examples[locale] = tuple(line.strip() for line in lines if line.strip())[:MOST_EXAMPLES]
    return examples


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
        self._store, self._encoder, self._ask, self._overrides = store, encoder, ask, overrides
        self._prepared: dict[str, list[Suggestion]] = {}
        self._of: Coverage | None = None
        self._before: Coverage | None = None

    def refresh(self, over: threading.Event) -> None:
        """Prepares them, and anew once no more articles come or go, until it is `over`. Raises StoreError."""
        coverage = self._store.coverage()
        if coverage != self._of and self._before in (None, coverage):
            self.prepare(over)
        self._before = coverage

    def prepare(self, over: threading.Event | None = None) -> None:
        """Drafts the questions of every language and asks them, with pauses where it may be `over` meanwhile."""
        coverage, readings = self._store.coverage(), list(self._readings())
        for tag in locales():
            with use_locale(tag):
                questions = drafts(readings, limit=MOST_DRAFTED)
            prepared = list[Suggestion]()
            for question in questions:
                if (over and over.wait(PAUSE)) or len(prepared) == MOST_PREPARED:
                    break
                if suggestion := self._answered(Question(question, locale=tag)):
                    prepared.append(suggestion)
            self._prepared[tag] = prepared
        self._of = coverage

    def _readings(self) -> Iterator[Reading]:
        listed = sorted(self._store.listed(), key=lambda item: str(item.source.published or ""), reverse=True)
        article_ids = [item.source.article_id for item in listed[:MOST_READ]]
        annotated = annotations_of(article_ids, self._store)
        for article_id in article_ids:
            try:
                yield self._store.article(article_id), annotated[article_id]
            except NotFound:
                continue

    def _answered(self, question: Question) -> Suggestion | None:
        reply = self._ask(question)
        # None asks for an overview: taken for such, it is of everything but what it names.
        if not isinstance(reply, Answer) or reply.intent is Intent.OVERVIEW or not reply.statements[0].sure:
            return None
        cited = [version_now(article_id, self._store.article) for article_id in _cited(reply)]
        return Suggestion(question.text, tuple(filter(None, cited)), self._encoder.encode_question(question.text))

    def first(self, locale: str, *, limit: int) -> list[str]:
        """Questions to begin with, of different articles as far as there are such. Raises StoreError."""
        seen, early, late = set[str](), list[Suggestion](), list[Suggestion]()
        for suggestion in self._prepared.get(locale_of(locale), []):
            articles = {cited.article_id for cited in suggestion.cited}
            (late if seen & articles else early).append(suggestion)
            seen |= articles
        return self._offered([*early, *late], asked=(), limit=limit)

    def after(self, reply: Reply, *, asked: Sequence[str], limit: int) -> list[str]:
        """Questions to ask after an answer: of the articles that it quotes, then those nearest. Raises StoreError."""
        pool = self._prepared.get(locale_of(reply.question.locale), [])
        if not pool or not isinstance(reply, Answer):
            return []
        articles = set(_cited(reply))
        text = reply.understood_as or reply.question.text
        vector = self._encoder.encode_question(text)

        def nearness(suggestion: Suggestion) -> tuple[bool, float]:
            shared = any(cited.article_id in articles for cited in suggestion.cited)
            return shared, float(suggestion.vector @ vector)

        ranked = sorted(pool, key=nearness, reverse=True)
        return self._offered(ranked, asked=(*asked, text, reply.question.text), limit=limit)

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
        if any(version_now(cited.article_id, self._store.article) != cited for cited in suggestion.cited):
            return False
        settled = self._overrides.settled(Question(suggestion.question)) if self._overrides else None
        return not isinstance(settled, Refusal)


def _cited(answer: Answer) -> list[str]:
    return list(dict.fromkeys(quote.source.article_id for quote in answer.citations))


def _content(question: str) -> frozenset[str]:
    return frozenset(map(stem, content_words(question)))
