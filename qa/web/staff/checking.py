"""The check of one question: statement beside source, verdicts by key, and the decision."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Annotated

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, InputError, NotFound, Overtaken, QuestionError, Refused
from qa.i18n.forms import moment_words
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_words
from qa.i18n.staff import value_words
from qa.models.archive import Article, Span
from qa.models.journal import Judgement, Review, Role, State, quotes_of
from qa.models.replies import Answer
from qa.review.drafts import MOST_STATEMENTS
from qa.review.service import OpenedReview, ReviewService
from qa.web.asking import question_from
from qa.web.forms import form_page, keyed_page
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.staff.drafting import Row, Sent, drafts_of, rows_of, rows_sent, verdict_of
from qa.web.staff.queue import Admit, Member

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


NOBODYS = 0
"""Numbers no question: SQLite counts from 1."""


def _number(number: str) -> int:
    """The number of a question as an address has it; `NOBODYS` where it can be none."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER else NOBODYS


Number = Annotated[int, Depends(_number)]


class CheckPages:
    """The pages on one question, drawn anew with what was typed where something is amiss."""

    def __init__(
        self,
        desk: ReviewService,
        *,
        article: Callable[[str], Article],
        sentence_spans: Callable[[str], Sequence[Span]],
        texts: PageTexts,
    ) -> None:
        self._desk = desk
        self._article = article
        self._sentence_spans = sentence_spans
        self._texts = texts

    def check(
        self, member: Member, number: int, answer_id: str | None, *, form: Mapping[str, str], error: ArchiveError | None
    ) -> HTMLResponse:
        opened = self._desk.opened(number, answer_id=answer_id)
        judged = {f"judged-{one.statement}": one.judgement.value for one in opened.judged}
        return self._page("staff_check.html", member, opened, judged | dict(form), error, judgements=JUDGEMENTS)

    def edit(
        self,
        member: Member,
        number: int,
        answer_id: str | None,
        *,
        form: Mapping[str, str],
        error: ArchiveError | None = None,
        preview: Answer | None = None,
    ) -> HTMLResponse:
        opened = self._desk.opened(number, answer_id=answer_id)
        answer = opened.reply if isinstance(opened.reply, Answer) else None
        rows = rows_sent(form) if "places-0" in form else rows_of(answer, self._spans(opened))
        rows = [row for row in rows if not row.empty]
        spare = [Row()] * min(SPARE_ROWS, MOST_STATEMENTS - len(rows))
        return self._page("staff_edit.html", member, opened, form, error, rows=[*rows, *spare], preview=preview)

    def _page(
        self,
        template: str,
        member: Member,
        opened: OpenedReview,
        form: Mapping[str, str],
        error: ArchiveError | None,
        **more: object,
    ) -> HTMLResponse:
        status = _STATUS.get(type(error), 422) if error else 200
        return keyed_page(
            template,
            status=status,
            member=member,
            texts=self._texts,
            opened=opened,
            form=form,
            error=_told(error, opened.review) if error else "",
            editor=member.role.covers(Role.EDITOR),
            **more,
        )

    def _spans(self, opened: OpenedReview) -> dict[str, Sequence[Span]]:
        spans: dict[str, Sequence[Span]] = {}
        for quote in quotes_of(opened.reply) if opened.reply else ():
            try:
                spans[quote.source.article_id] = self._sentence_spans(self._article(quote.source.article_id).body)
            except NotFound:
                continue
        return spans


def check_routes(
    room: ReadingRoom,
    desk: ReviewService,
    *,
    sentence_spans: Callable[[str], Sequence[Span]],
    admit: Admit,
    texts: PageTexts,
    limits: Limits,
) -> APIRouter:
    """The addresses of the check."""
    router = APIRouter()
    pages = CheckPages(desk, article=room.article, sentence_spans=sentence_spans, texts=texts)
    checker, editor = Depends(admit(Role.CHECKER)), Depends(admit(Role.EDITOR))

    def found(member: Member, page: Callable[[], Response]) -> Response:
        """A page about a question; one that says so where there is no such question, or no such answer to it."""
        try:
            return page()
        except NotFound as error:
            return _missing(member, error, texts)

    @router.get("/staff/review/{number}", response_class=HTMLResponse)
    def check(number: Number, member: Member = checker, answer: str | None = None) -> Response:
        return found(member, lambda: pages.check(member, number, answer, form={}, error=None))

    @router.post("/staff/review/{number}", response_class=HTMLResponse)
    def decide(number: Number, form: Sent, member: Member = checker) -> Response:
        def decided() -> Response:
            try:
                desk.decide(number, verdict_of(form), by=member.name, role=member.role)
            except (InputError, Refused) as error:
                return pages.check(member, number, form.get("answer_id"), form=form, error=error)
            return RedirectResponse(f"/staff/next?after={number}", 303)

        return found(member, decided)

    @router.get("/staff/review/{number}/edit", response_class=HTMLResponse)
    def edit(number: Number, member: Member = editor, answer: str | None = None) -> Response:
        return found(member, lambda: pages.edit(member, number, answer, form={}))

    @router.post("/staff/review/{number}/edit", response_class=HTMLResponse)
    def publish(number: Number, form: Sent, member: Member = editor) -> Response:
        answer_id = form.get("answer_id")

        def published() -> Response:
            try:
                if form.get("do") == "begin":
                    return pages.edit(member, number, answer_id, form=form)
                drafts = drafts_of(form)
                if form.get("do") != "publish":
                    preview = desk.draft(desk.opened(number, answer_id=answer_id), drafts)
                    return pages.edit(member, number, answer_id, form=form, preview=preview)
                verdict = verdict_of({**form, "state": State.EDITED.value})
                desk.edit(number, verdict, drafts, by=member.name, role=member.role)
            except (InputError, Refused) as error:
                return pages.edit(member, number, answer_id, form=form, error=error)
            return RedirectResponse(f"/staff/next?after={number}", 303)

        return found(member, published)

    @router.post("/staff/ask")
    def ask(form: Sent, member: Member = checker) -> Response:
        """Asks a question as the public would, so that it can be checked, or answered by the staff."""
        try:
            question = question_from(form.get("question", ""), "", "", longest=limits.question_length)
            number = desk.ask(question, room.reply)
        except QuestionError as error:
            return _missing(member, error, texts, status=422)
        return RedirectResponse(f"/staff/review/{number}", 303)

    @router.post("/staff/review/{number}/ask")
    def ask_anew(number: Number, member: Member = checker) -> Response:
        try:
            desk.ask(desk.opened(number).question, room.reply)
        except (NotFound, QuestionError) as error:
            return _missing(member, error, texts)
        return RedirectResponse(f"/staff/review/{number}", 303)

    return router


def _told(error: ArchiveError, review: Review) -> str:
    """What is amiss, in words; the journal knows no catalogue, so that who was quicker is told from the review."""
    if isinstance(error, Overtaken) and review.by and review.at:
        overtaken = N_(
            "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it anew, "
            "then decide."
        )
        return _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
    return error_words(error)


def _missing(member: Member, error: ArchiveError, texts: PageTexts, *, status: int = 404) -> HTMLResponse:
    heading, text = _("Not here"), error_words(error)
    return form_page("staff_told.html", status=status, member=member, texts=texts, heading=heading, text=text)
