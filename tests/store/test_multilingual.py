"""The second space of vectors, and words by the endings of their language."""

from __future__ import annotations

import sqlite3
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from qa.errors import StoreMismatch
from qa.ingestion.completing import complete, needed
from qa.models.archive import Article
from qa.models.dates import ALWAYS
from qa.store.checksums import CATALOGUE
from qa.store.document_store import CatalogueStore
from qa.store.writer import CatalogueWriter
from tests.fakes import FakeEncoder, FakeGenerations, article, indexed
from tests.store.conftest import OpenShelf

SECOND = FakeEncoder(name="second")


def in_spanish(article_id: str, body: str, *, title: str = "Puertos") -> Article:
    one = article(article_id, body, title=title)
    return replace(one, source=replace(one.source, language="es-MX"))


ENGLISH = [article("bridge", "The mayor opened the bridge."), article("heron", "A heron nested by the canal.")]
SPANISH = [
    in_spanish("puerto", "Los detenidos llegaron al puerto."),
    in_spanish("canal", "El canal fue limpiado ayer."),
]


def fill(store: CatalogueStore) -> int:
    store.multilingual.claim(SECOND.fingerprint)
    return complete(store.multilingual, SECOND)


def found(store: CatalogueStore, text: str) -> list[str]:
    hits = store.multilingual.near(SECOND.encode_question(text), limit=1, between=ALWAYS)
    return [hit.passage.source.article_id for hit in hits]


def test_an_english_archive_calls_for_nothing(store: CatalogueStore) -> None:
    store.put(indexed(ENGLISH))
    space = store.multilingual
    assert not needed(space, always=False)
    assert needed(space, always=True)
    assert space.fingerprint is None
    assert store.check() == []


def test_the_first_article_in_another_language_calls_for_vectors_of_all(store: CatalogueStore) -> None:
    store.put(indexed(ENGLISH))
    store.put(indexed(SPANISH))
    assert needed(store.multilingual, always=False)
    assert fill(store) == 4
    assert fill(store) == 0, "nothing lacks its vector any more"
    assert found(store, "heron") == ["heron"]
    assert found(store, "detenidos puerto") == ["puerto"]
    assert store.check() == []


def test_once_they_are_there_they_are_kept_up(store: CatalogueStore) -> None:
    store.put(indexed(SPANISH))
    fill(store)
    store.remove("puerto")
    store.remove("canal")
    assert needed(store.multilingual, always=False)
    store.put(indexed(ENGLISH))
    assert [problem.what for problem in store.check()] == ["2 passages lack their vector for several languages"]
    assert fill(store) == 2
    assert store.check() == []


def test_a_changed_article_gets_new_vectors_and_loses_the_old(store: CatalogueStore) -> None:
    store.put(indexed(SPANISH))
    fill(store)
    store.put(indexed([in_spanish("puerto", "Una garza anidó aquí.")]))
    assert found(store, "detenidos llegaron al puerto") != ["puerto"]
    assert fill(store) == 1
    assert found(store, "garza") == ["puerto"]


@pytest.mark.parametrize("after", [False, True])
def test_cut_off_it_goes_on_where_it_was(open_store: OpenShelf, monkeypatch: pytest.MonkeyPatch, after: bool) -> None:
    put = CatalogueWriter.put_multilingual

    def dies(self: CatalogueWriter, numbers: list[int], vectors: np.ndarray) -> None:
        if after:
            put(self, numbers, vectors)
        raise KeyboardInterrupt

    with open_store() as store:
        store.put(indexed([*ENGLISH, *SPANISH]))
        with monkeypatch.context() as patch:
            patch.setattr(CatalogueWriter, "put_multilingual", dies)
            patch.setattr("qa.ingestion.completing.BATCH", 2)
            with pytest.raises(KeyboardInterrupt):
                fill(store)
    with open_store() as store:
        assert fill(store) == (2 if after else 4)
        assert store.check() == []
        assert found(store, "heron") == ["heron"]


def test_a_new_generation_holds_both(store: CatalogueStore) -> None:
    store.put(indexed([*ENGLISH, *SPANISH]))
    fill(store)
    store.rebuild()
    assert store.check() == []
    assert found(store, "heron") == ["heron"]
    assert store.near(FakeEncoder().encode_question("heron"), limit=1)[0].passage.source.article_id == "heron"


def test_another_encoder_is_refused_until_everything_is_encoded_again(store: CatalogueStore) -> None:
    store.put(indexed(SPANISH))
    fill(store)
    with pytest.raises(StoreMismatch, match=r"second:64:0.*third:64:0.*qa reencode"):
        store.multilingual.claim("third:64:0")
    store.reencode(FakeEncoder().fingerprint, [indexed(SPANISH)])
    store.multilingual.claim("third:64:0")
    assert complete(store.multilingual, FakeEncoder(name="third")) == 2
    assert store.multilingual.fingerprint == "third:64:0"
    assert store.check() == []


def test_words_are_found_in_every_form_of_their_language(store: CatalogueStore) -> None:
    store.put(indexed([*ENGLISH, *SPANISH]))

    def ids(*terms: str, language: str) -> set[str]:
        return {hit.passage.source.article_id for hit in store.matching(terms, limit=5, language=language)}

    assert ids("detenida", language="es") == {"puerto"}
    assert ids("limpiar", language="es") == {"canal"}
    assert ids("limpio", language="en") == set(), "English endings are another matter"
    assert ids("canal", language="es") == {"canal", "heron"}, "what is written alike is found in every language"
    assert ids("openings", language="es") == ids("openings", language="en") == {"bridge"}
    store.remove("canal")
    assert ids("limpiar", language="es") == set()


def test_an_archive_of_before_gets_its_stems_when_it_is_opened(tmp_path: Path) -> None:
    path = tmp_path / "catalogue.sqlite3"
    made = CatalogueStore(path, FakeGenerations())
    made.put(indexed([*ENGLISH, *SPANISH]))
    made.close()
    with sqlite3.connect(path) as before:
        before.executescript("DROP TABLE stemmed; DROP TABLE multilingual; DROP INDEX article_language;")
        before.executescript("DROP INDEX article_damaged; ALTER TABLE articles DROP COLUMN damaged;")
        before.executescript("ALTER TABLE articles DROP COLUMN source; DROP TABLE noted; DROP TABLE awaiting;")
        before.executescript("DROP INDEX heard_once; ALTER TABLE heard DROP COLUMN source;")
        for table in set(CATALOGUE) - {"multilingual"}:
            before.execute(f"ALTER TABLE {table} DROP COLUMN checksum")
        before.execute("PRAGMA user_version = 5")
    before.close()
    catalogue = CatalogueStore(path, FakeGenerations())
    stems = catalogue.rows("SELECT rowid, text FROM stemmed ORDER BY rowid")
    assert [row["text"].split()[1] for row in stems] == ["deten", "canal"]
    assert catalogue.multilingual.wanted
    catalogue.close()
