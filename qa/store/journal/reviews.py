"""What the staff make of replies: each decision one transaction, with its entry in the audit log."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime

from qa.errors import NotFound, Overtaken
from qa.models.archive import moment_text
from qa.models.journal import (
    OFTEN,
    AuditedAct,
    Decision,
    Judged,
    Judgement,
    ReaderReport,
    Record,
    Rejected,
    ReportKind,
    Review,
    State,
)
from qa.models.replies import SURE
from qa.store.checksums import intact
from qa.store.database import Database
from qa.store.engine import Connection, ResultRow
from qa.store.journal.audit import note
from qa.store.journal.records import insert
from qa.store.queries import folded
from qa.store.rows import moment

MOST_OPEN = 20
"""Reports of one kind on one question that wait at the same time: further ones say nothing new, and somebody may be
flooding."""

_OPEN = "(SELECT count(*) FROM reports p WHERE p.review = v.number AND p.closed_at IS NULL"
_REPORTED = f"{_OPEN} AND p.kind NOT IN ('{ReportKind.HELPFUL}', '{ReportKind.UNHELPFUL}'))"
_DISLIKED = f"{_OPEN} AND p.kind = '{ReportKind.UNHELPFUL}')"
_REPLY = "CASE WHEN json_valid(p.reply) THEN p.reply END"
_SELECTED = (
    f"SELECT v.*, {_REPORTED} AS reports, {_DISLIKED} AS dislikes, {intact('reviews', 'v')} AS intact,"
    " coalesce(NOT p.answered, FALSE) AS refused,"
    f" coalesce(json_array_length({_REPLY}, '$.conflicts'), 0) AS conflicts,"
    f" CAST(json_extract({_REPLY}, '$.statements[0].likelihood') AS DOUBLE PRECISION) AS likelihood"
    " FROM reviews v LEFT JOIN records r ON r.answer_id = v.latest LEFT JOIN replies p ON p.digest = r.reply"
)
_ORDERS = {
    # What readers reported, then what rests on articles that changed, what readers disliked; of what nobody decided on
    # what shows a conflict, then the least sure, what is refused though often asked, and the rest.
    "need": (
        "reports DESC, changed <> '' DESC, dislikes DESC, state = 'open' DESC, conflicts > 0 DESC,"
        f" CASE WHEN likelihood < {SURE} THEN likelihood ELSE {SURE} END, (refused AND asks >= {OFTEN}) DESC,"
        " asks DESC, number"
    ),
    "newest": "last_at DESC, number DESC",
    "oldest": "first_at, number",
    "asks": "asks DESC, number",
}
_TO_CHECK = f"(v.state = 'open' OR v.changed <> '' OR {_REPORTED} > 0 OR {_DISLIKED} > 0)"


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews a list holds: those still to be checked, in a state, with some words, or of these numbers."""

    to_check: bool = False
    state: State | None = None
    words: str = ""
    order: str = "need"
    numbers: frozenset[int] | None = None


@dataclass(frozen=True, slots=True)
class Counts:
    """How many reviews there are, by what is to be done with them."""

    to_check: int
    reported: int
    changed: int
    by_state: Mapping[State, int]


