"""The audit log for admins: the newest entries first, and all of them as a file."""

from __future__ import annotations

import json
from collections.abc import Iterator

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from qa.i18n.locale import _
from qa.models.journal import AuditEntry, Role
from qa.review.audit import changes, entry_json
from qa.store.journal.audit import AuditLog
from qa.web.context import WebContext
from qa.web.forms import Pagination
from qa.web.questions import page_number
from qa.web.staff.auth import Member, StaffAuth

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
