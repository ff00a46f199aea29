"""All addresses of the desk, behind one door."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from fastapi import APIRouter

from qa.models.archive import Span
from qa.review.service import StaffContext
from qa.web.room import Limits, PageTexts, ReadingRoom
from qa.web.staff.archive import archive_routes
from qa.web.staff.audit import audit_routes
from qa.web.staff.checking import check_routes
from qa.web.staff.entering import entering_routes
from qa.web.staff.queue import queue_routes
from qa.web.staff.session import Door


def staff_routes(
    office: StaffContext,
    room: ReadingRoom,
    *,
    door: Door,
    sentence_spans: Callable[[str], Sequence[Span]],
    texts: PageTexts,
    limits: Limits,
) -> APIRouter:
    journal, desk = office.journal, office.desk
    router = APIRouter()
    router.include_router(_entrance(office, door, texts))
    router.include_router(queue_routes(journal, desk, overrides=office.overrides, admit=door.member, texts=texts))
    router.include_router(
        check_routes(room, desk, sentence_spans=sentence_spans, admit=door.member, texts=texts, limits=limits)
    )
    router.include_router(archive_routes(office.work, journal, admit=door.member, texts=texts))
    router.include_router(audit_routes(journal.audit, door, texts=texts))
    return router


def _entrance(office: StaffContext, door: Door, texts: PageTexts) -> APIRouter:
    accounts, book, provider = office.accounts, office.journal.accounts, office.provider
    if provider is None:
        return entering_routes(accounts, book, door, texts=texts)
    # Imported here: it needs an extra.
    from qa.web.staff.oidc import BEGIN, oidc_routes

    router = oidc_routes(accounts, door, provider)
    router.include_router(entering_routes(accounts, book, door, texts=texts, elsewhere=BEGIN, provider=provider.name))
    return router
