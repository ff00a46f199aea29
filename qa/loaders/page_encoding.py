"""The text of a saved page: which encoding its bytes are in, by its marks, itself and the server that sent it."""

from __future__ import annotations

import codecs
import re

from qa.errors import ReadError
from qa.loaders.encoding import UTF16_MARKS, Decoded, decode

_LOOKED_AT = 8_192  # bytes in which a page says its encoding; browsers look at 1,024
_DECLARED = re.compile(rb"""<(?:meta|\?xml)[^>]{0,300}?(?:charset|encoding)\s*=\s*["']?\s*([\w.:-]{2,40})""", re.I)
_UTF32_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
_SHIFTING = ("iso2022", "hz", "utf7")
"""Encodings whose bytes are all plain ASCII."""

# What browsers read where a page names a smaller encoding.
_MEANT = {
    "iso8859-1": "cp1252",
    "ascii": "cp1252",
    "iso8859-9": "cp1254",
    "iso8859-11": "cp874",
    "tis-620": "cp874",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "euc_kr": "cp949",
    "shift_jis": "cp932",
    "big5": "big5hkscs",
}


def page_text(data: bytes, *, path: str, served_as: str = "") -> Decoded:
    """The text of a page. `served_as` is what its server called the encoding. Raises ReadError for what is no text."""
    if data.startswith(_UTF32_MARKS):
        return Decoded(data.decode("utf-32", "replace"), ("read as UTF-32, not UTF-8",))
    if data.startswith(UTF16_MARKS):
        return decode(data, path=path)
    data = data.removeprefix(codecs.BOM_UTF8).replace(b"\0", b"")
    declared = _named(data[:_LOOKED_AT])
    if data.isascii() and not declared.startswith(_SHIFTING):
        return decode(data, path=path)
    try:
        if not data.isascii():
            return Decoded(data.decode("utf-8"))
    except UnicodeDecodeError:
        pass
    for name in (declared, _known(served_as)):
        if name and name != "utf-8" and (text := _in(data, name)) is not None:
            return Decoded(text, (f"read as {name}, not UTF-8",))
    return _otherwise(data, path=path)


def _otherwise(data: bytes, *, path: str) -> Decoded:
    """What its bytes look like; a page with a few broken bytes among its advertisements is read all the same."""
    try:
        return decode(data, path=path)
    except ReadError as error:
        text = data.decode("utf-8", "replace")
        broken = text.count("\ufffd")
        if broken > max(5, len(text) // 1_000):
            raise error from None
        return Decoded(text, (f"{broken} bytes are no UTF-8; they are shown as \ufffd",))


def _named(head: bytes) -> str:
    match = _DECLARED.search(head)
    return _known(match[1].decode("ascii", "replace")) if match else ""


def _known(label: str) -> str:
    """The name that Python has for an encoding; empty where it has none or it isn't one of texts."""
    try:
        info = codecs.lookup(label.strip("\"' "))
    except (LookupError, ValueError, UnicodeError):
        return ""
    if not getattr(info, "_is_text_encoding", True) or info.name.startswith(("utf-16", "utf-32", "idna", "punycode")):
        return ""  # a page that says so in plain bytes is not in it
    return _MEANT.get(info.name, info.name)


def _in(data: bytes, name: str) -> str | None:
    try:
        return data.decode(name)
    except (UnicodeError, LookupError):
        pass
    text = data.decode(name, "replace")
    return text if text.count("\ufffd") <= max(2, len(text) // 5_000) else None
