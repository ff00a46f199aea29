"""Bits that flip anywhere in the data folder: what changes what could be shown is found, and never declared sound."""

from __future__ import annotations

import os
import random
import shutil
import sqlite3
from contextlib import closing, suppress
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from qa.archive.archive import Archive
from qa.errors import Damaged, NotFound, StoreError
from qa.ingestion.ingest import Ingestion, encode_articles, repair_store
from qa.models.archive import Article
from qa.models.deliveries import Delivery, Notice, NoticeKind
from qa.models.journal import Channel
from qa.models.replies import Question
from qa.settings import Settings
from qa.store.books import CATALOGUE, JOURNAL
from qa.store.document_store import CatalogueStore, opened, opened_for_notices
from qa.store.journal.opening import opened_journal
from tests.fakes import FakeEncoder, FakeReader
from tests.security.damage import BODIES, flip, flip_where, flip_within, places_of, story, written
from tests.tiers import share_of

FLIPS = int(os.environ.get("QA_TEST_FLIPS", share_of(40)))
"""How many bits are flipped; more of them find more, a tenth of a second each."""

QUESTION = "What did the bridge cost?"


@pytest.fixture
def full_home(home: Path) -> Path:
    """An archive with a notice, a kept reply, and a version."""
    with opened_for_notices(home) as book:
        book.add(Notice("school", NoticeKind.CORRECTION, "It was in July.", "desk", datetime.now(UTC)))
        book.add(Notice("market", NoticeKind.WITHDRAWAL, "It was wrong.", "desk", datetime.now(UTC)))
    with opened(home, writing=False) as store, opened_journal(home) as journal:
        archive = Archive(store, FakeEncoder(), FakeReader(), settings=Settings(encoder="fake"), journal=journal)
        assert archive.keep(archive.reply(Question(QUESTION)), channel=Channel.COMMAND, seconds=0.1)
    return home


def shown(store: CatalogueStore) -> dict[str, object]:
    """All that readers are shown of articles; an article that is refused is left out."""
    told: dict[str, object] = {}
    for name in BODIES:
        try:
            told[name] = store.article(name)
        except NotFound as error:
            told[name] = type(error).__name__
    hits = [*store.near(FakeEncoder().encode(["bridge"])[0], limit=20), *store.matching([*BODIES], limit=20)]
    for hit in hits:
        assert BODIES[hit.passage.source.article_id][hit.passage.start : hit.passage.end] == hit.passage.text
    return told


def kept(home: Path) -> list[object]:
    with opened_journal(home) as journal:
        return [(r.question, r.reply) for r in journal.records.between(datetime(2000, 1, 1, tzinfo=UTC), LATE)]


LATE = datetime(2100, 1, 1, tzinfo=UTC)


def problems(home: Path) -> list[str]:
    try:
        with opened(home, writing=False) as store, opened_journal(home) as journal:
            return [problem.what for problem in (*store.check(), *journal.problems(erased=[]))]
    except StoreError as error:
        return [str(error)]


def repair(home: Path) -> None:
    try:
        with opened(home, writing=True) as store:
            repair_store(store, FakeEncoder())
    except StoreError:
        pass  # it says what can be done; nothing is declared sound


def test_forty_bits(full_home: Path, tmp_path: Path, files: list[Path]) -> None:
    seed = 20240304
    chance = random.Random(seed)
    with opened(full_home, writing=False) as store:
        sound = shown(store)
    replies = kept(full_home)
    assert problems(full_home) == []
    for path in files:  # nothing can be taken again from its file
        path.unlink()
    places = [path for path in sorted(full_home.rglob("*")) if path.is_file() and path.stat().st_size > 1_000]
    assert {CATALOGUE.file, JOURNAL.file, "chroma.sqlite3"} <= {path.name for path in places}
    found = answered = 0
    for number in range(FLIPS):
        home = tmp_path / "copy"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(full_home, home)
        path = home / chance.choice(places).relative_to(full_home)
        used = [place for place, byte in enumerate(path.read_bytes()) if byte]  # most of a small file is empty
        place, bit = chance.choice(used), chance.randrange(8)
        flip(path, place, bit)
        where = f"flip {number} of seed {seed}: bit {bit} of byte {place} of {path.name}"
        wrong = problems(home)
        found += bool(wrong)
        answered += _held_against(home, sound, replies, wrong, where)
        if wrong:
            repair(home)
            answered += _held_against(home, sound, replies, wrong, where)
    assert found >= FLIPS // 8
    assert answered >= FLIPS * 3 // 4  # a catalogue whose tables can't be told any more answers nothing


