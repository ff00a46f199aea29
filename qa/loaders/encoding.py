"""Bytes to text: UTF-8 first, then the encoding they declare, then the one they look like, with a notice of that."""

import codecs
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import IO, TypeAlias

from charset_normalizer import from_bytes

from qa.errors import ReadError

MAX_FILE_BYTES = 20_000_000  # a newspaper page is 50 kB; beyond this it is a dump, to be given as JSON Lines
MAX_CONTROL_SHARE = 0.05  # text has none; random or compressed bytes have about 0.11
SAMPLE_BYTES = 64_000  # more does not change what charset-normalizer finds, only how long it takes
MAX_ACCENTED_SHARE = 0.35  # of the letters: Spanish and French stay below 0.15, Cyrillic is near 1
UTF16_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_UTF16_NOTICES = ("read as UTF-16, not UTF-8",)
Decoded: TypeAlias = tuple[str, tuple[str, ...]]  # a text, and what to tell of how it was decoded
_CONTROLS = bytes(byte for byte in range(32) if byte not in b"\t\n\v\f\r\x1a\x1b")
_UTF8_LETTER = re.compile(rb"[\xc2-\xdf][\x80-\xbf]|[\xe0-\xef][\x80-\xbf]{2}|[\xf0-\xf4][\x80-\xbf]{3}")
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
# What browsers read where a page or a mail names a smaller encoding.
_LARGER = {
    **dict.fromkeys(("iso8859-1", "ascii"), "cp1252"),
    "iso8859-9": "cp1254",
    **dict.fromkeys(("iso8859-11", "tis-620"), "cp874"),
    **dict.fromkeys(("gb2312", "gbk"), "gb18030"),
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}
_WESTERN_ENCODINGS = ("cp1252", "mac_roman", "cp850")  # Windows and the web, Macintoshes, DOS: the first that fits
# What newspapers print of them; not Icelandic ð, þ and ý, in whose places Turkish and Czech files have other letters.
_WESTERN = "ÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜßàáâãäåæçèéêëìíîïñòóôõöøùúûüÿŒœŸ"
_FOREIGN = re.compile(f"[^\x00-\x7f{_WESTERN}¡¿«»‹›“”‘’„‚–—…€£©®™°ºª·•§½¼¾²³´±×\xa0\xad]")
# Signs that never stand inside a word are letters of another alphabet if they do.
_SIGN_IN_WORD = re.compile("[a-z][¡¿«»£©®°±¼½¾²³´×„‚…•“][a-z]", re.IGNORECASE)
_LETTER, _ACCENTED = re.compile(r"[^\W\d_]"), re.compile(f"[{_WESTERN}]")
# Without a mark at the start these match nearly any even number of bytes.
_NOT_GUESSED = ["utf_7", "utf_16", "utf_16_le", "utf_16_be", "utf_32", "utf_32_le", "utf_32_be"]


def decode(data: bytes, *labels: str, line: int | None = None) -> Decoded:
    """Text of some bytes, which stand in that line of the file, or are the whole of it, and notices.

    `labels` are the encodings that they are said to be in, the first that fits counts; with them, few broken bytes are
    let pass. Raises ReadError, with the line of the first bad byte, if they are not text in one encoding.
    """
    if data.startswith(UTF16_MARKS):
        try:
            return data.decode("utf-16"), _UTF16_NOTICES
        except UnicodeDecodeError as error:
            line = line or 1 + data[: error.start].decode("utf-16", "replace").count("\n")
            reason = "UTF-16 was expected by its first bytes, found that it is not; save it as UTF-8"
            raise ReadError(reason, line=line) from None
    data = data.removeprefix(codecs.BOM_UTF8)
    if not labels or data.isascii():
        refuse_binary(data, line=line)
    names = [name for label in labels if (name := _codec(label))]
    bad = 0
    try:
        text = data.decode("utf-8")
        # These write other letters without a byte beyond ASCII.
        if not (names and data.isascii() and names[0].startswith(("iso2022", "hz", "utf7"))):
            return text, ()
    except UnicodeDecodeError as error:
        bad = error.start
    for name in names:
        text = data.decode(name, "replace")
        if name != "utf-8" and text.count("\ufffd") <= max(2, len(text) // 5_000):
            return text, ()
    is_utf8 = _is_mostly_utf8(data)
    if not is_utf8:
        refuse_binary(data, line=line)
    line = line or 1 + data.count(b"\n", 0, bad)
    # Where most is UTF-8, a guess would put wrong letters into quotes that are printed as verbatim.
    for name in [] if is_utf8 else _candidates(data, bad=bad):
        try:
            return data.decode(name), (_guess_notice(name, line),)
        except UnicodeDecodeError:
            continue
    text = data.decode("utf-8", "replace")
    broken = text.count("\ufffd")
    if not labels or broken > max(5, len(text) // 1_000):
        reason = "UTF-8 text was expected, found bytes in no known encoding; save the file as UTF-8"
        if is_utf8:
            reason = f"UTF-8 was expected, found the byte 0x{data[bad]:02X} in a text that else is UTF-8"
            reason += "; correct it there and save the file as UTF-8"
        raise ReadError(reason, line=line)
    return text, (f"{broken} bytes are no UTF-8; they are shown as \ufffd",) if broken else ()


def decode_page(data: bytes, *, served_as: str = "") -> Decoded:
    """The text of a web page. `served_as` is what its server called the encoding. Raises ReadError for no text."""
    if data.startswith((codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)):
        return data.decode("utf-32", "replace"), ("read as UTF-32, not UTF-8",)
    if not data.startswith(UTF16_MARKS):
        data = data.replace(b"\0", b"")
    declared = _DECLARED.search(data, 0, 8_192)  # browsers look at 1,024 bytes
    return decode(data, declared[1].decode("ascii", "replace") if declared else "", served_as)


def encoding_of(stream: IO[bytes]) -> tuple[str, tuple[str, ...]]:
    """The encoding of a whole file, read a piece at a time, and what to tell of it. Raises ReadError, OSError."""
    piece = stream.read(SAMPLE_BYTES)
    if piece.startswith(UTF16_MARKS):
        return "utf-16", _UTF16_NOTICES
    refuse_binary(piece)
    decoder = codecs.getincrementaldecoder("utf-8")()
    line = 1
    while piece:
        try:
            decoder.decode(piece)
        except UnicodeDecodeError as error:
            data = error.object[: SAMPLE_BYTES * 2]
            name = "" if _is_mostly_utf8(data) else next(_candidates(data, bad=error.start), "")
            if not name:
                break
            return name, (_guess_notice(name, line + data.count(b"\n", 0, error.start)),)
        line += piece.count(b"\n")
        piece = stream.read(SAMPLE_BYTES)
    return "utf-8-sig", ()


def refuse_binary(data: bytes, *, line: int | None = None, zeros_allowed: bool = False) -> None:
    """Raises ReadError for bytes that are no text: with zero bytes, or with many control characters."""
    controls = len(data) - len(data.translate(None, _CONTROLS))
    if (b"\0" in data and not zeros_allowed) or controls > MAX_CONTROL_SHARE * len(data):
        raise ReadError("text was expected, found binary data; export it as UTF-8 text", line=line)


def path_text(path: Path) -> str:
    """A path as it can be printed, also where the file's name is not UTF-8."""
    return os.fsencode(path).decode("utf-8", "replace")


def _codec(label: str) -> str:
    """The name that Python has for an encoding; empty where it has none or it isn't one of texts."""
    try:
        info = codecs.lookup(label.strip("\"' "))
    except (LookupError, ValueError, UnicodeError):
        return ""
    # What says its encoding in plain bytes is not in one of these.
    if not getattr(info, "_is_text_encoding", True) or info.name.startswith(("utf-16", "utf-32", "idna", "punycode")):
        return ""
    return _LARGER.get(info.name, info.name)


def _is_mostly_utf8(data: bytes) -> bool:
    bad_bytes = re.findall("[\udc80-\udcff]", data.decode("utf-8", "surrogateescape"))
    return len(_UTF8_LETTER.findall(data)) >= len(bad_bytes)


def _guess_notice(name: str, line: int) -> str:
    spoken = name.replace("cp125", "windows-125").replace("_", "-")
    return f"read as {spoken}, not UTF-8 (first seen in line {line})"


def _candidates(data: bytes, *, bad: int) -> Iterator[str]:
    start = data.rfind(b"\n", 0, bad) + 1
    sample = data[start : start + SAMPLE_BYTES]
    # charset-normalizer alone ranks cp1250 as high as cp1252 for Spanish, and cp775 higher for "Café €5".
    for name in _WESTERN_ENCODINGS:
        text = sample.decode(name, "replace")
        few_accents = len(_ACCENTED.findall(text)) <= max(1, MAX_ACCENTED_SHARE * len(_LETTER.findall(text)))
        if few_accents and not _FOREIGN.search(text) and not _SIGN_IN_WORD.search(text):
            yield name
    yield from (match.encoding for match in from_bytes(sample, cp_exclusion=_NOT_GUESSED))
