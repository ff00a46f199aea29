"""Records of replies that were kept, and an archive that has changed since."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime

from qa.errors import NotFound, Withdrawn
from qa.models.archive import Article, Correction, Source, Status
from qa.models.journal import Channel, Cited, Making, Record
from qa.models.replies import Answer, Citation, Conflict, Party, Question, Refusal, Reply, Statement, sources_of
from qa.review.permanent import PermanentAnswer, shown
from tests.web.fake_room import COURT, COVERAGE, SUMMARY, WIRE, quote_of

ID = "k3pt-4nswer_0123456789"
BASE = "https://archive.example"
ASKED = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
MAKING = Making("0.1.0", "fake:64:0")
QUESTION = Question("How many were arrested?", date(2005, 1, 1))

FIRST = quote_of(WIRE, "According to the Interior Ministry, 19 people had been arrested so far, all of them in Spain.")
SECOND = quote_of(SUMMARY, "El Ministerio del Interior coordinó la operación con Eurojust.", number=2)
THIRD = quote_of(COURT, "The decision was reported on 2 January 2007.", number=3)

Look = Callable[[str], Article]


def numbered(quote: Citation, number: int) -> Citation:
    return replace(quote, number=number)


def full_answer() -> Answer:
    """Two quotations and what sources say differently."""
    parties = (
        Party(19.0, "19", False, "arrested", "the ministry", numbered(FIRST, 3)),
        Party(20.0, "about 20", True, "arrested", None, numbered(SECOND, 4), copies=(COURT.source,)),
        Party(21.0, "21", False, "arrested", None, numbered(THIRD, 5)),
    )
    statements = (Statement(FIRST.text, (FIRST,)), Statement(SECOND.text, (SECOND,)))
    return Answer(QUESTION, statements, conflicts=(Conflict("people", "ES", parties),))


def refusal(*sources: Source, closest: tuple[Citation, ...] = ()) -> Refusal:
    return Refusal(QUESTION, "No sentence comes close enough.", sources, COVERAGE, closest=closest)


def archive(*articles: Article, gone: Mapping[str, Exception] | None = None) -> Look:
    """Looks articles up; `gone` are those that are not to be seen, each with what is raised."""
    held = {one.article_id: one for one in articles or (WIRE, SUMMARY, COURT)}

    def look(article_id: str) -> Article:
        if gone and article_id in gone:
            raise gone[article_id]
        if article_id not in held:
            raise NotFound(article_id)
        return held[article_id]

    return look


def record(reply: Reply, *, then: Look | None = None, answer_id: str = ID, channel: Channel = Channel.PAGE) -> Record:
    """A record of a reply that was given when the archive was as `then` has it."""
    look = then or archive()
    cited = tuple(Cited.of(look(one.article_id)) for one in sources_of(reply))
    return Record(answer_id, ASKED, channel, reply.question.text, reply, cited, MAKING, 0.25)


def corrected(article: Article, text: str = "It was 19, not 91.") -> Article:
    source = replace(article.source, status=Status.CORRECTED, corrections=(Correction(text, date(2026, 11, 21)),))
    return replace(article, source=source)


def withdrawn(article: Article) -> dict[str, Exception]:
    taken = Withdrawn(article.article_id, reason="Named in error.", day=date(2026, 11, 22))
    return {article.article_id: taken}


def today(reply: Reply, look: Look | None = None) -> PermanentAnswer:
    """A reply of then beside the archive as `look` has it now."""
    return shown(record(reply), look or archive())
