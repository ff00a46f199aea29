from __future__ import annotations

import gzip
import json
import time
import tracemalloc
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qa.loaders import records
from qa.loaders.documents import Document
from qa.loaders.metadata import RecordContext
from qa.models.archive import Coded
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[Delivery | Failure]]

GOOD = '{"id": "a", "title": "One", "text": "Body one."}'
ALSO_GOOD = '{"id": "b", "title": "Two", "text": "Body two."}'


def ids(outcomes: list[Delivery | Failure]) -> list[str | int | None]:
    """The id of each article, the line of each failure."""
    return [one.article.article_id if isinstance(one, Delivery) else one.line for one in outcomes]


def test_a_record_with_other_names_for_its_keys(read_one: ReadOne) -> None:
    record = {
        "id": 17,
        "headline": "BRIDGE CLOSED",
        "date": "1987-02-26T15:01:01",
        "source": "Reuters",
        "lang": "en",
        "body": "Line one.\nLine two.",
        "places": ["porto"],
        "score": 0.5,
        "desk": None,
    }
    delivery = read_one("a.jsonl", json.dumps(record))
    article = delivery.article
    assert (article.article_id, delivery.id_is_derived, delivery.line) == ("17", False, 1)
    assert (article.source.title, article.source.outlet) == ("BRIDGE CLOSED", "Reuters")
    assert article.source.published == date(1987, 2, 26)
    assert article.body == "Line one.\nLine two."
    assert article.extra == {"score": 0.5, "desk": None, "published": "1987-02-26T15:01:01"}
    assert article.metadata.places == (Coded("porto"),)


def test_names_that_tables_have_are_understood_where_they_fit(read_one: ReadOne) -> None:
    record = {"title": "T", "text": "It rose.", "author": "A. Lund", "published_at": "2024-07-03T08:00:00Z",
              "tags": ["water"], "link": "https://example.org/a", "updated": "yesterday", "story": "other"}  # fmt: skip
    article = read_one("a.jsonl", json.dumps(record)).article
    source = article.source
    assert (article.body, source.published, source.url) == ("It rose.", date(2024, 7, 3), "https://example.org/a")
    assert (article.metadata.byline, article.metadata.keywords) == ("A. Lund", ("water",))
    assert {key: article.extra[key] for key in ("updated", "story")} == {"updated": "yesterday", "story": "other"}
    record = {"title": "T", "link": "no address", "fecha": "17/10/2023", "authors": [{"name": "A"}]}
    other = read_one("b.jsonl", json.dumps(record))
    assert (other.article.source.url, other.article.source.published) == (None, date(2023, 10, 17))
    assert other.article.extra["authors"] == [{"name": "A"}]
    assert read_one("c.jsonl", '{"title": "T", "content": "X", "embargo_until": "2099-12-01"}').article.body == "T"


def test_null_and_absent_dates_are_undated(put: Put, read_all: ReadAll) -> None:
    path = put("a.jsonl", '{"title": "A", "date": null}\n{"title": "B"}\n{"title": "C", "published": ""}')
    assert all(isinstance(one, Delivery) and one.article.source.published is None for one in read_all(path))


def test_where_a_key_and_its_alias_stand_the_key_counts(read_one: ReadOne) -> None:
    article = read_one("a.jsonl", '{"source": "wire", "title": "T", "outlet": "Post"}').article
    assert (article.source.outlet, article.extra) == ("Post", {"source": "wire"})
    assert read_one("b.jsonl", '{"title": null, "headline": "H"}').article.source.title == "H"


def test_ids_are_derived_from_the_name_and_the_line(put: Put, read_all: ReadAll) -> None:
    outcomes = read_all(put("Crónica 1987.jsonl", '{"title": "A"}\n\n{"title": "B"}\n'))
    assert ids(outcomes) == ["cronica-1987-1", "cronica-1987-3"]
    assert all(isinstance(one, Delivery) and one.id_is_derived for one in outcomes)


