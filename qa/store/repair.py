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
    index_problems,
    left_over,
    notice_problems,
    safely,
    unfinished,
)
from qa.store.checksums import intact
from qa.store.growing import Generations
from qa.store.rows import article_of, readable_of
from qa.store.writer import NOW, index_words

_OF_NOTHING = (
    "DELETE FROM passages WHERE article NOT IN (SELECT number FROM articles)",
    "DELETE FROM sentence_vectors WHERE passage NOT IN (SELECT number FROM passages)",
    "DELETE FROM annotations WHERE article NOT IN (SELECT number FROM articles)",
)
"""Rows that a flipped bit has parted from what they belong to, which is encoded or read anew."""


class RepairableCatalogue(Catalogue):
    """The catalogue of a store, whose damage can be found and put right."""

    _generations: Generations | None

    @abstractmethod
    def rebuild(self) -> None: ...

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
        published, generations = self.published(), self._generations
        if generations is None or not published.covers:
            return
        for problem in generations.damage(published.generation):
            yield Problem(None, f"the vector index: {problem}")
        yield from index_problems(self, lambda: generations.open(published.generation), until=published.covers)

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
            connection.execute("REINDEX")
            for sql in _OF_NOTHING:
                connection.execute(sql)
            definitions = connection.execute(
                f"SELECT name, sql FROM sqlite_master WHERE name IN {queries.LEXICAL!r}"
            ).fetchall()
            for definition in definitions:
                connection.execute(f"DROP TABLE {definition['name']}")
                connection.execute(definition["sql"])
            numbers = connection.execute("SELECT number FROM articles WHERE state = 'live' AND damaged IS NULL")
            for (number,) in numbers.fetchall():
                row = connection.execute(
                    "SELECT number, title, body, language FROM articles WHERE number = ?", (number,)
                ).fetchone()
                if row is not None:  # its number may stand in an index alone
                    index_words(connection, row)

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
            for index in queries.LEXICAL:
                connection.execute(
                    f"DELETE FROM {index} WHERE rowid IN (SELECT number FROM passages WHERE article = ?)", (number,)
                )
            connection.execute("DELETE FROM passages WHERE article = ?", (number,))
            connection.execute("DELETE FROM annotations WHERE article = ?", (number,))
            connection.execute(f"UPDATE articles SET damaged = {NOW} WHERE number = ? AND damaged IS NULL", (number,))
            connection.execute(
                "UPDATE files SET changed_ns = 0"
                " WHERE json_valid(articles) AND EXISTS (SELECT 1 FROM json_each(articles) WHERE value = ?)",
                (article_id,),
            )

    def discard(self, number: int) -> None:
        """Deletes the row of a damaged article, of which the text that was stored is held again."""
        if self.rows("SELECT 1 FROM articles WHERE number = ?", (number,)):
            self.set_aside(number)
            self.rows("DELETE FROM articles WHERE number = ?", (number,))

    def _forget_provenance(self) -> None:
        """Of sound articles of which it isn't sure any more where they came from and when: nothing is said of it."""
        with self.transaction() as connection:
            connection.execute(
                "UPDATE articles SET path = '', original = NULL, stored_at = NULL, checksum = NULL"
                f" WHERE state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
            )
