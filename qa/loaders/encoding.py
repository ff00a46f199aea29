"""Bytes to text: UTF-8 first, then what the bytes say they are, with a notice of what was recognised."""

from __future__ import annotations

import codecs
import os
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO

from charset_normalizer import from_bytes

from qa.errors import ReadError

MAX_FILE_BYTES = 20_000_000  # a newspaper page is 50 kB; beyond this it is a dump, to be given as JSON Lines
MAX_CONTROL_SHARE = 0.05  # text has none; random or compressed bytes have about 0.11
SAMPLE_BYTES = 64_000  # more does not change what charset-normalizer finds, only how long it takes
MAX_ACCENTED_SHARE = 0.35  # of the letters: Spanish and French stay below 0.15, Cyrillic is near 1

UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_SIGNATURES = (
    (b"%PDF-", "a PDF"),
    (b"PK\x03\x04", "a zip or Office document"),
    (b"\x1f\x8b", "compressed with gzip"),
    (b"\x89PNG", "a picture"),
    (b"\xff\xd8\xff", "a picture"),
)
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_BAD_BYTE = re.compile("[\udc80-\udcff]")

# Windows and the web, the Macintoshes of newsrooms, DOS: in this order where several fit.
_WESTERN_ENCODINGS = ("cp1252", "mac_roman", "cp850")
# What they hold that western European newspapers print. Letters that stand there only for
# Icelandic (ð, þ, ý) are left out: in Turkish and Czech files other letters stand in their places.
_WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŸ"
_PRINT_SIGNS = "¡¿«»‹›“”‘’„‚–—…€£©®™°ºª·•§½¼¾²³´±×\xa0\xad"
_FOREIGN = re.compile(f"[^\x00-\x7f{_WESTERN}{_PRINT_SIGNS}]")
# Signs that never stand inside a word are letters of another alphabet if they do.
_SIGN_IN_WORD = re.compile("[a-z][¡¿«»£©®°±¼½¾²³´×„‚…•“][a-z]", re.IGNORECASE)
_LETTER = re.compile(r"[^\W\d_]")
_ACCENTED = re.compile(f"[{_WESTERN}]")
# Without a mark at the start these match nearly any even number of bytes.
_NOT_GUESSED = ["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"]


@dataclass(frozen=True, slots=True)
class Decoded:
    """Text, and what a reader of the import report should know of how it was read."""

    text: str
    notices: tuple[str, ...] = ()


def text_of_all(data: bytes, *, path: str) -> Decoded:
    """The text of a whole file. Raises ReadError if it is empty or not text."""
    decoded = decode(data, path=path)
    if not decoded.text.strip("\ufeff\x00 \t\r\n\v\f"):
        raise ReadError("text was expected, found only white space; deliver it again", path=path)
    return decoded


def decode(data: bytes, *, path: str, line: int | None = None) -> Decoded:
    """Text of some bytes. `line` is where they stand in the file; None: they are the whole file.

    Raises ReadError, with the line of the first bad byte, if they are not text in one encoding.
    """
    if data.startswith(UTF16_MARKS):
        return _decode_utf16(data, path=path, line=line)
    data = data.removeprefix(codecs.BOM_UTF8)
    refuse_binary(data, path=path, line=line)
    try:
        return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError as error:
        where = line or 1 + data.count(b"\n", 0, error.start)
        return _decode_foreign(data, bad=error.start, path=path, line=where)


def encoding_of(stream: IO[bytes], *, path: str) -> tuple[str, tuple[str, ...]]:
    """The name of the encoding of a whole file, which is read once, a piece at a time, and what to tell of it.

    Raises ReadError for what is no text, and OSError.
    """
    piece = stream.read(SAMPLE_BYTES)
    if piece.startswith(UTF16_MARKS):
        return "utf-16", ("read as UTF-16, not UTF-8",)
    refuse_binary(piece, path=path)
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    while piece:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            data = error.object[: SAMPLE_BYTES * 2]
            return _foreign_encoding(data, bad=error.start, line=line + data.count(b"\n", 0, error.start))
        line += piece.count(b"\n")
        piece = stream.read(SAMPLE_BYTES)
    return "utf-8-sig", ()


