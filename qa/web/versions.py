"""The earlier texts of an article, and what was changed in each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from fastapi import APIRouter
from fastapi.responses import HTMLResponse

from qa.i18n.forms import long_date
from qa.models.archive import Article
from qa.models.notices import Version
from qa.text.differences import Stretch, differing_paragraphs
from qa.web.anchors import article_link
from qa.web.printing import sheet
from qa.web.public import page_of_article
from qa.web.room import PageTexts, ReadingRoom


@dataclass(frozen=True, slots=True)
class Step:
    """From one text to the one that took its place: `headline` and `paragraphs` as stretches."""

    number: int
    replaced: str
    digest: str
    headline: list[Stretch]
    paragraphs: list[list[Stretch]]


def version_routes(room: ReadingRoom, *, texts: PageTexts) -> APIRouter:
    """The page of what was changed in an article."""
    router = APIRouter()

    @router.get("/versions/{article_id:path}", response_class=HTMLResponse)
    def versions(article_id: str) -> HTMLResponse:
        def page() -> str:
            return versions_html(room.article(article_id), room.versions(article_id), texts=texts)

        return page_of_article(page, texts)

    return router


def versions_html(article: Article, versions: Sequence[Version], *, texts: PageTexts) -> str:
    """The page of an article's texts, the newest change first."""
    return sheet(
        "versions.html",
        source=article.source,
        href=article_link(article.article_id),
        digest=article.digest,
        steps=steps(article, versions),
        texts=texts,
    )


def steps(article: Article, versions: Sequence[Version]) -> list[Step]:
    """What was changed each time, the newest first."""
    followed = [*(version.article for version in versions[1:]), article]
    pairs = zip(versions, followed, strict=False)
    return [_step(version, after) for version, after in reversed(list(pairs))]


def _step(version: Version, after: Article) -> Step:
    before = version.article
    (headline,) = differing_paragraphs(before.source.title, after.source.title)
    return Step(
        version.number,
        _day(version.replaced_at),
        version.digest[:12],
        headline,
        differing_paragraphs(before.body, after.body),
    )


def _day(moment: datetime) -> str:
    return long_date(moment.date())
