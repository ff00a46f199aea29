"""The public list of corrections has public texts only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

from qa.errors import NotFound
from qa.models.archive import Correction, Status
from qa.models.journal import Fixed, Review, State
from qa.models.notices import Notice, NoticeKind
from qa.review.notices import corrections
from qa.review.service import stale_since
from qa.store.journal.audit import Import
from tests.web.fake_room import COURT, SUMMARY, WIRE

from .kept import ASKED, Look, archive, withdrawn


def notice(article_id: str, kind: NoticeKind, text: str, *, hours: int = 0) -> Notice:
    return Notice(article_id, kind, text, "ada", ASKED + timedelta(hours=hours))


def decided(state: State, *, hours: int = 0) -> Review:
    at = ASKED + timedelta(hours=hours)
    return Review(1, "k", "A question?", state, 1, "x", 1, 0, at, at, "stands", "ada", at, "An inner note", "A reason.")


def listed(*notices: Notice, reviews: tuple[Review, ...] = (), look: Look | None = None) -> list[Fixed]:
    return corrections(reviews, notices, look or archive(), link=lambda name: f"/article/{name}")


def test_an_edited_answer_has_its_question_link_and_reason() -> None:
    (fixed,) = listed(reviews=(decided(State.EDITED),))
    assert (fixed.subject, fixed.link, fixed.reason) == ("A question?", "/answer/stands", "A reason.")


def test_a_withheld_answer_has_no_question_and_no_link() -> None:
    (fixed,) = listed(reviews=(decided(State.WITHHELD),))
    assert (fixed.subject, fixed.link, fixed.reason) == ("An answer was withheld", None, "A reason.")


def test_what_was_approved_or_opened_again_is_no_correction() -> None:
    assert listed(reviews=(decided(State.APPROVED), decided(State.OPEN))) == []


def test_corrections_of_articles_stand_under_their_headlines() -> None:
    (fixed,) = listed(notice(WIRE.article_id, NoticeKind.CORRECTION, "It was 19."))
    assert (fixed.subject, fixed.reason, fixed.link) == (
        WIRE.source.title,
        "It was 19.",
        f"/article/{WIRE.article_id}",
    )


def test_a_withdrawal_has_its_reason_and_neither_headline_nor_id() -> None:
    told = listed(
        notice(WIRE.article_id, NoticeKind.CORRECTION, "It was 19."),
        notice(WIRE.article_id, NoticeKind.WITHDRAWAL, "Old words.", hours=1),
        notice(WIRE.article_id, NoticeKind.ERASURE, "Named in error.", hours=2),
        look=archive(gone=withdrawn(WIRE)),
    )
    (fixed,) = told
    assert (fixed.at, fixed.reason) == (ASKED + timedelta(hours=2), "Named in error.")
    assert WIRE.source.title not in str(told)
    assert WIRE.article_id not in str(told)


def test_what_readers_may_not_know_of_is_not_there() -> None:
    embargoed = notice(WIRE.article_id, NoticeKind.EMBARGO, "A secret.")
    corrected = notice(WIRE.article_id, NoticeKind.CORRECTION, "It was 19.")
    hidden = archive(gone={WIRE.article_id: NotFound(WIRE.article_id)})
    assert listed(embargoed, corrected, look=hidden) == []


def test_a_restored_article_is_not_listed_as_withdrawn() -> None:
    told = listed(
        notice(COURT.article_id, NoticeKind.WITHDRAWAL, "In error."),
        notice(COURT.article_id, NoticeKind.RESTORATION, "It was right: not for readers."),
    )
    assert told == []


def test_the_newest_comes_first() -> None:
    told = listed(
        notice(WIRE.article_id, NoticeKind.CORRECTION, "b", hours=1),
        notice(SUMMARY.article_id, NoticeKind.CORRECTION, "a"),
        reviews=(decided(State.EDITED, hours=2),),
    )
    assert [one.at for one in told] == sorted((one.at for one in told), reverse=True)
    assert told[0].link == "/answer/stands"


def run(begun: datetime, ended: datetime | None) -> Import:
    return Import(begun, ended, 1, 0, 0, 0)


def test_an_archive_is_stale_some_days_after_the_last_import_that_ended() -> None:
    cut_off, ended = run(ASKED, None), run(ASKED - timedelta(days=3), ASKED - timedelta(days=3))
    now = ASKED
    assert stale_since([cut_off, ended], days=2, now=now) == ended.begun_at.date()
    assert stale_since([cut_off, ended], days=3, now=now) is None
    assert stale_since([cut_off, ended], days=None, now=now) is None
    assert stale_since([cut_off], days=1, now=now) is None


def test_what_came_with_files_is_listed_once() -> None:
    correction, noticed = Correction("It was 19.", date(2005, 3, 21)), Correction("It was 20.")
    source = replace(WIRE.source, status=Status.CORRECTED, corrections=(correction, noticed))
    gone = replace(COURT.source, status=Status.WITHDRAWN)
    fixed = corrections(
        (),
        [notice(WIRE.article_id, NoticeKind.CORRECTION, noticed.text)],
        archive(WIRE, gone=withdrawn(COURT)),
        link=str,
        sources=(source, gone, SUMMARY.source),
    )
    assert [line.reason for line in fixed].count("It was 19.") == 1
    assert [line.reason for line in fixed].count("It was 20.") == 1
    assert any(line.what == "Article withdrawn" and line.link is None for line in fixed)
    assert COURT.source.title not in str(fixed)
