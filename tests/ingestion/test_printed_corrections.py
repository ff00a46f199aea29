"""A correction that an outlet prints in a later article stands on the report that it puts right."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest

from qa.ingestion.ingest import Ingestion
from qa.models.archive import Article, Status
from qa.models.deliveries import Delivery, IngestReport, Notice, NoticeKind
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from tests.fakes import FakeEncoder, FakeGenerations, article

NOW = datetime(2026, 5, 3, 12, tzinfo=UTC)
TUESDAY = date(2024, 5, 7)
BOATS = "Seven boats sank in the harbour of Orvik on Monday, the coast guard said."
NEARLY = "Boats sank in the harbour of Orvik, the coast guard said."
WORDS = f"On Tuesday we said: {BOATS.lower()} The number is six."


def report(
    article_id: str, body: str, *, days: int = 0, title: str = "Boats sink in Orvik", outlet: str = "Post"
) -> Article:
    return article(article_id, body, title=title, published=TUESDAY + timedelta(days=days), outlet=outlet)


def correction(body: str = WORDS, *, days: int = 2, title: str = "Correction", outlet: str = "Post") -> Article:
    return report("put-right", body, days=days, title=title, outlet=outlet)


class Desk:
    """Ingestion into one catalogue, with its book of notices."""

    def __init__(self, folder: Path) -> None:
        self.store = CatalogueStore(folder / "c.sqlite3", FakeGenerations())
        self.book = NoticeStore(folder / "c.sqlite3")

    def __call__(self, *articles: Article, source: str = "") -> IngestReport:
        hear = lambda order: self.book.hear(order, at=NOW)  # noqa: E731
        records = (Delivery(one, f"{one.article_id}.txt", source=source) for one in articles)
        return Ingestion(self.store, FakeEncoder(), hear=hear).run(records)

    def corrected(self, article_id: str = "boats") -> str:
        standing = self.store.article(article_id).source.correction
        return standing.text if standing else ""

    def close(self) -> None:
        self.store.close()
        self.book.close()


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    with closing(Desk(tmp_path)) as made:
        yield made


def test_it_is_told_of_the_report_of_the_day_that_it_names(desk: Desk) -> None:
    told = desk(report("boats", BOATS), report("roads", "Seven roads are shut.", days=-3), correction())
    assert [(order.article_id, order.text, order.path) for order in told.orders] == [("boats", WORDS, "put-right")]
    source = desk.store.article("boats").source
    assert source.status is Status.CORRECTED
    assert [(one.text, one.day) for one in source.corrections] == [(WORDS, date(2024, 5, 9))]
    assert not desk.corrected("roads")


@pytest.mark.parametrize(
    ("title", "body"),
    [
        ("CORRECTION - ORVIK BOATS", WORDS),
        ("Corrections and clarifications", f"Readers write to the editor.\n\n{WORDS}"),
        ("Corrections & clarifications", WORDS),
        ("Corrections for May 9", WORDS),
        ("Fe de errata", WORDS),
        ("Orvik mourns its boats", f"The harbour is open again.\n\nCorrection, May 9: {WORDS}"),
        ("Orvik mourns its boats", f"The harbour is open again.\n\nCORRECTION - {WORDS}"),
        ("Clarification", "Of “Orvik”, in our report ‘Boats sink in Orvik’: the number is six."),
        ("Clarification", 'What "Post" said in "Boats sink in Orvik" was wrong: the number is six.'),
        ("Rectificación sobre los barcos de Orvik", WORDS),
        ("Orvik mourns its boats", f"The harbour is open again.\n\nCorrection: {WORDS}\n\nMore boats are expected."),
        ("Aclaración", 'In our article "Boats sink in Orvik" we gave the number of boats as seven; it is six.'),
    ],
)
def test_it_is_known_by_the_usual_word_at_its_head(desk: Desk, title: str, body: str) -> None:
    desk(report("boats", BOATS), correction(body, title=title))
    assert "six" in desk.corrected()
    assert "harbour is open" not in desk.corrected()


@pytest.mark.parametrize(
    "printed",
    [
        correction(WORDS.replace("Tuesday", "12 April")),  # of which the archive has no report
        correction(outlet="Herald"),
        correction(title="Market correction hits Orvik"),
        correction(title="Boats: what we know"),
        correction(title="Corrections, parole chiefs fall out"),
        correction(title="Correction for wheat prices"),
        correction(f"“Correction,” she said. {WORDS}", title="Orvik"),
        correction("On Tuesday we said that the mayor sings in a choir."),
        correction(BOATS.replace("Monday", "Tuesday"), title="Correction: harbour loses a tenth"),
        correction(f"An earlier version of this article was wrong. {WORDS}"),
        correction(NEARLY, days=90),
        correction(days=0),
    ],
    ids=[
        "another-day",
        "another-outlet",
        "no-label",
        "no-label-at-all",
        "prisons",
        "prices",
        "spoken",
        "unlike",
        "news",
        "itself",
        "long-ago",
        "the-same-day",
    ],
)
def test_what_is_none_of_a_report_is_told_of_none(desk: Desk, printed: Article) -> None:
    assert not desk(report("boats", BOATS), printed).orders
    assert not desk.corrected()


def test_without_a_day_the_likest_report_of_late_is_meant(desk: Desk) -> None:
    desk(report("boats", BOATS), report("roads", "Seven roads are shut.", days=1), correction(NEARLY))
    assert desk.corrected() == NEARLY
    assert not desk.corrected("roads")


@pytest.mark.parametrize("published", [None, date.min, date.max])
def test_no_date_is_too_odd(desk: Desk, published: date | None) -> None:
    printed = correction(f'{WORDS}\n\n.\n\nIn "Boats sink in Orvik" we said more.')
    desk(report("boats", BOATS), replace(printed, source=replace(printed.source, published=published)))
    assert bool(desk.corrected()) is (published != date.min)


def test_what_the_archive_itself_wrote_corrects_nothing(desk: Desk) -> None:
    printed = correction()
    assert not desk(report("boats", BOATS), replace(printed, source=replace(printed.source, kind="summary"))).orders


def test_articles_of_no_outlet_correct_none(desk: Desk) -> None:
    assert not desk(report("boats", BOATS, outlet=""), correction(outlet="")).orders


def test_it_is_not_told_while_its_article_is_withdrawn(desk: Desk) -> None:
    desk(report("boats", BOATS), correction())
    desk.book.add(Notice("put-right", NoticeKind.WITHDRAWAL, "Libel.", by="desk", at=NOW))
    assert not desk.corrected()
    desk.book.add(Notice("put-right", NoticeKind.RESTORATION, "", by="desk", at=NOW))
    assert desk.corrected() == WORDS


def test_it_is_told_once_its_article_is_let_go(desk: Desk) -> None:
    withheld = correction()
    desk(
        report("boats", BOATS),
        replace(withheld, source=replace(withheld.source, status=Status.WITHHELD)),
        report("x", ""),
    )
    assert not desk.corrected()
    desk.book.add(Notice("put-right", NoticeKind.RESTORATION, "", by="desk", at=NOW))
    assert desk.corrected() == WORDS


def test_of_equal_headlines_the_one_of_the_day_is_meant(desk: Desk) -> None:
    words = 'In "Boats sink in Orvik" of Tuesday we said that seven sank; it is six.'
    desk(report("boats", NEARLY), report("later", "They were raised.", days=2), correction(words, days=4))
    assert (desk.corrected(), desk.corrected("later")) == (words, "")


def test_another_version_of_its_article_takes_back_what_that_said(desk: Desk) -> None:
    desk(report("boats", BOATS), correction())
    (printed,) = desk.store.article("boats").source.corrections
    assert printed.printed_in == "put-right"
    other = WORDS.replace("six", "five")
    desk(correction(f"Readers write.\n\n{WORDS}"))
    assert desk.corrected() == WORDS  # which it still says
    for words in (other, WORDS, other):
        desk(correction(words))
        assert desk.corrected() == words
        assert {notice.text for notice in desk.book.history()} == {words, ""}


@pytest.mark.parametrize(
    ("changed", "stands"),
    [
        (correction(f"{WORDS} We apologise."), True),
        (correction(f"{WORDS.replace('six', 'five')}\n\n{WORDS}"), True),
        (correction(title="Orvik's week"), False),
        (correction(outlet="Times"), False),
        (correction(days=9), False),
    ],
    ids=["longer", "another-first", "no-label", "another-outlet", "another-day"],
)
def test_of_another_version_nothing_stands_that_it_does_not_say(desk: Desk, changed: Article, stands: bool) -> None:
    desk(report("boats", BOATS), correction())
    desk(changed)
    standing = [(one.text, one.day) for one in desk.store.article("boats").source.corrections]
    said = changed.body.partition("\n\n")[0]
    assert standing == [(said, changed.source.published)] * stands


def test_another_article_that_says_it_too_says_it_on(desk: Desk) -> None:
    edition = replace(correction(), source=replace(correction().source, article_id="web-edition"))
    desk(report("boats", BOATS), correction(), edition)
    desk.store.remove("put-right")
    (printed,) = desk.store.article("boats").source.corrections
    assert (printed.text, printed.printed_in) == (WORDS, "web-edition")
    desk.store.remove("web-edition")
    assert not desk.corrected()


def test_what_the_staff_say_themselves_stays(desk: Desk) -> None:
    desk(report("boats", BOATS), correction())
    desk.book.add(Notice("boats", NoticeKind.CORRECTION, WORDS, by="Ana", at=NOW, until=NOW))
    desk.book.add(Notice("boats", NoticeKind.CORRECTION, WORDS, by="Ana", at=NOW))
    desk.store.remove("put-right")
    assert desk.corrected() == WORDS


def test_a_report_that_is_let_in_again_is_looked_for(desk: Desk) -> None:
    desk(report("boats", BOATS))
    desk.book.add(Notice("boats", NoticeKind.WITHDRAWAL, "It is looked into.", by="Ana", at=NOW))
    desk(correction())
    desk.book.add(Notice("boats", NoticeKind.RESTORATION, "", by="Ana", at=NOW))
    desk(report("more", "More boats."))
    assert desk.corrected() == WORDS


def test_what_came_over_from_another_archive_is_not_heard_anew(desk: Desk) -> None:
    ended = Notice("boats", NoticeKind.CORRECTION, WORDS, by="desk", at=NOW, until=NOW)
    said = replace(ended, by="the item put-right", until=None, day=date(2024, 5, 9))
    desk.book.take_over([(said, ""), (ended, "")])
    assert not desk(report("boats", BOATS), correction()).orders
    assert not desk.corrected()


def test_a_source_corrects_its_own_articles_alone(desk: Desk) -> None:
    desk(report("boats", BOATS), source="wire")
    assert not desk(correction(), source="blog").orders


def test_it_is_heard_once_and_what_the_staff_take_back_stays_so(desk: Desk) -> None:
    desk(report("boats", BOATS), correction())
    desk.book.add(Notice("boats", NoticeKind.CORRECTION, WORDS, by="desk", at=NOW, until=NOW))
    assert not desk(report("more", "More boats."), correction()).orders
    desk.store.remove("put-right")
    assert WORDS not in "".join(notice.text for notice in desk.book.history())
    assert not desk(correction()).orders
    assert not desk.corrected()


def test_a_run_that_was_cut_off_before_is_made_up_for(desk: Desk) -> None:
    hears = Ingestion(desk.store, FakeEncoder(), hear=lambda order: 1 / 0 > 0)
    with pytest.raises(ZeroDivisionError):
        hears.run(Delivery(one, "a.txt") for one in (report("boats", BOATS), correction()))
    assert not desk.corrected()
    desk(report("boats", BOATS), correction())
    assert desk.corrected() == WORDS


def test_under_embargo_it_is_not_told(desk: Desk) -> None:
    hidden = replace(correction(), embargo=datetime(2999, 1, 1, tzinfo=UTC))
    desk(report("boats", BOATS), replace(hidden, source=replace(hidden.source, status=Status.EMBARGOED)))
    assert not desk.corrected()
    desk(correction())  # it is let go
    assert desk.corrected() == WORDS


def test_its_words_go_with_it(desk: Desk) -> None:
    desk(report("boats", BOATS), correction())
    desk.store.remove("put-right")
    assert not desk.corrected()
    assert WORDS not in "".join(notice.text for notice in desk.book.history())
    desk(correction())
    assert desk.corrected() == WORDS
