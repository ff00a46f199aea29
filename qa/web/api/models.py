"""The values that programs send and get, checked and described: what readers may see, nothing of the editors'."""

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from importlib import resources
from typing import Annotated, Any, Self

from pydantic import AliasChoices, BaseModel, BeforeValidator, ConfigDict, Field, StrictInt, StrictStr, field_validator

from qa.errors import QuestionError
from qa.models.archive import Article, moment_text
from qa.models.journal import Decision, Judgement, State
from qa.models.replies import Hit, Inference, Question
from qa.review.service import LONGEST_NOTE, MOST_STATEMENTS, Place, StatementDraft
from qa.text.sentences import sentence_spans
from qa.web.context import WebContext
from qa.web.forms import SearchForm, article_link, checked, question_from, safe_link, sentence_number

MOST_PASSAGES = 50  # that one search gives

QUESTION = "What you want to know, in plain words."
FROM = "Published then or later: a year, a month or a day, such as 2005, 2005-03 or 2005-03-17. Empty: open."
UNTIL = "Published then or before, written in the same way. Empty: open."
WITHOUT = "What is left out of how the question is read, once for each."
_WORDS = (
    "Words to look for, in whatever form and accents. Articles have all “phrases in quotation marks”, and no word "
    "after a minus (-word)."
)
_OUTLET = "A part of an outlet's name, or of the publication that is summarised."

From = Field("", alias="from", description=FROM, examples=["2005-03"])
Until = Field("", description=UNTIL, examples=["2005-03-31"])
Limit = Field(10, description="Passages at most.", ge=1, le=MOST_PASSAGES, examples=[5])
WebAddress = Annotated[str | None, BeforeValidator(safe_link)]
Written = BeforeValidator(lambda moment: moment and moment_text(moment))


class Value(BaseModel):
    """A JSON object that has the fields named here and no others."""

    model_config = ConfigDict(frozen=True, extra="forbid", from_attributes=True)


class Ask(Value):
    """A question."""

    question: StrictStr = Field(description=QUESTION, min_length=1, examples=["How many people were arrested?"])
    first: StrictStr = From
    until: StrictStr = Until
    without: list[Inference] = Field([], description=WITHOUT)

    def parsed(self) -> Question:
        """Raises QuestionError in plain words."""
        return question_from(self.question, self.first, self.until, without=self.without)


class Search(Value):
    """What is looked for, and what it is held to."""

    q: StrictStr = Field(description=_WORDS, min_length=1, examples=["connection data"])
    first: StrictStr = From
    until: StrictStr = Until
    outlet: StrictStr = Field("", description=_OUTLET, examples=["Times"])
    language: StrictStr = Field("", description="A tag such as es, which holds es-MX too.", examples=["en"])
    limit: int = Limit

    def question(self) -> Question:
        """Raises QuestionError in plain words."""
        form = SearchForm.model_validate(self.model_dump(by_alias=True, exclude={"limit"}))
        if not form.q:
            raise QuestionError("“q” is empty: give words to look for.")
        return checked(form)


class SearchBody(Search):
    """What is looked for, and what it is held to."""

    limit: StrictInt = Limit


class Error(Value):
    """Why there is no reply."""

    error: str = Field(description="What is wrong and what to do, in plain words.", min_length=1)
    request_id: str = Field(description="By which the archive finds the request in its log.")


class CorrectionOut(Value):
    """What an article was corrected in."""

    text: str
    date: Annotated[date | None, Field(validation_alias="day", description="When; null where that isn't known.")]
    printed_in: str = Field(description="The id of the later article that says so; empty: its own file or the staff.")


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
    url: WebAddress = Field(description="The original page, where it is a web address.")
    status: str = Field(description="live or corrected; others are not public.")
    corrections: list[CorrectionOut] = Field(description="Oldest first; they go before the article's words.")
    page: Annotated[str, BeforeValidator(article_link)] = Field(
        validation_alias=AliasChoices("article_id"), description="Its page for readers, an address on this host."
    )


class PassageOut(Value):
    """A run of whole sentences: the article's body[start:end] == text."""

    source: SourceOut
    start: int = Field(ge=0)
    end: int = Field(ge=1, description="The first character after it.")
    text: str = Field(min_length=1)
    score: float = Field(description="Higher is better; comparable inside one reply only.")
    page: str = Field(description="The article's page, open at the passage's first sentence.")


