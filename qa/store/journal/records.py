"""Questions and replies as they were shown, each in one transaction."""

import hashlib
import json
import logging
from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date, datetime, timedelta

from qa.models.archive import moment_text
from qa.models.journal import AuditedAct, Cited, DailyUsage, Record, WeeklyAnswer
from qa.models.replies import Answer, Composer, Intent, Refusal, Reply
from qa.models.support import Usage
from qa.store.books import intact
from qa.store.engine import Connection, ResultRow, inserting
from qa.store.entries import UNREADABLE, adapter, json_of, value_of
from qa.store.journal.audit import note
from qa.store.sqlite_file import Database

_SOUND = intact("replies", "p")
# What is damaged isn't shown: a record is not found (nor is one that can't be read), a reply has lost its text.
_SELECTED = (
    f"SELECT r.*, p.answered, CASE WHEN {_SOUND} THEN p.reply END AS text"
    f" FROM records r JOIN replies p ON p.digest = r.reply AND {intact('records', 'r')}"
)
_WITHOUT_ANSWERS = _SELECTED.replace(_SOUND, f"NOT p.answered AND {_SOUND}")
_KEPT = """
    SELECT standing FROM reviews WHERE standing IS NOT NULL
    UNION SELECT answer_id FROM reports WHERE closed_at IS NULL AND kind NOT IN ('helpful', 'unhelpful')
    UNION SELECT answer_id FROM rejected
"""
_ASKED = """
    INSERT INTO reviews (key, question, latest, first_at, last_at) VALUES (?1, ?2, ?3, ?4, ?4)
    ON CONFLICT (key) DO UPDATE SET asks = reviews.asks + 1, latest = ?3, last_at = ?4 RETURNING number
"""
_NAMING = (
    "reply IS NOT NULL"
    " AND digest IN (SELECT r.reply FROM records r JOIN cited c ON c.record = r.number WHERE c.article_id = ?)"
)
BLANKED = "(blanked with an erased article)"  # what stands where the words of a question stood
REPLY = "CASE WHEN json_valid(p.reply) THEN p.reply END"
_WORDS = f"""
    SELECT number AS review, question AS text FROM reviews
    UNION SELECT review, question FROM records
    UNION SELECT review, text FROM reports
    UNION SELECT number, note FROM reviews
    UNION SELECT number, reason FROM reviews
    UNION SELECT r.review, json_extract(stopped.value, '$.text') FROM records r JOIN replies p ON p.digest = r.reply,
        json_each({REPLY}, '$.stopped') AS stopped
"""
_OF_ARTICLE = "(SELECT review FROM repeating WHERE article_id = ?)"
_BLANKING = (
    f"UPDATE replies SET reply = NULL WHERE digest IN (SELECT reply FROM records WHERE review IN {_OF_ARTICLE})",
    f"UPDATE records SET question = '{BLANKED}' WHERE review IN {_OF_ARTICLE}",
    f"UPDATE reports SET text = '' WHERE review IN {_OF_ARTICLE}",
    f"DELETE FROM rejected WHERE review IN {_OF_ARTICLE}",
    # Whoever asks it again asks a new question: what was decided on this one can't be found by its words.
    f"UPDATE reviews SET question = '{BLANKED}', key = 'blanked ' || number, state = 'open', standing = NULL,"
    f" note = '', reason = '', revision = revision + 1 WHERE number IN {_OF_ARTICLE}",
)
_USED = ", ".join(
    f"{'max' if name == 'estimated' else 'sum'}(CAST(json_extract(r.usage, '$.{name}') AS DOUBLE PRECISION)) AS {name}"
    for name in Usage.__slots__
)
_DAILY = f"""
    SELECT substr(r.at, 1, 10) AS day, {_USED},
        count(*) FILTER (WHERE json_extract({REPLY}, '$.composed_by') = '{Composer.MODEL}') AS answers
    FROM records r JOIN replies p ON p.digest = r.reply
    WHERE r.usage IS NOT NULL AND r.at >= ? AND {intact("records", "r")}
    GROUP BY substr(r.at, 1, 10) ORDER BY day DESC
"""
_SOURCE = "$.statements[0].quotes[0].source"
# Answers with what was made of them; what the staff wrote in the place of one was given to nobody then.
_WEEKLY = f"""
    WITH judged AS (
        SELECT s.review, s.reply, j.judgement,
            row_number() OVER (PARTITION BY s.review, s.reply ORDER BY j.number DESC) AS place
        FROM judgements j JOIN records s ON s.answer_id = j.answer_id
        WHERE j.statement = 0 AND {intact("judgements", "j")}
    ), thumbs AS (
        SELECT s.review, s.reply, count(*) FILTER (WHERE t.kind = 'helpful')
            - count(*) FILTER (WHERE t.kind = 'unhelpful') AS up
        FROM reports t JOIN records s ON s.answer_id = t.answer_id
        WHERE {intact("reports", "t")} GROUP BY s.review, s.reply
    )
    SELECT r.review, r.reply, v.question, r.at, p.answered, j.judgement, coalesce(t.up, 0) AS thumbs,
        coalesce(json_extract({REPLY}, '$.reason'), '') AS reason, json_extract({REPLY}, '$.intent') AS intent,
        coalesce(json_extract({REPLY}, '{_SOURCE}.outlet'), '') AS outlet,
        CASE WHEN json_extract({REPLY}, '{_SOURCE}.kind') = 'summary' THEN
            coalesce(json_extract({REPLY}, '{_SOURCE}.summarises'), '') ELSE '' END AS summarises,
        CASE
            WHEN json_extract({REPLY}, '$.checked_on') IS NOT NULL THEN 1
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

AT_ONCE = 200  # records read at once: all that were decided on may be more than the memory holds
# Fields of replies that the journal leaves out: how an answer was made, and a machine's words that nobody checked.
UNKEPT = {"translations", "translating", "progress", "usage"}

_log = logging.getLogger(__name__)


class RecordStore(Database):
    """The records of one journal."""

    def add(self, record: Record, *, key: str) -> None:
        """Keeps a record, under the review of its question: safe from a crash when it returns. Raises StoreError."""
        with self.transaction() as connection:
            values = (key, record.question, record.answer_id, moment_text(record.at))
            insert(connection, record, review=connection.execute(_ASKED, values).fetchone()["number"])

    def get(self, answer_id: str) -> Record | None:
        return next(self.of([answer_id]), None)

    def of(self, answer_ids: Sequence[str], *, answers: bool = True) -> Iterator[Record]:
        """Those that are kept, in no order, AT_ONCE in memory; without `answers` no reply that is one is read."""
        selected = f"{_SELECTED if answers else _WITHOUT_ANSWERS} WHERE r.answer_id IN (…)"
        for start in range(0, len(answer_ids), AT_ONCE):
            yield from self._records(list(self.rows_of(selected, answer_ids[start : start + AT_ONCE])))

    def between(self, first: datetime, last: datetime) -> Iterator[Record]:
        """Everything that was asked from one moment to before another, in order."""
        selected = f"{_SELECTED} WHERE r.at >= ? AND r.at < ? ORDER BY r.number"
        yield from self._records(self.rows(selected, (moment_text(first), moment_text(last))))

    def daily_usage(self, since: date) -> list[DailyUsage]:
        """What a language model used on each day since one on which it was asked, the latest first."""
        rows = self.rows(_DAILY, (since.isoformat(),))
        return [value_of(DailyUsage, row, usage=value_of(Usage, row)) for row in rows]

    def weekly(self, since: date) -> list[WeeklyAnswer]:
        """Every answer since a day, once for each week in which its question got it, in the order last given."""
        latest: dict[tuple[int, str, date], ResultRow] = {}
        for row in self.rows(_WEEKLY, (since.isoformat(),)):
            day = date.fromisoformat(row["at"][:10])
            key = (row["review"], row["reply"], day - timedelta(days=day.weekday()))
            latest.pop(key, None)
            latest[key] = row
        intents = {key: row["intent"] if row["intent"] in set(Intent) else Intent.FACT for key, row in latest.items()}
        return [value_of(WeeklyAnswer, row, week=key[2], intent=intents[key]) for key, row in latest.items()]

    def count(self) -> int:
        return self.number("SELECT count(*) AS n FROM records")

    def purge(self, before: datetime) -> int:
        """Deletes what was asked before a moment, how many; what the staff decided on or was reported stays."""
        with self.transaction() as connection:
            old = f"DELETE FROM records WHERE at < ? AND answer_id NOT IN ({_KEPT})"
            gone: int = connection.execute(old, (moment_text(before),)).rowcount
            connection.execute("DELETE FROM replies WHERE digest NOT IN (SELECT reply FROM records)")
            connection.execute("DELETE FROM reviews WHERE number NOT IN (SELECT review FROM records)")
            last = "SELECT answer_id FROM records WHERE review = reviews.number ORDER BY number DESC LIMIT 1"
            connection.execute(
                f"UPDATE reviews SET latest = ({last}) WHERE latest NOT IN (SELECT answer_id FROM records)"
            )
        self.engine.scrub(removed=gone > 0)
        return gone

    def telling_of(self, article_id: str) -> int:
        """How many replies that name an article still have their text."""
        return self.number(f"SELECT count(*) AS n FROM replies WHERE {_NAMING}", (article_id,))

    def forget_articles(self, article_ids: Iterable[str]) -> None:
        """Takes the words of erased articles out of every reply that named them."""
        if not (named := [(article_id,) for article_id in article_ids]):
            return
        with self.transaction() as connection:
            connection.executemany(f"UPDATE replies SET reply = NULL WHERE {_NAMING}", named)
            connection.executemany("DELETE FROM rejected WHERE article_id = ?", named)
        self.engine.scrub(removed=True)

    def note_repeating(self, article_id: str, repeats: Callable[[str], bool]) -> None:
        """Notes the questions that repeat an article, or of which a report or a note of the staff does."""
        with self.transaction() as connection:
            reviews = {row["review"] for row in connection.execute(_WORDS) if repeats(row["text"])}
            noted = "INSERT INTO repeating VALUES (?, ?) ON CONFLICT DO NOTHING"
            connection.executemany(noted, [(article_id, review) for review in reviews])

    def repeating(self, article_id: str) -> tuple[int, int]:
        """How many questions are noted as repeating an article, and how many answers to them are kept."""
        sql = f"SELECT count(*) AS n FROM records WHERE review IN {_OF_ARTICLE}"
        answers = self.number(sql, (article_id,))
        return len(self.rows("SELECT 1 FROM repeating WHERE article_id = ?", (article_id,))), answers

    def settle_repeating(self, article_id: str, *, blank: bool, by: str, at: datetime) -> None:
        """Takes the words of those questions, replies and reports out for good, or leaves them; none is noted then."""
        what = "blank questions" if blank else "keep questions"
        with self.transaction() as connection:
            for sql in _BLANKING if blank else ():
                connection.execute(sql, (article_id,))
            count = connection.execute("DELETE FROM repeating WHERE article_id = ?", (article_id,)).rowcount
            note(connection, AuditedAct(by, what, article_id, at, {}, {"questions": count}))
        if blank:
            self.engine.scrub(removed=True)

    def _records(self, rows: Sequence[ResultRow]) -> Iterator[Record]:
        cited: dict[int, list[Cited]] = {row["number"]: [] for row in rows}
        for row in self.rows_of("SELECT * FROM cited WHERE record IN (…)", list(cited)):
            cited[row["record"]].append(Cited(row["article_id"], row["digest"], row["text"]))
        for row in rows:
            try:
                making, usage = json.loads(row["making"]), json.loads(row["usage"] or "null")
                reply = reply_of(row["text"], answered=bool(row["answered"])) if row["text"] is not None else None
                values = {"reply": reply, "cited": tuple(cited[row["number"]]), "making": making, "usage": usage}
                record = value_of(Record, row, **values)
            except UNREADABLE as error:  # the error repeats words of the reply, which are none of the log's
                _log.error("answer %s is passed over: it can't be read (%s)", row["answer_id"], type(error).__name__)
            else:
                yield record


def insert(connection: Connection, record: Record, *, review: int) -> None:
    """Writes a record within a transaction; its reply must not be None."""
    assert record.reply is not None
    text, at = stored_json(record.reply), moment_text(record.at)
    digest = hashlib.sha256(text.encode()).hexdigest()
    anew = "ON CONFLICT (digest) DO UPDATE SET answered = excluded.answered, reply = excluded.reply, checksum = NULL"
    added = f"{inserting('replies', 'digest, answered, reply')} {anew}"
    connection.execute(added, (digest, isinstance(record.reply, Answer), text))
    making, usage = json_of(record.making), json_of(record.usage) if record.usage else None
    values = (record.answer_id, review, at, record.channel.value, record.question, digest)
    added = inserting("records", "answer_id, review, at, channel, question, reply, making, seconds, usage")
    inserted = connection.execute(f"{added} RETURNING number", (*values, making, record.seconds, usage))
    number = inserted.fetchone()["number"]
    rows = [(number, place, cited.article_id, cited.digest, cited.text) for place, cited in enumerate(record.cited)]
    connection.executemany(inserting("cited", "record, place, article_id, digest, text"), rows)


def stored_json(reply: Reply) -> str:
    """A reply as JSON that `reply_of` reads back to an equal one, but for what is UNKEPT; and what the queue needs."""
    text = json_of(reply, exclude=UNKEPT)
    if isinstance(reply, Refusal):
        return text
    clear, disputed = json.dumps(reply.clear), json.dumps(reply.disputed is not None)
    return f'{text.removesuffix("}")},"clear":{clear},"disputed":{disputed}}}'


def reply_of(text: str, *, answered: bool) -> Reply:
    """The reply that was kept; until 0.2 the locale of a question stood under another name."""
    text = text.replace('"tongue":', '"locale":')
    reply: Reply = adapter(Answer if answered else Refusal).validate_json(text)
    return reply
