"""The check of one question: statement beside source, verdicts by key, drafts of an answer, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, QuestionError, Refused
from qa.i18n.forms import moment_words
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_text
from qa.i18n.staff import value_words
from qa.loaders.cleaning import clean_line
from qa.models.archive import Source, Span
from qa.models.journal import Judged, Judgement, Review, Role, State, quotes_of, sources_of
from qa.models.replies import Answer, Citation, Question
from qa.models.usage import Prices
from qa.review.drafts import MOST_QUOTES, MOST_STATEMENTS, MOST_TOGETHER, Place, StatementDraft
from qa.review.service import OpenedReview, ReviewService, ReviewVerdict
from qa.text.sentences import sentence_spans
from qa.web.context import WebContext
from qa.web.forms import question_from, typed, whole_number
from qa.web.guard import KEYED_POLICY
from qa.web.links import sentence_number
from qa.web.staff.auth import Admit, FormFields, Member
from qa.web.staff.picking import (
    SentenceList,
    articles_found,
    picked,
    place_of,
    sentences_of,
    with_picked,
)

JUDGEMENTS = {
    Judgement.SUPPORTED: N_("Supported"),
    Judgement.PARTLY: N_("Partly"),
    Judgement.NOT: N_("Not supported"),
    Judgement.SOURCE_WRONG: N_("The source is wrong"),
    Judgement.NEEDS_CONTEXT: N_("Needs context"),
}
"""In the order of their keys, 1 to 5."""

SPARE_ROWS = 2
LONGEST_NUMBER = 18
"""Digits: SQLite has no integers beyond 64 bits."""

NO_NUMBER = 0
"""Numbers no question: SQLite counts from 1."""

_STATUS = {Overtaken: 409, Refused: 403, NotFound: 404}


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A statement in the editing form: its text, empty where it is verbatim, and the places that it rests on."""

    text: str = ""
    places: tuple[Place, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.places)


def _number(number: str) -> int:
    """The number of a question as an address has it; `NO_NUMBER` where it can be none."""
    return whole_number(number, digits=LONGEST_NUMBER) or NO_NUMBER


Number = Annotated[int, Depends(_number)]
Form = Mapping[str, str]


class CheckPages:
    """The pages on one question, drawn anew with what was typed where something is amiss."""

    def __init__(self, context: WebContext, review_service: ReviewService, prices: Prices | None = None) -> None:
        self._context = context
        self._review_service = review_service
        self._prices = prices

    def check(
        self, member: Member, number: int, answer_id: str | None, form: Form, *, error: ArchiveError | None = None
    ) -> HTMLResponse:
        try:
            opened = self._review_service.opened(number, answer_id=answer_id)
        except NotFound as absent:
            return self.message(member, absent)
        judged = {f"judged-{verdict.statement}": verdict.judgement.value for verdict in opened.judged}
        used = opened.record.usage
        cost = self._prices.cost(used) if self._prices and used else None
        return self._page(
            "staff_check.html", member, opened, judged | dict(form), error, judgements=JUDGEMENTS, used=used, cost=cost
        )

    def edit(
        self,
        member: Member,
        number: int,
        answer_id: str | None,
        form: Form,
        *,
        error: ArchiveError | None = None,
        preview: Answer | None = None,
    ) -> HTMLResponse:
        try:
            opened = self._review_service.opened(number, answer_id=answer_id)
        except NotFound as absent:
            return self.message(member, absent)
        answer = opened.reply if isinstance(opened.reply, Answer) else None
        rows = rows_sent(form) if "text-0" in form else rows_of(answer, self._spans(opened))
        rows = [row for row in rows if not row.empty]
        rows += [DraftRow()] * min(SPARE_ROWS, MOST_STATEMENTS - len(rows))
        return self._page(
            "staff_edit.html",
            member,
            opened,
            form,
            error,
            rows=[(row.text, [picked(place, self._context) for place in row.places]) for row in rows],
            preview=preview,
            listed=self._listed(opened, form),
            article=self._article(form),
            most_together=MOST_TOGETHER,
        )

    def message(self, member: Member, error: ArchiveError) -> HTMLResponse:
        """The page where there is no such question or answer, or a question can't be asked."""
        status = 404 if isinstance(error, NotFound) else 422
        heading, text = _("Not here"), error_text(error)
        return self._context.form_page("staff_message.html", status=status, member=member, heading=heading, text=text)

    def _page(
        self, template: str, member: Member, opened: OpenedReview, form: Form, error: ArchiveError | None, **more: Any
    ) -> HTMLResponse:
        return self._context.page(
            template,
            status=_STATUS.get(type(error), 422) if error else 200,
            policy=KEYED_POLICY,
            member=member,
            opened=opened,
            form=form,
            error=_error_text(error, opened.review) if error else "",
            editor=member.role.covers(Role.EDITOR),
            **more,
        )

    def _listed(self, opened: OpenedReview, form: Form) -> Sequence[Source]:
        """The articles that are looked for; until then those that the answer names."""
        if not form.get("find") and form.get("do") != "find":
            return sources_of(opened.reply) if opened.reply else ()
        return articles_found(
            form.get("find", ""), (item.source for item in self._context.service.listed()), self._context
        )

    def _article(self, form: Form) -> SentenceList | None:
        """The article whose sentences are to be picked from."""
        if not form.get("article") or form.get("do") == "find":
            return None
        try:
            return sentences_of(form["article"], self._context)
        except NotFound:
            return None

    def _spans(self, opened: OpenedReview) -> dict[str, Sequence[Span]]:
        spans: dict[str, Sequence[Span]] = {}
        for quote in quotes_of(opened.reply) if opened.reply else ():
            name = quote.source.article_id
            try:
                spans[name] = sentence_spans(self._context.service.article(name).body)
            except NotFound:
                continue
        return spans


