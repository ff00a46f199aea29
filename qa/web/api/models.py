"""The values that programs send and get, checked and described: what readers may see, nothing of the editors'."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from importlib import resources
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

from qa.errors import NotFound, QuestionError
from qa.models.archive import Article, Source, Span
from qa.models.replies import Hit, Inference, Question
from qa.text.sentences import sentence_spans
from qa.web.forms import Form, checked
from qa.web.links import article_link, safe_link, sentence_number
from qa.web.service import ArchiveService

MOST_PASSAGES = 50
"""Passages that one search gives."""

QUESTION = "What you want to know, in plain words."
FROM = "Published then or later: a year, a month or a day, such as 2005, 2005-03 or 2005-03-17. Empty: open."
UNTIL = "Published then or before, written in the same way. Empty: open."
_WORDS = (
    "Words to look for, in whatever form and accents. Articles have all “phrases in quotation marks”, and no word "
    "after a minus (-word)."
)

From = Field("", alias="from", description=FROM, examples=["2005-03"])
Until = Field("", description=UNTIL, examples=["2005-03-31"])
WITHOUT = "What is left out of how the question is read, once for each."


class Value(BaseModel):
    """A JSON object that has the fields named here and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ask(Value):
    """A question."""

    question: StrictStr = Field(description=QUESTION, min_length=1, examples=["How many people were arrested?"])
    first: StrictStr = From
    until: StrictStr = Until
    without: list[Inference] = Field([], description=WITHOUT)


class Search(Value):
    """What is looked for, and what it is held to."""

    q: StrictStr = Field(description=_WORDS, min_length=1, examples=["connection data"])
    first: StrictStr = From
    until: StrictStr = Until
    outlet: StrictStr = Field(
        "", description="A part of an outlet's name, or of the publication that is summarised.", examples=["Times"]
    )
    language: StrictStr = Field("", description="A tag such as es, which holds es-MX too.", examples=["en"])
    limit: int = Field(10, description="Passages at most.", ge=1, le=MOST_PASSAGES, examples=[5])

    def question(self, *, longest: int) -> Question:
        """The query of a search; `longest` bounds the words. Raises QuestionError in plain words."""
        form = Form.read(self.model_dump(by_alias=True, exclude={"limit"}))
        if not form.q:
            raise QuestionError("“q” is empty: give words to look for.")
        wanted = checked(form, longest=longest)
        return Question(form.q, wanted.first, wanted.last, wanted.outlet, wanted.language)


class SearchBody(Search):
    """What is looked for, and what it is held to."""

    limit: StrictInt = Field(10, description="Passages at most.", ge=1, le=MOST_PASSAGES, examples=[5])


class Error(Value):
    """Why there is no reply."""

    error: str = Field(description="What is wrong and what to do, in plain words.", min_length=1)
    request_id: str = Field(description="By which the archive finds the request in its log.")


class CorrectionOut(Value):
    """What an article was corrected in."""

    text: str
    date: Annotated[date | None, Field(description="When; null where that isn't known.")]


class SourceOut(Value):
    """What is needed to find an article, to judge it and to name it."""

    article_id: str
    title: str = Field(description="Its headline.")
    outlet: str
    credit: str = Field(description='How it is named before a quote, such as "The Irish Times, 17 March 2005".')
    published: date | None
    language: str = Field(description="Such as en or es.")
    kind: str = Field(description="article, or summary where the archive wrote it from a report.")
    summarises: str | None = Field(description="The report that a summary is of.")
    url: str | None = Field(description="The original page, where it is a web address.")
    status: str = Field(description="live or corrected; others are not public.")
    corrections: list[CorrectionOut] = Field(description="Oldest first; they go before the article's words.")
    page: str = Field(description="Its page for readers, an address on this host.")

    @classmethod
    def of(cls, source: Source, **more: Any) -> Self:
        same = ("article_id", "title", "outlet", "credit", "published", "language", "kind", "summarises", "status")
        return cls(
            **{name: getattr(source, name) for name in same},
            url=safe_link(source.url),
            corrections=[CorrectionOut(text=correction.text, date=correction.day) for correction in source.corrections],
            page=article_link(source.article_id),
            **more,
        )


class PassageOut(Value):
    """A run of whole sentences: the article's body[start:end] == text."""

    source: SourceOut
    start: int = Field(ge=0)
    end: int = Field(ge=1, description="The first character after it.")
    text: str = Field(min_length=1)
    score: float = Field(description="Higher is better; comparable inside one reply only.")
    page: str = Field(description="The article's page, open at the passage's first sentence.")

    @classmethod
    def of(cls, hit: Hit, spans: Sequence[Span]) -> Self:
        """A passage; `spans` are the sentences of its article."""
        passage = hit.passage
        page = article_link(passage.source.article_id, at=sentence_number(spans, passage.start))
        return cls(
            **{name: getattr(passage, name) for name in ("start", "end", "text")},
            source=SourceOut.of(passage.source),
            score=round(hit.score, 6),
            page=page,
        )


class SearchReply(Value):
    """The passages found, best first."""

    query: str = Field(description="The words looked for, white space tidied.")
    passages: list[PassageOut]

    @classmethod
    def of(cls, query: str, hits: Sequence[Hit], service: ArchiveService) -> Self:
        """The hits with their sources; those of an article that was withdrawn meanwhile are left out."""
        bodies: dict[str, Sequence[Span] | None] = {}
        for name in dict.fromkeys(hit.passage.source.article_id for hit in hits):
            try:
                bodies[name] = sentence_spans(service.article(name).body)
            except NotFound:
                bodies[name] = None
        found = ((hit, bodies[hit.passage.source.article_id]) for hit in hits)
        return cls(query=query, passages=[PassageOut.of(hit, spans) for hit, spans in found if spans is not None])


class SentenceOut(Value):
    """A sentence of an article: body[start:end] == text."""

    number: int = Field(ge=1, description="Counts from 1; the article's page shows it at #s and this number.")
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    text: str


class ArticleOut(SourceOut):
    """An article as readers may see it."""

    event_date: str | None = Field(description="When that happened which it reports, as its file has it.")
    derived_from: str | None = Field(description="The agency or publication that it was taken from.")
    note: str | None = Field(description="The archive's note to readers.")
    headline_only: bool = Field(description="Whether the archive holds the headline only; the body is it then.")
    body: str = Field(description="Every offset counts Unicode characters of it.")
    sentences: list[SentenceOut]

    @classmethod
    def of_article(cls, article: Article) -> Self:
        """An article with its sentences, numbered as on its page."""
        body = article.body
        sentences = [
            SentenceOut(number=number, start=span.start, end=span.end, text=body[span.start : span.end])
            for number, span in enumerate(sentence_spans(body), start=1)
        ]
        same = ("event_date", "derived_from", "note", "headline_only", "body")
        return cls.of(article.source, sentences=sentences, **{name: getattr(article, name) for name in same})


def reply_schema() -> dict[str, Any]:
    """The schema of a reply: a copy of docs/reply.schema.json that `make docs` keeps."""
    text = (resources.files("qa.web.api") / "reply.schema.json").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema
