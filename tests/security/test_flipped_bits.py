"""Bits that flip anywhere in the data folder: what changes what could be shown is found, and never declared sound."""

from __future__ import annotations

import os
import random
import shutil
from datetime import UTC, datetime
from pathlib import Path

import pytest

from qa.archive.archive import Archive
from qa.errors import NotFound, StoreError
from qa.ingestion.repair import repair_store
from qa.models.archive import Article
from qa.models.journal import Channel
from qa.models.notices import Notice, NoticeKind
from qa.models.replies import Question
from qa.review.audit import journal_problems
from qa.store.document_store import CatalogueStore
from qa.store.journal.opening import JOURNAL, opened_journal
from qa.store.opening import CATALOGUE, opened, opened_for_notices
from tests.fakes import FakeEncoder, FakeReader
from tests.security.damage import BODIES, flip, flip_where
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
        archive = Archive(store, FakeEncoder(), FakeReader(), packaged=False, journal=journal)
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
            return [problem.what for problem in (*store.check(), *journal_problems(journal, erased=[]))]
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
    assert {CATALOGUE, JOURNAL, "chroma.sqlite3"} <= {path.name for path in places}
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


@pytest.mark.parametrize(("words", "query"), [
    ("What did the bridge", "SELECT question FROM reviews"),
    ("What did the bridge", "SELECT question FROM records"),
    ("four million", "SELECT reply FROM replies"),
], ids=["a review", "a question", "a reply"])  # fmt: skip
def test_what_the_journal_keeps(full_home: Path, words: str, query: str) -> None:
    before = kept(full_home)
    flip_where(full_home, words, query, name=JOURNAL)
    assert any("not as it was written" in what for what in problems(full_home))
    for question, reply in kept(full_home):  # type: ignore[misc]
        assert (question, reply) in before or reply is None


def test_a_damaged_review_counts_as_withheld(full_home: Path) -> None:
    flip_where(full_home, "What did the bridge", "SELECT question FROM reviews", name=JOURNAL)
    with opened(full_home, writing=False) as store, opened_journal(full_home) as journal:
        reply = Archive(store, FakeEncoder(), FakeReader(), packaged=False, journal=journal).reply(Question(QUESTION))
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
    import numpy as np

    from qa.store.vectors import EmbeddedChroma

    vectors = np.random.default_rng(1).standard_normal((1_200, 16)).astype(np.float32)
    made = EmbeddedChroma(tmp_path)
    made.open(1).add(list(range(1, 1_201)), vectors)
    made.close()
    (links,) = tmp_path.rglob("link_lists.bin")
    made = EmbeddedChroma(tmp_path)
    assert made.open(1).count() == 1_200  # reading leaves the files as they are
    made.close()
    links.write_bytes(random.Random(3).randbytes(links.stat().st_size))
    with pytest.raises(StoreError, match=r"link_lists.bin is not as written.*qa check --repair"):
        EmbeddedChroma(tmp_path).open(1)
