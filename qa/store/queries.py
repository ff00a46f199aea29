"""Pieces of the catalogue's SQL that several queries share."""

from __future__ import annotations

import re
import sqlite3
import unicodedata
from collections.abc import Sequence

from qa.models.dates import Dates
from qa.store.checksums import intact
from qa.store.rows import OWN_COLUMNS, QUOTE_LIMIT, SOURCE_COLUMNS, VERSION
from qa.text.language import primary
from qa.text.terms import stem

_HIDDEN_BY_ITSELF = (
    "a.status NOT IN ('live', 'corrected')"
    " AND (a.status <> 'embargoed' OR a.embargo > strftime('%Y-%m-%dT%H:%M:%SZ', 'now'))"
    " AND NOT EXISTS"
    " (SELECT 1 FROM orders o WHERE o.article_id = a.id AND (o.status <> 'live' OR o.digest = a.digest))"
)
"""As `hidden` has it, of the article's own row: the index that `hidden` looks in may be damaged."""
READABLE = (
    "a.state = 'live' AND a.damaged IS NULL AND a.id NOT IN (SELECT article_id FROM hidden)"
    f" AND NOT ({_HIDDEN_BY_ITSELF})"
)
"""What readers may see, of articles named `a`; part of every query that finds, lists or counts for them."""

_OF_PASSAGES = "FROM passages p JOIN articles a ON a.number = p.article WHERE"
HELD_NUMBERS = f"SELECT p.number {_OF_PASSAGES} a.state = 'live'"
PENDING_NUMBERS = f"SELECT p.number {_OF_PASSAGES} a.state = 'pending'"
READABLE_NUMBERS = f"SELECT p.number {_OF_PASSAGES} {READABLE}"
HIDDEN_NUMBERS = f"SELECT p.number {_OF_PASSAGES} a.id IN (SELECT article_id FROM hidden)"

# The file's corrections, then those of the staff in the order they were made.
_ALL_CORRECTIONS = (
    "CASE WHEN a.id NOT IN (SELECT article_id FROM notices) THEN a.corrections ELSE"
    " (SELECT json_group_array(json(one)) FROM (SELECT value AS one FROM json_each("
    "CASE WHEN json_valid(a.corrections) THEN a.corrections ELSE '[]' END) UNION ALL"
    " SELECT json_object('text', CAST(n.text AS TEXT), 'date', CAST(n.day AS TEXT)) FROM notices n"
    " WHERE n.article_id = a.id AND n.kind = 'correction')) END AS corrections"
)
HELD_SOURCE = f"a.{SOURCE_COLUMNS.replace(', ', ', a.')}, {VERSION}, {QUOTE_LIMIT}"
SEEN_SOURCE = HELD_SOURCE.replace("a.status", "'live' AS status").replace("a.corrections", _ALL_CORRECTIONS)
"""A source as it stands now, for articles that are `READABLE`."""
STAFF_SOURCE = SEEN_SOURCE.replace("'live' AS", "coalesce(h.status, 'live') AS")
"""A source as it stands now, whatever its status, where `hidden h` is joined to the articles."""

LEXICAL = ("lexicon", "stemmed")
"""The lexical indexes: of all passages, and of those that are not in English, by the stems of their language."""

