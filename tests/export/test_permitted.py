"""What may leave the house."""

from __future__ import annotations

import json

import pytest
from hypothesis import HealthCheck, given, settings

from qa.export.articles import linked_article, ninjs_item, nitf, own_item, permitted
from qa.export.formats import csv_table
from qa.models.archive import Article, Status
from tests.each import each
from tests.export.articles import FULL, SECRET, VALUES, VARIANTS, article_of


def line_of(article: Article) -> str:
    return json.dumps(own_item(article))


FORMATS = (
    line_of,
    lambda article: json.dumps(ninjs_item(article)),
    nitf,
    lambda article: json.dumps(linked_article(article)),
    lambda article: "".join(csv_table([article])),
)


def public(**values: object) -> Article | None:
    return permitted(article_of({**FULL, **values}), staff=False)


@each("values", VARIANTS.values())
def test_no_note_to_editors_leaves(values: dict[str, object]) -> None:
    if leaving := permitted(article_of(values), staff=False):
        assert all(SECRET not in written(leaving) for written in FORMATS)


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=VALUES)
def test_no_note_to_editors_leaves_in_any_format(values: dict[str, object]) -> None:
    if leaving := permitted(article_of(values), staff=False):
        assert all(SECRET not in written(leaving) for written in FORMATS)


@pytest.mark.parametrize(
    "extra",
    [
        {"edNote": SECRET},
        {"ed-msg": {"info": SECRET}},
        {"parts": [{"kind": 1, "Editor's note": SECRET}, {"deep": [{"ed_note": [SECRET]}]}]},
        {"notes": [{"role": "edNote", "value": SECRET}]},
        {"note-1": {"noteclass": "editorsnote", "text": SECRET}},
    ],
)
def test_notes_to_editors_by_other_names(extra: dict[str, object]) -> None:
    leaving = public(**extra, harmless=[1, {"a": None}])
    assert leaving
    assert SECRET not in line_of(leaving)
    assert leaving.extra["harmless"] == [1, {"a": None}]


def test_the_staff_get_everything() -> None:
    for values in VARIANTS.values():
        article = article_of(values)
        assert permitted(article, staff=True) is article
    assert all(SECRET in written(article_of(FULL)) for written in FORMATS[:-1])
    assert SECRET in "".join(csv_table([article_of(FULL)], staff=True))


@pytest.mark.parametrize("values", [{"status": "withheld"}, {"embargo": "2027-01-01"}])
def test_what_is_not_public_stays(values: dict[str, object]) -> None:
    assert public(**values) is None


def test_of_what_was_withdrawn_a_notice_leaves() -> None:
    leaving = public(withdrawn={"reason": "The source took it back.", "date": "2026-11-09"})
    assert leaving
    record = json.loads(line_of(leaving))
    assert record == {
        "id": "port-2026-11",
        "title": FULL["title"],
        "published": "2026-11-02T09:30:00+01:00",
        "outlet": "Harbour Gazette",
        "language": "en-gb",
        "kind": "article",
        "status": "withdrawn",
        "summarises": "Harbour Gazette",
        "withdrawn": {"reason": "The source took it back.", "date": "2026-11-09"},
        "version": "4",
        "revised": "2026-11-02T12:00:00Z",
        "supersedes": leaving.metadata.supersedes,
    }
    assert all("north quay on Monday" not in written(leaving) for written in FORMATS)


@pytest.mark.parametrize(("limit", "words"), [(0, ""), (4, "The port authority opened"), (1000, FULL["text"])])
def test_no_more_words_leave_than_may_be_shown(limit: int, words: str) -> None:
    leaving = public(quote_limit=limit)
    assert leaving
    assert leaving.body == (words or FULL["title"])
    assert leaving.source.status is Status.CORRECTED
    assert (leaving.source.url, leaving.metadata.rights.terms) == (FULL["url"], "Not for resale.")
    assert (leaving.note, leaving.metadata.byline, set(leaving.extra)) == (None, "", {"published"})
    for written in FORMATS:
        assert "shift" not in written(leaving)
        assert limit > 4 or "its north quay" not in written(leaving)
