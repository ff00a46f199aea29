"""A question's words of time in the pipeline: which like case answers, and what the reader is told."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import pytest

from qa.answering.analysis import ConversationTurn
from qa.answering.composing import NO_SUBJECT, OTHER_TIMES, notices
from qa.answering.rendering import reply_json, reply_text
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.ingestion.ingest import encode_articles
from qa.models.annotations import About, Timeframe
from qa.models.archive import Article, Coverage, Source
from qa.models.replies import Answer, Question, Refusal, Reply
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.retrieval.timeline import TimedRetriever
from qa.store.document_store import CatalogueStore
from tests.fakes import FakeGenerations, delivered, packaged_rank, pipeline_of

TODAY = date(2026, 5, 20)
AFTERWARDS = date(2011, 1, 1)


def strike(name: str, day: date, body: str, event_date: str | None = None) -> Article:
    return Article(Source(name, f"Strike at the harbour ({name})", "Post", published=day), body, event_date=event_date)


ARTICLES = (
    strike(
        "spring", date(2010, 5, 4), "The harbour strike lasted nine days. Port officials said 310 dockers took part."
    ),
    strike(
        "autumn", date(2012, 10, 2), "The harbour strike lasted four days. Port officials said 120 dockers took part."
    ),
    strike(
        "memoir",
        date(2015, 1, 9),
        "Looking back at the harbour strike, the union wrote that 295 dockers had taken part in it.",
        "2010-05",
    ),
)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory, exact_encoder: SentenceEncoder) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path_factory.mktemp("store") / "c.sqlite3", FakeGenerations())
    made.put(encode_articles([delivered(one) for one in ARTICLES], exact_encoder))
    yield made
    made.close()


@pytest.fixture
def ask(store: CatalogueStore, exact_encoder: SentenceEncoder):  # type: ignore[no-untyped-def]
    fused = HybridRetriever(DenseRetriever(store, exact_encoder), LexicalRetriever(store))
    timed = TimedRetriever(fused, store.event_dates)
    road = pipeline_of(retriever=timed, rank=packaged_rank(store, exact_encoder), store=store, today=lambda: TODAY)

    def asked(text: str, *history: str, **held: date) -> Reply:
        reply: Reply = road.invoke(ConversationTurn(Question(text, **held), history))
        return reply

    return asked


def sources(reply: Reply) -> list[str]:
    assert isinstance(reply, Answer), reply
    return [quote.source.article_id for quote in reply.citations]


def test_the_case_of_the_time_that_is_asked_about_answers(ask) -> None:  # type: ignore[no-untyped-def]
    assert set(sources(ask("How many dockers took part in the harbour strike in May 2010?"))) <= {"spring", "memoir"}
    assert set(sources(ask("How many dockers took part in the harbour strike in 2012?"))) == {"autumn"}
    union = "How many dockers did the union say took part in the strike in May 2010?"
    told_later = ask(union, published_from=AFTERWARDS)
    assert set(sources(told_later)) == {"memoir"}, "an article of 2015 tells of 2010"
    assert sources(ask("How many dockers took part in the harbour strike since 2012?"))[0] == "autumn"
    assert sources(ask("How long did the harbour strike of October 2012 last?"))[0] == "autumn"


def test_what_was_known_by_a_day_is_told_from_what_was_published_by_then(ask) -> None:  # type: ignore[no-untyped-def]
    reply = ask("As of 5 May 2010, how many dockers took part in the harbour strike?")
    assert set(sources(reply)) == {"spring"}


def test_a_follow_up_takes_its_own_time(ask) -> None:  # type: ignore[no-untyped-def]
    first = "How many dockers took part in the harbour strike in May 2010?"
    reply = ask("And in 2012?", first)
    assert reply.question.period == Timeframe(About.EVENTS, date(2012, 1, 1), date(2012, 12, 31))
    assert sources(reply)[0] == "autumn"
    kept = ask("And how long did it last?", first)
    assert kept.question.period == Timeframe(About.EVENTS, date(2010, 5, 1), date(2010, 5, 31))


def test_a_time_that_nothing_fits_is_refused_and_said_to_be_why(ask) -> None:  # type: ignore[no-untyped-def]
    other = ask("How many dockers took part in the harbour strike in 2013?")
    before = ask("How many dockers took part in the harbour strike in 1998?")
    after = ask("How many dockers took part in the harbour strike in 2021?")
    known = ask("As of 3 March 1999, how many dockers took part in the harbour strike?")
    assert all(isinstance(reply, Refusal) for reply in (other, before, after, known))
    assert other.reason == OTHER_TIMES
    assert before.reason.startswith("It asks about events in 1998, before the archive's first article (4 May 2010).")
    assert after.reason.startswith("It asks about events in 2021, after the archive's last article (9 January 2015).")
    assert "published until 3 March 1999, before the archive's first article" in known.reason


def test_a_time_without_a_subject_is_sent_to_the_timeline(ask) -> None:  # type: ignore[no-untyped-def]
    reply = ask("What was known on 5 May 2010?")
    assert isinstance(reply, Refusal)
    assert reply.reason == NO_SUBJECT


def test_who_asks_what_holds_now_is_told_how_old_the_archive_is(ask) -> None:  # type: ignore[no-untyped-def]
    notice = "The archive ends on 9 January 2015; it can't say what holds today."
    reply = ask("What is the latest number of dockers who took part in the harbour strike?")
    assert sources(reply)[0] == "memoir"
    assert reply.notices == (notice,)
    assert reply_text(reply).splitlines()[-1] == notice
    value = reply_json(reply, id=None, seconds=0)
    assert value["notices"] == [notice]
    assert value["period"] == {"from": None, "until": None, "about": "latest"}
    refused = ask("Who is the king of Sweden today?")
    assert isinstance(refused, Refusal)
    assert notice in reply_text(refused)
    assert reply_json(refused, id=None, seconds=0)["notices"] == [notice]


def test_the_period_is_told_in_json_and_nothing_is_added_where_none_is_asked(ask) -> None:  # type: ignore[no-untyped-def]
    timed = reply_json(ask("How many dockers took part in the harbour strike in 2012?"), id=None, seconds=0)
    assert timed["period"] == {"from": "2012-01-01", "until": "2012-12-31", "about": "events"}
    plain = reply_json(ask("How many dockers took part in the harbour strike?"), id=None, seconds=0)
    assert (plain["period"], plain["notices"]) == (None, [])


def test_set_dates_and_read_ones_may_exclude_each_other(ask) -> None:  # type: ignore[no-untyped-def]
    text = "As of 5 May 2010, how many dockers took part in the harbour strike?"
    assert isinstance(ask(text, published_from=date(2012, 1, 1)), Refusal)


def test_notices_go_by_the_archive_and_the_day() -> None:
    now = Timeframe(About.LATEST, present=True)
    past = Timeframe(About.EVENTS, date(2005, 3, 1), date(2005, 3, 31))
    ended = Coverage(3, date(2001, 1, 1), date(2014, 4, 8))
    assert notices(now, lambda: ended, TODAY) == ("The archive ends on 8 April 2014; it can't say what holds today.",)
    assert notices(now, lambda: Coverage(3), TODAY) == (
        "No article in the archive is dated; it can't say what holds today.",
    )
    assert notices(now, lambda: Coverage(3, TODAY, TODAY), TODAY) == ()
    assert notices(past, lambda: ended, TODAY) == ()
    assert notices(None, lambda: ended, TODAY) == ()
