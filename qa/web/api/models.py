"""What programs send and get, as types that are checked and described."""

from __future__ import annotations

from datetime import date
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, StrictInt, StrictStr

MOST_PASSAGES = 50
"""Passages that one search gives."""

QUESTION = "What you want to know, in plain words."
FROM = "Published then or later: a year, a month or a day, such as 2005, 2005-03 or 2005-03-17. Empty: open."
UNTIL = "Published then or before, written in the same way. Empty: open."
_WORDS = "Words to look for, in whatever form and accents."

From = Field("", alias="from", description=FROM, examples=["2005-03"])
Until = Field("", description=UNTIL, examples=["2005-03-31"])


class Value(BaseModel):
    """A JSON object that has the fields named here and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid")


class Ask(Value):
    """A question."""

    question: StrictStr = Field(description=QUESTION, min_length=1, examples=["How many people were arrested?"])
    first: StrictStr = From
    until: StrictStr = Until


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


class SearchBody(Search):
    """What is looked for, and what it is held to."""

    limit: StrictInt = Field(10, description="Passages at most.", ge=1, le=MOST_PASSAGES, examples=[5])


class Error(Value):
    """Why there is no reply."""

    error: str = Field(description="What is wrong and what to do, in plain words.", min_length=1)


class Correction(Value):
    """What an article was corrected in."""

    text: str
    date: Annotated[date | None, Field(description="When; null where that isn't known.")]


class Source(Value):
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
    corrections: list[Correction] = Field(description="Oldest first; they go before the article's words.")
    page: str = Field(description="Its page for readers, an address on this host.")


class Passage(Value):
    """A run of whole sentences: the article's body[start:end] == text."""

    source: Source
    start: int = Field(ge=0)
    end: int = Field(ge=1, description="The first character after it.")
    text: str = Field(min_length=1)
    score: float = Field(description="Higher is better; comparable inside one reply only.")
    page: str = Field(description="The article's page, open at the passage's first sentence.")


class SearchReply(Value):
    """The passages found, best first."""

    query: str = Field(description="The words looked for, white space tidied.")
    passages: list[Passage]


class Sentence(Value):
    """A sentence of an article: body[start:end] == text."""

    number: int = Field(ge=1, description="Counts from 1; the article's page shows it at #s and this number.")
    start: int = Field(ge=0)
    end: int = Field(ge=1)
    text: str


class Article(Source):
    """An article as readers may see it."""

    event_date: str | None = Field(description="When that happened which it reports, as its file has it.")
    derived_from: str | None = Field(description="The agency or publication that it was taken from.")
    note: str | None = Field(description="The archive's note to readers.")
    headline_only: bool = Field(description="Whether the archive holds the headline only; the body is it then.")
    body: str = Field(description="Every offset counts Unicode characters of it.")
    sentences: list[Sentence]
