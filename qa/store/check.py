"""What a check of the store finds."""

from collections.abc import Iterator
from typing import Literal

from qa.errors import Damaged, StoreDamaged
from qa.models.archive import Article
from qa.models.deliveries import Problem
from qa.store.catalogue import Catalogue
from qa.store.checksums import intact
from qa.store.engine import ResultRow
from qa.store.rows import HELD_ARTICLE, OF_NOBODY, PASSAGE, UNREADABLE, passage_of, verified_article_of
from qa.store.sqlite_file import WAY_ON

_HELD = f"SELECT {HELD_ARTICLE}, a.damaged, {intact('articles', 'a')} AS intact FROM articles a"
_SENTENCES = f"SELECT 1 FROM sentence_vectors v WHERE v.passage = p.number AND {intact('sentence_vectors', 'v')}"
_PASSAGES = (
    f"SELECT {PASSAGE}, EXISTS ({_SENTENCES}) AS sentences_intact FROM passages p WHERE p.article = ? ORDER BY p.start"
)
_ANNOTATIONS = f"SELECT 1 FROM annotations WHERE NOT {intact('annotations')} AND article = ?"
_NOTICES = f"SELECT number, article_id, kind, {OF_NOBODY} AS of_nobody FROM notices WHERE NOT {intact('notices')}"
_UNNOTICED = (
    "SELECT article_id FROM noted WHERE article_id NOT IN (SELECT article_id FROM notices)"
    " AND article_id IN (SELECT id FROM articles WHERE state = 'live')"
)
_VERSIONS = f"SELECT article_id, count(*) AS n FROM versions WHERE NOT {intact('versions')} GROUP BY article_id"

Harm = Literal["text", "made of it", "lexical"]
"""What of an article is damaged: its text, what was made of that, or its entries in the lexical index alone."""


def safely(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The problems as far as the catalogue's file lets them be looked for."""
    try:
        yield from problems
    except StoreDamaged as error:
        yield Problem(None, str(error))


def file_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """What is wrong with the file and with what the lexical index has beside the passages."""
    yield from (Problem(None, f"the catalogue's file: {what}") for what in catalogue.damage())
    catalogue.coverage()  # SQLite's own check passes over an index without entries that can't be read
    if count := catalogue.lexicon.left_over():
        yield Problem(None, f"{count} entries of the lexical index belong to no passage")


def findings(catalogue: Catalogue) -> Iterator[tuple[int, Problem, Harm]]:
    """What is not as it was stored of articles, by the numbers of their rows."""
    for (number,) in catalogue.rows("SELECT number FROM articles WHERE state = 'live' ORDER BY number"):
        row = next(catalogue.readable_rows_of(f"{_HELD} WHERE a.number IN (…)", [number]), None)
        if row is None:
            yield number, Problem(None, f"article number {number} can't be read. {WAY_ON}"), "text"
            continue
        for what, harm in _wrong(catalogue, row):
            yield number, Problem(row["id"], what), harm


def _wrong(catalogue: Catalogue, row: ResultRow) -> Iterator[tuple[str, Harm]]:
    path = row["path"] or "its file"
    if row["damaged"] is not None:
        yield f"it is damaged and was set aside: ingest {path} again, or take it out by `qa remove`", "text"
        return
    try:
        article = verified_article_of(row)
    except Damaged:
        yield (
            f"the article is not as it was stored; `qa check --repair` takes it again from {path}, if that still has "
            "the same text, or sets it aside",
            "text",
        )
        return
    if not row["intact"]:
        yield "it isn't sure any more where it was read from, and when", "made of it"
    passages = catalogue.rows(_PASSAGES, (row["number"],))
    starts, ends = ([passage[place] for passage in passages] for place in ("start", "end"))
    between = zip([0, *ends], [*starts, len(article.body)], strict=True)
    if any(article.body[end:start].strip() for end, start in between):
        yield "it has words that are in no passage of it", "made of it"
    passages_alone = catalogue.passages_alone()  # said once, as the encoder is another one
    for passage in passages:
        if what := _wrong_with(passage, article, passages_alone=passages_alone):
            yield f"passage {passage['start']}-{passage['end']} {what}", "made of it"
    if catalogue.lexicon.differs(row, passages):
        yield "it is not looked up by its own words", "lexical"
    if catalogue.rows(_ANNOTATIONS, (row["number"],)):
        yield "what was read out of it is not as it was stored", "made of it"


def _wrong_with(row: ResultRow, article: Article, *, passages_alone: bool) -> str:
    """What is wrong with a passage, empty where nothing is."""
    try:
        passage = passage_of(row, article)
        outside = [span for span in passage.sentences if not span.within(passage.span)]
        if not passage.text or passage.end > len(article.body) or outside:
            return "is not a slice of its article"
    except UNREADABLE:
        return "can't be read"
    sound = row["intact"] and (row["sentences_intact"] or passages_alone)
    return "" if sound else "or its vectors are not as they were stored"


def notice_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Notices of the staff and earlier texts that are not as they were written."""
    for row in catalogue.rows(_NOTICES):
        left_out = "every article with notices, of which it may be one," if row["of_nobody"] else "the article"
        what = (
            f"notice {row['number']} ({row['kind']}) is not as it was written, and {left_out} is left out: write the "
            "notice again (`qa audit` and `qa notices` tell of it), which takes the place of the damaged one"
        )
        yield Problem(row["article_id"], what)
    for row in catalogue.rows(_UNNOTICED):
        what = "a notice of it is lost, and the article is left out: write the notice again (`qa audit` tells of it)"
        yield Problem(row["article_id"], what)
    for row in catalogue.rows(_VERSIONS):
        what = f"{row['n']} of its earlier texts are not as they were stored, and are not shown; `qa forget` takes its "
        yield Problem(row["article_id"], f"{what}earlier texts out")
