"""The staff's calls of the API: the queue, one question of it, and the decision; each with a token."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Annotated, Self

from fastapi import APIRouter, Depends, HTTPException, Path, Query, Request
from fastapi.responses import JSONResponse
from fastapi.security import HTTPBearer
from pydantic import Field, StrictInt, StrictStr

from qa.errors import NotFound
from qa.models.archive import moment_text
from qa.models.journal import Decision, Judged, Judgement, Review, Role, State
from qa.review.drafts import MOST_STATEMENTS, Place, StatementDraft
from qa.review.exporting import answer_json, making_json
from qa.review.permanent import PermanentAnswers
from qa.review.service import LONGEST_NOTE, OpenedReview, ReviewService, StaffContext
from qa.web.api.models import Value
from qa.web.api.routes import Responses, errors, json_only
from qa.web.context import WebContext
from qa.web.guard import base_of
from qa.web.staff.auth import Member, StaffAuth
from qa.web.staff.queue import PAGE_SIZE, QueueFilter, QueueListing, QueueOrder

_STAFF = {"_401": "A token is missing, or isn't one of this archive.", "_403": "The token's role doesn't cover this."}
_LIST = errors(**_STAFF)
_REVIEW = errors(_404="There is no such question.", **_STAFF)
_DECISION = errors(
    _400="The decision can't be made; the words say why.", _404="There is no such question.",
    _409="Somebody decided it meanwhile; nothing was saved.", _413="The body is too large.",
    _415="The body isn't sent as JSON.", **_STAFF,
)  # fmt: skip

_ANSWER: Responses = {200: {"description": "As of a kept answer, with `stopped`, `usage` and `reports`."}}
_NUMBER = Path(description="As the queue names the question.", ge=1, le=2**53)


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
        places = (Place(place.article_id, place.first, place.last) for place in self.places)
        return StatementDraft(self.text, tuple(places))


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

    def decision(self, number: int, by: str) -> Decision:
        judged, now = tuple(Judged(verdict.statement, verdict.judgement) for verdict in self.judged), datetime.now(UTC)
        return Decision(number, self.revision, self.answer_id, self.state, by, now, judged, self.note, self.reason)


class QueuedReview(Value):
    """A question with its counts."""

    number: int
    question: str
    state: State
    revision: int
    answer_id: str = Field(description="The answer last given.")
    standing: str | None = Field(description="The answer that the staff stand behind.")
    asks: int
    reports: int
    dislikes: int = Field(description="Thumbs down.")
    refused: bool = Field(description="The answer last given is none.")
    conflicting: bool = Field(description="The answer last given shows what sources say differently.")
    likelihood: float | None = Field(description="That its first statement answers, 0 to 1; none where nothing says.")
    changed: list[str] = Field(description="Articles that are not as they were when it was decided.")
    first_at: str
    last_at: str
    by: str | None
    at: str | None

    @classmethod
    def of(cls, review: Review) -> Self:
        same = (
            *("number", "question", "state", "revision", "standing", "asks", "reports", "changed", "by"),
            *("dislikes", "refused", "conflicting", "likelihood"),
        )
        return cls(
            **{name: getattr(review, name) for name in same},
            answer_id=review.latest,
            first_at=moment_text(review.first_at),
            last_at=moment_text(review.last_at),
            at=moment_text(review.at) if review.at else None,
        )


class Queue(Value):
    """A page of the queue."""

    total: int
    reviews: list[QueuedReview]


def staff_calls(context: WebContext, staff: StaffContext, answers: PermanentAnswers, *, auth: StaffAuth) -> APIRouter:
    """The calls of the staff's programs; `auth` knows whose token a call carries."""
    journal, review_service, prices = staff.journal, staff.review_service, staff.prices
    # The scheme is there to be described; `auth` checks what is sent.
    described = HTTPBearer(auto_error=False, description="A token of `qa token add`.")
    dependencies = [Depends(context.admit), Depends(described)]
    router = APIRouter(dependencies=dependencies, prefix="/staff", tags=["staff"])
    reader, checker = Depends(auth.token_member(Role.READER)), Depends(auth.token_member(Role.CHECKER))

    @router.get("/queue", responses={**_LIST}, summary="List the queue")
    def queue(
        member: Member = reader,
        show: Annotated[QueueFilter, Query(description="Which questions.")] = QueueFilter.TO_CHECK,
        order: Annotated[QueueOrder, Query(description="In which order.")] = QueueOrder.NEED,
        page: Annotated[int, Query(ge=1, le=10**6, description=f"Of {PAGE_SIZE} questions each.")] = 1,
    ) -> Queue:
        """The questions that were asked, by default those to check, most in need first."""
        wanted = QueueListing(show, "", order, page).wanted
        reviews = journal.reviews.listed(wanted, limit=PAGE_SIZE, skipping=(page - 1) * PAGE_SIZE)
        return Queue(total=journal.reviews.matching(wanted), reviews=[QueuedReview.of(review) for review in reviews])

    @router.get("/reviews/{number}", responses={**_REVIEW}, summary="Read one question")
    def review(number: Annotated[int, _NUMBER], member: Member = reader) -> QueuedReview:
        """Its state and counts; the answer itself is read at /answers/{answer_id}."""
        return QueuedReview.of(_opened(review_service, number).review)

    @router.get("/reviews/{number}/answer", responses={**_ANSWER, **_REVIEW}, summary="Read its answer")
    def answer(request: Request, number: Annotated[int, _NUMBER], member: Member = reader) -> JSONResponse:
        """The answer last given to it, withheld ones too, with the sentences of a language model that the check
        stopped, the tokens that it used, and the readers' reports."""
        opened = _opened(review_service, number)
        reports = [
            {"kind": report.kind.value, "text": report.text, "at": moment_text(report.at)} for report in opened.reports
        ]
        values = answer_json(answers.show(opened.record), base_of(request))
        return JSONResponse({**values, **making_json(opened.record, prices), "reports": reports})

    @router.post(
        "/reviews/{number}/decision", responses={**_DECISION}, summary="Decide", dependencies=[Depends(json_only)]
    )
    def decide(number: Annotated[int, _NUMBER], sent: DecisionBody, member: Member = checker) -> QueuedReview:
        """Writes verdicts and a decision down; it counts at once."""
        decision, drafts = sent.decision(number, member.name), [statement.draft() for statement in sent.statements]
        try:
            if sent.state is State.EDITED:
                return QueuedReview.of(review_service.edit(decision, drafts, role=member.role))
            return QueuedReview.of(review_service.decide(decision, role=member.role))
        except NotFound as error:
            raise HTTPException(404, str(error)) from None

    return router


def _opened(review_service: ReviewService, number: int) -> OpenedReview:
    try:
        return review_service.opened(number)
    except NotFound as error:
        raise HTTPException(404, str(error)) from None
