"""An archive is kept in step with its sources."""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import ClassVar

import pytest

from qa.archive.ingesting import changes, read_sources

from .conftest import Qa

Put = Callable[[str, str | bytes], Path]
TOML = '[[source]]\nname = "wire"\npaths = ["wire"]\n'
LOCAL = 'intranet_hosts = ["127.0.0.1"]\n'


@pytest.fixture
def sources(put: Put) -> Path:
    put("wire/a.jsonl", line("a", "The port is shut.") + line("b", "The port is open."))
    put("wire/c.txt", "Council meets\n\nThe council met on Monday.")
    return put("archive.toml", TOML)


def line(name: str, text: str, **more: object) -> str:
    return json.dumps({"id": name, "title": f"Title {name}", "text": text, **more}) + "\n"


def ids(qa: Qa) -> list[str]:
    return [one["id"] for one in qa("list", "--json").json]


def test_what_is_new_and_changed_is_read_and_the_rest_is_not_opened(
    qa: Qa, sources: Path, put: Put, monkeypatch: pytest.MonkeyPatch
) -> None:
    first = qa("sync", "--sources", sources, "--json").json
    assert (first["added"], first["sources"][0]["read"], first["sources"][0]["unchanged"]) == (3, 2, 0)
    opened: list[str] = []
    openings = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *a, **k: (opened.append(self.name), openings(self, *a, **k))[1])
    again = qa("sync", "--sources", sources, "--json").json
    assert (again["added"], again["unchanged"], again["sources"][0]["unchanged"]) == (0, 0, 2)
    assert "c.txt" not in opened  # of a list only the start is looked at: it may be one of questions
    put("wire/c.txt", "Council meets\n\nThe council met on Tuesday.")
    changed = qa("sync", "--sources", sources, "--json").json
    assert (changed["updated"], changed["sources"][0]["read"]) == (1, 1)
    assert "[-Monday.-]{+Tuesday.+}" in qa("show", "c", "--versions").out.replace(" ", "")


def test_what_is_gone_is_told_and_removed_only_when_asked(qa: Qa, sources: Path, put: Put, tmp_path: Path) -> None:
    qa("sync", "--sources", sources)
    (tmp_path / "wire/c.txt").unlink()
    put("wire/a.jsonl", line("a", "The port is shut."))
    told = qa("sync", "--sources", sources)
    assert "gone: b is in no file any more" in told.err
    assert "gone: c is in no file any more" in told.err
    assert ids(qa) == ["a", "b", "c"]
    assert qa("sync", "--sources", sources, "--json").json["sources"][0]["missing"] == ["b", "c"]
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == ["b", "c"]
    assert ids(qa) == ["a"]
    assert qa("sync", "--sources", sources, "--prune", "--json").json["sources"][0]["gone"] == []


def test_a_file_that_was_moved_takes_its_article_along(qa: Qa, sources: Path, tmp_path: Path) -> None:
    qa("sync", "--sources", sources)
    (tmp_path / "wire/a.jsonl").rename(tmp_path / "wire/z.jsonl")
    report = qa("sync", "--sources", sources, "--prune", "--json").json
    assert (report["removed"], report["sources"][0]["gone"]) == ([], [str(tmp_path / "wire/a.jsonl")])
    assert ids(qa) == ["a", "b", "c"]


def test_an_article_that_another_file_holds_is_not_missing(qa: Qa, sources: Path, put: Put, tmp_path: Path) -> None:
    put("wire/z.jsonl", line("a", "The port is shut.") + line("d", "The quay is long."))
    qa("sync", "--sources", sources)
    put("wire/a.jsonl", line("b", "The port is open."))  # a is in z alone now, which is as it was
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == []
    put("wire/a.jsonl", line("e", "The lock is new."))  # b moves to a file that is read after it
    put("wire/z.jsonl", line("b", "The port is open.") + line("d", "The quay is long."))
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == ["a"]
    assert ids(qa) == ["b", "c", "d", "e"]


