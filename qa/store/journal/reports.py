"""What readers say is wrong with an answer."""

from __future__ import annotations

from qa.errors import NotFound
from qa.models.archive import moment_text
from qa.models.journal import ReaderReport, ReportKind
from qa.store.checksums import write_checksums
from qa.store.database import Database
from qa.store.rows import moment

MOST_OPEN = 20
"""Reports on one question that wait at the same time: further ones say nothing new, and somebody may be flooding."""


class ReportBook:
    """The readers' reports of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, report: ReaderReport) -> bool:
        """Keeps a report; False where MOST_OPEN on that question wait already. Raises NotFound."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT review, (SELECT count(*) FROM reports p WHERE p.review = r.review AND p.closed_at IS NULL) AS n"
                " FROM records r WHERE answer_id = ?",
                (report.answer_id,),
            ).fetchone()
            if row is None:
                raise NotFound("There is no answer of that address.")
            if row["n"] >= MOST_OPEN:
                return False
            number = connection.execute(
                "INSERT INTO reports (review, answer_id, kind, text, at) VALUES (?, ?, ?, ?, ?)",
                (row["review"], report.answer_id, report.kind.value, report.text, moment_text(report.at)),
            ).lastrowid
            write_checksums(connection, "reports", "number = ?", [number])
        return True

    def open(self, review: int) -> list[ReaderReport]:
        """Those on one question that wait, oldest first."""
        rows = self._database.rows(
            "SELECT * FROM reports WHERE review = ? AND closed_at IS NULL ORDER BY number", (review,)
        )
        reports = []
        for row in rows:
            at = moment(row["at"])
            assert at is not None
            reports.append(ReaderReport(row["answer_id"], ReportKind(row["kind"]), row["text"], at))
        return reports
