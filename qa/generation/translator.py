"""Quotes in the reader's language, where a language model can say them in it, and whether it says as much."""

import logging
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from rapidfuzz import fuzz, process

from qa.errors import ChatError
from qa.generation.drafts import drafts, objection
from qa.generation.facts import COGNATE, Facts
from qa.generation.prompt import LONGEST, TRANSLATING, translating_text
from qa.llm.usage import within
from qa.models.annotations import FigureKind
from qa.models.replies import Answer, Citation, Reply
from qa.models.support import Translation
from qa.protocols import ChatModel
from qa.text.entities import places_in
from qa.text.figures import kind_words
from qa.text.language import ENOUGH_WORDS, language_of, language_read, primary
from qa.text.terms import fold, words

LANGUAGES = {"en": "English", "es": "Spanish"}
"""What is translated from and into, by the names that the model is told: the languages that the checks read."""
SHORTEST, LONGEST_SHARE = 0.6, 1.5
"""Length of a translation in those of its quote: the thirty of tests/generation/translations.jsonl have .83 to 1.18."""
SLACK = 12  # characters that it may have more: a word weighs much in a headline
SAME = 90  # likeness, 0 to 100, from which a translation is the quote said again
_FATES = frozenset(
    {FigureKind.ARRESTED, FigureKind.REMANDED, FigureKind.CHARGED, FigureKind.TRIED, FigureKind.CONVICTED}
    | {FigureKind.ACQUITTED, FigureKind.RELEASED}
)  # what becomes of people in a case: none is another

_MARKS = re.compile(r"[“”„‟«»‹›\"＂「」『』〝〞`´]|(?<!\w)['‘’‚‛]|['‘’‚‛](?!\w)")
_YEAR = re.compile(r"(?<!\d)(?:1[5-9]|20)\d\d(?!\d)")
_ENDED = re.compile(r"[.!?…]\W*$")

_log = logging.getLogger(__name__)


class Translator:
    """Asks a language model for each quote that is not in the reader's language; what it writes is never believed.

    Each quote is asked for by itself, or a hostile one might write another's words; all of an answer have `seconds`.
    """

    def __init__(self, model: ChatModel, *, seconds: float) -> None:
        self._model, self._seconds = model, seconds

    def replies(self, replies: Iterable[Reply]) -> Iterator[Reply]:
        """The replies as they come. A whole answer with foreign quotes comes twice, at last with translations."""
        whole: list[Answer] = []
        for reply in replies:
            if isinstance(reply, Answer) and not reply.unfinished:
                whole.append(reply)  # held back until who wrote it is done with the model
            else:
                yield reply
        for answer in whole:
            if foreign := _foreign(answer):
                yield replace(answer, translating=True)
                answer = replace(answer, translations=tuple(self._translations(foreign, answer.question.locale)))
            yield answer

    def _translations(self, quotes: Sequence[Citation], language: str) -> Iterator[Translation]:
        try:
            yield from filter(None, within(self._seconds, self._asked(quotes, language)))
        except ChatError as error:
            _log.warning("not all quotes were translated: %s", error)

    def _asked(self, quotes: Sequence[Citation], language: str) -> Iterator[Translation | None]:
        """One for each quote, None where it doesn't hold, so that asking can be ended after any."""
        for quote in quotes:
            request = translating_text(quote.text, LANGUAGES[primary(language)])
            sentences = drafts(self._model.stream(system=TRANSLATING, user=request))
            text = without_quotation_marks(" ".join(draft.text for draft in sentences))
            if says_as_much(quote, text, language=language):
                yield Translation(quote.number, text, language, self._model.name)
            else:
                _log.info("the translation of a quote from %s did not hold", quote.source.article_id)
                yield None


def _foreign(answer: Answer) -> list[Citation]:
    """The quotes in another language than the reader's, of those that a language model may be given."""
    readers = primary(answer.question.locale)
    return [
        quote
        for quote in answer.citations
        if quote.source.quote_limit is None
        and len(quote.text) <= LONGEST
        and (language := primary(quote.source.language)) != readers
        and {readers, language} <= LANGUAGES.keys()
    ]


def without_quotation_marks(text: str) -> str:
    """The text with no mark that could make verbatim words of it; apostrophes inside words stay."""
    return " ".join(_MARKS.sub("", text).split())


def says_as_much(quote: Citation, text: str, *, language: str) -> bool:
    """Whether `text`, in a language of this tag, may be shown as a translation of the quote."""
    return not any(_amiss(quote, text, primary(language)))


def _amiss(quote: Citation, text: str, language: str) -> Iterator[bool]:
    """What speaks against a translation, what is found fastest first."""
    original = without_quotation_marks(quote.text)
    yield not SHORTEST * len(original) <= len(text) <= LONGEST_SHARE * len(original) + SLACK
    yield bool(_ENDED.search(original)) and not _ENDED.search(text)
    yield objection(text) not in (None, objection(original))  # a question is put as one
    yield set(_YEAR.findall(text)) != set(_YEAR.findall(original))
    yield fuzz.ratio(text.casefold(), original.casefold()) >= SAME
    long_enough = len(words(text)) >= ENOUGH_WORDS
    yield (language_read(text) if long_enough else language_of(text, otherwise=language)) != language
    translated = Facts(text, quote.source.published, language)
    yield _compared(translated) != _compared(Facts(original, quote.source.published, primary(quote.source.language)))
    # Names that the quote has neither alike nor as a place.
    places = {code for _, code in places_in(original)}
    shared = [span for span, code in places_in(text) if code in places]
    named = {word for span in shared for word in words(text[span.start : span.end])}
    original_words = [fold(word) for word in words(original)]
    for name in translated.names:
        if name not in named:
            yield process.extractOne(fold(name), original_words, scorer=fuzz.ratio, score_cutoff=COGNATE) is None


def _compared(facts: Facts) -> tuple[object, ...]:
    """What a text and its translation have alike; "one" is an article in Spanish, and who is detained is arrested."""
    dates = {mention.value or fold(facts.text[mention.start : mention.end]) for mention in facts.dates}
    kinds = {word.kind for word in kind_words(facts.text)}
    fates = kinds & _FATES | ({FigureKind.ARRESTED} if FigureKind.DETAINED in kinds else set())
    return facts.numbers - {(1.0, False)}, dates, facts.denies, fates