STORED = f"a.number, a.digest, a.path, a.status AS stored_status, a.corrections AS stored_corrections, {OWN_COLUMNS}"
"""What it takes beside the source, as it stands now, to tell whether an article is as it was stored."""
OF_NOBODY = f"article_id NOT IN (SELECT article_id FROM noted) AND NOT {intact('notices')}"
"""Of a notice that is damaged in the id of its article."""
UNNOTICED_IDS = (
    "SELECT article_id FROM noted WHERE article_id NOT IN (SELECT article_id FROM notices)"
    f" OR EXISTS (SELECT 1 FROM notices WHERE {OF_NOBODY})"
)
"""Articles of which a notice was kept that is there no more, or that may be the one of a notice of nobody."""
_MISNOTICED = (
    f"(a.id IN ({UNNOTICED_IDS})"
    f" OR EXISTS (SELECT 1 FROM notices m WHERE m.article_id = a.id AND NOT {intact('notices', 'm')}))"
)
MISNOTICED_IDS = f"SELECT article_id FROM notices WHERE NOT {intact('notices')} UNION {UNNOTICED_IDS}"
SEEN_ARTICLE = f"{SEEN_SOURCE}, {STORED}, {_MISNOTICED} AS misnoticed"
STAFF_ARTICLE = f"{STAFF_SOURCE}, {STORED}"
HELD_ARTICLE = f"{HELD_SOURCE}, {STORED}, 0 AS misnoticed"
PASSAGE = f'p.number, p.article, p.start, p."end", p.sentences, {intact("passages", "p")} AS intact'

# What readers may see, apart from what a list is narrowed down by.
LISTED = f"SELECT {SEEN_SOURCE}, a.event_date FROM articles a WHERE {READABLE}"
ANNOTATED = (
    "SELECT a.id, n.record FROM annotations n JOIN articles a ON a.number = n.article"
    f" WHERE {READABLE} AND {intact('annotations', 'n')}"
)
EVENT_DATES = f"SELECT a.id, a.event_date FROM articles a WHERE {READABLE} AND a.event_date > ''"
ORIGINS = f"SELECT DISTINCT a.outlet, a.language FROM articles a WHERE {READABLE}"

_WORD = re.compile(r"\w+")

# The stroke keeps the end of one name from making a word with the start of the next.
_NAMES = "folded(a.outlet || ' | ' || coalesce(a.summarises, ''))"

_WITH_PHRASE = "(SELECT m.article FROM passages m WHERE m.number IN (SELECT rowid FROM lexicon WHERE lexicon MATCH ?))"


def folded(text: str) -> str:
    """Text without case and accents; the catalogue's connections know it as a function of SQL."""
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def stemmed(text: str, language: str) -> str:
    """The words of a text without the endings of its language; the catalogue's connections know it as well."""
    return " ".join(stem(word, primary(language)) for word in _WORD.findall(text))


def within(between: Dates) -> tuple[str, list[object]]:
    """A condition on publication date, outlet, language and words, and its values."""
    conditions, values = "", []
    if between.first:
        conditions += " AND a.published >= ?"
        values.append(between.first.isoformat())
    if between.last:
        conditions += " AND a.published <= ?"
        values.append(between.last.isoformat())
    if between.outlet:
        conditions += f" AND instr({_NAMES}, ?) > 0"
        values.append(folded(between.outlet))
    if between.language:
        conditions += " AND instr(lower(a.language) || '-', ?) = 1"
        values.append(f"{between.language.lower()}-")
    for having, phrases in (("IN", between.phrases), ("NOT IN", between.excluded)):
        conditions += f" AND a.number {having} {_WITH_PHRASE}" * len(phrases)
        values += [match([phrase]) for phrase in phrases]
    return conditions, list(values)


def match(terms: Sequence[str]) -> str:
    """An FTS5 query for any of the terms; quoted, so that none is read as an operator."""
    return " OR ".join('"' + term.replace('"', "") + '"' for term in terms)


def delete(connection: sqlite3.Connection, article_id: str) -> bool:
    """Deletes an article with its passages and their index entries, within a transaction; whether there was one."""
    number = "SELECT number FROM articles WHERE id = ? AND state = 'live'"
    for index in LEXICAL:
        connection.execute(
            f"DELETE FROM {index} WHERE rowid IN (SELECT number FROM passages WHERE article IN ({number}))",
            (article_id,),
        )
    return connection.execute("DELETE FROM articles WHERE id = ? AND state = 'live'", (article_id,)).rowcount > 0