class ReviewStore:
    """The reviews of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def get(self, number: int) -> Review:
        """Raises NotFound."""
        return self._one("v.number = ?", number)

    def of_answer(self, answer_id: str) -> Review:
        """The review of the question that an answer was given to. Raises NotFound."""
        return self._one("v.number = (SELECT review FROM records WHERE answer_id = ?)", answer_id)

    def of_key(self, key: str) -> Review | None:
        """The review of a question; a damaged one counts as withheld, whatever it says, until it is decided anew."""
        rows = self._database.rows(f"{_SELECTED} WHERE v.key = ?", (key,))
        if not rows:
            return None
        return _review(rows[0]) if rows[0]["intact"] else _damaged(rows[0])

    def listed(self, wanted: ReviewFilter, *, limit: int, skipping: int = 0) -> list[Review]:
        where, values = _where(wanted)
        order = _ORDERS.get(wanted.order, _ORDERS["need"])
        rows = self._database.rows(
            f"SELECT * FROM ({_SELECTED} WHERE {where}) AS listed ORDER BY {order} LIMIT ? OFFSET ?",
            (*values, limit, skipping),
        )
        return [_review(row) if row["intact"] else _damaged(row) for row in rows]

    def matching(self, wanted: ReviewFilter) -> int:
        """How many reviews the list holds in all."""
        where, values = _where(wanted)
        (row,) = self._database.rows(f"SELECT count(*) AS n FROM reviews v WHERE {where}", values)
        return int(row["n"])

    def counts(self) -> Counts:
        rows = self._database.rows("SELECT state, count(*) AS n FROM reviews GROUP BY state")
        (told,) = self._database.rows(
            f"SELECT count(*) FILTER (WHERE {_TO_CHECK}) AS to_check,"
            f" count(*) FILTER (WHERE {_REPORTED} > 0) AS reported,"
            " count(*) FILTER (WHERE v.changed <> '') AS changed FROM reviews v"
        )
        by_state = dict.fromkeys(State, 0) | {
            State(row["state"]): row["n"] for row in rows if row["state"] in set(State)
        }
        return Counts(int(told["to_check"]), int(told["reported"]), int(told["changed"]), by_state)

    def decided(self) -> list[Review]:
        """Those that the staff decided, the newest decision first."""
        rows = self._database.rows(f"{_SELECTED} WHERE v.state <> 'open' ORDER BY v.at DESC, v.number DESC")
        return [_review(row) if row["intact"] else _damaged(row) for row in rows]

    def standing(self) -> list[tuple[str, str]]:
        """Questions and ids of the answers that the staff stand behind, the newest decision first."""
        rows = self._database.rows(
            f"SELECT question, standing FROM reviews WHERE {intact('reviews')}"
            " AND state IN ('approved', 'edited') AND changed = ''"
            " ORDER BY at DESC, number DESC"
        )
        return [(row["question"], row["standing"]) for row in rows]

    def judged(self, answer_id: str) -> tuple[Judged, ...]:
        """The last verdict on each statement of an answer that has one, in order."""
        rows = self._database.rows(
            f"SELECT statement, judgement FROM judgements WHERE {intact('judgements')} AND number IN"
            " (SELECT max(number) FROM judgements WHERE answer_id = ? GROUP BY statement) ORDER BY statement",
            (answer_id,),
        )
        return tuple(Judged(row["statement"], Judgement(row["judgement"])) for row in rows)

    def rejected(self, key: str | None = None) -> list[Rejected]:
        """What is not to be quoted again in answer to the question of a key, or to any."""
        rows = self._database.rows(
            "SELECT r.* FROM rejected r JOIN reviews v ON v.number = r.review"
            " WHERE CAST(?1 AS TEXT) IS NULL OR v.key = ?1"
            " ORDER BY r.number",
            (key,),
        )
        return [Rejected(row["question"], row["article_id"], row["start"], row["end"], row["sentence"]) for row in rows]

    def decide(self, decision: Decision, *, rejected: Iterable[Rejected] = (), written: Record | None = None) -> Review:
        """Writes a decision down; it counts in every process from then on. The review as it stands then.

        `rejected` takes the place of what was rejected in that answer before; `written` is an answer that the staff
        wrote. Raises Overtaken where somebody else changed the review meanwhile, NotFound.
        """
        with self._database.transaction() as connection:
            before = _of_revision(connection, decision)
            at = moment_text(decision.at)
            connection.executemany(
                "INSERT INTO judgements (review, answer_id, statement, judgement, who, at) VALUES (?, ?, ?, ?, ?, ?)",
                [
                    (
                        decision.review,
                        decision.answer_id,
                        judgement.statement,
                        judgement.judgement.value,
                        decision.by,
                        at,
                    )
                    for judgement in decision.judged
                ],
            )
            _reject(connection, decision, rejected)
            if written is not None:
                insert(connection, written, review=decision.review)
            standing = written.answer_id if written is not None else decision.answer_id
            connection.execute(
                "UPDATE reviews SET state = ?, revision = revision + 1, standing = ?, who = ?, at = ?, note = ?,"
                " reason = ?, changed = '', checksum = NULL WHERE number = ?",
                (
                    decision.state.value, None if decision.state is State.OPEN else standing, decision.by, at,
                    decision.note, decision.reason, decision.review,
                ),
            )  # fmt: skip
            connection.execute(
                "UPDATE reports SET closed_at = ?, closed_by = ? WHERE review = ? AND closed_at IS NULL",
                (at, decision.by, decision.review),
            )
            note(connection, _act(decision, before, standing))
        return self.get(decision.review)

    def changed(self, number: int, article_ids: Sequence[str]) -> None:
        """Notes that articles which a decision rests on are not as they were: it needs a new check."""
        if self._database.read_only:
            return  # whoever asks finds it again
        with self._database.transaction() as connection:
            connection.execute(
                "UPDATE reviews SET changed = ?2 WHERE number = ?1 AND state <> 'open' AND changed <> ?2",
                (number, "\n".join(article_ids)),
            )

    def _one(self, where: str, value: object) -> Review:
        rows = self._database.rows(f"{_SELECTED} WHERE {where}", (value,))
        if not rows:
            raise NotFound("The journal holds no such question. It may have been deleted after its time was over.")
        return _review(rows[0]) if rows[0]["intact"] else _damaged(rows[0])


def _where(wanted: ReviewFilter) -> tuple[str, list[object]]:
    conditions, values = ["TRUE"], list[object]()
    if wanted.to_check:
        conditions.append(_TO_CHECK)
    if wanted.state is not None:
        conditions.append("v.state = ?")
        values.append(wanted.state.value)
    if wanted.words:
        conditions.append("instr(folded(v.question), ?) > 0")
        values.append(folded(wanted.words))
    if wanted.numbers is not None:
        conditions.append("v.number IN (SELECT CAST(value AS INTEGER) FROM json_each(?))")
        values.append(json.dumps(sorted(wanted.numbers)))
    return " AND ".join(conditions), values


def _of_revision(connection: Connection, decision: Decision) -> ResultRow:
    row: ResultRow | None = connection.execute("SELECT * FROM reviews WHERE number = ?", (decision.review,)).fetchone()
    if row is None:
        raise NotFound("The journal holds no such question. It may have been deleted after its time was over.")
    if row["revision"] != decision.revision:
        raise Overtaken(
            f"{row['who']} decided this while you had it open ({row['state']}, {row['at']}). "
            "Nothing of yours was saved. Look at it anew, then decide."
        )
    return row


def _reject(connection: Connection, decision: Decision, rejected: Iterable[Rejected]) -> None:
    connection.execute("DELETE FROM rejected WHERE answer_id = ?", (decision.answer_id,))
    connection.executemany(
        'INSERT INTO rejected (review, answer_id, question, article_id, start, "end", sentence)'
        " VALUES (?, ?, ?, ?, ?, ?, ?)",
        [
            (
                decision.review,
                decision.answer_id,
                sentence.question,
                sentence.article_id,
                sentence.start,
                sentence.end,
                sentence.sentence,
            )
            for sentence in rejected
        ],
    )


def _act(decision: Decision, before: ResultRow, standing: str) -> AuditedAct:
    """What the log says of a decision: no word of question or answer, which may have to be deleted."""
    return AuditedAct(
        decision.by,
        "review",
        f"review {decision.review}",
        decision.at,
        {name: before[name] for name in ("state", "standing", "note", "reason", "revision")},
        {
            "state": decision.state.value,
            "answer": decision.answer_id,
            "standing": standing,
            "judged": {str(judgement.statement): judgement.judgement.value for judgement in decision.judged},
            "note": decision.note,
            "reason": decision.reason,
            "revision": decision.revision + 1,
        },
    )


def _damaged(row: ResultRow) -> Review:
    """What can be said of a review that is not as it was written."""
    never = datetime.fromtimestamp(0, UTC)
    return Review(
        number=row["number"], key=row["key"], question=row["question"], state=State.WITHHELD, revision=row["revision"],
        latest=row["latest"], asks=0, reports=0, first_at=never, last_at=never, standing=None, by=None,
        at=never, note="", reason="", changed=(),
    )  # fmt: skip


def _review(row: ResultRow) -> Review:
    return Review(
        number=row["number"],
        key=row["key"],
        question=row["question"],
        state=State(row["state"]),
        revision=row["revision"],
        latest=row["latest"],
        asks=row["asks"],
        reports=row["reports"],
        dislikes=row["dislikes"],
        first_at=datetime.fromisoformat(row["first_at"]),
        last_at=datetime.fromisoformat(row["last_at"]),
        standing=row["standing"],
        by=row["who"],
        at=moment(row["at"]),
        note=row["note"],
        reason=row["reason"],
        changed=tuple(filter(None, row["changed"].split("\n"))),
        refused=bool(row["refused"]),
        conflicting=row["conflicts"] > 0,
        likelihood=row["likelihood"],
    )


class ReportStore:
    """The readers' reports of one journal."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, report: ReaderReport) -> bool:
        """Keeps a report; False where MOST_OPEN of its kind on that question wait already. Raises NotFound."""
        with self._database.transaction() as connection:
            row = connection.execute(
                "SELECT review, (SELECT count(*) FROM reports p"
                " WHERE p.review = r.review AND p.closed_at IS NULL AND p.kind = ?2) AS n"
                " FROM records r WHERE answer_id = ?1",
                (report.answer_id, report.kind.value),
            ).fetchone()
            if row is None:
                raise NotFound("There is no answer of that address.")
            if row["n"] >= MOST_OPEN:
                return False
            connection.execute(
                "INSERT INTO reports (review, answer_id, kind, text, at) VALUES (?, ?, ?, ?, ?)",
                (row["review"], report.answer_id, report.kind.value, report.text, moment_text(report.at)),
            )
        return True

    def open(self, review: int) -> list[ReaderReport]:
        """Those on one question that wait, oldest first."""
        rows = self._database.rows(
            f"SELECT * FROM reports WHERE review = ? AND closed_at IS NULL AND {intact('reports')} ORDER BY number",
            (review,),
        )
        return [
            ReaderReport(row["answer_id"], ReportKind(row["kind"]), row["text"], datetime.fromisoformat(row["at"]))
            for row in rows
        ]
