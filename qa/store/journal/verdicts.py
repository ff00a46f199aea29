"""What was made of answers: by the staff, statement by statement and in their decisions, and by readers' thumbs."""

from __future__ import annotations

from datetime import date, timedelta

from qa.models.journal import Judgement, ReportKind, WeeklyAnswer
from qa.models.replies import Intent
from qa.store.checksums import intact
from qa.store.database import Database
from qa.store.engine import ResultRow

_FIRST = "$.statements[0].quotes[0].source.outlet"
_REPLY = "CASE WHEN json_valid(p.reply) THEN p.reply END"
_WEEKLY = f"""
    WITH judged AS (
        SELECT s.review, s.reply, j.judgement,
            row_number() OVER (PARTITION BY s.review, s.reply ORDER BY j.number DESC) AS place
        FROM judgements j JOIN records s ON s.answer_id = j.answer_id
        WHERE j.statement = 0 AND {intact("judgements", "j")}
    ), thumbs AS (
        SELECT s.review, s.reply, count(*) FILTER (WHERE t.kind = '{ReportKind.HELPFUL}')
            - count(*) FILTER (WHERE t.kind = '{ReportKind.UNHELPFUL}') AS up
        FROM reports t JOIN records s ON s.answer_id = t.answer_id
        WHERE {intact("reports", "t")} GROUP BY s.review, s.reply
    )
    SELECT r.review, r.reply, v.question, r.at, p.answered, j.judgement, t.up,
        json_extract({_REPLY}, '$.reason') AS reason, json_extract({_REPLY}, '$.intent') AS intent,
        json_extract({_REPLY}, '{_FIRST}') AS outlet,
        CASE
            WHEN json_extract({_REPLY}, '$.checked_on') IS NOT NULL THEN 1
            WHEN s.reply = r.reply AND v.state IN ('approved', 'edited') THEN 1
            WHEN s.reply = r.reply AND v.state = 'withheld' OR v.state = 'edited' AND r.at <= v.at THEN 0
        END AS upheld
    FROM records r JOIN reviews v ON v.number = r.review JOIN replies p ON p.digest = r.reply
    LEFT JOIN records s ON s.answer_id = v.standing
    LEFT JOIN judged j ON j.review = r.review AND j.reply = r.reply AND j.place = 1
    LEFT JOIN thumbs t ON t.review = r.review AND t.reply = r.reply
    WHERE r.at >= ? AND {intact("records", "r")} AND {intact("reviews", "v")}
    AND NOT (v.state = 'edited' AND r.answer_id = v.standing)
    ORDER BY r.number
"""
"""What the staff wrote in the place of an answer was given to nobody then."""


class VerdictStore:
    """The verdicts of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def weekly(self, since: date) -> list[WeeklyAnswer]:
        """Every answer since a day, once for each week in which its question got it, in the order last given."""
        latest: dict[tuple[int, str, date], ResultRow] = {}
        for row in self._database.rows(_WEEKLY, (since.isoformat(),)):
            key = (row["review"], row["reply"], _monday(row["at"]))
            latest.pop(key, None)
            latest[key] = row
        return [_weekly(row) for row in latest.values()]

    def judged_answers(self) -> list[str]:
        """The ids of the answers of which statements were judged, in that order."""
        rows = self._database.rows("SELECT answer_id FROM judgements GROUP BY answer_id ORDER BY min(number)")
        return [row["answer_id"] for row in rows]


def _monday(at: str) -> date:
    """The first day of the week of a moment, in UTC."""
    day = date.fromisoformat(at[:10])
    return day - timedelta(days=day.weekday())


def _weekly(row: ResultRow) -> WeeklyAnswer:
    return WeeklyAnswer(
        row["review"],
        row["question"],
        _monday(row["at"]),
        bool(row["answered"]),
        reason=row["reason"] or "",
        intent=Intent(row["intent"]) if row["intent"] in set(Intent) else Intent.FACT,
        outlet=row["outlet"] or "",
        judgement=Judgement(row["judgement"]) if row["judgement"] else None,
        upheld=None if row["upheld"] is None else bool(row["upheld"]),
        thumbs=int(row["up"] or 0),
    )
