"""The public list of corrections has public texts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from unittest.mock import Mock

import pytest

from qa.archive.parts import stale_day
from qa.errors import NotFound
from qa.models.archive import Article, Correction, Status
from qa.models.journal import Fixed, Review, State
from qa.review.decisions import corrections
from qa.settings import Settings
from tests.web.fake_room import COURT, SUMMARY, WIRE

from .kept import ASKED, Look, archive, corrected, withdrawn


def decided(state: State, *, hours: int = 0) -> Review:
    at = ASKED + timedelta(hours=hours)
    return Review(1, "k", "A question?", state, 1, "x", 1, 0, at, at, "stands", "ada", at, "An inner note", "A reason.")


def listed(
    *articles: Article, reviews: tuple[Review, ...] = (), noticed: tuple[str, ...] = (), look: Look | None = None
) -> list[Fixed]:
    sources = [article.source for article in articles]
    return corrections(reviews, sources, noticed, look or archive(), link=lambda name: f"/article/{name}")


def test_of_a_decision_only_what_is_public_is_there() -> None:
    (edited,) = listed(reviews=(decided(State.EDITED),))
    assert (edited.subject, edited.link, edited.reason) == ("A question?", "/answer/stands", "A reason.")
    (withheld,) = listed(reviews=(decided(State.WITHHELD),))
    assert (withheld.subject, withheld.link, withheld.reason) == ("An answer was withheld", None, "A reason.")
    assert listed(reviews=(decided(State.APPROVED), decided(State.OPEN))) == []


def test_corrections_of_articles_stand_under_their_headlines() -> None:
    (fixed,) = listed(corrected(WIRE), SUMMARY)
    assert (fixed.subject, fixed.reason, fixed.link) == (
        WIRE.source.title,
        "It was 19, not 91.",
        f"/article/{WIRE.article_id}",
    )


@pytest.mark.parametrize("erased", [False, True])
def test_a_withdrawal_has_its_reason_and_neither_headline_nor_id(erased: bool) -> None:
    article = corrected(WIRE)
    article = replace(article, source=replace(article.source, status=Status.WITHDRAWN))
    look = archive(gone=withdrawn(WIRE))
    told = listed(*() if erased else (article,), noticed=(WIRE.article_id,), look=look)
    (fixed,) = told
    assert (fixed.at, fixed.reason) == (datetime(2026, 11, 22, tzinfo=UTC), "Named in error.")
    assert WIRE.source.title not in str(told)
    assert WIRE.article_id not in str(told)


def test_what_readers_may_not_know_of_is_not_there() -> None:
    article = corrected(WIRE)
    hidden = replace(article, source=replace(article.source, status=Status.EMBARGOED))
    look = archive(gone={WIRE.article_id: NotFound(WIRE.article_id)})
    assert listed(hidden, noticed=(WIRE.article_id, COURT.article_id), look=look) == []


def test_the_newest_comes_first() -> None:
    later = replace(corrected(WIRE), source=replace(WIRE.source, corrections=(Correction("b", date(2026, 11, 22)),)))
    undated = replace(COURT, source=replace(COURT.source, corrections=(Correction("c"),)))
    told = listed(undated, corrected(SUMMARY), later, reviews=(decided(State.EDITED),))
    assert [one.reason for one in told] == ["b", "It was 19, not 91.", "A reason.", "c"]


def test_an_archive_is_stale_some_days_after_the_last_import_that_ended() -> None:
    ended = datetime.now(UTC) - timedelta(days=2, hours=1)
    for last, days, stale in ((ended, 2, ended.date()), (ended, 3, None), (ended, None, None), (None, 1, None)):
        journal = Mock(imports=Mock(last_ended=lambda last=last: last))
        assert stale_day(journal, Settings(stale_days=days)) == stale
