"""What files say of their article's standing."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from io import BytesIO
from pathlib import Path

import pytest

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_NOTICE, parse_moment
from qa.loaders.metadata import RecordContext
from qa.loaders.reading import read
from qa.models.archive import Article, Correction, Status, Withdrawal
from qa.models.deliveries import Delivery

CONTEXT = RecordContext(Document("a.md", "a.md", BytesIO), {}, derived_id="d")
DECEMBER = datetime(2026, 12, 1, tzinfo=UTC)


def article_of(**values: object) -> Article:
    return CONTEXT.article({"title": "Title", **values}).article


@pytest.mark.parametrize(
    ("values", "corrections"),
    [
        ({"correction": "It was not so."}, (Correction("It was not so."),)),
        ({"correction": {"text": " It was\nnot so. ", "date": "2005-03-21"}},
         (Correction("It was not so.", date(2005, 3, 21)),)),
        ({"corrections": [{"text": "One."}, "Two."], "status": "corrected"}, (Correction("One."), Correction("Two."))),
        ({"correction": "One.", "corrections": {"text": "Two.", "date": date(2005, 3, 21)}},
         (Correction("One."), Correction("Two.", date(2005, 3, 21)))),
    ],
)  # fmt: skip
def test_corrections(values: dict[str, object], corrections: tuple[Correction, ...]) -> None:
    source = article_of(**values).source
    assert (source.status, source.corrections) == (Status.CORRECTED, corrections)


@pytest.mark.parametrize(
    ("values", "status"),
    [
        ({"corrections": []}, Status.LIVE),
        ({"withdrawn": False}, Status.LIVE),
        ({"embargo": "2026-12-01"}, Status.EMBARGOED),
        ({"embargo": "2026-12-01", "correction": "One."}, Status.EMBARGOED),
        ({"embargo": "2026-12-01", "status": "live"}, Status.EMBARGOED),
        ({"embargo": "2026-12-01", "status": "withheld"}, Status.WITHHELD),
        ({"withdrawn": True, "status": "withheld", "embargo": "2026-12-01"}, Status.WITHDRAWN),
        ({"withdrawn": "Asked for.", "status": "live"}, Status.WITHDRAWN),
        ({"status": "Withdrawn"}, Status.WITHDRAWN),
    ],
)
def test_the_strictest_counts(values: dict[str, object], status: Status) -> None:
    assert article_of(**values).source.status is status


def test_the_parts_of_a_withdrawal_and_an_embargo() -> None:
    stated = {"reason": "Asked for.", "date": "2020-01-01"}
    assert article_of(withdrawn=stated).withdrawal == Withdrawal("Asked for.", date(2020, 1, 1))
    assert article_of(embargo=date(2026, 12, 1)).embargo == DECEMBER


@pytest.mark.parametrize(
    ("text", "moment"),
    [
        ("2026-12-01", DECEMBER),
        ("2026-12-01T00:00", DECEMBER),
        ("2026-12-01 01:00:00+01:00", DECEMBER),
        ("2026-12-01T01:00 +0100", DECEMBER),
        ("2026-12-01T00:00Z", DECEMBER),
    ],
)
def test_moments(text: str, moment: datetime) -> None:
    assert parse_moment(text) == moment


@pytest.mark.parametrize(
    "text",
    ["", "soon", "20261201", "2026-02-30", "2026-12", "2026-W01-1", "2026-12-01T25:00", "0001-01-01T00:00+10:00"],
)
def test_what_is_no_moment(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        parse_moment(text)


@pytest.mark.parametrize(
    ("key", "value"),
    [
        *[("correction", value) for value in (5, True, {}, {"text": ""}, {"text": 5}, [[]], "x" * (MAX_NOTICE + 1))],
        ("correction", {"text": "One.", "date": "2005-02-30"}),
        ("corrections", [{"text": "One.", "when": "2005"}]),
        *[("withdrawn", value) for value in (5, {"date": "2005-01-01"}, {"reason": "x", "by": "y"}, ["x"])],
        *[("embargo", value) for value in ("soon", 2026, True, "2026-13-01", ["2026-12-01"])],
        *[("status", word) for word in ("embargoed", "corrected", "gone", 5)],
    ],
)
def test_wrong_values_are_refused_where_they_stand(key: str, value: object) -> None:
    with pytest.raises(ReadError) as caught:
        CONTEXT.article({"title": "Title", key: value}, lines={key: 7})
    assert caught.value.line == 7
    assert caught.value.reason.startswith(f"{key}: ")
    assert " was expected, found " in caught.value.reason


def test_every_change_of_standing_changes_the_digest_and_none_keeps_it() -> None:
    stated: list[dict[str, object]] = [
        {}, {"correction": "One."}, {"correction": {"text": "One.", "date": "2005-01-01"}}, {"embargo": "2026-12-01"},
        {"embargo": "2026-12-02"}, {"withdrawn": True}, {"withdrawn": "One."}, {"status": "withheld"},
    ]  # fmt: skip
    digests = [article_of(**values).digest for values in stated]
    assert len(set(digests)) == len(digests)


@pytest.mark.parametrize("kind", ["front matter", "JSON Lines", "sidecar"])
def test_every_kind_of_file_can_say_it(tmp_path: Path, kind: str) -> None:
    said = 'correction: {text: "One: <b>.", date: 2005-03-21}\nembargo: 2026-12-01\nwithdrawn:\n  reason: Asked for.\n'
    if kind == "front matter":
        path = tmp_path / "a.md"
        path.write_text(f"---\ntitle: A\n{said}---\n\nBody.\n")
    elif kind == "JSON Lines":
        path = tmp_path / "a.jsonl"
        record = {"correction": {"text": "One: <b>.", "date": "2005-03-21"}, "embargo": "2026-12-01"}
        path.write_text(json.dumps({"title": "A", "text": "Body.", **record, "withdrawn": {"reason": "Asked for."}}))
    else:
        path = tmp_path / "a.txt"
        path.write_text("A\n\nBody.\n")
        (tmp_path / "a.meta.yaml").write_text(said)
    (delivery,) = read(path)
    assert isinstance(delivery, Delivery)
    article = delivery.article
    assert article.source.corrections == (Correction("One: <b>.", date(2005, 3, 21)),)
    assert (article.embargo, article.withdrawal) == (DECEMBER, Withdrawal("Asked for."))
    assert (article.source.status, article.extra) == (Status.WITHDRAWN, {})
