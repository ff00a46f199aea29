"""What a check of the store finds."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import numpy as np

from qa.errors import Damaged, StoreDamaged, StoreError, StoreFull
from qa.models.archive import Article
from qa.models.deliveries import Problem
from qa.protocols import VectorIndex
from qa.store.catalogue import Catalogue
from qa.store.checksums import intact
from qa.store.engine import ResultRow
from qa.store.queries import HELD_ARTICLE, OF_NOBODY, PASSAGE
from qa.store.rows import UNREADABLE, passage_of, verified_article_of
from qa.store.sqlite_file import WAY_ON

AT_ONCE = 5_000
"""Vectors compared in one step."""

SAME = 0.9999
"""Cosine from which two vectors are the same but for rounding."""

SET_ASIDE = "it is damaged and was set aside: ingest {path} again, or take it out by `qa remove`"
DAMAGED = (
    "the article is not as it was stored; `qa check --repair` takes it again from {path}, if that still has the "
    "same text, or sets it aside"
)
_NOTICES = f"SELECT number, article_id, kind, {OF_NOBODY} AS of_nobody FROM notices WHERE NOT {intact('notices')}"
_UNNOTICED = (
    "SELECT article_id FROM noted WHERE article_id NOT IN (SELECT article_id FROM notices)"
    " AND article_id IN (SELECT id FROM articles WHERE state = 'live')"
)
_VERSIONS = "SELECT article_id, count(*) AS n FROM versions WHERE NOT " + intact("versions") + " GROUP BY article_id"


@dataclass(frozen=True, slots=True)
class IntegrityFinding:
    """A problem of one article; `intact` says that its text is as it was stored, and only what was made of it is not.

    `lexical` says that nothing but its entries in the lexical index are not as they should be.
    """

    number: int
    problem: Problem
    intact: bool
    lexical: bool = False


def safely(problems: Iterator[Problem]) -> Iterator[Problem]:
    """The problems as far as the catalogue's file lets them be looked for."""
    try:
        yield from problems
    except StoreDamaged as error:
        yield Problem(None, str(error))


def file_problems(catalogue: Catalogue) -> Iterator[Problem]:
    yield from (Problem(None, f"the catalogue's file: {what}") for what in catalogue.damage())
    catalogue.coverage()  # SQLite's own check passes over an index without entries that can't be read


def findings(catalogue: Catalogue) -> Iterator[IntegrityFinding]:
    """Articles that are not as they were stored, and those of which something else is not."""
    for number, _ in catalogue.rows("SELECT number, digest FROM articles WHERE state = 'live' ORDER BY number"):
        row = next(catalogue.readable_rows_of(f"{_HELD} WHERE a.number IN (…)", [number]), None)
        if row is None:
            yield IntegrityFinding(
                number, Problem(None, f"article number {number} can't be read. {WAY_ON}"), intact=False
            )
        elif row["damaged"] is not None:
            yield _finding(row, SET_ASIDE.format(path=_path(row)), intact=False)
        else:
            yield from _of_article(catalogue, row)


_HELD = f"SELECT {HELD_ARTICLE}, a.damaged, {intact('articles', 'a')} AS intact FROM articles a"


def _of_article(catalogue: Catalogue, row: ResultRow) -> Iterator[IntegrityFinding]:
    try:
        article = verified_article_of(row)
    except Damaged:
        yield _finding(row, DAMAGED.format(path=_path(row)), intact=False)
        return
    if not row["intact"]:
        yield _finding(row, "it isn't sure any more where it was read from, and when", intact=True)
    passages = catalogue.rows(f"{_PASSAGES} WHERE p.article = ? ORDER BY p.start", (row["number"],))
    if not _covered(article.body, passages):
        yield _finding(row, "it has words that are in no passage of it", intact=True)
    for passage in passages:
        if what := _wrong(passage, article, outdated=catalogue.outdated_vectors):
            yield _finding(row, what, intact=True)
    if catalogue.lexicon.differs(row, passages):
        yield _finding(row, "it is not looked up by its own words", intact=True, lexical=True)
    if catalogue.rows(f"{_ANNOTATIONS} AND article = ?", (row["number"],)):
        yield _finding(row, "what was read out of it is not as it was stored", intact=True)


def _covered(body: str, passages: list[ResultRow]) -> bool:
    """Whether passages, in order, leave nothing of a body out but white space."""
    ends = [0, *(row["end"] for row in passages)]
    starts = [*(row["start"] for row in passages), len(body)]
    return not any(body[end:start].strip() for end, start in zip(ends, starts, strict=True))


