"""The check of one question: statement beside source, verdicts by key, drafts of an answer, and the decision."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
from qa.models.archive import Span
from qa.models.journal import Judged, Judgement, Review, Role, State, quotes_of
from qa.models.replies import Answer, Citation
from qa.review.drafts import MOST_STATEMENTS, Place, StatementDraft
from qa.review.service import OpenedReview, ReviewService, ReviewVerdict
from qa.text.sentences import sentence_spans
from qa.web.context import WebContext
from qa.web.forms import question_from, typed
from qa.web.guard import KEYED_POLICY
from qa.web.links import sentence_number
from qa.web.staff.auth import Admit, FormFields, Member

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
_PLACE = re.compile(r"(?P<name>\S.*?)\s+(?P<first>\d{1,6})(?:\s*[-–]\s*(?P<last>\d{1,6}))?")


@dataclass(frozen=True, slots=True)
class DraftRow:
    """A statement in the editing form: its text, empty where it is verbatim, places, a line each, and their words."""

    text: str = ""
    places: str = ""
    quotes: tuple[Citation, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.places.strip())


def _number(number: str) -> int:
    """The number of a question as an address has it; `NO_NUMBER` where it can be none."""
    return int(number) if number.isascii() and number.isdigit() and len(number) <= LONGEST_NUMBER else NO_NUMBER


Number = Annotated[int, Depends(_number)]


class CheckPages:
    """The pages on one question, drawn anew with what was typed where something is amiss."""

    def __init__(self, context: WebContext, desk: ReviewService) -> None:
        self._context = context
        self._desk = desk

    def check(
        self,
        member: Member,
        number: int,
        answer_id: str | None,
        *,
        form: Mapping[str, str],
        error: ArchiveError | None = None,
    ) -> HTMLResponse:
        opened = self._desk.opened(number, answer_id=answer_id)
        judged = {f"judged-{verdict.statement}": verdict.judgement.value for verdict in opened.judged}
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
        spare = [DraftRow()] * min(SPARE_ROWS, MOST_STATEMENTS - len(rows))
        return self._page("staff_edit.html", member, opened, form, error, rows=[*rows, *spare], preview=preview)

    def message(self, member: Member, error: ArchiveError, *, status: int = 404) -> HTMLResponse:
        """The page where there is no such question, or no such answer to it."""
        heading, text = _("Not here"), error_text(error)
        return self._context.form_page("staff_told.html", status=status, member=member, heading=heading, text=text)

    def _page(
        self,
        template: str,
        member: Member,
        opened: OpenedReview,
        form: Mapping[str, str],
        error: ArchiveError | None,
        **more: Any,
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

    def _spans(self, opened: OpenedReview) -> dict[str, Sequence[Span]]:
        spans: dict[str, Sequence[Span]] = {}
        for quote in quotes_of(opened.reply) if opened.reply else ():
            name = quote.source.article_id
            try:
                spans[name] = sentence_spans(self._context.service.article(name).body)
            except NotFound:
                continue
        return spans


def check_routes(context: WebContext, desk: ReviewService, *, admit: Admit) -> APIRouter:
    """The addresses of the check."""
    router = APIRouter()
    pages = CheckPages(context, desk)
    checker = Depends(admit(Role.CHECKER))

    def asked(member: Member, ask: Callable[[], int], *, status: int) -> Response:
        """On to the check of a question that was asked."""
        try:
            return RedirectResponse(f"/staff/review/{ask()}", 303)
        except (NotFound, QuestionError) as error:
            return pages.message(member, error, status=status)

    @router.get("/staff/review/{number}", response_class=HTMLResponse)
    def check(number: Number, member: Member = checker, answer: str | None = None) -> Response:
        try:
            return pages.check(member, number, answer, form={})
        except NotFound as error:
            return pages.message(member, error)

    @router.post("/staff/review/{number}", response_class=HTMLResponse)
    def decide(number: Number, form: FormFields, member: Member = checker) -> Response:
        try:
            try:
                desk.decide(number, verdict_of(form), by=member.name, role=member.role)
            except (InputError, Refused) as error:
                return pages.check(member, number, form.get("answer_id"), form=form, error=error)
        except NotFound as error:
            return pages.message(member, error)
        return RedirectResponse(f"/staff/next?after={number}", 303)

    @router.post("/staff/ask")
    def ask(form: FormFields, member: Member = checker) -> Response:
        """Asks a question as the public would, so that it can be checked, or answered by the staff."""

        def ask() -> int:
            question = question_from(form.get("question", ""), "", "", longest=context.limits.question_length)
            return desk.ask(question, context.service.reply)

        return asked(member, ask, status=422)

    @router.post("/staff/review/{number}/ask")
    def ask_again(number: Number, member: Member = checker) -> Response:
        return asked(member, lambda: desk.ask(desk.opened(number).question, context.service.reply), status=404)

    return router


def edit_routes(context: WebContext, desk: ReviewService, *, admit: Admit) -> APIRouter:
    """The addresses of the editing form."""
    router = APIRouter()
    pages = CheckPages(context, desk)
    editor = Depends(admit(Role.EDITOR))

    def saved(number: int, form: Mapping[str, str], member: Member) -> Response:
        answer_id = form.get("answer_id")
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

    @router.get("/staff/review/{number}/edit", response_class=HTMLResponse)
    def edit(number: Number, member: Member = editor, answer: str | None = None) -> Response:
        try:
            return pages.edit(member, number, answer, form={})
        except NotFound as error:
            return pages.message(member, error)

    @router.post("/staff/review/{number}/edit", response_class=HTMLResponse)
    def publish(number: Number, form: FormFields, member: Member = editor) -> Response:
        try:
            return saved(number, form, member)
        except NotFound as error:
            return pages.message(member, error)

    return router


def verdict_of(form: Mapping[str, str]) -> ReviewVerdict:
    """The decision of a form. Raises InputError."""
    revision = form.get("revision", "")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10) or form.get("state") not in set(State):
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    chosen = ((number, form.get(f"judged-{number}")) for number in range(MOST_STATEMENTS))
    return ReviewVerdict(
        form.get("answer_id", ""),
        int(revision),
        State(form["state"]),
        tuple(Judged(number, Judgement(value)) for number, value in chosen if value and value in set(Judgement)),
        clean_line(typed(form.get("note", ""))),
        clean_line(typed(form.get("reason", ""))),
    )


def drafts_of(form: Mapping[str, str]) -> list[StatementDraft]:
    """The statements of a form, those without text and place left out. Raises InputError."""
    drafts: list[StatementDraft] = []
    for number in range(MOST_STATEMENTS):
        text, places = typed(form.get(f"text-{number}", "")), form.get(f"places-{number}", "")
        if text or places.strip():
            drafts.append(StatementDraft(text, tuple(_places(places, len(drafts) + 1))))
    return drafts


def rows_of(answer: Answer | None, spans: Mapping[str, Sequence[Span]]) -> list[DraftRow]:
    """An answer as it is in the editing form at first."""
    return [
        DraftRow(
            "" if statement.verbatim and len(statement.quotes) == 1 else statement.text,
            "\n".join(_place(quote, spans) for quote in statement.quotes),
            statement.quotes,
        )
        for statement in (answer.statements if answer else ())
    ]


def rows_sent(form: Mapping[str, str]) -> list[DraftRow]:
    """The form's statements as they were sent."""
    numbers = (number for number in range(MOST_STATEMENTS) if f"places-{number}" in form)
    return [DraftRow(form.get(f"text-{number}", ""), form[f"places-{number}"]) for number in numbers]


