"""The queue: every question that was asked, those that most need a look first."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from qa.i18n.forms import number
from qa.i18n.locale import N_, _, ngettext, pgettext, pgettext_noop
from qa.models.journal import Review, Role, State
from qa.review.overrides import StaffOverrides
from qa.review.service import ReviewService
from qa.store.journal.opening import Journal
from qa.store.journal.reviews import ReviewFilter
from qa.web.asking import typed
from qa.web.forms import Pages, form_page
from qa.web.room import PageTexts

PAGE_SIZE = 50
LONGEST_WORDS = 200


class Show(StrEnum):
    """Which questions a list holds."""

    TO_CHECK = "to-check"
    OPEN = "open"
    APPROVED = "approved"
    EDITED = "edited"
    WITHHELD = "withheld"
    ALL = "all"


class Order(StrEnum):
    """In which order."""

    DOUBTFUL = "doubtful"
    NEWEST = "newest"
    OLDEST = "oldest"
    ASKS = "asks"


SHOWN = {
    Show.TO_CHECK: pgettext_noop("questions", "To check"),
    Show.OPEN: pgettext_noop("questions", "Never checked"),
    Show.APPROVED: pgettext_noop("questions", "Approved"),
    Show.EDITED: pgettext_noop("questions", "Edited"),
    Show.WITHHELD: pgettext_noop("questions", "Withheld"),
    Show.ALL: pgettext_noop("questions", "All"),
}
ORDERS = {
    Order.DOUBTFUL: N_("Most in need first"),
    Order.NEWEST: N_("Newest first"),
    Order.OLDEST: N_("Oldest first"),
    Order.ASKS: N_("Most asked first"),
}


class Member(Protocol):
    """Who is signed in."""

    @property
    def name(self) -> str: ...
    @property
    def role(self) -> Role: ...
    @property
    def form_key(self) -> str: ...


Admit = Callable[[Role], Callable[..., Any]]
"""Gives a dependency that lets in members of a role and above, and yields the member."""


@dataclass(frozen=True, slots=True)
class Listing:
    """What of the queue is shown, by the address."""

    show: Show = Show.TO_CHECK
    words: str = ""
    order: Order = Order.DOUBTFUL
    page: int = 1

    @classmethod
    def read(cls, query: Mapping[str, str]) -> Listing:
        page = query.get("page", "")
        return cls(
            Show(query["show"]) if query.get("show") in set(Show) else Show.TO_CHECK,
            typed(query.get("q", ""))[:LONGEST_WORDS],
            Order(query["order"]) if query.get("order") in set(Order) else Order.DOUBTFUL,
            int(page) if page.isascii() and page.isdigit() and len(page) < 7 else 1,
        )

    @property
    def wanted(self) -> ReviewFilter:
        state = State(self.show.value) if self.show.value in set(State) else None
        return ReviewFilter(self.show is Show.TO_CHECK, state, self.words, self.order)

    def address(self, **changed: object) -> str:
        told = {"show": self.show, "q": self.words, "order": self.order, "page": self.page} | changed
        return f"/staff?{urlencode({name: value for name, value in told.items() if value})}"


def why(review: Review) -> str:
    """What speaks for looking at it, in a few words."""
    reasons = []
    if review.reports:
        told = ngettext(
            "{number} reader reported it", "{number} readers reported it", review.reports, number=number(review.reports)
        )
        reasons.append(told)
    if review.changed:
        reasons.append(_("its sources changed since it was checked"))
    if review.state is State.OPEN:
        reasons.append(_("doubtful") if review.doubt >= 0.5 else _("not checked yet"))
    return "; ".join(reasons)


def age(review: Review, now: datetime) -> str:
    """How long ago it was last asked."""
    minutes = max(0, int((now - review.last_at).total_seconds() // 60))
    if minutes < 1:
        return _("just now")
    if minutes < 60:
        return _("{number} min ago", number=minutes)
    if minutes < 60 * 24:
        return _("{number} h ago", number=minutes // 60)
    days = minutes // (60 * 24)
    return ngettext("{number} day ago", "{number} days ago", days, number=number(days))


def queue_routes(
    journal: Journal, desk: ReviewService, *, overrides: StaffOverrides, admit: Admit, texts: PageTexts
) -> APIRouter:
    """The list and the way to the next question."""
    router = APIRouter()
    reader, checker = Depends(admit(Role.READER)), Depends(admit(Role.CHECKER))

    @router.get("/staff", response_class=HTMLResponse)
    def queue(request: Request, member: Member = reader) -> HTMLResponse:
        overrides.sweep()
        listing = Listing.read(request.query_params)
        total = journal.reviews.matching(listing.wanted)
        pages = Pages.of(total, size=PAGE_SIZE, wanted=listing.page)
        found = journal.reviews.listed(listing.wanted, limit=PAGE_SIZE, skipping=pages.start)
        now = datetime.now(UTC)
        return form_page(
            "staff_queue.html",
            member=member,
            texts=texts,
            listing=listing,
            at=pages,
            total=total,
            counts=journal.reviews.counts(),
            rows=[(review, why(review), age(review, now)) for review in found],
            shown={show: pgettext("questions", words) for show, words in SHOWN.items()},
            orders=ORDERS,
            checker_role=Role.CHECKER,
        )

    @router.get("/staff/next")
    def next_one(member: Member = checker, after: int | None = None) -> RedirectResponse:
        review = desk.next(member.name, after=after)
        return RedirectResponse(f"/staff/review/{review.number}" if review else "/staff", 303)

    return router
