"""Kept questions that repeat the words of an article that is erased: noted, and blanked where the staff want it."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import ExitStack
from datetime import datetime

from qa.models.journal import AuditedAct
from qa.store.checksums import changing
from qa.store.database import Database
from qa.store.journal.audit import note

BLANKED = "(blanked with an erased article)"
"""What stands where the words of a question stood."""

_WORDS = """
    SELECT number AS review, question AS text FROM reviews
    UNION SELECT review, question FROM records
    UNION SELECT review, text FROM reports
    UNION SELECT number, note FROM reviews
    UNION SELECT number, reason FROM reviews
"""
_OF_ARTICLE = "(SELECT review FROM repeating WHERE article_id = ?)"
_BLANKED_ROWS = {
    "replies": f"digest IN (SELECT reply FROM records WHERE review IN {_OF_ARTICLE})",
    "records": f"review IN {_OF_ARTICLE}",
    "reports": f"review IN {_OF_ARTICLE}",
    "reviews": f"number IN {_OF_ARTICLE}",
}
_BLANKING = (
    f"UPDATE replies SET reply = NULL WHERE digest IN (SELECT reply FROM records WHERE review IN {_OF_ARTICLE})",
    f"UPDATE records SET question = '{BLANKED}' WHERE review IN {_OF_ARTICLE}",
    f"UPDATE reports SET text = '' WHERE review IN {_OF_ARTICLE}",
    f"DELETE FROM rejected WHERE review IN {_OF_ARTICLE}",
    # Whoever asks it again asks a new question: what was decided on this one can't be found by its words.
    f"UPDATE reviews SET question = '{BLANKED}', key = 'blanked ' || number, state = 'open', standing = NULL,"
    f" doubt = 0, note = '', reason = '', revision = revision + 1 WHERE number IN {_OF_ARTICLE}",
)


class RepeatingBook:
    """The questions of one journal that repeat erased words, by the article's id; of the words themselves nothing."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def find(self, article_id: str, repeats: Callable[[str], bool]) -> None:
        """Notes the questions that repeat an article, or of which a report or a note of the staff does."""
        with self._database.transaction() as connection:
            found = {row["review"] for row in connection.execute(_WORDS) if repeats(row["text"])}
            connection.executemany(
                "INSERT OR IGNORE INTO repeating VALUES (?, ?)", [(article_id, review) for review in found]
            )

    def counts(self, article_id: str) -> tuple[int, int]:
        """How many questions are noted as repeating an article, and how many answers to them are kept."""
        questions = self._database.rows("SELECT count(*) AS n FROM repeating WHERE article_id = ?", (article_id,))
        answers = self._database.rows(f"SELECT count(*) AS n FROM records WHERE review IN {_OF_ARTICLE}", (article_id,))
        return int(questions[0]["n"]), int(answers[0]["n"])

    def blank(self, article_id: str, *, by: str, at: datetime) -> None:
        """Takes the words of those questions, and of their replies and reports, out of the journal for good.

        When they were asked, what they rested on and what the staff did stays, and the audit log is added to.
        """
        with self._database.transaction() as connection:
            with ExitStack() as stack:
                for table, where in _BLANKED_ROWS.items():
                    stack.enter_context(changing(connection, table, where, [article_id]))
                for sql in _BLANKING:
                    connection.execute(sql, (article_id,))
            blanked = _forget(connection, article_id)
            note(connection, AuditedAct(by, "blank questions", article_id, at, {}, {"questions": blanked}))
        self._database.rows("PRAGMA wal_checkpoint(TRUNCATE)")

    def keep(self, article_id: str, *, by: str, at: datetime) -> None:
        """Leaves those questions as they are, from now on unnoted."""
        with self._database.transaction() as connection:
            kept = _forget(connection, article_id)
            note(connection, AuditedAct(by, "keep questions", article_id, at, {}, {"questions": kept}))


def _forget(connection: sqlite3.Connection, article_id: str) -> int:
    return connection.execute("DELETE FROM repeating WHERE article_id = ?", (article_id,)).rowcount
