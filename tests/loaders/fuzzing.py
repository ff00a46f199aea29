"""Samples of every format, broken at random: `python -m tests.loaders.fuzzing --minutes 10` (or `make fuzz`).

Whatever the bytes, reading yields articles that hold what the archive relies on, and failures in one line; it neither
raises nor takes long. What breaks a reader is printed with the seed that makes it again.
"""

from __future__ import annotations

import argparse
import random
import signal
import sys
import time
import traceback
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.loaders.documents import Document
from qa.loaders.reading import read_document
from qa.models.deliveries import Delivery, Failure, Record, Remark, WireNotice
from qa.text.cleaning import clean

SAMPLES = Path(__file__).parent.parent.parent / "corpus" / "formats"
LARGEST = 400_000
"""Bytes of a broken sample: splicing must not let it grow for ever."""

PATIENCE = 20
"""Seconds after which a document that is still being read is given up."""

LONGEST = 5.0
"""Seconds that one small document may take to be read."""

_TOKENS = (
    b"<", b">", b"&", b"</p>", b"<p>", b"]]>", b"<![CDATA[", b"<!--", b"&#0;", b"&#x110000;", b"&nbsp;",
    b"\x00", b"\xff", b"\xed\xa0\x80", b'"', b"'", b"{", b"}", b"[", b"]", b",", b":", b"null", b"1e999", b"-1",
    b"9" * 40, b"2005-02-30", b"9999-99-99T99:99:99Z", b"\r\n", b"\n\n", b"\xef\xbb\xbf", b"=?utf-8?B?",
    b"Content-Length: 99999999", b"%PDF-", b"PK\x03\x04", b"\x1f\x8b", b"endobj", b"stream\n", b"xref",
    b"<!DOCTYPE x [<!ENTITY a 'b'>]>", b"../../etc/passwd", b"http://127.0.0.1/", b"canceled", b"withheld",
    b"embargoed",
)  # fmt: skip


def samples() -> list[Path]:
    """The files of `corpus/formats`, each once."""
    return sorted(path for path in SAMPLES.rglob("*") if path.is_file())


def broken(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    """The bytes with one to six things done to them."""
    for _ in range(drawn.randint(1, 6)):
        data = _BREAKS[drawn.randrange(len(_BREAKS))](data, drawn, others)[:LARGEST]
    return data


def outcome(data: bytes, *, name: str) -> list[Record]:
    """What reading them yields. Raises AssertionError where it isn't as promised."""
    started = time.perf_counter()
    records = list(read_document(Document(name, name, lambda: _stream(data)), defaults={}))
    seconds = time.perf_counter() - started
    assert seconds < LONGEST, f"took {seconds:.1f} s"
    for record in records:
        _check(record)
    return records


def _check(record: Record) -> None:
    if isinstance(record, Delivery):
        article = record.article
        assert article.body == clean(article.body)
        assert article.source.title == " ".join(article.source.title.split()) != ""
        assert article.article_id
        assert "/" not in article.article_id
        assert record.original is not None
        assert len(article.digest) == 64
        article.body.encode("utf-8")
    elif isinstance(record, Failure):
        assert record.reason
        assert "\n" not in record.reason
        assert "a file that its reader understands" not in record.reason, record.reason
        assert len(record.reason) < 2_000
    else:
        assert isinstance(record, WireNotice | Remark)
        assert "\n" not in (record.text if isinstance(record, WireNotice) else record.reason)


def _stream(data: bytes):  # type: ignore[no-untyped-def]
    from io import BytesIO

    return BytesIO(data)


def _cut(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    return data[: drawn.randrange(len(data) + 1)]


def _flip(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    changed = bytearray(data)
    for _ in range(drawn.randint(1, 8) if changed else 0):
        changed[drawn.randrange(len(changed))] = drawn.randrange(256)
    return bytes(changed)


def _delete(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    start = drawn.randrange(len(data) + 1)
    return data[:start] + data[start + drawn.randint(1, 200) :]


def _double(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    start = drawn.randrange(len(data) + 1)
    part = data[start : start + drawn.randint(1, 300)]
    return data[:start] + part * drawn.choice((2, 2, 3, 50)) + data[start:]


def _insert(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    start = drawn.randrange(len(data) + 1)
    return data[:start] + drawn.choice(_TOKENS) * drawn.choice((1, 1, 1, 2, 300)) + data[start:]


def _replace(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    """Something between two signs of structure replaced by a token."""
    start = drawn.randrange(len(data) + 1)
    return data[:start] + drawn.choice(_TOKENS) + data[start + drawn.randint(1, 30) :]


def _splice(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    other = others()
    start, from_other = drawn.randrange(len(data) + 1), drawn.randrange(len(other) + 1)
    return data[:start] + other[from_other : from_other + drawn.randint(1, 3_000)] + data[start:]


def _nest(data: bytes, drawn: random.Random, others: Callable[[], bytes]) -> bytes:
    opened, closed = drawn.choice(
        ((b"<div>", b"</div>"), (b"[", b"]"), (b'{"a":', b"}"), (b"<newsItem>", b"</newsItem>"))
    )
    start, times = drawn.randrange(len(data) + 1), drawn.choice((3, 300, 5_000))
    return data[:start] + opened * times + closed * times + data[start:]


_BREAKS = (_cut, _flip, _flip, _delete, _double, _insert, _insert, _replace, _splice, _nest)


def trials(seed: int) -> Iterator[tuple[int, str, bytes]]:
    """Seeds, names and bytes of broken samples, for ever."""
    files = samples()
    while True:
        yield seed, *trial(seed, files)
        seed += 1


def trial(seed: int, files: list[Path]) -> tuple[str, bytes]:
    """The name and bytes that a seed makes."""
    drawn = random.Random(seed)
    path = drawn.choice(files)
    return path.name, broken(path.read_bytes(), drawn, lambda: drawn.choice(files).read_bytes())


def _too_long(number: int, frame: object) -> None:
    raise TimeoutError(f"more than {PATIENCE} s")


def main() -> int:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--minutes", type=float, default=10)
    options.add_argument("--seed", type=int, default=time.time_ns() // 1_000_000)
    chosen = options.parse_args()
    signal.signal(signal.SIGALRM, _too_long)
    until = time.monotonic() + 60 * chosen.minutes
    counts: Counter[str] = Counter()
    found = 0
    for seed, name, data in trials(chosen.seed):
        if time.monotonic() > until:
            break
        counts[name] += 1
        signal.alarm(PATIENCE)
        try:
            outcome(data, name=name)
        except Exception:
            found += 1
            print(f"seed {seed}, {name}:\n{traceback.format_exc(limit=-4)}", flush=True)
    signal.alarm(0)
    print(f"{counts.total():,} broken samples of {len(counts)} files; {found} broke a reader.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
