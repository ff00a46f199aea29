from __future__ import annotations

import codecs
import random
from pathlib import Path

import pytest

from qa.errors import ReadError
from qa.loaders import encoding
from qa.loaders.documents import Document
from qa.loaders.encoding import decode

SPANISH = (
    "La operación empezó en enero, según explicó ayer en España el portavoz: «Fue un aviso de un vecino».\n\n"
    "¿Habrá más detenciones? Nadie lo sabe aún."
)


def refused(data: bytes) -> ReadError:
    with pytest.raises(ReadError) as caught:
        decode(data)
    return caught.value


@pytest.mark.parametrize("mark", [b"", codecs.BOM_UTF8])
def test_utf8_needs_no_notice(mark: bytes) -> None:
    assert decode(mark + SPANISH.encode()) == (SPANISH, ())


@pytest.mark.parametrize("name", ["utf-16-le", "utf-16-be"])
def test_utf16_with_its_mark_is_read_and_reported(name: str) -> None:
    assert decode(("\ufeff" + SPANISH).encode(name)) == (SPANISH, ("read as UTF-16, not UTF-8",))


@pytest.mark.parametrize(
    ("written_in", "text", "spoken"),
    [
        ("latin-1", SPANISH, "windows-1252"),
        ("cp1252", f"“{SPANISH}” – 500 €", "windows-1252"),
        ("latin-1", "España", "windows-1252"),
        ("cp1252", "Café “Sol” costs €5", "windows-1252"),
        ("cp1252", "CORRUPCIÓN EN ESPAÑA", "windows-1252"),
        ("latin-1", "A polícia não encontrou os irmãos às três.", "windows-1252"),
        ("mac_roman", SPANISH, "mac-roman"),
        ("cp850", SPANISH, "cp850"),
        ("cp1251", "Полиция сообщила вчера, что расследование начато в январе.", "windows-1251"),
    ],
)
def test_other_encodings_are_recognised_and_reported(written_in: str, text: str, spoken: str) -> None:
    assert decode(text.encode(written_in)) == (text, (f"read as {spoken}, not UTF-8 (first seen in line 1)",))


def test_the_notice_names_the_first_line_that_is_not_utf8() -> None:
    _, notices = decode(b"Headline\n\nplain\nEspa\xf1a\ncaf\xe9\n")
    assert "line 4" in notices[0]


def test_a_bad_byte_in_utf8_is_refused_with_its_line() -> None:
    error = refused("Título\n\nLa operación empezó\n".encode() + b"en Espa\xf1a\nfin\n")
    assert error.line == 4
    assert "0xF1" in error.reason
    assert "UTF-8" in error.reason


@pytest.mark.parametrize(
    "data",
    [b"text with\0 a zero byte", bytes(range(1, 32)) + b"abc"],
)
def test_binary_data_is_refused(data: bytes) -> None:
    assert "binary data" in refused(data).reason


def test_bytes_in_no_encoding_are_refused() -> None:
    dice = random.Random(1)
    error = refused(bytes(dice.randrange(0x80, 0x100) for _ in range(500)))
    assert "no known encoding" in error.reason
    assert error.line == 1


def test_broken_utf16_is_refused_with_its_line() -> None:
    error = refused(codecs.BOM_UTF16_LE + "one\ntwo".encode("utf-16-le") + b"\x00\xd8\x41\x00")
    assert error.line == 2


@pytest.mark.parametrize(("data", "found"), [(b"", "an empty file"), (b" \n\t\r\n", "only white space")])
def test_nothing_to_read_is_refused(tmp_path: Path, data: bytes, found: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(data)
    with pytest.raises(ReadError, match=found):
        Document.of_file(path).text()


def test_a_file_that_is_too_big_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(encoding, "MAX_FILE_BYTES", 2_000_000)
    path = tmp_path / "a.txt"
    path.write_bytes(b"x" * 2_000_000)
    assert len(Document.of_file(path).text()[0]) == 2_000_000
    path.write_bytes(b"x" * 2_000_001)
    with pytest.raises(ReadError, match="at most 2 MB"):
        Document.of_file(path).text()
