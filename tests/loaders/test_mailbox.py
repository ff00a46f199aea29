from __future__ import annotations

import io
from collections.abc import Callable, Iterator
from pathlib import Path

from qa.loaders import mail
from qa.loaders.documents import Document
from qa.loaders.mail import unpack_mailbox
from qa.loaders.metadata import RecordContext
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadAll = Callable[..., list[Delivery | Failure]]


SAMPLE = Path(__file__).parents[2] / "corpus/formats/town-hall.mbox"


def message(number: int, body: str = "The ferry leaves at nine.") -> str:
    return (
        f"From press@town.example Tue Mar 12 08:15:0{number % 10} 2024\nSubject: Notice {number}\n"
        f"From: Town Hall <press@town.example>\nMessage-ID: <{number}@town.example>\n\n{body}\n\n"
    )


def test_the_sample(read_all: ReadAll) -> None:
    first, second = read_all(SAMPLE)
    assert isinstance(first, Delivery)
    assert isinstance(second, Delivery)
    assert first.article.source.title == "Library opens on Sundays"
    assert first.article.body.endswith("\n\nFrom the same day the reading room has forty seats more.")
    assert second.article.metadata.supersedes == "market@town.example"
    assert "gets new paving until the autumn" in second.article.body


def test_each_message_is_an_article(put: Put, read_all: ReadAll) -> None:
    outcomes = read_all(put("box.mbox", message(1) + message(2)))
    assert [one.article.source.title for one in outcomes if isinstance(one, Delivery)] == ["Notice 1", "Notice 2"]
    without_blanks = (message(1).rstrip() + "\n" + message(2)).replace("\n", "\r\n")
    assert len(read_all(put("other.mbox", without_blanks))) == 2
    assert [one.original.inside for one in outcomes if isinstance(one, Delivery) and one.original] == ["1", "2"]


def test_stuffed_lines_and_lines_that_only_look_like_a_start(put: Put, read_all: ReadAll) -> None:
    body = "Before.\n\n>From the quay it goes on.\n\nFrom Monday on it is daily.\n\n>>From twice."
    (one,) = read_all(put("box", message(1, body)))
    assert isinstance(one, Delivery)
    assert "From the quay it goes on." in one.article.body
    assert "From Monday on it is daily." in one.article.body


def test_a_text_that_begins_with_from_is_no_mailbox(put: Put, read_all: ReadAll) -> None:
    (one,) = read_all(put("a.txt", "From Monday on\nFerries: more of them\n\nBody."))
    assert isinstance(one, Delivery)
    assert one.article.source.title == "From Monday on"


def test_a_broken_message_fails_alone(put: Put, read_all: ReadAll) -> None:
    empty = "From press@town.example Tue Mar 12 08:15:00 2024\nFrom: a@b.example\nTo: c@d.example\n\n\n\n"
    first, second = read_all(put("box.mbox", empty + message(2)))
    assert isinstance(first, Failure)
    assert first.path.endswith("box.mbox > 1")
    assert isinstance(second, Delivery)


def test_a_message_that_is_too_large_fails_alone(monkeypatch: object) -> None:
    large = message(1, "x" * 200 + "\n" + "y" * 4000)
    document = Document("box", "box", lambda: io.BytesIO((large + message(2)).encode()))
    monkeypatch.setattr(mail, "MAX_FILE_BYTES", 1_000)  # type: ignore[attr-defined]
    first, second = unpack_mailbox(RecordContext(document, {}))
    assert isinstance(first, Failure)
    assert isinstance(second, Document)
    assert second.read().startswith(b"Subject: Notice 2")


def test_it_is_read_as_a_stream() -> None:
    taken = 0

    class Endless(io.RawIOBase):
        def readable(self) -> bool:
            return True

        def readinto(self, buffer: object) -> int:
            nonlocal taken
            view = memoryview(buffer)  # type: ignore[arg-type]
            data = next(pieces)[: len(view)]
            view[: len(data)] = data
            taken += len(data)
            return len(data)

    def endless() -> Iterator[bytes]:
        number = 0
        while True:
            number += 1
            yield message(number).encode()

    pieces = endless()
    found = unpack_mailbox(RecordContext(Document("box", "box", lambda: io.BufferedReader(Endless())), {}))
    assert [next(found).inside for _ in range(3)] == ["1", "2", "3"]  # type: ignore[union-attr]
    assert taken < 100_000