class SearchReply(Value):
    """The passages found, best first."""

    query: str = Field(description="The words looked for, white space tidied.")
    passages: list[PassageOut]

    @classmethod
    def of(cls, query: str, hits: Sequence[Hit], context: WebContext) -> Self:
        """The hits with their sources; those of an article that was withdrawn meanwhile are left out."""
        spans, passages = {name: context.spans(name) for name in {hit.source.article_id for hit in hits}}, []
        for hit in hits:
            passage, name = hit.passage, hit.source.article_id
            if spans[name]:
                page = article_link(name, at=sentence_number(spans[name], passage.start))
                place = {"start": passage.start, "end": passage.end, "text": passage.text, "page": page}
                passages.append({"source": passage.source, "score": round(hit.score, 6), **place})
        return cls.model_validate({"query": query, "passages": passages})


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
        values = {name: getattr(article.source, name) for name in SourceOut.model_fields if name != "page"}
        same = ("event_date", "derived_from", "note", "headline_only", "body")
        values |= {name: getattr(article, name) for name in same}
        return cls.model_validate(values | {"sentences": sentences})


class DraftPlace(Value):
    """Sentences of an article, by the numbers that its page shows."""

    article_id: StrictStr = Field(min_length=1, max_length=500)
    first: StrictInt = Field(ge=1, le=10**6)
    last: StrictInt = Field(ge=1, le=10**6)


class DraftStatement(Value):
    """One statement of an answer that the staff write; without text its only place is quoted word for word."""

    text: StrictStr = Field("", max_length=LONGEST_NOTE)
    places: list[DraftPlace] = Field(min_length=1, max_length=5)

    def draft(self) -> StatementDraft:
        return StatementDraft(self.text, tuple(Place(**place.model_dump()) for place in self.places))


class JudgedStatement(Value):
    """The verdict on a statement of the answer."""

    statement: StrictInt = Field(ge=0, lt=MOST_STATEMENTS, description="Counts from 0.")
    judgement: Judgement


class DecisionBody(Value):
    """What is decided about a question whose answer was looked at."""

    answer_id: StrictStr = Field(min_length=1, max_length=60, description="Of the answer that was looked at.")
    revision: StrictInt = Field(ge=0, le=10**9, description="Of the question, as it was then.")
    state: State = Field(description="open saves the verdicts and leaves the question in the queue.")
    judged: list[JudgedStatement] = Field(default_factory=list, max_length=MOST_STATEMENTS)
    note: StrictStr = Field("", max_length=LONGEST_NOTE, description="For the staff.")
    reason: StrictStr = Field("", max_length=LONGEST_NOTE, description="Public; needed to edit or withhold.")
    statements: list[DraftStatement] = Field(
        default_factory=list, max_length=MOST_STATEMENTS, description="With state edited: the answer that is to stand."
    )

    @field_validator("judged")
    @classmethod
    def _each_once(cls, judged: list[JudgedStatement]) -> list[JudgedStatement]:
        if len({verdict.statement for verdict in judged}) < len(judged):
            raise ValueError("one verdict on each statement was expected; one of them has two")
        return judged

    def decision(self, number: int, by: str) -> Decision:
        judged, now = {verdict.statement: verdict.judgement for verdict in self.judged}, datetime.now(UTC)
        return Decision(number, self.revision, self.answer_id, self.state, by, now, judged, self.note, self.reason)


class QueuedReview(Value):
    """A question with its counts."""

    number: int
    question: str
    state: State
    revision: int
    answer_id: str = Field(validation_alias="latest", description="The answer last given.")
    standing: str | None = Field(description="The answer that the staff stand behind.")
    asks: int
    reports: int
    dislikes: int = Field(description="Thumbs down.")
    refused: bool = Field(description="The answer last given is none, though the question wants one.")
    conflicting: bool = Field(description="Sources dispute what the answer last given says.")
    doubtful: bool = Field(description="Readers are told that the answer last given only may answer.")
    likelihood: float | None = Field(description="That its first statement answers, 0 to 1; none where nothing says.")
    changed: list[str] = Field(description="Articles that are not as they were when it was decided.")
    first_at: Annotated[str, Written]
    last_at: Annotated[str, Written]
    by: str | None
    at: Annotated[str | None, Written]


class Queue(Value):
    """A page of the queue."""

    total: int
    reviews: list[QueuedReview]


def schema_of(name: str) -> dict[str, Any]:
    """The schema of a reply or of a kept answer."""
    schema: dict[str, Any] = json.loads((resources.files("qa.web.api") / f"{name}.schema.json").read_text("utf-8"))
    return schema
