"""One source never speaks for another: what it delivers acts on its own articles alone."""

from __future__ import annotations

import json
import os
import sqlite3
from collections.abc import Callable, Sequence
from contextlib import closing
from pathlib import Path

import pytest

from qa.cli import ingesting
from qa.protocols import IndexedArticle
from qa.store.books import CATALOGUE
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from tests.cli.conftest import Qa, Told, run, use
from tests.fakes import FakeEncoder

Put = Callable[[str, str], Path]

WIRE = '[[source]]\nname = "wire"\npaths = ["wire"]\n'
BLOG = '[[source]]\nname = "blog"\npaths = ["blog"]\n'
COUNCIL = {"id": "council", "title": "Council meets", "text": "The council met on Monday.", "outlet": "The Agency"}
FAIR = {"id": "fair", "title": "Fair", "text": "A fair opened."}
FORGED = {"id": "council", "title": "Council falls", "text": "The council was dissolved.", "outlet": "The Agency"}


@pytest.fixture
def qa(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Qa:
    """`qa` with a quick encoder and an archive of the test's own."""
    for name in [name for name in os.environ if name.startswith("QA_")]:
        monkeypatch.delenv(name)
    monkeypatch.setenv("QA_HOME", str(tmp_path / "data"))
    use(FakeEncoder(), monkeypatch)
    return run


@pytest.fixture
def put(tmp_path: Path) -> Put:
    def write(name: str, content: str) -> Path:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(content, encoding="utf-8")
        return path

    return write


def lines(*records: dict[str, object]) -> str:
    return "".join(json.dumps(record) + "\n" for record in records)


def kill(article_id: str) -> str:
    """A kill notice as agencies send it, in NITF."""
    return (
        f'<nitf><head><docdata management-status="usable" management-doc-idref="{article_id}"'
        ' management-idref-status="canceled"><doc-id id-string="kill-1"/></docdata></head>'
        "<body><body.head><hedline><hl1>KILL</hl1></hedline></body.head></body></nitf>"
    )


def body(qa: Qa, article_id: str) -> str:
    return str(qa("show", article_id, "--json").json["body"])


def synced(qa: Qa, sources: Path, *options: str) -> Told:
    return qa("sync", "--sources", sources, "--json", *options)


@pytest.mark.parametrize("order", [WIRE + BLOG, BLOG + WIRE])
def test_an_item_of_one_source_leaves_the_article_of_another_as_it_is(qa: Qa, put: Put, order: str) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    put("blog/b.jsonl", lines({**FORGED, "version": "9", "revised": "2030-01-01T00:00:00Z"}, FAIR))
    report = synced(qa, put("archive.toml", order))
    assert body(qa, "council") == "The council met on Monday."
    assert (report.code, report.json["added"], report.json["updated"]) == (1, 1, 0)
    (failure,) = report.json["failed"]
    assert failure["path"].endswith("b.jsonl")
    for part in ("'council'", "'wire'", "'blog'", "a.jsonl", "id_prefix"):
        assert part in failure["reason"]
    assert qa("show", "council", "--versions", "--json").json == []


def test_an_older_text_of_another_source_is_no_version_of_the_article(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines({**COUNCIL, "version": "5"}))
    put("blog/b.jsonl", lines({**FORGED, "version": "1"}))
    assert synced(qa, put("archive.toml", WIRE + BLOG)).code == 1
    assert qa("show", "council", "--versions", "--json").json == []


def test_of_two_sources_in_one_run_the_first_has_the_id(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/b.jsonl", lines({**FORGED, "version": "9"}))
    report = synced(qa, put("archive.toml", WIRE + BLOG))
    assert (report.json["added"], len(report.json["failed"])) == (1, 1)
    assert "'wire'" in report.json["failed"][0]["reason"]
    assert body(qa, "council") == "The council met on Monday."


def test_the_same_words_from_two_sources_are_one_article(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/b.jsonl", lines(COUNCIL))
    report = synced(qa, put("archive.toml", WIRE + BLOG))
    assert (report.code, report.json["added"], report.json["unchanged"]) == (0, 1, 1)


def test_a_prefix_keeps_the_ids_of_a_source_apart(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/b.jsonl", lines(FORGED))
    assert synced(qa, put("archive.toml", WIRE + BLOG + 'id_prefix = "blog-"\n')).code == 0
    assert body(qa, "blog-council") == "The council was dissolved."
    assert body(qa, "council") == "The council met on Monday."


def test_what_a_source_drops_takes_no_article_of_another_along(qa: Qa, put: Put) -> None:
    qa("ingest", put("hand/h.jsonl", lines(COUNCIL)))
    put("blog/b.jsonl", lines(FORGED, FAIR))
    sources = put("archive.toml", BLOG)
    synced(qa, sources)
    put("blog/b.jsonl", lines(FAIR))
    report = synced(qa, sources, "--prune").json
    assert (report["removed"], report["sources"][0]["missing"]) == ([], [])
    assert body(qa, "council") == "The council met on Monday."


def test_what_another_source_claims_does_not_keep_a_dropped_article(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/b.jsonl", lines(FORGED))
    sources = put("archive.toml", WIRE + BLOG)
    synced(qa, sources)
    put("wire/a.jsonl", lines(FAIR))
    assert synced(qa, sources, "--prune").json["removed"] == ["council"]


def test_what_was_added_by_hand_is_taken_over_by_the_source_of_that_file(qa: Qa, put: Put, tmp_path: Path) -> None:
    path = put("wire/a.jsonl", lines(COUNCIL))
    qa("ingest", path)
    sources = put("archive.toml", WIRE)
    assert synced(qa, sources).json["unchanged"] == 1
    put("wire/a.jsonl", lines({**COUNCIL, "text": "The council met on Tuesday."}))
    assert synced(qa, sources).json["updated"] == 1
    assert body(qa, "council") == "The council met on Tuesday."


def test_a_source_under_another_name_keeps_its_articles(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    put("wire/a.jsonl", lines({**COUNCIL, "text": "The council met on Tuesday."}))
    assert synced(qa, put("archive.toml", WIRE.replace('"wire"\np', '"agency"\np'))).json["updated"] == 1


def test_what_was_added_by_hand_is_not_replaced_by_a_source(qa: Qa, put: Put) -> None:
    qa("ingest", put("hand/h.jsonl", lines(COUNCIL)))
    put("blog/b.jsonl", lines(FORGED))
    report = synced(qa, put("archive.toml", BLOG))
    assert report.code == 1
    assert "added by hand" in report.json["failed"][0]["reason"]
    assert body(qa, "council") == "The council met on Monday."


def test_by_hand_the_article_of_a_source_is_replaced_only_where_that_is_asked_for(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    sources = put("archive.toml", WIRE)
    synced(qa, sources)
    other = put("hand/h.jsonl", lines({**COUNCIL, "text": "The council met on Friday."}))
    told = qa("ingest", other, "--json")
    assert told.code == 1
    assert "--replace" in told.json["failed"][0]["reason"]
    assert "'wire'" in told.json["failed"][0]["reason"]
    assert qa("ingest", other).code == 1
    assert body(qa, "council") == "The council met on Monday."
    assert qa("ingest", other, "--replace", "--json").json["updated"] == 1
    assert body(qa, "council") == "The council met on Friday."
    put("wire/a.jsonl", lines({**COUNCIL, "text": "The council met on Sunday."}))
    assert synced(qa, sources).json["updated"] == 1, "it is the source's article still"


@pytest.mark.parametrize(("answer", "left"), [("y", "The council met on Friday."), ("n", "The council met on Monday.")])
def test_at_a_terminal_it_is_asked(qa: Qa, put: Put, monkeypatch: pytest.MonkeyPatch, answer: str, left: str) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    asked: list[str] = []
    monkeypatch.setattr(ingesting, "asks", lambda question: (asked.append(question), answer == "y")[1])
    told = qa("ingest", put("hand/h.jsonl", lines({**COUNCIL, "text": "The council met on Friday."})))
    assert told.code == (0 if answer == "y" else 1)
    assert len(asked) == 1
    assert "'council'" in asked[0]
    assert "'wire'" in asked[0]
    assert body(qa, "council") == left


def status(qa: Qa, article_id: str) -> str:
    return str(qa("show", article_id, "--json").json["status"])


@pytest.mark.parametrize("order", [WIRE + BLOG, BLOG + WIRE])
def test_a_kill_notice_of_one_source_leaves_the_article_of_another_readable(qa: Qa, put: Put, order: str) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/k.nitf", kill("council"))
    report = synced(qa, put("archive.toml", order))
    assert (report.code, report.json["orders"]) == (1, [])
    for part in ("'council'", "'wire'", "'blog'", "notices_for"):
        assert part in report.json["failed"][0]["reason"]
    assert status(qa, "council") == "live"


def test_a_kill_notice_that_comes_first_waits_for_an_article_of_its_own_source(qa: Qa, put: Put) -> None:
    put("blog/k.nitf", kill("council"))
    synced(qa, put("archive.toml", BLOG))
    put("wire/a.jsonl", lines(COUNCIL))
    assert synced(qa, put("archive.toml", BLOG + WIRE)).json["added"] == 1
    assert status(qa, "council") == "live"
    put("wire/k.nitf", kill("council"))  # in the same words as that of the blog, which was heard before
    synced(qa, put("archive.toml", BLOG + WIRE))
    assert status(qa, "council") == "withdrawn"


def test_a_source_withdraws_its_own_article_before_it_comes(qa: Qa, put: Put) -> None:
    put("wire/k.nitf", kill("council"))
    sources = put("archive.toml", WIRE)
    assert len(synced(qa, sources).json["orders"]) == 1
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, sources)
    assert status(qa, "council") == "withdrawn"


@pytest.mark.parametrize("first", ["article", "notice"])
def test_notices_of_a_source_count_for_those_that_the_list_names(qa: Qa, put: Put, first: str) -> None:
    sources = put("archive.toml", WIRE + BLOG + 'notices_for = ["wire"]\n')
    put("blog/k.nitf", kill("council")) if first == "notice" else put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, sources)
    put("blog/k.nitf", kill("council"))
    put("wire/a.jsonl", lines(COUNCIL))
    assert synced(qa, sources).code == 0
    assert status(qa, "council") == "withdrawn"


def test_what_another_source_takes_back_in_the_same_run_is_never_shown(
    qa: Qa, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen, stored = list[str](), CatalogueStore.put

    def stored_and_seen(store: CatalogueStore, batch: Sequence[IndexedArticle]) -> None:
        stored(store, batch)
        seen.extend(article.source.article_id for article in store.listed())

    monkeypatch.setattr(CatalogueStore, "put", stored_and_seen)
    put("wire/a.jsonl", lines(COUNCIL, FAIR))
    put("blog/k.nitf", kill("council"))
    assert synced(qa, put("archive.toml", WIRE + BLOG + 'notices_for = ["wire"]\n')).code == 0
    assert seen == ["fair"]


def test_a_notice_refused_is_heeded_once_the_list_allows_it(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    put("blog/k.nitf", kill("council"))
    synced(qa, put("archive.toml", WIRE + BLOG))
    synced(qa, put("archive.toml", WIRE + BLOG + 'notices_for = ["wire"]\n'))
    assert status(qa, "council") == "withdrawn"


def test_a_notice_for_a_source_that_nobody_knows(qa: Qa, put: Put) -> None:
    told = qa("sync", "--sources", put("archive.toml", BLOG + 'notices_for = ["wires"]\n'))
    assert told.code == 2
    assert "'wires'" in told.err


def test_by_hand_a_notice_on_the_article_of_a_source_is_heeded_only_where_asked_for(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    notice = put("hand/k.nitf", kill("council"))
    told = qa("ingest", notice, "--json")
    assert (told.code, status(qa, "council")) == (1, "live")
    assert "--replace" in told.json["failed"][0]["reason"]
    assert qa("ingest", notice, "--replace").code == 0
    assert status(qa, "council") == "withdrawn"


def test_what_the_staff_restored_stays_restored_when_a_source_takes_the_article_over(qa: Qa, put: Put) -> None:
    qa("ingest", put("wire/a.jsonl", lines(COUNCIL)), put("wire/k.nitf", kill("council")))
    qa("restore", "council")
    sources = put("archive.toml", WIRE)
    for _ in range(2):
        synced(qa, sources)
        assert status(qa, "council") == "live"


def test_an_id_of_which_notices_are_kept_stays_with_its_source(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    qa("correct", "council", "--text", "It met on Tuesday.")
    qa("remove", "council")
    put("blog/b.jsonl", lines(FORGED))
    report = synced(qa, put("archive.toml", BLOG))
    assert (report.code, report.json["added"]) == (1, 0)


def test_an_outlet_that_the_list_fixes_is_no_items_to_say(qa: Qa, put: Put) -> None:
    put("blog/b.jsonl", lines(FORGED))
    synced(qa, put("archive.toml", BLOG + 'outlet = "A Blog"\n'))
    (listed,) = qa("list", "--json").json
    assert listed["outlet"] == "A Blog"


def test_a_summary_is_credited_to_the_outlet_that_the_list_fixes(qa: Qa, put: Put) -> None:
    put("blog/b.jsonl", lines({**FORGED, "kind": "summary", "summarises": "The Agency"}))
    synced(qa, put("archive.toml", BLOG + 'outlet = "A Blog"\n'))
    assert "Summary of a report in The Agency" not in qa("show", "council").out
    synced(qa, put("archive.toml", BLOG + 'outlet = "A Blog"\nkind = "summary"\n'))
    assert "Summary of a report in The Agency" in qa("show", "council").out


def test_an_outlet_for_items_that_name_none(qa: Qa, put: Put) -> None:
    put("blog/b.jsonl", lines(FORGED, FAIR))
    synced(qa, put("archive.toml", BLOG + 'default_outlet = "A Blog"\n'))
    assert {one["id"]: one["outlet"] for one in qa("list", "--json").json} == {
        "council": "The Agency",
        "fair": "A Blog",
    }


def test_the_articles_of_an_archive_of_before_are_those_of_the_sources_that_were_read(tmp_path: Path) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.create_function("stemmed", 2, lambda text, language: text)
        connection.executescript("".join(CATALOGUE.migrations[:6]) + "PRAGMA user_version = 6;")
        for name, read_from in (("a", "wire/a.zip > a.xml"), ("b", "blog/b.jsonl"), ("c", "hand/c.txt")):
            connection.execute(
                "INSERT INTO articles (id, state, digest, title, outlet, language, kind, status, extra, path, body)"
                " VALUES (?, 'live', 'd', 'T', 'O', 'en', 'article', 'live', '{}', ?, 'Body.')",
                (name, read_from),
            )
        files = [("wire", "wire/a.zip", '["a", "b"]'), ("blog", "blog/b.jsonl", '["a", "b"]')]
        connection.executemany("INSERT INTO files VALUES (?, ?, 1, 1, '', ?, '[]', '2026-01-01')", files)
        connection.execute("INSERT INTO heard VALUES ('a', 'withdrawal', 'd', 'wire/k.xml', '2026-01-01')")
        connection.execute(
            "INSERT INTO notices (article_id, kind, text, digest, who, at)"
            " VALUES ('z', 'withdrawal', '', '', 'the item wire/a.zip > k.xml', '2026-01-01T00:00:00Z')"
        )
    with closing(NoticeStore(path)) as book:
        assert {row["id"]: row["source"] for row in book.rows("SELECT id, source FROM articles")} == {
            "a": "wire",
            "b": "blog",
            "c": "",
        }
        assert [row["source"] for row in book.rows("SELECT source FROM noted")] == ["wire"]
        assert len(book.rows("SELECT 1 FROM heard WHERE source IS NULL")) == 1


def test_of_an_erased_article_another_source_is_told_only_that_it_is_not_its_own(qa: Qa, put: Put) -> None:
    put("wire/a.jsonl", lines(COUNCIL))
    synced(qa, put("archive.toml", WIRE))
    assert qa("withdraw", "council", "--reason", "Asked for.", "--erase").code == 0
    put("blog/b.jsonl", lines(FORGED))
    report = synced(qa, put("archive.toml", WIRE + BLOG)).json
    assert (len(report["failed"]), report["notices"]) == (1, [])