def test_a_bit_in_what_chroma_reads_at_opening_ends_no_process(full_home: Path) -> None:
    (database,) = full_home.rglob("chroma.sqlite3")
    migration = b"CREATE TABLE embeddings_queue ("
    places = list(places_of(database, migration))
    assert places
    for place in places:
        flip(database, place + 2, 7)
        assert "chroma.sqlite3" in str(problems(full_home)), place
        flip(database, place + 2, 7)
    assert problems(full_home) == []


def _held_against(home: Path, sound: dict[str, object], replies: list[object], wrong: list[str], where: str) -> int:
    """Nothing is shown that isn't as it was; what is lacking was found. Whether it answered."""
    try:
        with opened(home, writing=False) as store:
            told = shown(store)
    except StoreError:
        assert wrong, where
        return 0
    for name, article in told.items():
        if article != sound[name]:
            assert not isinstance(article, Article), f"{where}: {name} is shown otherwise"
            assert wrong, where
    if name := next((name for name in BODIES if told[name] != sound[name]), ""):
        assert problems(home), f"{where}: {name} is lacking, and the archive is declared sound"
    try:
        assert all(reply in replies or reply[1] is None for reply in kept(home)), where
    except StoreError:
        assert wrong, where
    return 1


@pytest.mark.parametrize(("name", "query"), [
    (CATALOGUE.file, "SELECT body FROM articles"),
    (CATALOGUE.file, "SELECT vector FROM passages"),
    (CATALOGUE.file, "SELECT sentences FROM passages"),
    (CATALOGUE.file, "SELECT vectors FROM sentence_vectors"),
    (CATALOGUE.file, "SELECT record FROM annotations"),
    (CATALOGUE.file, "SELECT block FROM lexicon_data WHERE id > 10"),
    (CATALOGUE.file, "SELECT c1 FROM lexicon_content"),
    (CATALOGUE.file, "SELECT text FROM notices"),
    (CATALOGUE.file, "SELECT article_id FROM notices"),
    (JOURNAL.file, "SELECT question FROM reviews"),
    (JOURNAL.file, "SELECT reply FROM replies"),
    (JOURNAL.file, "SELECT digest FROM cited"),
], ids=lambda value: str(value).removeprefix("SELECT ").replace(" ", "_"))  # fmt: skip
def test_bits_of_every_kind(full_home: Path, tmp_path: Path, files: list[Path], name: str, query: str) -> None:
    chance = random.Random(query)
    replies = kept(full_home)
    with opened(full_home, writing=False) as store:
        sound = shown(store)
    for path in files:
        path.unlink()
    for number in range(share_of(4)):
        home = tmp_path / "copy"
        shutil.rmtree(home, ignore_errors=True)
        shutil.copytree(full_home, home)
        flip_within(home, query, chance, name=name)
        where, wrong = f"flip {number}", problems(home)
        assert wrong, where
        assert _held_against(home, sound, replies, wrong, where)
        repair(home)
        assert _held_against(home, sound, replies, wrong, where)
        if not problems(home):
            with opened(home, writing=False) as store:
                assert shown(store) == sound, where
            assert values(home, query, name) == values(full_home, query, name), where


def values(home: Path, query: str, name: str) -> list[bytes]:
    """What a query gives, in no order; of words that are searched how many there are."""
    with closing(sqlite3.connect(home / name)) as connection:
        connection.text_factory = bytes
        given = sorted(value for (value,) in connection.execute(query))
    return given[:0] if "lexicon" in query else given