def _places(text: str, statement: int) -> Iterator[Place]:
    for line in filter(None, map(typed, text.split("\n"))):
        match = _PLACE.fullmatch(line)
        if match is None:
            expected = N_(
                "Statement {number}: a line such as “2005-03-17-el-pais 3” or “2005-03-17-el-pais 3-4” was expected, "
                "the article's id and the numbers of its sentences; found “{line}”."
            )
            raise InputError(_(expected, number=statement, line=line[:60]))
        yield Place(match["name"], int(match["first"]), int(match["last"] or match["first"]))


def _place(quote: Citation, spans: Mapping[str, Sequence[Span]]) -> str:
    name = quote.source.article_id
    first = sentence_number(spans.get(name, ()), quote.start)
    last = sentence_number(spans.get(name, ()), quote.end - 1)
    if first is None or last is None:
        return f"{name} ?"
    return f"{name} {first}" if first == last else f"{name} {first}-{last}"


def _error_text(error: ArchiveError, review: Review) -> str:
    """What is amiss; the journal knows no catalogue, so that who was quicker is named from the review."""
    if isinstance(error, Overtaken) and review.by and review.at:
        overtaken = N_(
            "{by} decided this while you had it open ({state}, {moment}). Nothing of yours was saved. Look at it anew, "
            "then decide."
        )
        return _(overtaken, by=review.by, state=value_words(review.state), moment=moment_words(review.at))
    return error_text(error)
