"""The page of the archive for the staff: notices on articles, reviews that are due, and failed imports."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.errors import ArchiveError, InputError, NotFound
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_text
from qa.loaders.cleaning import clean_line
from qa.loaders.timestamps import parse_moment
from qa.models.journal import Role
from qa.models.notices import NoticeKind
from qa.review.notices import ArticleActions
from qa.store.journal.opening import Journal
from qa.web.context import WebContext
from qa.web.questions import typed
from qa.web.staff.auth import Admit, FormFields, Member

SHOWN_NOTICES = 30
SHOWN_IMPORTS = 5
SHOWN_FAILURES = 200
ACTS = {
    NoticeKind.CORRECTION: N_("Correct: readers see the text before each quote"),
    NoticeKind.WITHDRAWAL: N_("Withdraw: found and quoted no more; readers who open it see the text"),
    NoticeKind.EMBARGO: N_("Embargo until a moment, as if it didn’t exist"),
    NoticeKind.RESTORATION: N_("Restore"),
}
DONE = {
    NoticeKind.CORRECTION: N_("Done: correct."),
    NoticeKind.WITHDRAWAL: N_("Done: withdraw."),
    NoticeKind.EMBARGO: N_("Done: embargo."),
    NoticeKind.RESTORATION: N_("Done: restore."),
}


def archive_routes(context: WebContext, work: ArticleActions, journal: Journal, *, admit: Admit) -> APIRouter:
    """The page of the archive and the forms on it."""
    router = APIRouter()
    reader, editor = Depends(admit(Role.READER)), Depends(admit(Role.EDITOR))

    def page(
        member: Member, *, form: Mapping[str, str], error: ArchiveError | None = None, done: str = ""
    ) -> HTMLResponse:
        failures = journal.imports.failures()
        return context.form_page(
            "staff_archive.html",
            status=200 if error is None else 404 if isinstance(error, NotFound) else 422,
            member=member,
            form=form,
            error=error_text(error) if error else "",
            done=done,
            acts=ACTS,
            editor=member.role.covers(Role.EDITOR),
            due=work.due(),
            notices=work.newest(limit=SHOWN_NOTICES),
            imports=journal.imports.newest(limit=SHOWN_IMPORTS),
            failures=failures[:SHOWN_FAILURES],
            more_failures=max(0, len(failures) - SHOWN_FAILURES),
        )

    @router.get("/staff/archive", response_class=HTMLResponse)
    def archive(article: str = "", done: str = "", member: Member = reader) -> Response:
        message = DONE[NoticeKind(done)] if done in set(DONE) else ""
        return page(member, form={"article": typed(article)}, done=message)

    @router.post("/staff/archive", response_class=HTMLResponse)
    def act(form: FormFields, member: Member = editor) -> Response:
        try:
            if form.get("kind") not in set(ACTS):
                raise InputError(_("Choose what is to be done."))
            kind = NoticeKind(form["kind"])
            until = _moment(form) if kind is NoticeKind.EMBARGO else None
            text = clean_line(typed(form.get("text", "")))
            name = typed(form.get("article", ""))
            work.act(name, kind, text, by=member.name, until=until, review_on=_day(form))
        except (InputError, NotFound) as error:
            return page(member, form=form, error=error)
        return RedirectResponse(f"/staff/archive?done={kind.value}", 303)

    @router.post("/staff/archive/dismiss")
    def dismiss(form: FormFields, member: Member = editor) -> Response:
        line = form.get("line", "")
        journal.imports.dismiss(
            form.get("path", ""),
            int(line) if line.isascii() and line.isdigit() and len(line) < 10 else None,
            by=member.name,
            at=datetime.now().astimezone(),
        )
        return RedirectResponse("/staff/archive#failures", 303)

    return router


def _moment(form: Mapping[str, str]) -> datetime:
    try:
        return parse_moment(typed(form.get("until", "")))
    except ValueError:
        raise InputError(
            _("Until when? A date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00 was expected.")
        ) from None


def _day(form: Mapping[str, str]) -> date | None:
    text = typed(form.get("review_on", ""))
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        expected = N_("The review date: a day such as 2026-12-01 was expected, found “{text}”.")
        raise InputError(_(expected, text=text[:30])) from None
