"""Format sniffing: what the first bytes and the name of a file tell of its format."""

import os
import re
from typing import Any

from qa.errors import ReadError
from qa.loaders.documents import BROKEN, Document
from qa.loaders.encoding import UTF16_MARKS
from qa.loaders.fields import json_in
from qa.loaders.metadata import ALIASES
from qa.loaders.records import is_table

_ROOT = re.compile(r"<(?:[\w.-]{1,100}:)?(?P<name>[A-Za-z][\w.-]*)")
# What may stand before the first element; one after the other, so that no text makes the search slow.
_PROLOGUE = re.compile(r"\s+|<\?.*?\?>|<!--.*?-->|<!DOCTYPE[^\[>]*(?:\[.*?\]\s*)?>", re.DOTALL | re.IGNORECASE)
_HTML_ROOTS = frozenset(
    ("html", "head", "body", "article", "section", "main", "div", "p", "h1", "h2", "meta", "title", "table", "span")
)
_HEADER = re.compile(r"(?:[!-9;-~]{1,80}:.*(?:\r?\n[ \t].*)*\r?\n)+")
_MAIL_HEADERS = frozenset(
    ("from", "to", "subject", "date", "message-id", "received", "return-path", "mime-version", "delivered-to")
)
_ENCODINGS = {**dict.fromkeys(UTF16_MARKS, "utf-16"), b"<\0": "utf-16-le", b"\0<": "utf-16-be"}


class FileHead:
    """What the first bytes of a file tell of its format; several may fit. Raises OSError."""

    def __init__(self, document: Document) -> None:
        self.name, self.data = document.name.lower(), document.start()
        encoding = _ENCODINGS.get(self.data[:2], "utf-8")
        decoded = self.data.decode(encoding, "replace").removeprefix("\ufeff")
        # Without marks and space before it.
        self.text = text = decoded.lstrip("\ufeff \t\r\n\x00")
        at = 0
        while before := _PROLOGUE.match(text, at):
            at = before.end()
        match = _ROOT.match(text, at)
        # The name of the first element without a prefix.
        self.root = match["name"].lower() if match else ""
        self.is_html = self.root in _HTML_ROOTS or text[:15].lower().startswith("<!doctype html")
        is_declared = text.startswith("<?xml") or self.name.endswith(".xml")
        self.is_xml = is_declared and bool(self.root) and not self.is_html
        # One object over several lines, or a list; the bracket begins JSON and not a text such as "[Updated] …".
        is_named_json = self.name.endswith(".json")
        self.is_json = bool(re.match("[{[]" if is_named_json else r'\{\s*["}]|\[\s*[\[{"\]]', text))
        first, line_break, rest = text.partition("\n")
        self.first_record: Any = json_in(first) if first.startswith("{") else None
        self.is_json_lines = bool(line_break or not is_named_json) and self.first_record is not None
        # Header fields, two of those that mail has among them.
        header = _HEADER.match(text)
        fields = {line.partition(":")[0].lower() for line in header[0].splitlines()} if header else set()
        self.is_mail = len(fields & _MAIL_HEADERS) >= 2
        # Begins as the messages of a mailbox do: `From someone Thu Mar 17 …`, and then a header.
        is_dated = re.match(r"From (?:\S*@\S+|.*\d\d:\d\d|MAILER-DAEMON)", first)
        self.is_mbox = bool(is_dated and _HEADER.match(rest.lstrip("\r\n")))
        self.is_table = is_table(text if "\ufffd" not in text[:1_000] else self.data.decode("cp1252", "replace"))
        self.is_zip = self.data.startswith((b"PK\x03\x04", b"PK\x05\x06"))
        self.is_crawl = self.data.startswith((b"WARC/", b"filedesc://"))
        # Some programs write a few bytes before the mark.
        self.is_pdf = self.data.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")
        self.has_front_matter = bool(re.match(r"---\s*(?:\n|\Z)", decoded))


def is_companion(document: Document) -> bool:
    """True if it lies beside articles and is none: a note such as README.md, or a list of questions."""
    stem, suffix = os.path.splitext(document.name)
    try:
        if suffix.lower() in (".jsonl", ".ndjson"):
            names = {ALIASES.get(name, name) for name in FileHead(document).first_record or ()}
            return "question" in names and not names & {"title", "text"}
        is_note = suffix.lower() in (".md", ".markdown") and (stem.isupper() or stem.lower() == "readme")
        return is_note and not FileHead(document).has_front_matter
    except (ReadError, OSError, *BROKEN):
        return False  # reading it will say why
