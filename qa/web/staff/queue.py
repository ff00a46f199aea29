"""The review queue: every question that was asked, those that most need a look first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from urllib.parse import urlencode

from fastapi import APIRouter, Depends, Request
from fastapi.responses import HTMLResponse, RedirectResponse

from qa.i18n.forms import long_date, number
from qa.i18n.locale import N_, _, current_locale, ngettext, pgettext, pgettext_noop
from qa.i18n.staff import likelihood_words, value_words
from qa.models.journal import Grade, QuestionKind, Review, Role, State
from qa.models.replies import SURE
from qa.review.evaluation import EVERYTHING, EvaluationFilter, first_week, graded, selected
from qa.review.service import StaffContext
from qa.store.journal.reviews import ReviewFilter
from qa.web.context import Values, WebContext
from qa.web.forms import Pagination, chosen, page_number, typed
from qa.web.staff.auth import Admit, Member

PAGE_SIZE = 50
LONGEST_WORDS = 200


class Show(StrEnum):
    """Which questions are listed."""

    TO_CHECK = "to-check"
    OPEN = "open"
    APPROVED = "approved"
    EDITED = "edited"
    WITHHELD = "withheld"
    ALL = "all"


class Order(StrEnum):
    """The order of the list."""

    NEED = "need"
    NEWEST = "newest"
    OLDEST = "oldest"
    ASKS = "asks"


FILTERS = {
    Show.TO_CHECK: pgettext_noop("questions", "To check"),
    Show.OPEN: pgettext_noop("questions", "Never checked"),
    Show.APPROVED: pgettext_noop("questions", "Approved"),
    Show.EDITED: pgettext_noop("questions", "Edited"),
    Show.WITHHELD: pgettext_noop("questions", "Withheld"),
    Show.ALL: pgettext_noop("questions", "All"),
}
ORDERS = {
    Order.NEED: N_("Most in need first"),
    Order.NEWEST: N_("Newest first"),
    Order.OLDEST: N_("Oldest first"),
    Order.ASKS: N_("Most asked first"),
}


@dataclass(frozen=True, slots=True)
class QueueListing:
    """A list of the queue, by the address of its page."""

    show: Show = Show.TO_CHECK
    words: str = ""
    order: Order = Order.NEED
    page: int = 1
    evaluated: EvaluationFilter = EVERYTHING

    @classmethod
    def read(cls, query: Mapping[str, str]) -> QueueListing:
        try:
            week = date.fromisoformat(query.get("week", ""))
        except ValueError:
            week = None
        words, outlet = (typed(query.get(name, ""))[:LONGEST_WORDS] for name in ("q", "outlet"))
        grade, kind = chosen(Grade, query.get("grade")), chosen(QuestionKind, query.get("kind"))
        show, order = chosen(Show, query.get("show")) or Show.TO_CHECK, chosen(Order, query.get("order")) or Order.NEED
        return cls(show, words, order, page_number(query.get("page", "")), EvaluationFilter(grade, week, kind, outlet))

    @property
    def wanted(self) -> ReviewFilter:
        return ReviewFilter(self.show is Show.TO_CHECK, chosen(State, self.show.value), self.words, self.order)

    @property
    def narrowing(self) -> dict[str, str]:
        """Which of the questions that the evaluation counts are meant, as an address names it."""
        values = {name: getattr(self.evaluated, name) for name in ("grade", "week", "kind", "outlet")}
        return {name: str(value) for name, value in values.items() if value}

    def address(self, **changed: object) -> str:
        values = {"show": self.show, "q": self.words, "order": self.order, "page": self.page} | self.narrowing | changed
        return f"/staff?{urlencode({name: value for name, value in values.items() if value})}"


def evaluation_words(wanted: EvaluationFilter) -> str:
    """A filter of the evaluation in a few words."""
    values = (value_words(value) for value in (wanted.grade, wanted.kind) if value)
    week = _("week of {day}", day=long_date(wanted.week)) if wanted.week else ""
    return " · ".join(filter(None, (*values, week, wanted.outlet)))


def reasons(review: Review) -> Iterator[str]:
    """The reasons to look at a question, each in a few words; none where there is but that nobody has yet."""
    if count := review.reports:
        yield ngettext("{number} reader reported it", "{number} readers reported it", count, number=number(count))
    if review.changed:
        yield _("its sources changed since it was checked")
    if count := review.dislikes:
        times = ngettext("thumbs down once", "thumbs down {number} times", count, number=number(count))
        yield _("thumbs down twice") if count == 2 else times
    if review.state is not State.OPEN:
        return
    if review.conflicting:
        yield _("sources differ")
    if review.likelihood is not None and review.likelihood < SURE:
        yield likelihood_words(review.likelihood)
    if review.refused_often:
        yield _("refused, asked {number} times", number=number(review.asks))


def age(review: Review, now: datetime) -> str:
    """The time since a question was last asked, in words."""
    from babel.dates import format_timedelta

    return format_timedelta(min(review.last_at - now, timedelta()), add_direction=True, locale=current_locale())


def queue_routes(context: WebContext, staff: StaffContext, *, admit: Admit) -> APIRouter:
    """The list and the way to the next question."""
    router, journal = APIRouter(), staff.journal
    reader, checker = Depends(admit(Role.READER)), Depends(admit(Role.CHECKER))

    @router.get("/staff", response_class=HTMLResponse)
    def queue(request: Request, member: Member = reader) -> HTMLResponse:
        staff.staff_overrides.sweep()
        listing, now = QueueListing.read(request.query_params), datetime.now(UTC)
        wanted = listing.wanted
        if listing.evaluated:
            questions = graded(journal.verdicts.weekly(first_week(now.date())))
            meant = frozenset(question.review for question in selected(questions, listing.evaluated))
            wanted = replace(wanted, numbers=meant)
        total = journal.reviews.matching(wanted)
        pages = Pagination.of(total, size=PAGE_SIZE, wanted=listing.page)
        reviews = journal.reviews.listed(wanted, limit=PAGE_SIZE, skipping=pages.start)
        rows = [(review, "; ".join(reasons(review)), age(review, now)) for review in reviews]
        filters = {name: pgettext("questions", words) for name, words in FILTERS.items()}
        writes = member.role.covers(Role.CHECKER)
        boxes: Values = {"listing": listing, "filters": filters, "orders": ORDERS, "writes": writes}
        found: Values = {"total": total, "at": pages, "rows": rows, "evaluated": evaluation_words(listing.evaluated)}
        counts = journal.reviews.counts()
        return context.form_page("staff_queue.html", member=member, counts=counts, **boxes, **found)

    @router.get("/staff/next")
    def next_review(member: Member = checker, after: int | None = None) -> RedirectResponse:
        review = staff.review_service.next(member.name, after=after)
        return RedirectResponse(f"/staff/review/{review.number}" if review else "/staff", 303)

    return router