OF_OTHER_KINDS = [
    ("passages", "vector", "TEXT"), ("passages", "sentences", "BLOB"), ("sentence_vectors", "vectors", "TEXT"),
    ("annotations", "record", "BLOB"), ("notices", "text", "BLOB"),
]  # fmt: skip


@pytest.mark.parametrize(("table", "column", "kind"), OF_OTHER_KINDS)
def test_a_bit_that_makes_bytes_of_text_is_found(full_home: Path, table: str, column: str, kind: str) -> None:
    """The same bytes under another type, which is one bit before them."""
    written(full_home, f"UPDATE {table} SET {column} = CAST({column} AS {kind})")
    assert problems(full_home) != []
    with opened(full_home, writing=False) as store:
        assert len(store.sources()) == len(BODIES)
        told = shown(store)
        assert told["school"] == "Damaged" or table != "notices"
        hits = store.near(FakeEncoder().encode(["bridge"])[0], limit=20)
        assert len(store.sentence_vectors([hit.passage for hit in hits])) == len(hits)
    repair(full_home)
    assert (problems(full_home) == []) is (table != "notices")


@pytest.fixture
def long_home(home: Path) -> Path:
    """An archive with an article of several passages."""
    with opened(home, writing=True) as store:
        body = " ".join(f"On day {number} the council spoke of item {number * 7}." for number in range(80))
        store.put(encode_articles([Delivery(story("council", body), "")], FakeEncoder()))
        assert len(store.rows("SELECT 1 FROM passages JOIN articles a ON a.number = article WHERE id = 'council'")) > 2
    return home


def test_a_passage_that_is_of_no_article_any_more_is_made_again(long_home: Path) -> None:
    written(long_home, "UPDATE passages SET article = 9999 WHERE number = (SELECT max(number) - 1 FROM passages)")
    assert any("no passage" in what for what in problems(long_home))
    repair(long_home)
    assert problems(long_home) == []
    with opened(long_home, writing=False) as store:
        body = store.article("council").body
        places = store.rows('SELECT start, "end" FROM passages WHERE article = (SELECT max(number) FROM articles)')
    assert sum(end - start for start, end in places) == len(body) - len(places) + 1


@pytest.mark.parametrize("table", ["sentence_vectors", "annotations"])
@pytest.mark.parametrize("repaired", [True, False])
def test_what_belongs_to_nothing_keeps_no_article_out(long_home: Path, table: str, repaired: bool) -> None:
    key = "passage" if table == "sentence_vectors" else "article"
    written(long_home, f"UPDATE {table} SET {key} = {key} + 2 WHERE {key} = (SELECT max({key}) FROM {table})")
    assert any("belong to nothing" in what for what in problems(long_home))
    if repaired:
        repair(long_home)
        assert problems(long_home) == []
    with opened(long_home, writing=True) as store:
        deliveries = [Delivery(story(f"new {number}", BODIES["river"]), "") for number in range(4)]
        assert Ingestion(store, FakeEncoder()).run(deliveries).added == 4


@pytest.mark.parametrize("name", ["school", "market"])
def test_a_notice_that_names_another_article_is_missed_where_it_was(full_home: Path, name: str) -> None:
    flip_where(full_home, name, "SELECT article_id FROM notices")
    assert any("which it may be one" in what for what in problems(full_home))
    for _ in range(2):
        with opened(full_home, writing=False) as store:
            told = shown(store)
            assert (told["school"], told["bridge"]) == ("Damaged", store.article("bridge"))
            assert told["market"] == ("Damaged" if name == "market" else "Withdrawn")
        repair(full_home)
    kind = NoticeKind.CORRECTION if name == "school" else NoticeKind.WITHDRAWAL
    with opened_for_notices(full_home) as book:
        assert len(book.history()) == 2
        book.add(Notice(name, kind, "Said again.", "desk", datetime.now(UTC)))
    assert problems(full_home) == []


