"""What puts damage to the catalogue right, each step in one transaction. No digest of an article is ever changed."""

from __future__ import annotations

from qa.protocols import DamagedArticle
from qa.store import queries
from qa.store.checksums import intact, write_checksums
from qa.store.database import Database
from qa.store.filing import NOW, index_words
from qa.store.rows import article_of, readable_of
from qa.store.versions import numbered


class Restoring(Database):
    """The catalogue as a repair changes it."""

    def rebuild_words(self) -> None:
        """Makes the lexical indexes anew from the bodies, and the other indexes from their tables."""
        with self.transaction() as connection:
            connection.execute("REINDEX")
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
                index_words(connection, row)

    def damaged_article(self, number: int) -> DamagedArticle | None:
        """What is left of an article, and the texts that it had before; None where its row can't be read."""
        columns = "SELECT a.id, a.digest, a.path FROM articles a WHERE a.number IN (…)"
        row = next(self.readable_rows_of(columns, [number]), None)
        if row is None:
            return None
        held = self.readable_rows_of(f"SELECT {queries.HELD_ARTICLE} FROM articles a WHERE a.number IN (…)", [number])
        earlier = self.rows(f"SELECT * FROM versions WHERE article_id = ? AND {intact('versions')}", (row["id"],))
        return DamagedArticle(
            number,
            row["digest"],
            row["path"],
            next(iter(readable_of(article_of, held)), None),
            tuple(version.article for version in numbered(earlier)),
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

    def forget_provenance(self) -> None:
        """Of sound articles of which it isn't sure any more where they came from and when: nothing is said of it."""
        with self.transaction() as connection:
            numbers = connection.execute(
                f"SELECT number FROM articles WHERE state = 'live' AND damaged IS NULL AND NOT {intact('articles')}"
            ).fetchall()
            for (number,) in numbers:
                connection.execute(
                    "UPDATE articles SET path = '', original = NULL, stored_at = NULL WHERE number = ?", (number,)
                )
                write_checksums(connection, "articles", "number = ?", [number])

    def damaged_vectors(self) -> int:
        """How many vectors for several languages are not as they were stored."""
        return int(self.rows(f"SELECT count(*) AS n FROM multilingual WHERE NOT {intact('multilingual')}")[0]["n"])

    def drop_damaged_vectors(self) -> None:
        """Forgets vectors for several languages that are not as they were stored: they are encoded anew."""
        with self.transaction() as connection:
            connection.execute(f"DELETE FROM multilingual WHERE NOT {intact('multilingual')}")
