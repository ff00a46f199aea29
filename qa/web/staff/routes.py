"""The addresses of the desk that say who may enter, and keep the record of what is done."""

from __future__ import annotations

from fastapi import APIRouter

from qa.review.accounts import Accounts
from qa.storage.journal.opening import Journal
from qa.web.room import PageTexts
from qa.web.staff.audit import audit_routes
from qa.web.staff.entering import entering_routes
from qa.web.staff.session import Door


def staff_routes(journal: Journal, accounts: Accounts, door: Door, *, texts: PageTexts) -> APIRouter:
    router = APIRouter()
    router.include_router(entering_routes(accounts, journal.accounts, door, texts=texts))
    router.include_router(audit_routes(journal.audit, door, texts=texts))
    return router
