"""What the staff make of replies: each decision one transaction, with its entry in the audit log."""

import json
from collections.abc import Iterable, Sequence
from dataclasses import astuple, dataclass
from datetime import UTC, datetime

from qa.errors import NotFound, Overtaken
from qa.models.archive import moment_text
from qa.models.journal import OFTEN, AuditedAct, Decision, Judgement, ReaderReport, Record, Rejected, Review, State
from qa.models.replies import REMARKING, SURE, TOLD_IN_STEPS, Intent
from qa.store.books import intact
from qa.store.engine import ResultRow, inserting
from qa.store.entries import folded, value_of
from qa.store.journal.audit import note
from qa.store.journal.records import REPLY, insert
from qa.store.sqlite_file import Database

MOST_OPEN = 20  # reports of one kind on one question that wait at the same time: further ones say nothing new

_OPEN = "(SELECT count(*) FROM reports p WHERE p.review = v.number AND p.closed_at IS NULL"
_REPORTED = f"{_OPEN} AND p.kind NOT IN ('helpful', 'unhelpful'))"
_DISLIKED = f"{_OPEN} AND p.kind = 'unhelpful')"


def _any_of(intents: Iterable[Intent]) -> str:
    return ", ".join(f"'{intent}'" for intent in intents)


_LIKELIHOOD, _CLEAR, _DISPUTED = (
    f"CAST(json_extract({REPLY}, '$.{path}') AS DOUBLE PRECISION)"
    for path in ("statements[0].likelihood", "clear", "disputed")  # replies of before 0.2 have the first alone
)
_INTENT = f"coalesce(json_extract({REPLY}, '$.intent'), '{Intent.FACT}')"
_SELECTED = (
    'SELECT v.*, v.who AS "by",'
    f" {_REPORTED} AS reports, {_DISLIKED} AS dislikes, {intact('reviews', 'v')} AS intact,"
    f" coalesce(NOT p.answered AND {_INTENT} NOT IN ({_any_of(REMARKING)}), FALSE) AS refused,"
    # What is told below a wide answer is not what that says.
    f" coalesce({_DISPUTED}, json_array_length({REPLY}, '$.conflicts'), 0) > 0"
    f" AND {_INTENT} NOT IN ({_any_of(TOLD_IN_STEPS)}) AS conflicting,"
    f" NOT coalesce({_CLEAR} > 0, {_LIKELIHOOD} >= {SURE}, TRUE) AS doubtful, {_LIKELIHOOD} AS likelihood"
    " FROM reviews v LEFT JOIN records r ON r.answer_id = v.latest LEFT JOIN replies p ON p.digest = r.reply"
)
_ORDERS = {
    # What readers reported, then what rests on articles that changed, what readers disliked; of what nobody decided on
    # what sources dispute, then the least likely of what only may answer, what is refused though often asked, the rest.
    "need": (
        "reports DESC, changed <> '' DESC, dislikes DESC, state = 'open' DESC, conflicting DESC,"
        f" CASE WHEN doubtful THEN coalesce(likelihood, 0) ELSE 1 END, (refused AND asks >= {OFTEN}) DESC,"
        " asks DESC, number"
    ),
    "newest": "last_at DESC, number DESC",
    "oldest": "first_at, number",
    "asks": "asks DESC, number",
}
_TO_CHECK = f"(v.state = 'open' OR v.changed <> '' OR {_REPORTED} > 0 OR {_DISLIKED} > 0)"
_NO_QUESTION = "The journal holds no such question. It may have been deleted after its time was over."


@dataclass(frozen=True, slots=True)
class ReviewFilter:
    """Which reviews a list holds: those still to be checked, in a state, with some words, or of these numbers."""

    to_check: bool = False
    state: State | None = None
    words: str = ""
    order: str = "need"
    numbers: frozenset[int] | None = None


