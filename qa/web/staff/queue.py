"""The review queue, those questions first that most need a look; and how questions are answered, as verdicts tell."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from functools import lru_cache
from urllib.parse import urlencode

from fastapi import Depends, FastAPI, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from qa.i18n.forms import long_date, number
from qa.i18n.locale import N_, _, current_locale, ngettext, pgettext, pgettext_noop
from qa.i18n.staff import likelihood_words, value_words
from qa.models.journal import OFTEN, Grade, QuestionKind, Review, Role, State
from qa.models.replies import SURE
from qa.models.support import Usage
from qa.review import evaluation
from qa.review.evaluation import EvaluationFilter
from qa.review.gate import judged_questions, known_json
from qa.review.service import StaffContext
from qa.store.journal.reviews import ReviewFilter
from qa.web.context import Values, WebContext
from qa.web.forms import Pagination, chosen, page_number, typed
from qa.web.staff.auth import Member, StaffAuth

PAGE_SIZE = 50
LONGEST_WORDS = 200

DRAWN = (Grade.RIGHT, Grade.WRONG, Grade.REFUSED)
ARTICLES_HELD = 1_000
USAGE_DAYS = 30  # of which the page says what the language model used
BY = (N_("Week"), N_("Kind of question"), N_("Source of the first quote"))  # what the tables count by


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
    evaluated: EvaluationFilter = evaluation.EVERYTHING

    @classmethod
    def read(cls, query: Mapping[str, str]) -> QueueListing:
        try:
            week = date.fromisoformat(query.get("week", ""))
        except ValueError:
            week = None
        words, outlet = (typed(query.get(name, ""))[:LONGEST_WORDS] for name in ("q", "outlet"))
        grade, kind = chosen(Grade, query.get("grade")), chosen(QuestionKind, query.get("kind"))
        show, order = chosen(Show, query.get("show")) or Show.TO_CHECK, chosen(Order, query.get("order")) or Order.NEED
        page, evaluated = page_number(query.get("page", "")), EvaluationFilter(grade, week, kind, outlet)
        return cls(show, words, order, page, evaluated)

    def counted(self, wanted: EvaluationFilter, grade: Grade) -> QueueListing:
        """The questions behind a figure of the evaluation."""
        return replace(self, evaluated=replace(wanted, grade=grade))

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
    if review.refused and review.asks >= OFTEN:
        yield _("refused, asked {number} times", number=number(review.asks))


def age(review: Review, now: datetime) -> str:
    """The time since a question was last asked, in words."""
    from babel.dates import format_timedelta

    return format_timedelta(min(review.last_at - now, timedelta()), add_direction=True, locale=current_locale())


def add_queue_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The list and the way to the next question."""
    journal = staff.journal
    reader, checker = Depends(auth.member(Role.READER)), Depends(auth.member(Role.CHECKER))

    @app.get("/staff", response_class=HTMLResponse)
    def queue(request: Request, member: Member = reader) -> HTMLResponse:
        staff.staff_overrides.sweep()
        listing, now = QueueListing.read(request.query_params), datetime.now(UTC)
        wanted = listing.wanted
        if listing.evaluated:
            questions = evaluation.graded(journal.records.weekly(evaluation.first_week(now.date())))
            meant = frozenset(question.review for question in evaluation.selected(questions, listing.evaluated))
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

    @app.get("/staff/next")
    def next_review(member: Member = checker, after: int | None = None) -> RedirectResponse:
        review = staff.review_service.next(member.name, after=after)
        return RedirectResponse(f"/staff/review/{review.number}" if review else "/staff", 303)


def add_evaluation_pages(app: FastAPI, context: WebContext, staff: StaffContext, auth: StaffAuth) -> None:
    """The page, and the verdicts as a file."""
    journal, prices = staff.journal, staff.prices
    reader = Depends(auth.member(Role.READER))

    @app.get("/staff/evaluation", response_class=HTMLResponse)
    def evaluated(member: Member = reader) -> HTMLResponse:
        today = datetime.now(UTC).date()
        questions = evaluation.graded(journal.records.weekly(evaluation.first_week(today)))
        weeks, kinds, outlets = evaluation.tables(questions, today)
        days = journal.records.daily_usage(today - timedelta(days=USAGE_DAYS - 1))
        values: Values = {
            "asked": bool(questions),
            "looked_back": evaluation.WEEKS,
            "weeks": weeks,
            "drawn": DRAWN,
            "most": max(1, *(row.counts[grade] for row in weeks for grade in DRAWN)),
            "tables": list(zip(BY, (weeks[::-1], kinds, outlets), strict=True)),
            "grades": list(Grade),
            "listing": QueueListing(Show.ALL, order=Order.NEWEST, page=0),
            "days": days,
            "used_days": USAGE_DAYS,
            "answers": sum(day.answers for day in days),
            "used": sum((day.usage for day in days), Usage()),
            "prices": prices,
        }
        return context.form_page("staff_evaluation.html", member=member, **values)

    @app.get("/staff/evaluation/questions.jsonl", dependencies=[reader])
    def export() -> Response:
        article = lru_cache(ARTICLES_HELD)(context.service.article)
        lines = (json.dumps(known_json(known), ensure_ascii=False) for known in judged_questions(journal, article))
        headers = {"Content-Disposition": 'attachment; filename="questions.jsonl"'}
        text = "".join(f"{line}\n" for line in lines)
        return Response(text, media_type="application/jsonl; charset=utf-8", headers=headers)
