"""The page of what was changed in an article, and articles whose owners limit what is shown."""

from __future__ import annotations

from dataclasses import replace

import pytest
from fastapi.testclient import TestClient

from qa.models.archive import Metadata, Rights

from .conftest import ROOMY, create_pages
from .fake_room import COURT, VERSIONS, WIRE, FakeRoom
from .test_turns import Elements


def page(path: str, room: FakeRoom | None = None) -> tuple[int, str]:
    answer = TestClient(create_pages(room or FakeRoom(), limits=ROOMY)).get(path)
    return answer.status_code, answer.text


def test_each_change_is_shown_with_its_day_and_digest() -> None:
    status, html = page(f"/versions/{COURT.article_id}")
    told = Elements(html)
    assert status == 200
    assert "Version 1 became version 2 on 3 May 2026" in told.words
    assert VERSIONS[0].digest[:12] in told.words
    assert COURT.digest[:12] in told.words
    assert "<del>" in html
    assert "Vigo &lt;b&gt;" in html
    assert "<ins>" in html
    assert "noindex" in html


def test_an_article_that_never_changed() -> None:
    assert "The archive holds one text of this article." in page(f"/versions/{WIRE.article_id}")[1]


@pytest.mark.parametrize(("name", "status"), [("withdrawn", 410), ("withheld", 404), ("none", 404)])
def test_what_readers_may_not_see_has_no_versions(name: str, status: int) -> None:
    told, html = page(f"/versions/{name}")
    assert told == status
    assert "Vigo" not in html


def test_the_article_leads_to_its_changes() -> None:
    changed = replace(COURT, source=replace(COURT.source, version=2))
    html = page(f"/article/{COURT.article_id}", FakeRoom(articles=[changed]))[1]
    assert f'href="/versions/{COURT.article_id}"' in html
    assert "/versions/" not in page(f"/article/{COURT.article_id}")[1]


@pytest.mark.parametrize("limit", [0, 5])
def test_no_more_is_shown_than_the_owner_allows(limit: int) -> None:
    rights = Rights(holder="La Voz", notice="© La Voz <2007>", terms="Ask first.", quote_limit=limit)
    owned = replace(COURT, source=replace(COURT.source, quote_limit=limit), metadata=Metadata(rights=rights))
    room = FakeRoom(articles=[owned])
    told = Elements(page(f"/article/{COURT.article_id}", room)[1])
    assert "© La Voz <2007>" in told.words
    assert "Ask first." in told.words
    assert "voz.example" in told.words
    assert ("The Supreme Court decided that" in told.words) == bool(limit)
    assert "keeps the proceedings" not in told.words
    answer = TestClient(create_pages(room, limits=ROOMY)).get(f"/api/articles/{COURT.article_id}")
    assert len(answer.json()["body"].split()) == limit