def test_a_notice_that_is_gone_is_missed(full_home: Path) -> None:
    written(full_home, "DELETE FROM notices WHERE article_id = 'market'")
    assert any("a notice of it is lost" in what for what in problems(full_home))
    with opened(full_home, writing=False) as store:
        assert shown(store)["market"] == "Damaged"


@pytest.mark.parametrize(("column", "words"), [("kind", "correction"), ("at", "20"), ("day", "20")])
def test_a_notice_that_cannot_be_read_ends_no_list(full_home: Path, column: str, words: str) -> None:
    with opened_for_notices(full_home) as book:
        today = datetime.now(UTC)
        book.add(Notice("bridge", NoticeKind.WITHDRAWAL, "Wrong.", "desk", today, today.date()))
        book.add(Notice("river", NoticeKind.CORRECTION, "By three metres.", "desk", today, today.date()))
    flip_where(full_home, words, f"SELECT {column} FROM notices ORDER BY number DESC", bit=6)
    with opened_for_notices(full_home) as book:
        assert len(book.history()) == 3
    with opened(full_home, writing=False) as store:
        for name in BODIES:
            with suppress(Damaged):
                store.with_standing(name)


@pytest.mark.parametrize("index", ["article_hidden", "article_id"])
def test_an_index_that_cannot_be_read_is_never_sound(full_home: Path, index: str) -> None:
    with closing(sqlite3.connect(full_home / CATALOGUE.file)) as connection:
        (root,) = connection.execute("SELECT rootpage FROM sqlite_master WHERE name = ?", (index,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    flip(full_home / CATALOGUE.file, (root - 1) * size, 3)  # a leaf is taken for a page of branches
    for _ in range(2):
        assert any("qa salvage" in what for what in problems(full_home))
        repair(full_home)


def test_a_damaged_review_counts_as_withheld(full_home: Path) -> None:
    flip_where(full_home, "What did the bridge", "SELECT question FROM reviews", name=JOURNAL.file)
    with opened(full_home, writing=False) as store, opened_journal(full_home) as journal:
        reply = Archive(store, FakeEncoder(), FakeReader(), settings=Settings(encoder="fake"), journal=journal).reply(
            Question(QUESTION)
        )
        assert "four million" not in str(reply)
        assert problems(full_home) != []


@pytest.mark.parametrize("words", ["It was in July", "It was wrong"])
def test_a_damaged_notice_is_shown_to_nobody(full_home: Path, words: str) -> None:
    flip_where(full_home, words, "SELECT text FROM notices")
    name = "school" if "July" in words else "market"
    assert any("write the notice again" in what for what in problems(full_home))
    with opened(full_home, writing=False) as store:
        with pytest.raises(NotFound):
            store.article(name)
        assert name not in [listed.source.article_id for listed in store.listed()]
    repair(full_home)
    assert problems(full_home) != []
    kind = NoticeKind.CORRECTION if name == "school" else NoticeKind.WITHDRAWAL
    with opened_for_notices(full_home) as book:
        book.add(Notice(name, kind, "Said again.", "desk", datetime.now(UTC)))
    assert problems(full_home) == []


def test_an_index_that_would_end_the_process_is_not_opened(tmp_path: Path) -> None:
    from qa.store.vectors import EmbeddedChroma

    vectors = np.random.default_rng(1).standard_normal((1_200, 16)).astype(np.float32)
    EmbeddedChroma(tmp_path).build(1, [(list(range(1, 1_201)), vectors)], size=1_200)
    (links,) = tmp_path.rglob("link_lists.bin")
    assert len(EmbeddedChroma(tmp_path).open(1).numbers()) == 1_200  # reading leaves the files as they are
    links.write_bytes(random.Random(3).randbytes(links.stat().st_size))
    with pytest.raises(StoreError, match=r"link_lists.bin is not as written.*qa check --repair"):
        EmbeddedChroma(tmp_path).open(1)
