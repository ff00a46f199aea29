"""The audit log as admins read it: the newest entries first, and all of them to take away."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response, StreamingResponse

from qa.i18n.locale import _
from qa.models.archive import moment_text
from qa.models.journal import AuditEntry, Role
from qa.review.audit import changes, entry_json
from qa.store.journal.audit import AuditLog
from qa.web.forms import Pages, form_page
from qa.web.room import PageTexts
from qa.web.staff.session import Door, Member

PAGE_SIZE = 50

LONGEST_SHOWN = 500
"""Characters of a value on the page; the export has all."""


@dataclass(frozen=True, slots=True)
class Shown:
    """An entry as a line of the page."""

    number: int
    at: str
    by: str
    what: str
    subject: str
    changes: tuple[tuple[str, str | None, str | None], ...]


def audit_routes(book: AuditLog, door: Door, *, texts: PageTexts) -> APIRouter:
    router = APIRouter()
    admin = Depends(door.member(Role.ADMIN))

    @router.get("/staff/audit", response_class=HTMLResponse)
    def audit(member: Member = admin, page: str = "") -> Response:
        wanted = int(page) if page.isascii() and page.isdigit() and len(page) < 9 else 1
        total = book.count()
        pages = Pages.of(total, size=PAGE_SIZE, wanted=wanted)
        try:
            last, shown = book.newest(limit=1), book.newest(limit=PAGE_SIZE, skipping=pages.start)
        except ValueError:
            text = _("An entry can’t be read. On the archive’s machine, `qa audit verify` says which.")
            return door.told(500, _("The log was changed"), text)
        return form_page(
            "staff_audit.html",
            texts=texts,
            member=member,
            total=total,
            pages=pages,
            head=last[0].chained if last else "",
            entries=[_shown(entry) for entry in shown],
        )

    @router.get("/staff/audit.jsonl", dependencies=[admin])
    def export() -> Response:
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        return StreamingResponse(_lines(book), media_type="application/jsonl; charset=utf-8", headers=headers)

    return router


def _lines(book: AuditLog) -> Iterator[str]:
    for entry in book.entries():
        yield json.dumps(entry_json(entry), ensure_ascii=False) + "\n"


def _shown(entry: AuditEntry) -> Shown:
    act = entry.act
    told = tuple((name, _text(before), _text(after)) for name, before, after in changes(entry))
    return Shown(entry.number, moment_text(act.at), act.by, act.what, act.subject, told)


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_SHOWN else f"{text[:LONGEST_SHOWN]}…"