class ReviewStore(Database):
    """The reviews of one journal."""

    def get(self, number: int) -> Review:
        """Raises NotFound."""
        return self._one("v.number = ?", number)

    def of_answer(self, answer_id: str) -> Review:
        """The review of the question that an answer was given to. Raises NotFound."""
        return self._one("v.number = (SELECT review FROM records WHERE answer_id = ?)", answer_id)

    def of_key(self, key: str) -> Review | None:
        return next(iter(self._reviews(f"{_SELECTED} WHERE v.key = ?", (key,))), None)

    def listed(self, wanted: ReviewFilter, *, limit: int, skipping: int = 0) -> list[Review]:
        where, values = _where(wanted)
        order = _ORDERS.get(wanted.order, _ORDERS["need"])
        selected = f"SELECT * FROM ({_SELECTED} WHERE {where}) AS listed ORDER BY {order} LIMIT ? OFFSET ?"
        return self._reviews(selected, (*values, limit, skipping))

    def matching(self, wanted: ReviewFilter) -> int:
        """How many reviews the list holds in all."""
        where, values = _where(wanted)
        return self.number(f"SELECT count(*) AS n FROM reviews v WHERE {where}", values)

    def counts(self) -> dict[str, int]:
        """How many reviews there are `to_check`, `reported` and `changed`."""
        wanted = {"to_check": _TO_CHECK, "reported": f"{_REPORTED} > 0", "changed": "v.changed <> ''"}
        counted = (f"count(*) FILTER (WHERE {condition}) AS {name}" for name, condition in wanted.items())
        (row,) = self.rows(f"SELECT {', '.join(counted)} FROM reviews v")
        return {name: row[name] for name in wanted}

    def decided(self) -> list[Review]:
        """Those that the staff decided, the newest decision first."""
        return self._reviews(f"{_SELECTED} WHERE v.state <> 'open' ORDER BY v.at DESC, v.number DESC")

    def judged_answers(self) -> list[str]:
        """The ids of the answers of which statements were judged, in that order."""
        rows = self.rows("SELECT answer_id FROM judgements GROUP BY answer_id ORDER BY min(number)")
        return [row["answer_id"] for row in rows]

    def standing(self) -> list[tuple[str, str]]:
        """Questions and ids of the answers that the staff stand behind, the newest decision first."""
        upheld = f"{intact('reviews')} AND state IN ('approved', 'edited') AND changed = ''"
        sql = f"SELECT question, standing FROM reviews WHERE {upheld} ORDER BY at DESC, number DESC"
        return [(row["question"], row["standing"]) for row in self.rows(sql)]

    def judged(self, answer_id: str) -> dict[int, Judgement]:
        """The last verdict on each statement of an answer that has one, in order."""
        last = "SELECT max(number) FROM judgements WHERE answer_id = ? GROUP BY statement"
        valid = f"number IN ({last}) AND {intact('judgements')}"
        sql = f"SELECT statement, judgement FROM judgements WHERE {valid} ORDER BY statement"
        return {row["statement"]: Judgement(row["judgement"]) for row in self.rows(sql, (answer_id,))}

    def rejected(self, key: str | None = None) -> list[Rejected]:
        """What is not to be quoted again in answer to the question of a key, or to any."""
        joined = "SELECT r.* FROM rejected r JOIN reviews v ON v.number = r.review"
        sql = f"{joined} WHERE CAST(?1 AS TEXT) IS NULL OR v.key = ?1 ORDER BY r.number"
        return [value_of(Rejected, row) for row in self.rows(sql, (key,))]

    def decide(self, decision: Decision, *, rejected: Iterable[Rejected] = (), written: Record | None = None) -> Review:
        """Writes a decision and all that is `rejected` in its answer; the review then. Raises Overtaken, NotFound."""
        answer, standing = (decision.review, decision.answer_id), written.answer_id if written else decision.answer_id
        at, state = moment_text(decision.at), decision.state
        with self.transaction() as connection:
            reviewed = "SELECT * FROM reviews WHERE number = ?"
            before: ResultRow | None = connection.execute(reviewed, (decision.review,)).fetchone()
            if before is None:
                raise NotFound(_NO_QUESTION)
            if before["revision"] != decision.revision:
                raise Overtaken(
                    f"{before['who']} decided this while you had it open ({before['state']}, {before['at']}). "
                    "Nothing of yours was saved. Look at it anew, then decide."
                )
            judged = decision.judged.items()
            verdicts = [(*answer, number, verdict.value, decision.by, at) for number, verdict in judged]
            judging = inserting("judgements", "review, answer_id, statement, judgement, who, at")
            connection.executemany(judging, verdicts)
            connection.execute("DELETE FROM rejected WHERE answer_id = ?", (decision.answer_id,))
            sentences = [(*answer, *astuple(sentence)) for sentence in rejected]
            rejecting = inserting("rejected", 'review, answer_id, question, article_id, start, "end", sentence')
            connection.executemany(rejecting, sentences)
            if written is not None:
                insert(connection, written, review=decision.review)
            stands = None if state is State.OPEN else standing
            connection.execute(
                "UPDATE reviews SET state = ?, revision = revision + 1, standing = ?, who = ?, at = ?, note = ?,"
                " reason = ?, changed = '', checksum = NULL WHERE number = ?",
                (state.value, stands, decision.by, at, decision.note, decision.reason, decision.review),
            )
            if state is not State.OPEN:  # what is decided later waits with its reports
                closed = "UPDATE reports SET closed_at = ?, closed_by = ? WHERE review = ? AND closed_at IS NULL"
                connection.execute(closed, (at, decision.by, decision.review))
            note(connection, _act(decision, before, standing))
        return self.get(decision.review)

    def changed(self, number: int, article_ids: Sequence[str]) -> None:
        """Notes that articles which a decision rests on are not as they were: it needs a new check."""
        if self.read_only:
            return  # whoever asks finds it again
        noted = "UPDATE reviews SET changed = ?2 WHERE number = ?1 AND state <> 'open' AND changed <> ?2"
        self.write(noted, [(number, "\n".join(article_ids))])

    def report(self, report: ReaderReport) -> bool:
        """Keeps a report; False where MOST_OPEN of its kind on that question wait already. Raises NotFound."""
        with self.transaction() as connection:
            waiting = "SELECT count(*) FROM reports p WHERE p.review = r.review AND p.closed_at IS NULL AND p.kind = ?"
            sql = f"SELECT review, ({waiting}) AS n FROM records r WHERE answer_id = ?"
            row = connection.execute(sql, (report.kind.value, report.answer_id)).fetchone()
            if row is None:
                raise NotFound("There is no answer of that address.")
            if row["n"] >= MOST_OPEN:
                return False
            values = (row["review"], report.answer_id, report.kind.value, report.text, moment_text(report.at))
            connection.execute(inserting("reports", "review, answer_id, kind, text, at"), values)
        return True

    def reports(self, review: int) -> list[ReaderReport]:
        """Those on one question that wait, oldest first."""
        waiting = f"review = ? AND closed_at IS NULL AND {intact('reports')}"
        rows = self.rows(f"SELECT * FROM reports WHERE {waiting} ORDER BY number", (review,))
        return [value_of(ReaderReport, row) for row in rows]

    def _reviews(self, sql: str, values: Sequence[object] = ()) -> list[Review]:
        return [_review(row) for row in self.rows(sql, values)]

    def _one(self, where: str, value: object) -> Review:
        if reviews := self._reviews(f"{_SELECTED} WHERE {where}", (value,)):
            return reviews[0]
        raise NotFound(_NO_QUESTION)


