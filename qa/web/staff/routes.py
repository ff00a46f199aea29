"""The addresses of the desk that say who may enter, and keep the record of what is done."""

from __future__ import annotations

from typing import TYPE_CHECKING

from fastapi import APIRouter

from qa.review.accounts import Accounts
from qa.storage.journal.opening import Journal
from qa.web.room import PageTexts
from qa.web.staff.audit import audit_routes
from qa.web.staff.entering import entering_routes
from qa.web.staff.session import Door

if TYPE_CHECKING:
    from qa.review.openid import Provider


def staff_routes(
    journal: Journal, accounts: Accounts, door: Door, *, texts: PageTexts, provider: Provider | None = None
) -> APIRouter:
    """With a `provider` of OpenID Connect, the staff may sign in by it too."""
    router = APIRouter()
    begin, name = "", ""
    if provider is not None:
        # Imported here: most archives have no provider, and its client is an extra.
        from qa.web.staff.oidc import BEGIN, oidc_routes

        begin, name = BEGIN, provider.name
        router.include_router(oidc_routes(accounts, door, provider))
    router.include_router(
        entering_routes(accounts, journal.accounts, door, texts=texts, elsewhere=begin, provider=name)
    )
    router.include_router(audit_routes(journal.audit, door, texts=texts))
    return router
