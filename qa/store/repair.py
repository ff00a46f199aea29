"""Repairing the store: what is damaged is put right, each step in one transaction. No digest is ever changed."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator
from itertools import chain

from qa.models.deliveries import Problem
from qa.protocols import DamagedArticle
from qa.store import queries
from qa.store.catalogue import Catalogue
from qa.store.check import (
    file_problems,
    findings,
    left_over,
    notice_problems,
    safely,
    unfinished,
)
from qa.store.checksums import intact
from qa.store.rows import article_of, readable_of
from qa.store.writer import index_words, now, pages_of

_OF_NOTHING = (
    "DELETE FROM passages WHERE article NOT IN (SELECT number FROM articles)",
    "DELETE FROM sentence_vectors WHERE passage NOT IN (SELECT number FROM passages)",
    "DELETE FROM annotations WHERE article NOT IN (SELECT number FROM articles)",
)
"""Rows that a flipped bit has parted from what they belong to, which is encoded or read anew."""


class RepairableCatalogue(Catalogue):
    """The catalogue of a store, whose damage can be found and put right."""

    @abstractmethod
    def rebuild(self) -> None:
        """Makes the index of vectors anew from the catalogue's."""

    def check(self) -> list[Problem]:
        """What is wrong with the store at this moment, whoever writes meanwhile.

        That catalogue and index differ, say, or a passage is no slice of its article.
        """
        with self.snapshot():
            of_the_index = [*safely(self._index_problems())]  # first, before its generation may go
            return [
                *safely(file_problems(self)),
                *safely(finding.problem for finding in findings(self)),
                *safely(left_over(self)),
                *safely(notice_problems(self)),
                *of_the_index,
                *safely(unfinished(self)),
            ]

    def _index_problems(self) -> Iterator[Problem]:
        """What is wrong with an index of vectors that is kept beside the catalogue."""
        yield from ()

    def repair_indexes(self) -> None:
        """Makes the indexes anew, the lexical ones only where they are damaged."""
        if any(safely(chain(file_problems(self), left_over(self)))) or any(
            finding.lexical for finding in findings(self)
        ):
            self._rebuild_lexicons()
        self._forget_provenance()
        self.rebuild()

    def damaged(self) -> list[DamagedArticle]:
        """Articles that are not as they were stored; those that were set aside too."""
        numbers = [finding.number for finding in findings(self) if not finding.intact]
        return [damaged for number in numbers if (damaged := self._damaged_article(number))]

    def broken(self) -> list[str]:
        """Ids of articles that are as they were stored, but not their passages."""
        ids = {finding.problem.article_id for finding in findings(self) if finding.intact and not finding.lexical}
        return sorted(article_id for article_id in ids if article_id)

    def _rebuild_lexicons(self) -> None:
        """Makes the lexical indexes anew from the bodies, the others from their tables, without rows of nothing."""
        with self.transaction() as connection:
            self.lexicon.clear(connection)
            for sql in _OF_NOTHING:
                connection.execute(sql)
            for articles in pages_of(connection, "state = 'live' AND damaged IS NULL"):
                index_words(connection, self.lexicon, articles)

    def _damaged_article(self, number: int) -> DamagedArticle | None:
        """What is left of an article, and the texts that it had before; None where its row can't be read."""
        columns = "SELECT a.id, a.digest, a.path FROM articles a WHERE a.number IN (…)"
        row = next(self.readable_rows_of(columns, [number]), None)
        if row is None:
            return None
        articles = self.readable_rows_of(
            f"SELECT {queries.HELD_ARTICLE} FROM articles a WHERE a.number IN (…)", [number]
        )
        return DamagedArticle(
            number,
            row["digest"],
            row["path"],
            next(iter(readable_of(article_of, articles)), None),
            tuple(version.article for version in self.versions(row["id"])),
        )

    def set_aside(self, number: int) -> None:
        """Notes that an article is damaged: nobody is shown it, and its file is opened at the next synchronising."""
        with self.transaction() as connection:
            (article_id,) = connection.execute("SELECT id FROM articles WHERE number = ?", (number,)).fetchone()
            self.lexicon.leave(connection, "?", (number,))
            connection.execute("DELETE FROM passages WHERE article = ?", (number,))
            connection.execute("DELETE FROM annotations WHERE article = ?", (number,))
            connection.execute("UPDATE articles SET damaged = ? WHERE number = ? AND damaged IS NULL", (now(), number))
            connection.execute(
                "UPDATE files SET changed_ns = 0"
                " WHERE json_valid(articles) AND EXISTS (SELECT 1 FROM json_each(articles) WHERE value = ?)",
                (article_id,),
            )

    def discard(self, number: int) -> None:
        """Deletes the row of a damaged article, of which the text that was stored is held again."""
        if self.rows("SELECT 1 FROM articles WHERE number = ?", (number,)):
            self.set_aside(number)
            with self.transaction() as connection:
                connection.execute("DELETE FROM articles WHERE number = ?", (number,))

    def _forget_provenance(self) -> None:
        """Of sound articles of which it isn't sure any more where they came from and when: nothing is said of it."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE articles SET path = '', original = NULL, stored_at = NULL, checksum = NULL"
                f" WHERE state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
            )