BAD_LINES = [
    ('{"id": "x", "title": "Cut", "text": "it breaks o', "breaks off after 48 characters"),
    ('{"id": "x", ', "breaks off"),
    ("{", "breaks off"),
    ('{"title": "A" "text": "B"}', "error at character 15"),
    ('["a", "b"]', "a list"),
    ("12", "a single value"),
    ("null", "a single value"),
    ('{"title": "A", "score": NaN}', "NaN"),
    ('{"title": "A", "score": -Infinity}', "Infinity"),
    ('{"title": "A", "score": 1e999}', "the number inf"),
    ('{"title": "A", "n": ' + "9" * 5000 + "}", "a longer one"),
    ('{"title": "A", "deep": ' + "[" * 100_000 + "]" * 100_000 + "}", "nested too deeply"),
    ('{"title": "A", "deep": ' + "[" * 100 + "]" * 100 + "}", "32 deep"),
    ('{"id": "x", "title": " "}', "found neither"),
    ('{"title": 5}', "the number 5"),
    ('{"title": "A", "text": ["b"]}', "a list"),
    ('{"title": "A", "id": "a b"}', '"a b"'),
    ('{"title": "A", "date": "soon"}', '"soon"'),
    ('{"title": "A", "date": "2005-02-30"}', '"2005-02-30"'),
    ('{"title": "A", "url": "javascript:alert(1)"}', '"javascript:alert(1)"'),
    ('{"title": "zero \0 byte"}', "binary data"),
]


@pytest.mark.parametrize(("bad", "found"), BAD_LINES, ids=[found for _, found in BAD_LINES])
def test_a_bad_line_fails_alone_with_its_number(put: Put, read_all: ReadAll, bad: str, found: str) -> None:
    outcomes = read_all(put("a.jsonl", f"{GOOD}\n{bad}\n{ALSO_GOOD}\n"))
    assert ids(outcomes) == ["a", 2, "b"]
    failure = outcomes[1]
    assert isinstance(failure, Failure)
    assert found in failure.reason
    assert "expected" in failure.reason
    assert failure.path.endswith("a.jsonl")


def test_the_last_line_cut_in_half(put: Put, read_all: ReadAll) -> None:
    outcomes = read_all(put("a.jsonl", f"{GOOD}\n{ALSO_GOOD[:30]}"))
    assert ids(outcomes) == ["a", 2]
    assert isinstance(outcomes[1], Failure)
    assert "one whole JSON object on one line" in outcomes[1].reason


def test_bad_bytes_fail_alone_and_other_encodings_are_reported(put: Put, read_all: ReadAll) -> None:
    latin = '{"id": "l", "title": "España"}'.encode("latin-1")
    mixed = '{"id": "m", "title": "año España '.encode() + b'Espa\xf1a"}'
    outcomes = read_all(put("a.jsonl", b"\n".join([GOOD.encode(), latin, mixed, ALSO_GOOD.encode()])))
    assert ids(outcomes) == ["a", "l", 3, "b"]
    assert isinstance(outcomes[1], Delivery)
    assert outcomes[1].article.source.title == "España"
    assert outcomes[1].notices == ("read as windows-1252, not UTF-8 (first seen in line 2)",)


def test_a_byte_order_mark_and_windows_line_ends_are_no_matter(put: Put, read_all: ReadAll) -> None:
    data = b"\xef\xbb\xbf" + f"{GOOD}\r\n\r\n{ALSO_GOOD}\r\n".encode()
    assert ids(read_all(put("a.ndjson", data))) == ["a", "b"]


@pytest.mark.parametrize("data", [b"", b"\n \n\n"])
def test_a_file_without_records_is_one_failure(fail_one: Callable[..., Failure], data: bytes) -> None:
    failure = fail_one("a.jsonl", data)
    assert (failure.line, "empty file" in failure.reason) == (None, True)


def test_another_format_is_one_failure(fail_one: Callable[..., Failure]) -> None:
    assert "binary data" in fail_one("a.jsonl", bytes(range(256)) * 50).reason
    assert "UTF-16" in fail_one("b.jsonl", GOOD.encode("utf-16")).reason


