"""The staff's pages of the archive: notices on articles, due reviews, failed imports; and the audit log for admins."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date, datetime

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from qa.errors import ArchiveError, InputError, NotFound
from qa.i18n.locale import N_, _
from qa.i18n.messages import error_text
from qa.loaders.timestamps import parse_moment
from qa.models.archive import Source, Status
from qa.models.journal import AuditEntry, Role
from qa.models.notices import NoticeKind
from qa.review.audit import changes, entry_json
from qa.review.notices import ArticleActions
from qa.store.journal.audit import AuditLog
from qa.store.journal.opening import Journal
from qa.web.context import WebContext
from qa.web.forms import Pagination, page_number, typed, whole_number
from qa.web.staff.auth import Admit, FormFields, Member, StaffAuth
from qa.web.staff.picking import articles_found

AllSources = Callable[[], Sequence[Source]]
"""Gives every article as it stands, those that readers don't see too."""

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


def archive_routes(
    context: WebContext, actions: ArticleActions, journal: Journal, *, sources: AllSources, admit: Admit
) -> APIRouter:
    """The page of the archive and the forms on it."""
    router = APIRouter()
    reader, editor = Depends(admit(Role.READER)), Depends(admit(Role.EDITOR))

    def page(
        member: Member, *, form: Mapping[str, str], error: ArchiveError | None = None, done: str = ""
    ) -> HTMLResponse:
        failures = journal.imports.failures()
        by_id = {source.article_id: source for source in sources()}
        return context.form_page(
            "staff_archive.html",
            status=200 if error is None else 404 if isinstance(error, NotFound) else 422,
            member=member,
            form=form,
            error=error_text(error) if error else "",
            done=done,
            acts=ACTS,
            editor=member.role.covers(Role.EDITOR),
            sources=by_id,
            listed=articles_found(form["find"], by_id.values(), context) if "find" in form else None,
            chosen=None if isinstance(error, NotFound) else _chosen(form.get("article", ""), by_id),
            due=actions.due(),
            notices=actions.newest(limit=SHOWN_NOTICES),
            imports=journal.imports.newest(limit=SHOWN_IMPORTS),
            failures=failures[:SHOWN_FAILURES],
            more_failures=max(0, len(failures) - SHOWN_FAILURES),
        )

    @router.get("/staff/archive", response_class=HTMLResponse)
    def archive(article: str = "", find: str | None = None, done: str = "", member: Member = reader) -> Response:
        form = {"article": article} if find is None else {"find": find}
        return page(member, form=form, done=DONE[NoticeKind(done)] if done in set(DONE) else "")

    @router.post("/staff/archive", response_class=HTMLResponse)
    def act(form: FormFields, member: Member = editor) -> Response:
        try:
            if form.get("kind") not in set(ACTS):
                raise InputError(_("Choose what is to be done."))
            kind = NoticeKind(form["kind"])
            until = _moment(form) if kind is NoticeKind.EMBARGO else None
            text = typed(form.get("text", ""))
            actions.act(form.get("article", ""), kind, text, by=member.name, until=until, review_on=_day(form))
        except (InputError, NotFound) as error:
            return page(member, form=form, error=error)
        return RedirectResponse(f"/staff/archive?done={kind.value}", 303)

    @router.post("/staff/archive/dismiss")
    def dismiss(form: FormFields, member: Member = editor) -> Response:
        line = whole_number(form.get("line", ""), digits=9)
        journal.imports.dismiss(form.get("path", ""), line, by=member.name, at=datetime.now().astimezone())
        return RedirectResponse("/staff/archive#failures", 303)

    return router


def _chosen(article_id: str, by_id: Mapping[str, Source]) -> Source | None:
    """The article that a form is for; by its id alone where it is damaged or erased, which a notice can be on, too."""
    unread = Source(article_id, article_id, "", status=Status.WITHDRAWN) if article_id else None
    return by_id.get(article_id, unread)


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


PAGE_SIZE = 50

LONGEST_VALUE = 500
"""Characters of a value on the page; the file has all."""


def audit_routes(context: WebContext, book: AuditLog, auth: StaffAuth) -> APIRouter:
    router = APIRouter()
    admin = Depends(auth.member(Role.ADMIN))

    @router.get("/staff/audit", response_class=HTMLResponse)
    def audit(member: Member = admin, page: str = "") -> Response:
        total = book.count()
        pages = Pagination.of(total, size=PAGE_SIZE, wanted=page_number(page))
        try:
            last, entries = book.newest(limit=1), book.newest(limit=PAGE_SIZE, skipping=pages.start)
        except ValueError:
            text = _("An entry can’t be read. On the archive’s machine, `qa audit verify` says which.")
            return auth.message(500, _("The log was changed"), text)
        return context.form_page(
            "staff_audit.html",
            member=member,
            total=total,
            pages=pages,
            head=last[0].chained if last else "",
            entries=[(entry, list(_changed(entry))) for entry in entries],
        )

    @router.get("/staff/audit.jsonl", dependencies=[admin])
    def export() -> Response:
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        return StreamingResponse(_lines(book), media_type="application/jsonl; charset=utf-8", headers=headers)

    return router


def _lines(book: AuditLog) -> Iterator[str]:
    for entry in book.entries():
        yield json.dumps(entry_json(entry), ensure_ascii=False) + "\n"


def _changed(entry: AuditEntry) -> Iterator[tuple[str, str | None, str | None]]:
    return ((name, _text(before), _text(after)) for name, before, after in changes(entry))


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
