"""What was made of answers: by the staff, statement by statement and in their decisions, and by readers' thumbs."""

from __future__ import annotations

from datetime import date, timedelta

from qa.models.journal import ReportKind, WeeklyAnswer
from qa.models.replies import Intent
from qa.store.checksums import intact
from qa.store.engine import ResultRow
from qa.store.journal.audit import JournalTables, value_of

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
    SELECT r.review, r.reply, v.question, r.at, p.answered, j.judgement, coalesce(t.up, 0) AS thumbs,
        coalesce(json_extract({_REPLY}, '$.reason'), '') AS reason, json_extract({_REPLY}, '$.intent') AS intent,
        coalesce(json_extract({_REPLY}, '{_FIRST}'), '') AS outlet,
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


class VerdictStore(JournalTables):
    """The verdicts of one journal."""

    def weekly(self, since: date) -> list[WeeklyAnswer]:
        """Every answer since a day, once for each week in which its question got it, in the order last given."""
        latest: dict[tuple[int, str, date], ResultRow] = {}
        for row in self._database.rows(_WEEKLY, (since.isoformat(),)):
            day = date.fromisoformat(row["at"][:10])
            key = (row["review"], row["reply"], day - timedelta(days=day.weekday()))
            latest.pop(key, None)
            latest[key] = row
        return [
            value_of(
                WeeklyAnswer, row, week=week, intent=row["intent"] if row["intent"] in set(Intent) else Intent.FACT
            )
            for (_, _, week), row in latest.items()
        ]

    def judged_answers(self) -> list[str]:
        """The ids of the answers of which statements were judged, in that order."""
        rows = self._database.rows("SELECT answer_id FROM judgements GROUP BY answer_id ORDER BY min(number)")
        return [row["answer_id"] for row in rows]
