"""Pieces of the catalogue's SQL that several queries share."""

import re
import unicodedata

from qa.models.dates import Dates
from qa.store.checksums import intact
from qa.store.engine import Lexicon
from qa.store.rows import OWN_COLUMNS, QUOTE_LIMIT, SOURCE_COLUMNS, VERSION
from qa.text.language import primary
from qa.text.terms import stem

_HIDDEN_BY_ITSELF = (
    "a.status NOT IN ('live', 'corrected')"
    " AND (a.status <> 'embargoed' OR a.embargo > utc_now())"
    " AND NOT EXISTS"
    " (SELECT 1 FROM orders o WHERE o.article_id = a.id AND (o.status <> 'live' OR o.digest = a.digest))"
)
"""As `hidden` has it, of the article's own row: the index that `hidden` looks in may be damaged."""
READABLE = (
    "a.state = 'live' AND a.damaged IS NULL AND a.id NOT IN (SELECT article_id FROM hidden)"
    f" AND NOT ({_HIDDEN_BY_ITSELF})"
)
"""What readers may see, of articles named `a`; part of every query that finds, lists or counts for them."""

IN_ARTICLES = "passages p JOIN articles a ON a.number = p.article"
READABLE_NUMBERS = f"SELECT p.number FROM {IN_ARTICLES} WHERE {READABLE}"
HIDDEN_NUMBERS = f"SELECT p.number FROM {IN_ARTICLES} WHERE a.id IN (SELECT article_id FROM hidden)"

# Of the staff, in the order they were made; the first condition spares nearly all articles the second query.
_STAFF_CORRECTIONS = (
    "CASE WHEN a.id IN (SELECT article_id FROM notices) THEN"
    " (SELECT json_group_array(json_array(CAST(n.text AS TEXT), coalesce(CAST(n.day AS TEXT), ''))) FROM"
    " (SELECT * FROM notices m WHERE m.article_id = a.id AND m.kind = 'correction' ORDER BY m.number) n)"
    " END AS staff_corrections"
)
HELD_SOURCE = f"a.{SOURCE_COLUMNS.replace(', ', ', a.')}, NULL AS staff_corrections, {VERSION}, {QUOTE_LIMIT}"
SEEN_SOURCE = HELD_SOURCE.replace("a.status", "'live' AS status").replace(
    "NULL AS staff_corrections", _STAFF_CORRECTIONS
)
"""A source as it stands now, for articles that are `READABLE`."""
STAFF_SOURCE = SEEN_SOURCE.replace("'live' AS", "coalesce(h.status, 'live') AS")
"""A source as it stands now, whatever its status, where `hidden h` is joined to the articles."""

STORED = f"a.number, a.digest, a.path, a.status AS stored_status, {OWN_COLUMNS}"
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

_WORD = re.compile(r"\w+")

# The stroke keeps the end of one name from making a word with the start of the next.
_NAMES = "folded(a.outlet || ' | ' || coalesce(a.summarises, ''))"


def folded(text: str) -> str:
    """Text without case and accents; the catalogue's connections know it as a function of SQL."""
    if text.isascii():
        return text.lower()
    plain = unicodedata.normalize("NFKD", text.casefold())
    return "".join(ch for ch in plain if not unicodedata.combining(ch))


def stemmed(text: str, language: str) -> str:
    """The words of a text without the endings of its language; the catalogue's connections know it as well."""
    return " ".join(stem(word, primary(language)) for word in _WORD.findall(text))


def within(between: Dates, lexicon: Lexicon) -> tuple[str, list[object]]:
    """A condition on publication date, outlet, language and words, and its values."""
    wanted = {
        " AND a.published >= ?": between.first and between.first.isoformat(),
        " AND a.published <= ?": between.last and between.last.isoformat(),
        f" AND instr({_NAMES}, ?) > 0": folded(between.outlet),
        " AND instr(lower(a.language) || '-', ?) = 1": between.language and f"{between.language.lower()}-",
    }
    conditions = "".join(condition for condition, value in wanted.items() if value)
    values: list[object] = list(filter(None, wanted.values()))
    for having, phrases in (("IN", between.phrases), ("NOT IN", between.excluded)):
        conditions += f" AND a.number {having} {lexicon.with_phrase}" * len(phrases)
        values += [lexicon.phrase(phrase) for phrase in phrases]
    return conditions, values