def _where(wanted: ReviewFilter) -> tuple[str, list[object]]:
    numbers = None if wanted.numbers is None else json.dumps(sorted(wanted.numbers))
    conditions = {
        _TO_CHECK: () if wanted.to_check else None,
        "v.state = ?": wanted.state and (wanted.state.value,),
        "instr(folded(v.question), ?) > 0": (folded(wanted.words),) if wanted.words else None,
        "v.number IN (SELECT CAST(value AS INTEGER) FROM json_each(?))": numbers and (numbers,),
    }
    applied = {condition: values for condition, values in conditions.items() if values is not None}
    return " AND ".join(["TRUE", *applied]), [value for values in applied.values() for value in values]


def _act(decision: Decision, before: ResultRow, standing: str) -> AuditedAct:
    """What the log says of a decision: no word of question or answer, which may have to be deleted."""
    judged = {str(number): judgement.value for number, judgement in decision.judged.items()}
    after: dict[str, object] = {"note": decision.note, "reason": decision.reason, "state": decision.state.value}
    after |= {"answer": decision.answer_id, "standing": standing, "judged": judged, "revision": decision.revision + 1}
    was = {name: before[name] for name in ("state", "standing", "note", "reason", "revision")}
    return AuditedAct(decision.by, "review", f"review {decision.review}", decision.at, was, after)


def _review(row: ResultRow) -> Review:
    """One that is not as it was written counts as withheld, whatever it says, until it is decided anew."""
    if row["intact"]:
        return value_of(Review, row, changed=tuple(filter(None, row["changed"].split("\n"))))
    never = datetime.fromtimestamp(0, UTC)
    number, key, question, revision, latest = (row[n] for n in ("number", "key", "question", "revision", "latest"))
    return Review(number, key, question, State.WITHHELD, revision, latest, 0, 0, never, never, at=never)