def test_gzip_is_read_and_a_broken_one_fails_after_what_is_whole(put: Put, read_all: ReadAll) -> None:
    many = "\n".join(f'{{"id": "{n}", "title": "Title {n * 7919}"}}' for n in range(5_000))
    packed = gzip.compress(many.encode())
    whole = read_all(put("a.jsonl.gz", packed))
    assert ids(whole) == [str(n) for n in range(5_000)]
    broken = read_all(put("b.jsonl.gz", packed[: len(packed) // 2]))
    assert 100 < len(broken) < 5_000
    assert ids(broken)[:-1] == [str(n) for n in range(len(broken) - 1)]
    last = broken[-1]
    assert isinstance(last, Failure)
    assert last.line == len(broken)
    assert "gzip" in last.reason
    assert "gzip" in str(read_all(put("c.jsonl.gz", GOOD))[0])


def test_ids_of_a_gzip_file_leave_its_endings_out(put: Put, read_all: ReadAll) -> None:
    assert ids(read_all(put("wire.jsonl.gz", gzip.compress(b'{"title": "A"}')))) == ["wire-1"]


def test_a_line_of_25_mb_fails_alone_fast_and_small(put: Put, read_all: ReadAll) -> None:
    long = b'{"title": "' + b"x" * 25_000_000 + b'"}'
    path = put("a.jsonl", b"\n".join([GOOD.encode(), long, ALSO_GOOD.encode()]))
    del long
    tracemalloc.start()
    begun = time.perf_counter()
    outcomes = read_all(path)
    seconds = time.perf_counter() - begun
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert ids(outcomes) == ["a", 2, "b"]
    assert isinstance(outcomes[1], Failure)
    assert "at most 10 MB" in outcomes[1].reason
    assert peak < 2.5 * records.MAX_RECORD_BYTES
    assert seconds < 5


def test_a_large_file_is_never_held_whole(put: Put) -> None:
    record = json.dumps({"title": "Title", "text": "word " * 2_000}).encode() + b"\n"
    path = put("a.jsonl", record * 400)
    tracemalloc.start()
    count = sum(1 for _ in records.read_json_lines(RecordContext(Document.of_file(path), {})))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert count == 400
    assert peak < path.stat().st_size / 10


def test_half_characters_and_invisible_ones_are_gone(read_one: ReadOne) -> None:
    article = read_one("a.jsonl", r'{"title": "A\ud83d\u200b", "text": "b\u0000\ud83d", "k\ud83d": "v\ud83d"}').article
    assert (article.source.title, article.body, article.extra) == ("A", "b", {"k": "v"})
    assert len(article.digest) == 64


def test_a_guessed_encoding_of_a_list_is_told_once(put: Put, read_all: ReadAll) -> None:
    path = put("a.json", '[{"title": "Año", "text": "Uno."}, {"title": "Dos", "text": "Dos."}]'.encode("cp1252"))
    first, second = read_all(path)
    assert isinstance(first, Delivery)
    assert isinstance(second, Delivery)
    assert any("windows-1252" in notice or "encod" in notice for notice in first.notices)
    assert second.notices == ()


@pytest.mark.parametrize(
    ("limit", "words", "told"),
    [
        ('"redistribution": "prohibited"', 0, True),
        ('"quote_limit": "50 words"', 0, True),
        ('"redistribution": "no"', 0, False),
        ('"redistribution": false, "quote_limit": 50', 0, False),
        ('"redistribution": "yes", "quote_limit": 50', 50, False),
        ('"redistribution": 1', None, False),
    ],
)
def test_rights_that_cannot_be_read_allow_nothing(read_one: ReadOne, limit: str, words: int | None, told: bool) -> None:
    delivery = read_one("a.jsonl", f'{{"title": "T", "text": "Words.", {limit}}}')
    assert delivery.article.source.quote_limit == words
    assert any("nothing of the article may be shown" in notice for notice in delivery.notices) is told


def test_nor_do_those_of_a_table(read_one: ReadOne) -> None:
    for cell, words in (("prohibited", 0), ("no", 0), ("sí", None)):
        delivery = read_one("a.csv", f"title,text,redistribution\nT,Words.,{cell}\n")
        assert delivery.article.source.quote_limit == words
