"""The staff's pages of the archive: notices on articles, due reviews, failed imports; and the audit log for admins."""

import json
from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TypeVar

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response, StreamingResponse

from qa.errors import ArchiveError, InputError, NotFound
from qa.i18n.forms import error_text
from qa.i18n.locale import N_, _
from qa.loaders.fields import parse_moment
from qa.models.archive import Source, Status
from qa.models.deliveries import NoticeKind
from qa.models.journal import Role
from qa.review.service import StaffContext
from qa.store.journal.audit import changes, entry_json
from qa.web.context import Values, WebContext
from qa.web.forms import Pagination, page_number, typed, whole_number
from qa.web.staff.auth import FormFields, Member, StaffAuth
from qa.web.staff.review import articles_found

T = TypeVar("T")

SHOWN_NOTICES, SHOWN_IMPORTS, SHOWN_FAILURES = 30, 5, 200
ENTRIES = 50  # of the audit log on a page
LONGEST_VALUE = 500  # characters of a value on the page; the file has all
ACTS = {
    NoticeKind.CORRECTION: N_("Correct: readers see the text before each quote"),
    NoticeKind.WITHDRAWAL: N_("Withdraw: found and quoted no more; readers who open it see the text"),
    NoticeKind.EMBARGO: N_("Embargo until a moment, as if it didn’t exist"),
    NoticeKind.RESTORATION: N_("Restore"),
}


def add_archive_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The page of the archive and the forms on it."""
    actions, journal = staff.article_actions, staff.journal
    reader, editor = Depends(auth.member(Role.READER)), Depends(auth.member(Role.EDITOR))

    def page(
        member: Member, *, form: Mapping[str, str], error: ArchiveError | None = None, done: bool = False
    ) -> HTMLResponse:
        sources, name = {source.article_id: source for source in staff.sources()}, form.get("article", "")
        lost, failures = isinstance(error, NotFound), journal.imports.failures()
        # An article that is damaged or erased is known by its id alone, and a notice can be on it, too.
        unknown = Source(name, name, "", status=Status.WITHDRAWN)
        chosen = sources.get(name, unknown) if name and not lost else None
        listed = articles_found(form["find"], sources.values(), context) if "find" in form else None
        more, imports = max(0, len(failures) - SHOWN_FAILURES), journal.imports.newest(limit=SHOWN_IMPORTS)
        values: Values = {"form": form, "chosen": chosen, "listed": listed, "acts": ACTS, "sources": sources}
        values |= {"due": actions.due(), "notices": staff.history()[::-1][:SHOWN_NOTICES], "imports": imports}
        values |= {"failures": failures[:SHOWN_FAILURES], "more_failures": more}
        values |= {"member": member, "editor": member.role.covers(Role.EDITOR), "done": done}
        status, text = (404 if lost else 422, error_text(error)) if error else (200, "")
        return context.form_page("staff_archive.html", status=status, error=text, **values)

    @app.get("/staff/archive", response_class=HTMLResponse)
    def archive(article: str = "", find: str | None = None, done: str = "", member: Member = reader) -> Response:
        form = {"article": article} if find is None else {"find": find}
        return page(member, form=form, done=bool(done))

    @app.post("/staff/archive", response_class=HTMLResponse)
    def act(form: FormFields, member: Member = editor) -> Response:
        try:
            if form.get("kind") not in set(ACTS):
                raise InputError(_("Choose what is to be done."))
            kind = NoticeKind(form["kind"])
            moment, day, text = (typed(form.get(name, "")) for name in ("until", "review_on", "text"))
            until = _time(parse_moment, moment, _NO_MOMENT) if kind is NoticeKind.EMBARGO else None
            review_on = _time(date.fromisoformat, day, _NO_DAY) if day else None
            actions.act(form.get("article", ""), kind, text, by=member.name, until=until, review_on=review_on)
        except (InputError, NotFound) as error:
            return page(member, form=form, error=error)
        return RedirectResponse("/staff/archive?done=1", 303)

    @app.post("/staff/archive/dismiss")
    def dismiss(form: FormFields, member: Member = editor) -> Response:
        line = whole_number(form.get("line", ""), digits=9)
        journal.imports.dismiss(form.get("path", ""), line, by=member.name, at=datetime.now().astimezone())
        return RedirectResponse("/staff/archive#failures", 303)


_NO_MOMENT = N_("Until when? A date such as 2026-12-01 or a time such as 2026-12-01T06:00+01:00 was expected.")
_NO_DAY = N_("The review date: a day such as 2026-12-01 was expected, found “{text}”.")


def _time(read: Callable[[str], T], text: str, otherwise: str) -> T:
    """Raises InputError, in these words, where it can't be read."""
    try:
        return read(text)
    except ValueError:
        raise InputError(_(otherwise, text=text[:30])) from None


def add_audit_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    log = staff.journal.audit
    admin = Depends(auth.member(Role.ADMIN))

    @app.get("/staff/audit", response_class=HTMLResponse)
    def audit(request: Request, member: Member = admin) -> Response:
        total = log.count()
        pages = Pagination.of(total, size=ENTRIES, wanted=page_number(request.query_params))
        try:
            last, entries = log.newest(limit=1), log.newest(limit=ENTRIES, skipping=pages.start)
        except ValueError:
            text = _("An entry can’t be read. On the archive’s machine, `qa audit verify` says which.")
            return context.staff_message(500, _("The log was changed"), text)
        texts = [[(name, _text(before), _text(after)) for name, before, after in changes(entry)] for entry in entries]
        about: Values = {"member": member, "total": total, "pages": pages, "head": last[0].chained if last else ""}
        return context.form_page("staff_audit.html", entries=list(zip(entries, texts, strict=True)), **about)

    @app.get("/staff/audit.jsonl", dependencies=[admin])
    def export() -> Response:
        headers = {"Content-Disposition": 'attachment; filename="audit.jsonl"'}
        lines = (json.dumps(entry_json(entry), ensure_ascii=False) + "\n" for entry in log.entries())
        return StreamingResponse(lines, media_type="application/jsonl; charset=utf-8", headers=headers)


def _text(value: object) -> str | None:
    if value is None:
        return None
    text = value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)
    return text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}…"