def test_an_article_that_comes_back_is_not_missing(qa: Qa, sources: Path, put: Put) -> None:
    both = line("a", "The port is shut.") + line("b", "The port is open.")
    qa("sync", "--sources", sources)
    put("wire/a.jsonl", line("a", "The port is shut."))
    assert qa("sync", "--sources", sources, "--json").json["sources"][0]["missing"] == ["b"]
    put("wire/a.jsonl", both)
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == []


def test_nothing_is_removed_while_a_part_of_the_source_cannot_be_reached(qa: Qa, sources: Path, tmp_path: Path) -> None:
    qa("sync", "--sources", sources)
    (tmp_path / "wire").rename(tmp_path / "elsewhere")
    told = qa("sync", "--sources", sources, "--prune", "--json")
    assert told.code == 1
    assert told.json["removed"] == []
    assert len(ids(qa)) == 3


def test_what_may_have_moved_into_the_part_that_cannot_be_reached_is_not_missing(qa: Qa, put: Put) -> None:
    sources = put("archive.toml", '[[source]]\nname = "wire"\npaths = ["wire", "late"]\n')
    put("late/z.jsonl", line("z", "The tide is high."))
    put("wire/a.jsonl", line("a", "The port is shut.") + line("b", "The port is open."))
    qa("sync", "--sources", sources)
    put("wire/a.jsonl", line("a", "The port is shut."))
    late = sources.parent / "late"
    late.rename(sources.parent / "unmounted")
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == []
    (sources.parent / "unmounted").rename(late)
    assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == ["b"]


def test_a_folder_with_brackets_in_its_name_is_no_pattern(qa: Qa, put: Put) -> None:
    sources = put("news [old]/archive.toml", '[[source]]\nname = "wire"\npaths = ["wire/*.jsonl"]\n')
    put("news [old]/wire/a.jsonl", line("a", "The port is shut."))
    assert qa("sync", "--sources", sources, "--json").json["added"] == 1


def test_what_failed_is_listed_and_tried_again_until_it_is_dismissed(qa: Qa, sources: Path, put: Put) -> None:
    bad = put("wire/bad.jsonl", line("d", "Words.") + '{"id": "e", "ti\n')
    report = qa("sync", "--sources", sources, "--json")
    assert (report.code, report.json["added"], len(report.json["failed"])) == (1, 4, 1)
    assert qa("sync", "--sources", sources, "--json").json["sources"][0]["read"] == 1
    (listed,) = qa("failed", "--json").json
    assert (listed["path"], listed["line"]) == (str(bad), 2)
    assert qa("failed", "--dismiss", bad, "--by", "ada").out == "Dismissed 1.\n"
    assert qa("audit", "export", "--json").lines[-1]["by"] == "ada"
    assert qa("sync", "--sources", sources, "--json").json["sources"][0]["read"] == 0
    assert qa("failed").out == "Everything could be read.\n"
    assert qa("failed", "--dismiss", bad).code == 2


def test_what_was_mended_is_no_longer_listed(qa: Qa, sources: Path, put: Put) -> None:
    put("wire/bad.jsonl", '{"id": "e", "ti\n')
    assert qa("sync", "--sources", sources).code == 1
    put("wire/bad.jsonl", line("e", "Words."))
    assert qa("sync", "--sources", sources).code == 0
    assert qa("failed", "--json").json == []


def test_a_source_says_what_its_files_leave_out(qa: Qa, put: Put) -> None:
    put("wire/a.csv", "Titular;Cuerpo\nPuente;El puente abre el lunes por la mañana.\n")
    rest = 'outlet = "Diario"\nlanguage = "es"\nquote_limit = 3\ncolumns = {title = "Titular", text = "Cuerpo"}\n'
    sources = put("archive.toml", TOML + rest)
    report = qa("sync", "--sources", sources, "--json").json
    assert report["failed"] == []
    (listed,) = qa("list", "--json").json
    assert (listed["title"], listed["outlet"], listed["language"]) == ("Puente", "Diario", "es")
    (hit,) = qa("search", "puente lunes", "--json").json
    assert hit["text"] == "El puente abre"