def _foreign_encoding(data: bytes, *, bad: int, line: int) -> tuple[str, tuple[str, ...]]:
    """Of a file in whose middle `data` stands. Where most is UTF-8 it is, and what isn't fails alone."""
    escaped = data.decode("utf-8", "surrogateescape")
    if len(_UTF8_LETTER.findall(data)) >= len(_BAD_BYTE.findall(escaped)):
        return "utf-8-sig", ()
    name = next(_candidates(data, bad=bad), "utf-8-sig")
    return name, (f"read as {_spoken(name)}, not UTF-8 (first seen in line {line})",)


def refuse_binary(data: bytes, *, path: str, line: int | None = None, zeros_allowed: bool = False) -> None:
    """Raises ReadError for bytes that are no text: with zero bytes, or with many control characters."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    kind = next((name for start, name in _SIGNATURES if line is None and data.startswith(start)), None)
    if kind or (b"\0" in data and not zeros_allowed) or controls > MAX_CONTROL_SHARE * len(data):
        found = f"binary data ({kind})" if kind else "binary data"
        raise ReadError(f"text was expected, found {found}; export it as UTF-8 text", path=path, line=line)


def path_text(path: Path) -> str:
    """A path as it can be printed, also where the file's name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _decode_utf16(data: bytes, *, path: str, line: int | None) -> Decoded:
    try:
        return Decoded(data.decode("utf-16"), ("read as UTF-16, not UTF-8",))
    except UnicodeDecodeError as error:
        where = line or 1 + data[: error.start].decode("utf-16", "replace").count("\n")
        reason = "UTF-16 was expected by its first bytes, found that it is not; save it as UTF-8"
        raise ReadError(reason, path=path, line=where) from None


def _decode_foreign(data: bytes, *, bad: int, path: str, line: int) -> Decoded:
    """Bytes that are not UTF-8: `bad` is the offset of the first that is not, `line` its line."""
    escaped = data.decode("utf-8", "surrogateescape")
    if len(_UTF8_LETTER.findall(data)) >= len(_BAD_BYTE.findall(escaped)):
        # A guess would put wrong letters into quotes that are printed as verbatim.
        reason = f"UTF-8 was expected, found the byte 0x{data[bad]:02X} in a text that else is UTF-8"
        raise ReadError(f"{reason}; correct it there and save the file as UTF-8", path=path, line=line)
    for name in _candidates(data, bad=bad):
        try:
            text = data.decode(name)
        except UnicodeDecodeError:
            continue
        return Decoded(text, (f"read as {_spoken(name)}, not UTF-8 (first seen in line {line})",))
    reason = "UTF-8 text was expected, found bytes in no known encoding; save the file as UTF-8"
    raise ReadError(reason, path=path, line=line)


def _candidates(data: bytes, *, bad: int) -> Iterator[str]:
    """Names of encodings, likeliest first."""
    start = data.rfind(b"\n", 0, bad) + 1
    sample = data[start : start + SAMPLE_BYTES]
    # charset-normalizer alone ranks cp1250 as high as cp1252 for Spanish, and cp775 higher for "Café €5".
    yield from (name for name in _WESTERN_ENCODINGS if _is_western(sample, name))
    yield from (match.encoding for match in from_bytes(sample, cp_exclusion=_NOT_GUESSED))


def _is_western(sample: bytes, encoding: str) -> bool:
    """Read in this encoding it holds only what western newspapers print, and mostly plain letters."""
    try:
        text = sample.decode(encoding)
    except UnicodeDecodeError:
        return False
    if _FOREIGN.search(text) or _SIGN_IN_WORD.search(text):
        return False
    return len(_ACCENTED.findall(text)) <= max(1, MAX_ACCENTED_SHARE * len(_LETTER.findall(text)))


def _spoken(name: str) -> str:
    """The name people know an encoding by."""
    return name.replace("cp125", "windows-125").replace("_", "-")
