"""How questions are answered, as verdicts and thumbs tell: curves, tables, and verdicts as known questions."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from functools import lru_cache

from fastapi import APIRouter, Depends
from fastapi.responses import HTMLResponse, Response

from qa.i18n.forms import number, short_date
from qa.i18n.locale import N_, _
from qa.i18n.staff import cost_words, value_words
from qa.models.journal import DailyUsage, Grade, Role
from qa.models.support import Prices, Usage
from qa.review.evaluation import WEEKS, EvaluationRow, by_kind, by_outlet, by_week, first_week, graded
from qa.review.known import judged_questions, known_json
from qa.review.service import StaffContext
from qa.web.context import Values, WebContext
from qa.web.staff.auth import Admit, Member
from qa.web.staff.queue import Order, QueueListing, Show

DRAWN = (Grade.RIGHT, Grade.WRONG, Grade.REFUSED)
WIDTH, HEIGHT = 600, 200  # units of the curves' own; they are drawn as wide as the page
ARTICLES_HELD = 1_000
USAGE_DAYS = 30  # of which the page says what the language model used
BY = {"week": N_("Week"), "kind": N_("Kind of question"), "outlet": N_("Source of the first quote")}


def evaluation_routes(context: WebContext, staff: StaffContext, *, admit: Admit) -> APIRouter:
    """The page, and the verdicts as a file."""
    router, journal, prices = APIRouter(), staff.journal, staff.prices
    reader = Depends(admit(Role.READER))

    @router.get("/staff/evaluation", response_class=HTMLResponse)
    def evaluation(member: Member = reader) -> HTMLResponse:
        today = datetime.now(UTC).date()
        questions = graded(journal.verdicts.weekly(first_week(today)))
        weeks = by_week(questions, today)
        tables = {"week": weeks[::-1], "kind": by_kind(questions), "outlet": by_outlet(questions)}
        used = journal.records.daily_usage(today - timedelta(days=USAGE_DAYS - 1))
        values: Values = {
            "curves": curves(weeks),
            "most": _most(weeks),
            "stretch": (weeks[0].wanted.week, weeks[-1].wanted.week),
            "tables": [(BY[name], [figure_row(row) for row in rows]) for name, rows in tables.items()],
            "used": usage_rows(used, prices),
        }
        fixed: Values = {"weeks": WEEKS, "size": (WIDTH, HEIGHT), "grades": list(Grade), "used_days": USAGE_DAYS}
        asked, priced = bool(questions), prices is not None
        return context.form_page("staff_evaluation.html", member=member, asked=asked, priced=priced, **fixed, **values)

    @router.get("/staff/evaluation/questions.jsonl", dependencies=[reader])
    def export() -> Response:
        article = lru_cache(ARTICLES_HELD)(context.service.article)
        lines = (json.dumps(known_json(known), ensure_ascii=False) for known in judged_questions(journal, article))
        headers = {"Content-Disposition": 'attachment; filename="questions.jsonl"'}
        text = "".join(f"{line}\n" for line in lines)
        return Response(text, media_type="application/jsonl; charset=utf-8", headers=headers)

    return router


def figure_row(row: EvaluationRow) -> tuple[str, list[tuple[str, str | None]], str]:
    """A row in words: its label, figures with the address of the questions behind each, the share of right answers."""
    wanted, share, figures = row.wanted, row.right_of_judged, []
    label = short_date(wanted.week) if wanted.week else value_words(wanted.kind) if wanted.kind else wanted.outlet
    for grade in Grade:
        listing = QueueListing(Show.ALL, order=Order.NEWEST, evaluated=replace(wanted, grade=grade))
        figures.append((number(row.counts[grade]), listing.address(page=0) if row.counts[grade] else None))
    return label, figures, "–" if share is None else f"{100 * share:.0f}%"


def usage_rows(days: Sequence[DailyUsage], prices: Prices | None) -> list[tuple[str, ...]]:
    """The days, then their sum, in words: answers that a language model wrote, its tokens, and what they cost."""
    if not days:
        return []
    whole = sum((day.usage for day in days), Usage())
    labelled = [(short_date(day.day), day.answers, day.usage) for day in days]
    return [_usage_row(*row, prices) for row in (*labelled, (_("Together"), sum(day.answers for day in days), whole))]


def _usage_row(label: str, answers: int, usage: Usage, prices: Prices | None) -> tuple[str, ...]:
    about = "≈\u00a0" if usage.estimated else ""
    tokens = (usage.tokens_read, usage.tokens_cached, usage.tokens_written)
    cost = (about + cost_words(prices.cost(usage)),) if prices else ()
    return (label, number(answers), *(about + number(count) for count in tokens), *cost)


def curves(weeks: Sequence[EvaluationRow]) -> list[tuple[Grade, str]]:
    """The points of each grade that says something, as SVG has them, from the left; none of fewer than two weeks."""
    if len(weeks) < 2:
        return []
    step, scale = WIDTH / (len(weeks) - 1), HEIGHT / _most(weeks)

    def line(grade: Grade) -> str:
        return " ".join(f"{at * step:.1f},{HEIGHT - row.counts[grade] * scale:.1f}" for at, row in enumerate(weeks))

    return [(grade, line(grade)) for grade in DRAWN]


def _most(weeks: Sequence[EvaluationRow]) -> int:
    return max(1, *(row.counts[grade] for row in weeks for grade in DRAWN))
