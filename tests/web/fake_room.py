"""A reading room with a handful of neutral articles, for the page's tests and for looking at it."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime

from qa.answering.rendering import reply_json
from qa.answering.stage_words import NO_VERDICT
from qa.errors import NotFound, QuestionError, StoreError, Withdrawn
from qa.models.annotations import About, Annotations, NamedEvent, Stage, Timeframe
from qa.models.archive import Article, Coverage, ListedArticle, Origins, Passage, Source, Span, Status
from qa.models.dates import ALWAYS, Dates
from qa.models.deliveries import Version
from qa.models.journal import Channel
from qa.models.replies import (
    Answer,
    CaseStatus,
    Citation,
    Composer,
    Event,
    Hit,
    Inference,
    Intent,
    Limit,
    Question,
    Refusal,
    Reply,
    Statement,
)
from qa.models.support import Support, Translation, Verdict
from qa.review.permanent import Recorder
from qa.text.annotating import annotate
from qa.text.sentences import sentence_spans
from qa.text.terms import stems

SUMMARY = Article(
    Source(
        "2005-03-17-el-pais",
        "El Defensor del Pueblo pide conservar los datos de conexión",
        "Case archive",
        url="https://elpais.example/2005/03/17/defensor.html",
        published=date(2005, 3, 17),
        language="es",
        kind="summary",
        summarises="El País, 17 March 2005",
    ),
    "El archivo resume aquí, con sus propias palabras, una crónica de El País.\n\n"
    "Según El País, ayer fueron arrestadas 19 personas en 13 provincias de España. "
    "El Ministerio del Interior coordinó la operación con Eurojust.\n\n"
    "El Defensor del Pueblo, Enrique Múgica, recomendó conservar los datos de conexión al menos un año.",
    event_date="2005-03-16",
    derived_from="El País",
    note="“Ayer” is 16 March 2005.",
)
WIRE = Article(
    Source(
        "2005-03-16-reuters",
        "Spain leads search operation in twelve countries; ministry expects around 500 arrests",
        "Case archive",
        published=date(2005, 3, 16),
        kind="summary",
        summarises="Reuters, 16 March 2005",
    ),
    "Reuters reports that searches took place at the same time in twelve countries. "
    "According to the Interior Ministry, 19 people had been arrested so far, all of them in Spain. "
    "The ministry expected the number of arrests worldwide to reach about 500, and gave that figure as "
    "a forecast.\n\n"
    "The inquiry opened in January, after a member of the public complained to the authorities. "
    "Spain then informed Eurojust and IberRed.\n\n"
    + "\n\n".join(
        f"Paragraph {number} of the background describes how the institutions shared their work that year. "
        "It names the courts and the offices concerned, and gives their addresses at the time."
        for number in range(1, 16)
    ),
)
COURT = Article(
    Source(
        "2007-01-02-court",
        "Supreme Court assigns the last proceedings to Caldas",
        "La Voz de Galicia",
        url="https://voz.example/court",
        published=date(2007, 1, 2),
    ),
    "The Supreme Court decided that the court at Caldas de Reis keeps the proceedings. "
    "The decision was reported on 2 January 2007.",
)
HEADLINE = Article(
    Source("2006-headline", "Directive on data retention adopted", "EDRi", published=date(2006, 3, 1)),
    "Directive on data retention adopted",
)
WITHHELD = Article(
    Source("withheld", "A title nobody may read", "Case archive", status=Status.WITHHELD),
    "A body nobody may read.",
)
HOSTILE = Article(
    Source(
        'evil/"<id>?#',
        "<script>window.pwned=1</script> & title",
        "<img src=x onerror=window.pwned=1>",
        url="javascript:window.pwned=1",
        published=date(2001, 11, 28),
        language='en" onload="x',
    ),
    "A body with <script>window.pwned=1</script> inside. "
    "It goes on with <img src=x onerror=window.pwned=1> and ${window.pwned=1} and {{7*7}} "
    "and `ticks` and **stars**.\n\n"
    "</section></div> closes nothing.",
    note="<b onmouseover=window.pwned=1>note</b>",
    derived_from="<i>agency</i>",
)
ARTICLES = (SUMMARY, WIRE, COURT, HEADLINE, WITHHELD, HOSTILE)
VERSIONS = (
    Version(
        1,
        replace(
            COURT,
            source=replace(COURT.source, title="Court assigns the last proceedings"),
            body=COURT.body.replace("Caldas de Reis", "Vigo <b>"),
        ),
        "court.txt",
        datetime(2026, 5, 1, tzinfo=UTC),
        datetime(2026, 5, 3, tzinfo=UTC),
    ),
)
CERBERO = Event("Operación Cerbero", "2005-03-16")
"""An event that has a name; the other has its headline."""
RULING = Event(COURT.source.title, by_headline=True)
ARRESTED = "According to the Interior Ministry, 19 people had been arrested so far, all of them in Spain."
COVERAGE = Coverage(31, date(2001, 11, 28), date(2014, 4, 8))


def quote_of(article: Article, words: str, *, number: int = 1, marked: str = "") -> Citation:
    """The sentence of an article that is `words`, and the stretch of it that answers."""
    start = article.body.index(words)
    at = article.body.index(marked, start) if marked else 0
    span = Span(at, at + len(marked)) if marked else None
    return Citation(number, article.source, start, start + len(words), words, span)


CASES = (
    CaseStatus(
        CERBERO,
        Stage.ARRESTED,
        quote_of(SUMMARY, "Según El País, ayer fueron arrestadas 19 personas en 13 provincias de España."),
        "2005-03-16",
    ),
    CaseStatus(RULING, Stage.INVESTIGATED, quote_of(COURT, COURT.body.split(". ")[0] + ".", number=2), "2007-01-02"),
)


def answer_to(question: Question, *quotes: Citation, understood_as: str | None = None) -> Answer:
    return Answer(question, tuple(Statement(quote.text, (quote,)) for quote in quotes), understood_as)


def written(quoted: Answer) -> Iterator[Answer]:
    """The answer as a language model writes it: one sentence on the first quote, one on the second."""
    statements = tuple(
        Statement(f"{text} <b>is</b> what a model wrote.", (quote,), support=Support(Verdict.SUPPORTED))
        for text, quote in zip(("The first", "The second"), quoted.citations, strict=True)
    )
    answer = replace(quoted, statements=statements[:1], composed_by=Composer.MODEL, unfinished=True)
    yield answer
    yield replace(answer, statements=statements, unfinished=False)


def translated(quoted: Answer) -> Iterator[Answer]:
    """The answer while a language model translates its first quote, and then with what that wrote."""
    yield replace(quoted, translating=True)
    text = "According to El País, 19 people were <b>arrested</b> yesterday."
    yield replace(quoted, translations=(Translation(1, text, "en", "lab:model"),))


def passes(source: Source, between: Dates) -> bool:
    """Whether readers may see an article and a list that is so narrowed down has it."""
    dated = between.first is None and between.last is None
    if source.published:
        dated = (between.first or date.min) <= source.published <= (between.last or date.max)
    named = between.outlet.lower() in f"{source.outlet} | {source.summarises or ''}".lower()
    return source.status.readable and dated and named and source.language.startswith(between.language)


class FakeRoom:
    """Answers by the words of the question; every other question is declined. A `sound` one never breaks."""

    def __init__(
        self,
        *,
        sound: bool = False,
        delay: float = 0.0,
        examples: Sequence[str] | None = None,
        articles: Sequence[Article] = ARTICLES,
    ) -> None:
        self.sound = sound
        self.delay = delay
        self.asked: list[tuple[Question, tuple[str, ...]]] = []
        self.searched: list[Question] = []
        self.articles = articles
        self.keeper: Recorder | None = None
        self.close: Sequence[tuple[str, str]] = ()
        self._examples = examples

    def reply(self, question: Question, *, history: Sequence[str] = ()) -> Reply:
        self.asked.append((question, tuple(history)))
        time.sleep(self.delay)
        text = question.text.lower()
        if "arrested" in text:
            answer = answer_to(
                question,
                quote_of(
                    WIRE,
                    ARRESTED,
                    marked="19 people",
                ),
                quote_of(
                    SUMMARY,
                    "Según El País, ayer fueron arrestadas 19 personas en 13 provincias de España.",
                    number=2,
                    marked="19 personas",
                ),
            )
            held = "cerbero" in text and Inference.EVENT not in question.without
            return replace(answer, limits=(Limit(Inference.EVENT, CERBERO.name),)) if held else answer
        if "court" in text:
            return answer_to(
                question,
                quote_of(
                    COURT,
                    "The Supreme Court decided that the court at Caldas de Reis keeps the proceedings.",
                    marked="the court at Caldas de Reis",
                ),
                understood_as="Which court kept the proceedings in 2007?",
            )
        if "background" in text:
            return answer_to(
                question,
                quote_of(
                    WIRE,
                    "Paragraph 12 of the background describes how the institutions shared their work that year.",
                ),
                quote_of(WIRE, "Spain then informed Eurojust and IberRed.", number=2, marked="Eurojust and IberRed"),
            )
        if "evil" in text:
            return answer_to(
                question,
                quote_of(HOSTILE, "A body with <script>window.pwned=1</script> inside.", marked="<script>"),
                quote_of(
                    HOSTILE,
                    "It goes on with <img src=x onerror=window.pwned=1> and ${window.pwned=1} and {{7*7}} "
                    "and `ticks` and **stars**.",
                    number=2,
                ),
                understood_as="<img src=x onerror=window.pwned=1>",
            )
        if "guilty" in text:
            return Refusal(question, NO_VERDICT, (COURT.source, SUMMARY.source), COVERAGE, cases=CASES)
        if "outcome" in text:
            statements = tuple(Statement(one.quote.text, (one.quote,), one.event) for one in CASES)
            return Answer(question, statements, cases=(replace(CASES[0], verdict_held=True), CASES[1]))
        if "overview" in text:
            answer = answer_to(question, quote_of(WIRE, ARRESTED))
            if "2005" not in text:
                return replace(answer, intent=Intent.OVERVIEW)
            read = replace(question, period=Timeframe(About.EVENTS, date(2005, 1, 1), date(2005, 12, 31)))
            return replace(answer, question=read, intent=Intent.CHRONOLOGY, limits=(Limit(Inference.PERIOD),))
        if "broken" in text and not self.sound:
            raise StoreError("/srv/secret/path is locked")
        if "bug" in text and not self.sound:
            raise ZeroDivisionError("a secret detail")
        if "refused" in text:
            raise QuestionError("That question can’t be asked as it stands.")
        reason = "No sentence in the archive comes close enough to the question."
        return Refusal(question, reason, (COURT.source, SUMMARY.source, HOSTILE.source), COVERAGE)

    def replies(self, question: Question, *, history: Sequence[str] = ()) -> Iterator[Reply]:
        """One reply; of a question with "written" in it, an answer that grows by two written sentences.

        With "translated" in it, an answer that gets a translation.
        """
        reply = self.reply(question, history=history)
        grows = next((one for one in (written, translated) if one.__name__ in question.text), None)
        if grows and isinstance(reply, Answer):
            for growing in grows(reply):
                yield growing
                time.sleep(self.delay)
        else:
            yield reply

    def article(self, article_id: str) -> Article:
        if article_id == "withdrawn":
            raise Withdrawn(article_id, reason="<b>Named</b> in error.", day=date(2026, 5, 3))
        for article in self.articles:
            if article.article_id == article_id and article.source.status.readable:
                return article
        raise NotFound(article_id)

    def versions(self, article_id: str) -> list[Version]:
        return [one for one in VERSIONS if one.article.article_id == article_id]

    def annotations(self, article_ids: Iterable[str]) -> dict[str, Annotations]:
        wanted = set(article_ids)
        readable = (one for one in self.articles if one.source.status.readable)
        return {one.article_id: annotate(one) for one in readable if one.article_id in wanted}

    def search(self, question: Question, *, limit: int) -> list[Hit]:
        """Every article that passes is a hit, those with most of the words first."""
        if "broken" in question.text and not self.sound:
            raise StoreError("/srv/secret/path is locked")
        self.searched.append(question)
        wanted = stems(question.text)
        between = Dates.of(question)
        passages = [
            Passage(one.source, 0, len(one.body), one.body, sentence_spans(one.body))
            for one in self.articles
            if passes(one.source, between)
        ]
        hits = [Hit(passage, float(len(wanted & stems(passage.heading + passage.text)))) for passage in passages]
        return sorted(hits, key=lambda hit: -hit.score)[:limit]

    def listed(self, between: Dates = ALWAYS) -> list[ListedArticle]:
        return [ListedArticle(one.source, one.event_date) for one in self.articles if passes(one.source, between)]

    def origins(self) -> Origins:
        return Origins(
            tuple(sorted({one.source.outlet for one in self.articles})),
            tuple(sorted({one.source.language for one in self.articles})),
        )

    def named_events(self) -> dict[str, tuple[NamedEvent, ...]]:
        readable = (one for one in self.articles if one.source.status.readable)
        return {one.article_id: annotate(one).events for one in readable}

    def coverage(self) -> Coverage:
        return COVERAGE

    def examples(self, locale: str) -> tuple[str, ...]:
        if self._examples is not None:
            return tuple(self._examples)
        if locale == "es":
            return ("¿Cuántas personas fueron detenidas en España?",)
        return (
            "How many people were arrested in Spain?",
            "Which court kept the proceedings?",
            "What does the background say about the institutions?",
            "What did the ombudsman propose?",
            "A fifth question that is not shown",
        )

    def keep(self, reply: Reply, *, channel: Channel, seconds: float) -> str | None:
        """In the journal that `keeper` writes, where there is one."""
        return self.keeper.keep(reply, channel=channel, seconds=seconds) if self.keeper else None

    def close_to(self, question: str) -> list[tuple[str, str]]:
        return list(self.close)

    def suggestions(self, reply: Reply, *, asked: Sequence[str] = ()) -> tuple[str, ...]:
        offered = ("How many people were arrested in Spain?", "Who <b>proposed</b> it?")
        return tuple(question for question in offered if question not in (*asked, reply.question.text))

    def reply_json(self, reply: Reply, *, id: str, seconds: float, answer_id: str | None = None) -> dict[str, object]:
        return reply_json(reply, id=id, seconds=seconds, answer_id=answer_id)
