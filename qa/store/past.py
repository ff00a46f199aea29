"""Where articles came from, and what they said before."""

from __future__ import annotations

from datetime import datetime

from qa.models.deliveries import Original
from qa.models.notices import Version
from qa.store.catalogue import Catalogue
from qa.store.checksums import intact
from qa.store.rows import moment, original_of
from qa.store.versions import numbered


class Past:
    """The past of the articles in a catalogue, whether or not readers may see them."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def versions(self, article_id: str) -> list[Version]:
        """The earlier texts of an article, the oldest first; those that are damaged are left out."""
        return numbered(
            self._catalogue.rows(f"SELECT * FROM versions WHERE article_id = ? AND {intact('versions')}", (article_id,))
        )

    def original(self, article_id: str) -> Original | None:
        """What it was read from; None where that was not noted. Raises NotFound."""
        return original_of(self._catalogue.one(article_id, "SELECT a.original FROM articles a")["original"])

    def stored_at(self, article_id: str) -> datetime | None:
        """When its text was stored; None where that was not noted. Raises NotFound."""
        return moment(self._catalogue.one(article_id, "SELECT a.stored_at FROM articles a")["stored_at"])