_SENTENCES = f"SELECT 1 FROM sentence_vectors v WHERE v.passage = p.number AND {intact('sentence_vectors', 'v')}"
_PASSAGES = f"SELECT {PASSAGE}, EXISTS ({_SENTENCES}) AS sentences_intact FROM passages p"
_ANNOTATIONS = f"SELECT 1 FROM annotations WHERE NOT {intact('annotations')}"


def _wrong(row: ResultRow, article: Article, *, outdated: bool) -> str:
    """What is wrong with a passage, empty where nothing is."""
    place = f"{row['start']}-{row['end']}"
    try:
        passage = passage_of(row, article)
        outside = [span for span in passage.sentences if not span.within(passage.span)]
        if not passage.text or passage.end > len(article.body) or outside:
            return f"passage {place} is not a slice of its article"
    except UNREADABLE:
        return f"passage {place} can't be read"
    sound = row["intact"] and (row["sentences_intact"] or outdated)
    return "" if sound else f"passage {place} or its vectors are not as they were stored"


def _finding(row: ResultRow, what: str, *, intact: bool, lexical: bool = False) -> IntegrityFinding:
    return IntegrityFinding(row["number"], Problem(row["id"], what), intact, lexical)


def _path(row: ResultRow) -> str:
    return row["path"] or "its file"


def left_over(catalogue: Catalogue) -> Iterator[Problem]:
    if count := catalogue.lexicon.left_over():
        yield Problem(None, f"{count} entries of the lexical index belong to no passage")


def notice_problems(catalogue: Catalogue) -> Iterator[Problem]:
    """Notices of the staff and earlier texts that are not as they were written."""
    for row in catalogue.rows(_NOTICES):
        left_out = "every article with notices, of which it may be one," if row["of_nobody"] else "the article"
        yield Problem(
            row["article_id"],
            f"notice {row['number']} ({row['kind']}) is not as it was written, and {left_out} is left out: write the "
            "notice again (`qa audit` and `qa notices` tell of it), which takes the place of the damaged one",
        )
    for row in catalogue.rows(_UNNOTICED):
        yield Problem(
            row["article_id"],
            "a notice of it is lost, and the article is left out: write the notice again (`qa audit` tells of it)",
        )
    for row in catalogue.rows(_VERSIONS):
        yield Problem(
            row["article_id"],
            f"{row['n']} of its earlier texts are not as they were stored, and are not shown; `qa forget` takes its "
            "earlier texts out",
        )


def index_problems(catalogue: Catalogue, opened: Callable[[], VectorIndex], *, until: int) -> Iterator[Problem]:
    """Vectors up to a number that the index lacks or has otherwise. Raises StoreFull, StoreDamaged."""
    numbers = [number for number in catalogue.numbers() if number <= until]
    try:
        index = opened()
        missing = len(set(numbers) - index.numbers())
        different = sum(_differing(catalogue, index, part) for part in _parts(numbers))
    except (StoreFull, StoreDamaged):
        raise
    except StoreError as error:
        yield Problem(None, str(error))
        return
    if missing:
        yield Problem(None, f"{missing} passages are not in the vector index")
    if different:
        yield Problem(None, f"{different} passages have other vectors in the vector index than in the catalogue")


def _parts(numbers: list[int]) -> Iterator[list[int]]:
    for start in range(0, len(numbers), AT_ONCE):
        yield numbers[start : start + AT_ONCE]


def _differing(catalogue: Catalogue, index: VectorIndex, numbers: list[int]) -> int:
    """How many of the vectors that both have point elsewhere; an index may have brought them to length 1."""
    stored, vectors = catalogue.vectors(numbers)
    places = {number: place for place, number in enumerate(stored)}
    indexed, copies = index.read(stored)
    if not indexed:
        return 0
    if copies.shape[1] != vectors.shape[1]:
        return len(indexed)
    expected = vectors[[places[number] for number in indexed]]
    with np.errstate(all="ignore"):
        lengths = np.linalg.norm(expected, axis=1) * np.linalg.norm(copies, axis=1)
        cosines = (expected * copies).sum(axis=1) / lengths
    return int((~(cosines >= SAME)).sum())


def unfinished(catalogue: Catalogue) -> Iterator[Problem]:
    """What was begun and waits to be done."""
    if catalogue.has_pending():
        yield Problem(None, "articles are being encoded anew, or that was cut off: then `qa reencode` begins again")
    for waiting in catalogue.awaiting_erasure():
        yield Problem(waiting, "its erasure waits to be done")
    if catalogue.outdated_vectors:
        yield Problem(None, "it was encoded by an earlier version of archive-qa and waits for `qa reencode`")
    if catalogue.unscrubbed():
        yield Problem(None, "words of an article that was taken out may still be in the files")
