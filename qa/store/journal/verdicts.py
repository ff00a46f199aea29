"""What was made of answers: by the staff, statement by statement and in their decisions, and by readers' thumbs."""

from __future__ import annotations

import sqlite3
from datetime import date

from qa.models.journal import Judgement, ReportKind, WeeklyAnswer
from qa.models.replies import Intent
from qa.store.checksums import intact
from qa.store.database import Database

_FIRST = "$.statements[0].quotes[0].source.outlet"
_REPLY = "CASE WHEN json_valid(p.reply) THEN p.reply END"
_WEEKLY = f"""
    WITH judged AS (
        SELECT s.review, s.reply, j.judgement, max(j.number)
        FROM judgements j JOIN records s ON s.answer_id = j.answer_id
        WHERE j.statement = 0 AND {intact("judgements", "j")} GROUP BY s.review, s.reply
    ), thumbs AS (
        SELECT s.review, s.reply,
            total(t.kind = '{ReportKind.HELPFUL}') - total(t.kind = '{ReportKind.UNHELPFUL}') AS up
        FROM reports t JOIN records s ON s.answer_id = t.answer_id
        WHERE {intact("reports", "t")} GROUP BY s.review, s.reply
    )
    SELECT r.review, v.question, date(r.at, 'weekday 0', '-6 days') AS week, p.answered, j.judgement, t.up,
        json_extract({_REPLY}, '$.reason') AS reason, json_extract({_REPLY}, '$.intent') AS intent,
        json_extract({_REPLY}, '{_FIRST}') AS outlet,
        CASE
            WHEN json_extract({_REPLY}, '$.checked_on') IS NOT NULL THEN 1
            WHEN s.reply = r.reply AND v.state IN ('approved', 'edited') THEN 1
            WHEN s.reply = r.reply AND v.state = 'withheld' OR v.state = 'edited' AND r.at <= v.at THEN 0
        END AS upheld,
        max(r.number)
    FROM records r JOIN reviews v ON v.number = r.review JOIN replies p ON p.digest = r.reply
    LEFT JOIN records s ON s.answer_id = v.standing
    LEFT JOIN judged j ON j.review = r.review AND j.reply = r.reply
    LEFT JOIN thumbs t ON t.review = r.review AND t.reply = r.reply
    WHERE r.at >= ? AND {intact("records", "r")} AND {intact("reviews", "v")}
    AND NOT (v.state = 'edited' AND r.answer_id = v.standing)
    GROUP BY r.review, r.reply, week ORDER BY max(r.number)
"""
"""Weeks begin on Monday, in UTC. What the staff wrote in the place of an answer was given to nobody then."""


class VerdictStore:
    """The verdicts of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def weekly(self, since: date) -> list[WeeklyAnswer]:
        """Every answer since a day, once for each week in which its question got it, in the order last given."""
        return [_weekly(row) for row in self._database.rows(_WEEKLY, (since.isoformat(),))]

    def judged_answers(self) -> list[str]:
        """The ids of the answers of which statements were judged, in that order."""
        rows = self._database.rows("SELECT answer_id FROM judgements GROUP BY answer_id ORDER BY min(number)")
        return [row["answer_id"] for row in rows]


def _weekly(row: sqlite3.Row) -> WeeklyAnswer:
    return WeeklyAnswer(
        row["review"],
        row["question"],
        date.fromisoformat(row["week"]),
        bool(row["answered"]),
        reason=row["reason"] or "",
        intent=Intent(row["intent"]) if row["intent"] in set(Intent) else Intent.FACT,
        outlet=row["outlet"] or "",
        judgement=Judgement(row["judgement"]) if row["judgement"] else None,
        upheld=None if row["upheld"] is None else bool(row["upheld"]),
        thumbs=int(row["up"] or 0),
    )