def test_another_way_of_reading_reads_everything_again(qa: Qa, sources: Path, put: Put) -> None:
    qa("sync", "--sources", sources)
    put("archive.toml", TOML + 'outlet = "Post"\n')
    assert qa("sync", "--sources", sources, "--json").json["updated"] == 3


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("[[source]\n", "can't be read as TOML"),
        ("", "tables named [[source]] were expected"),
        ('[[source]]\nname = "x"\n', "paths or feeds were expected"),
        ('[[source]]\nname = "x"\npaths = ["a"]\nformat = "word"\n', "a format was expected, one of: "),
        ('[[source]]\nname = "x"\npaths = ["a"]\nquote_limit = -1\n', "quote_limit"),
        ('[[source]]\nname = "x"\npaths = ["a"]\nextra = 1\n', "extra"),
        ('[[source]]\nname = "x"\nfeeds = ["file:///etc/passwd"]\n', "http:// or https:// was expected"),
        (TOML + TOML, "two sources are named 'wire'"),
    ],
)
def test_a_faulty_list_of_sources(qa: Qa, put: Put, content: str, told: str) -> None:
    result = qa("sync", "--sources", put("archive.toml", content))
    assert result.code == 2
    assert "archive.toml" in result.err
    assert told in result.err


def test_no_list_of_sources(qa: Qa, tmp_path: Path) -> None:
    told = qa("sync", "--sources", tmp_path / "none.toml")
    assert told.code == 2
    assert "[[source]]" in told.err


class _Feed(BaseHTTPRequestHandler):
    body: ClassVar[bytes] = b""
    status: ClassVar[int] = 200

    def do_GET(self) -> None:
        self.send_response(self.status)
        self.end_headers()
        self.wfile.write(self.body)

    def log_message(self, *_: object) -> None:
        pass


@contextmanager
def _served() -> Iterator[str]:
    server = HTTPServer(("127.0.0.1", 0), _Feed)
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/feed"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def _rss(*items: str) -> bytes:
    listed = "".join(
        f"<item><title>Title {one}</title><guid>{one}</guid><description>Words of {one}, in full.</description></item>"
        for one in items
    )
    return f'<rss version="2.0"><channel><title>Post</title>{listed}</channel></rss>'.encode()


def test_a_feed_is_read_and_what_scrolls_out_of_it_stays(qa: Qa, put: Put) -> None:
    with _served() as address:
        sources = put("archive.toml", f'[[source]]\nname = "feed"\nfeeds = ["{address}"]\n{LOCAL}')
        _Feed.body, _Feed.status = _rss("one", "two"), 200
        assert qa("sync", "--sources", sources, "--json").json["added"] == 2
        assert qa("sync", "--sources", sources, "--json").json["sources"][0]["unchanged"] == 1
        _Feed.body = _rss("two", "three")
        report = qa("sync", "--sources", sources, "--prune", "--json").json
        assert (report["added"], report["removed"]) == (1, [])
        put("archive.toml", TOML.replace("wire", "feed"))
        put("feed/x.txt", "Council meets\n\nThe council met.")
        assert qa("sync", "--sources", sources, "--prune", "--json").json["removed"] == []
        put("archive.toml", f'[[source]]\nname = "feed"\nfeeds = ["{address}"]\npaths = ["feed"]\n{LOCAL}')
        _Feed.status = 503
        told = qa("sync", "--sources", sources, "--prune", "--json")
        assert "503" in told.json["failed"][0]["reason"]
        assert ids(qa) == ["one", "three", "two", "x"]


def test_a_change_is_noticed(put: Put, sources: Path, tmp_path: Path) -> None:
    noticed = changes(read_sources(sources), every=10)
    timer = threading.Timer(0.3, lambda: os.replace(put("new.txt", "New\n\nWords."), tmp_path / "wire/new.txt"))
    timer.start()
    next(noticed)
    noticed.close()
    timer.join()
