"""An article as a page: its sentences numbered, those that were quoted joined up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from urllib.parse import urlsplit

from qa.errors import Withdrawn
from qa.i18n.forms import language_name
from qa.models.archive import Article, Span
from qa.web.anchors import quoted_numbers, safe_link
from qa.web.printing import sheet
from qa.web.room import PageTexts

_BLANK_LINE = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence as shown. `number` is None for words that belong to no sentence.

    `previous` and `next` are the quoted sentences before and after, on quoted sentences only.
    """

    number: int | None
    text: str
    quoted: bool = False
    previous: int | None = None
    next: int | None = None


def article_html(article: Article, spans: Sequence[Span], *, quoted: str, texts: PageTexts) -> str:
    """The page of an article. `quoted` are sentence numbers as they stand in the address."""
    numbers = quoted_numbers(quoted, sentences=len(spans))
    source = article.source
    return sheet(
        "article.html",
        article=article,
        source=source,
        language_name=language_name(source.language),
        host=urlsplit(source.url).netloc if source.url and safe_link(source.url) else "",
        paragraphs=paragraphs(article.body, spans, numbers),
        quoted=numbers,
        texts=texts,
    )


def tombstone_html(withdrawn: Withdrawn, *, texts: PageTexts) -> str:
    """The page that stands where a withdrawn article stood: that it was taken back, and why; none of its words."""
    return sheet("tombstone.html", reason=withdrawn.reason, day=withdrawn.day, texts=texts)


def paragraphs(body: str, spans: Sequence[Span], quoted: Sequence[int] = ()) -> list[list[Sentence]]:
    """The whole body in order, cut at blank lines between sentences; every word of it is there."""
    pages: list[list[Sentence]] = [[]]
    end = 0
    for number, span in enumerate(spans, 1):
        _between(body[end : span.start], pages)
        pages[-1].append(_sentence(number, body[span.start : span.end], quoted))
        end = span.end
    _between(body[end:], pages)
    return [page for page in pages if page]


def _between(gap: str, pages: list[list[Sentence]]) -> None:
    """Adds what stands between two sentences: words that no span covers, and new paragraphs."""
    for place, piece in enumerate(_BLANK_LINE.split(gap)):
        if place:
            pages.append([])
        if piece.strip():
            pages[-1].append(Sentence(None, piece.strip()))


def _sentence(number: int, text: str, quoted: Sequence[int]) -> Sentence:
    if number not in quoted:
        return Sentence(number, text)
    place = quoted.index(number)
    return Sentence(
        number,
        text,
        quoted=True,
        previous=quoted[place - 1] if place else None,
        next=quoted[place + 1] if place + 1 < len(quoted) else None,
    )
