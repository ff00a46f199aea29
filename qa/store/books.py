"""The two books of the archive: their tables, as numbered migrations, and the checksums of their rows.

A checksum says that a row is as this program wrote it: a bit that flips on the disk is found.
"""

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from importlib.resources import files

# The columns of each table's checksums; the first names a row to people.
_CATALOGUE = {
    # The rest of an article is in its digest; its state changes, and the table holds it to two words.
    "articles": "number id digest path original source stored_at",
    "passages": 'number article start "end" sentences vector',
    "sentence_vectors": "passage vectors",
    "annotations": "article record",
    "notices": "number article_id kind text day until digest who at review_on",
    "versions": "number article_id digest status record path stored_at replaced_at",
}
_JOURNAL = {
    "reviews": "number key question state revision latest asks first_at last_at standing who at note reason changed",
    "replies": "digest answered reply",
    "records": "number answer_id review at channel question reply making seconds usage",
    "cited": "record place article_id digest text",
    "judgements": "number review answer_id statement judgement who at",
    "rejected": 'number review answer_id question article_id start "end" sentence',
    "reports": "number review answer_id kind text at closed_at closed_by",
    "accounts": "name role password identity active made_at",
}
COLUMNS = {table: columns.split() for table, columns in (_CATALOGUE | _JOURNAL).items()}
INTACT, SO_FAR = "/*intact*/", "/**/"  # around the SQL for whether a row is as it was written


@dataclass(frozen=True, slots=True)
class Book:
    """A book of the archive: the name people know it by, its tables that have checksums, and its migrations."""

    name: str
    tables: tuple[str, ...]
    migrations: tuple[str, ...]

    @property
    def file(self) -> str:  # its name in an archive's folder
        return f"{self.name}.sqlite3"

    @property
    def version(self) -> int:  # that its tables are of once they are up to date
        return len(self.migrations)


def checksummed(*values: bytes | None) -> bytes:
    """A checksum of 16 bytes over columns; the catalogue's connections know it as a function of SQL."""
    checksum = hashlib.blake2b(digest_size=16)
    for value in values:
        checksum.update(b"-" if value is None else b"%d:" % len(value) + value)
    return checksum.digest()


def computed(table: str, alias: str = "") -> str:
    """SQL for the checksum that a row should have; by bytes, since damaged text may be no text."""
    prefix = f"{alias}." if alias else ""
    return f"checksummed({', '.join(f'CAST({prefix}{column} AS BLOB)' for column in COLUMNS[table])})"


def intact(table: str, alias: str = "") -> str:
    """SQL for whether a row is as it was written, between marks: an engine with checksums of its own leaves it out."""
    prefix = f"{alias}." if alias else ""
    # One bit tells bytes from text, and a checksum is over the bytes of both.
    kinds = [f"(typeof({prefix}{name}) = 'blob') = {int(name in ('vector', 'vectors'))}" for name in COLUMNS[table]]
    return f"{INTACT}({prefix}checksum IS {computed(table, alias)} AND {' AND '.join(kinds)}){SO_FAR}"


def triggers(tables: Iterable[str]) -> str:
    """The script by which a connection keeps the checksums of what it writes, as triggers of its own.

    A changed row gets a new one only where the old one was right, or where the change says that the row is good from
    now on, by `checksum = NULL`: what was damaged before stays found.
    """
    script = ""
    for name in tables:
        key = COLUMNS[name][: 2 if name == "cited" else 1]
        row = " AND ".join(f"{column} = NEW.{column}" for column in key)
        update = f"UPDATE {name} SET checksum = {computed(name, 'NEW')} WHERE {row}"
        script += f"""
            CREATE TEMP TRIGGER checksum_of_new_{name} AFTER INSERT ON {name} BEGIN {update}; END;
            CREATE TEMP TRIGGER checksum_of_changed_{name} AFTER UPDATE OF {", ".join(COLUMNS[name])} ON {name}
                WHEN NEW.checksum IS NULL OR {intact(name, "OLD")} BEGIN {update}; END;
        """
    return script


def sql(package: str, name: str, **computed: str) -> str:
    """The SQL in a file of a package, with what is `computed` in place of its name in braces."""
    script = files(package).joinpath(f"{name}.sql").read_text(encoding="utf-8")
    for part, text in computed.items():
        script = script.replace(f"{{{part}}}", text)
    return script


def _adding(tables: Iterable[str]) -> str:
    """The script of a migration that gives every row of these tables a checksum."""
    return "".join(
        f"ALTER TABLE {table} ADD COLUMN checksum BLOB; UPDATE {table} SET checksum = {computed(table)};"
        for table in tables
    )


_OF_USAGE, _REVIEWS, _RECORDS = ", CAST(usage AS BLOB)", computed("reviews"), computed("records")
_CHECKSUMS = {
    "adding": _adding(_JOURNAL).replace(_OF_USAGE, ""),
    "reviews": _REVIEWS,
    "reviews_with_doubt": _REVIEWS.replace("CAST(first_at", "CAST(doubt AS BLOB), CAST(first_at"),
    "records": _RECORDS,
    "records_without_usage": _RECORDS.replace(_OF_USAGE, ""),
}
_ADDING = _adding(table for table in _CATALOGUE if table != "sentence_vectors")
_SCRIPTS = tuple(sql("qa.store", f"migrations/{number}", adding=_ADDING) for number in range(6, 12))
# The sixth is what 0.1.0 made; before it there were five, which no archive has that was made by a release.
CATALOGUE = Book("catalogue", tuple(_CATALOGUE), (*("",) * 5, *_SCRIPTS))
_SCRIPTS = tuple(sql("qa.store.journal", f"migrations/{number}", **_CHECKSUMS) for number in range(1, 6))
JOURNAL = Book("journal", tuple(_JOURNAL), _SCRIPTS)