def review_routes(
    context: WebContext, review_service: ReviewService, *, admit: Admit, prices: Prices | None = None
) -> APIRouter:
    """The addresses of the check and of the editing form."""
    router = APIRouter()
    pages = CheckPages(context, review_service, prices)
    checker, editor = Depends(admit(Role.CHECKER)), Depends(admit(Role.EDITOR))

    def ask(member: Member, question: Callable[[], Question]) -> Response:
        """Asks a question as the public would, and leads on to its check."""
        try:
            number = review_service.ask(question(), context.service.reply)
        except (NotFound, QuestionError) as error:
            return pages.message(member, error)
        return RedirectResponse(f"/staff/review/{number}", 303)

    @router.post("/staff/ask")
    def ask_new(form: FormFields, member: Member = checker) -> Response:
        longest = context.limits.question_length
        return ask(member, lambda: question_from(form.get("question", ""), "", "", longest=longest))

    @router.post("/staff/review/{number}/ask")
    def ask_again(number: Number, member: Member = checker) -> Response:
        return ask(member, lambda: review_service.opened(number).question)

    @router.get("/staff/review/{number}", response_class=HTMLResponse)
    def check(number: Number, member: Member = checker, answer: str | None = None) -> Response:
        return pages.check(member, number, answer, {})

    @router.post("/staff/review/{number}", response_class=HTMLResponse)
    def decide(number: Number, form: FormFields, member: Member = checker) -> Response:
        try:
            review_service.decide(number, verdict_of(form), by=member.name, role=member.role)
        except (InputError, NotFound, Refused) as error:
            return pages.check(member, number, form.get("answer_id"), form, error=error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    @router.get("/staff/review/{number}/edit", response_class=HTMLResponse)
    def edit(number: Number, member: Member = editor, answer: str | None = None) -> Response:
        return pages.edit(member, number, answer, {})

    @router.post("/staff/review/{number}/edit", response_class=HTMLResponse)
    def publish(number: Number, form: FormFields, member: Member = editor) -> Response:
        answer_id = form.get("answer_id")
        try:
            if form.get("do") == "add":
                return pages.edit(member, number, answer_id, with_picked(form, context))
            if form.get("do") not in ("preview", "publish"):
                return pages.edit(member, number, answer_id, form)
            drafts = drafts_of(form)
            if form["do"] == "preview":
                preview = review_service.draft(review_service.opened(number, answer_id=answer_id), drafts)
                return pages.edit(member, number, answer_id, form, preview=preview)
            verdict = verdict_of({**form, "state": State.EDITED.value})
            review_service.edit(number, verdict, drafts, by=member.name, role=member.role)
        except (InputError, NotFound, Refused) as error:
            return pages.edit(member, number, answer_id, form, error=error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    return router


def verdict_of(form: Form) -> ReviewVerdict:
    """The decision of a form. Raises InputError."""
    revision = whole_number(form.get("revision", ""), digits=9)
    if revision is None or form.get("state") not in set(State):
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    chosen = ((number, form.get(f"judged-{number}")) for number in range(MOST_STATEMENTS))
    return ReviewVerdict(
        form.get("answer_id", ""),
        revision,
        State(form["state"]),
        tuple(Judged(number, Judgement(value)) for number, value in chosen if value and value in set(Judgement)),
        clean_line(typed(form.get("note", ""))),
        clean_line(typed(form.get("reason", ""))),
    )


def drafts_of(form: Form) -> list[StatementDraft]:
    """The statements of a form, those without text and place left out."""
    return [StatementDraft(typed(row.text), row.places) for row in rows_sent(form) if not row.empty]


def rows_of(answer: Answer | None, spans: Mapping[str, Sequence[Span]]) -> list[DraftRow]:
    """An answer as it is in the editing form at first; of its quotes those that still stand."""
    return [
        DraftRow(
            "" if statement.verbatim and len(statement.quotes) == 1 else statement.text,
            tuple(place for quote in statement.quotes if (place := _place(quote, spans))),
        )
        for statement in (answer.statements if answer else ())
    ]


def rows_sent(form: Form) -> list[DraftRow]:
    """The form's statements as they were sent; a place that is unticked isn't."""
    return [
        DraftRow(
            form[f"text-{number}"],
            tuple(place for at in range(MOST_QUOTES) if (place := place_of(form.get(f"place-{number}-{at}", "")))),
        )
        for number in range(MOST_STATEMENTS)
        if f"text-{number}" in form
    ]


def _place(quote: Citation, spans: Mapping[str, Sequence[Span]]) -> Place | None:
    name = quote.source.article_id
    first = sentence_number(spans.get(name, ()), quote.start)
    last = sentence_number(spans.get(name, ()), quote.end - 1)
    return Place(name, first, last) if first and last else None


def _error_text(error: ArchiveError, review: Review) -> str:
    """What is amiss; the journal knows no catalogue, so that who was quicker is named from the review."""
    if isinstance(error, Overtaken) and review.by and review.at:
        overtaken = N_(
            "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it anew, "
            "then decide."
        )
        return _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
    return error_text(error)
