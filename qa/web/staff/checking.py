"""The check of one question: statement beside source, verdicts by key, drafts of an answer, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Annotated, Any

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, QuestionError, Refused
from qa.i18n.forms import moment_words
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_text
from qa.i18n.staff import value_words
from qa.loaders.cleaning import clean_line
from qa.models.archive import Source
from qa.models.journal import Decision, Judged, Judgement, Review, Role, State, sources_of
from qa.models.replies import Answer, Question
from qa.review.drafts import MOST_QUOTES, MOST_STATEMENTS, MOST_TOGETHER, Place, StatementDraft
from qa.review.service import OpenedReview, StaffContext
from qa.web.context import WebContext
from qa.web.forms import chosen, question_from, typed, whole_number
from qa.web.guard import KEYED_POLICY
from qa.web.links import sentence_number
from qa.web.staff.auth import Admit, FormFields, Member
from qa.web.staff.picking import articles_found, picked, place_of, sentences_of, with_picked

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

_STATUS = {Overtaken: 409, Refused: 403, NotFound: 404}


def _number(number: str) -> int:
    """The number of a question as an address has it; 0, which no question has, where it can be none."""
    return whole_number(number, digits=LONGEST_NUMBER) or 0


Number = Annotated[int, Depends(_number)]
Form = Mapping[str, str]


class CheckPages:
    """The pages on one question, drawn anew with what was typed where something is amiss."""

    def __init__(self, context: WebContext, staff: StaffContext) -> None:
        self._context = context
        self._review_service, self._prices = staff.review_service, staff.prices

    def check(
        self, member: Member, number: int, answer_id: str | None, form: Form, *, error: ArchiveError | None = None
    ) -> HTMLResponse:
        try:
            opened = self._review_service.opened(number, answer_id=answer_id)
        except NotFound as absent:
            return self.message(member, absent)
        values = {f"judged-{verdict.statement}": verdict.judgement.value for verdict in opened.judged} | dict(form)
        used = opened.record.usage
        cost = self._prices.cost(used) if self._prices and used else None
        more = {"judgements": JUDGEMENTS, "used": used, "cost": cost}
        return self._page("staff_check.html", member, opened, values, error, **more)

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
        drafts = drafts_of(form) if "text-0" in form else self._drafts_at_first(opened)
        drafts += [StatementDraft("", ())] * min(SPARE_ROWS, MOST_STATEMENTS - len(drafts))
        find, article = form.get("find", ""), None
        listed: Sequence[Source] = sources_of(opened.reply) if opened.reply else ()
        if find or form.get("do") == "find":
            listed = articles_found(find, (item.source for item in self._context.service.listed()), self._context)
        if form.get("article") and form.get("do") != "find":
            try:
                article = sentences_of(form["article"], self._context)
            except NotFound:
                pass
        rows = [(draft.text, [picked(place, self._context) for place in draft.places]) for draft in drafts]
        more = {"rows": rows, "preview": preview, "listed": listed, "article": article, "most_together": MOST_TOGETHER}
        return self._page("staff_edit.html", member, opened, form, error, **more)

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

    def _drafts_at_first(self, opened: OpenedReview) -> list[StatementDraft]:
        """The answer as it is in the editing form at first; of its quotes those that still stand."""
        drafts = []
        for statement in opened.reply.statements if isinstance(opened.reply, Answer) else ():
            places = []
            for quote in statement.quotes:
                spans = self._context.spans(quote.source.article_id)
                first, last = (sentence_number(spans, at) for at in (quote.start, quote.end - 1))
                places += [Place(quote.source.article_id, first, last)] if first and last else []
            alone = statement.verbatim and len(statement.quotes) == 1
            drafts.append(StatementDraft("" if alone else statement.text, tuple(places)))
        return drafts


def review_routes(context: WebContext, staff: StaffContext, *, admit: Admit) -> APIRouter:
    """The addresses of the check and of the editing form."""
    router, review_service = APIRouter(), staff.review_service
    pages = CheckPages(context, staff)
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
            review_service.decide(decision_of(form, number, member), role=member.role)
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
            decision = decision_of({**form, "state": State.EDITED.value}, number, member)
            review_service.edit(decision, drafts, role=member.role)
        except (InputError, NotFound, Refused) as error:
            return pages.edit(member, number, answer_id, form, error=error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    return router


def decision_of(form: Form, number: int, member: Member) -> Decision:
    """The decision of a form. Raises InputError."""
    revision, state = whole_number(form.get("revision", ""), digits=9), chosen(State, form.get("state"))
    if revision is None or state is None:
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    judgements = ((at, chosen(Judgement, form.get(f"judged-{at}"))) for at in range(MOST_STATEMENTS))
    judged = tuple(Judged(at, judgement) for at, judgement in judgements if judgement)
    note, reason = (clean_line(typed(form.get(name, ""))) for name in ("note", "reason"))
    by, now = member.name, datetime.now(UTC)
    return Decision(number, revision, form.get("answer_id", ""), state, by, now, judged, note, reason)


def drafts_of(form: Form) -> list[StatementDraft]:
    """The statements of a form, those without text and place left out; a place that is unticked isn't sent."""
    drafts = []
    for number in range(MOST_STATEMENTS):
        places = (place_of(form.get(f"place-{number}-{at}", "")) for at in range(MOST_QUOTES))
        draft = StatementDraft(typed(form.get(f"text-{number}", "")), tuple(filter(None, places)))
        drafts += [draft] if draft.text.strip() or draft.places else []
    return drafts


def _error_text(error: ArchiveError, review: Review) -> str:
    """What is amiss; the journal knows no catalogue, so that who was quicker is named from the review."""
    if isinstance(error, Overtaken) and review.by and review.at:
        overtaken = N_(
            "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it anew, "
            "then decide."
        )
        return _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
    return error_text(error)
