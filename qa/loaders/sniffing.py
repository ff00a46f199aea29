"""Format sniffing: what the first bytes and the name of a file tell of its format."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from functools import cached_property

from qa.loaders.csv_table import is_table
from qa.loaders.encoding import UTF16_MARKS
from qa.loaders.front_matter import has_front_matter

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
_BOM = "\ufeff"
_ENCODINGS = (
    *((mark, "utf-16") for mark in UTF16_MARKS),
    (b"<\0", "utf-16-le"),
    (b"\0<", "utf-16-be"),
)


@dataclass(frozen=True)
class FileHead:
    """The first bytes of a file, and its name in lower case."""

    name: str
    head: bytes

    @cached_property
    def text(self) -> str:
        """The bytes as far as telling formats apart needs them: marks and space at the beginning left out."""
        encoding = next((name for start, name in _ENCODINGS if self.head.startswith(start)), "utf-8")
        return self.head.decode(encoding, "replace").lstrip(f"{_BOM} \t\r\n\x00")

    @property
    def is_zip(self) -> bool:
        return self.head.startswith((b"PK\x03\x04", b"PK\x05\x06")) or self.name.endswith(".zip")

    @property
    def is_pdf(self) -> bool:
        """Some programs write a few bytes before the mark."""
        is_marked = self.head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")
        return is_marked or (self.name.endswith(".pdf") and not self.is_zip)

    @cached_property
    def root(self) -> str:
        """The name of the first element, in lower case and without a prefix; empty where it isn't markup."""
        at = 0
        while before := _PROLOGUE.match(self.text, at):
            at = before.end()
        match = _ROOT.match(self.text, at)
        return match["name"].lower() if match else ""

    @property
    def is_html(self) -> bool:
        return self.root in _HTML_ROOTS or self.text[:15].lower().startswith("<!doctype html")

    @property
    def is_xml(self) -> bool:
        """XML, and no page of the web."""
        is_declared = self.text.startswith("<?xml") or self.name.endswith(".xml")
        return is_declared and bool(self.root) and not self.is_html

    @property
    def is_json(self) -> bool:
        """One object over several lines, or a list; the bracket begins JSON and not a text such as "[Updated] …"."""
        sign = "[{[]" if self.name.endswith(".json") else r'\{\s*["}]|\[\s*[\[{"\]]'
        return bool(re.match(sign, self.text)) and not self.is_json_lines

    @cached_property
    def is_json_lines(self) -> bool:
        """The first line is a whole object, or the name says that each one is."""
        if self.name.endswith((".jsonl", ".ndjson")):
            return True
        line, is_broken, _ = self.text.partition("\n")
        if not line.startswith("{") or (not is_broken and self.name.endswith(".json")):
            return False
        try:
            return isinstance(json.loads(line), dict)
        except (ValueError, RecursionError):
            return False

    @property
    def is_markdown(self) -> bool:
        return has_front_matter(self.head) or self.name.endswith((".md", ".markdown"))

    @property
    def is_mail(self) -> bool:
        """Header fields, two of those that mail has among them; or the name says so."""
        match = _HEADER.match(self.text)
        names = {line.partition(":")[0].lower() for line in match[0].splitlines()} if match else set()
        return len(names & _MAIL_HEADERS) >= 2 or self.name.endswith(".eml")

    @property
    def is_mbox(self) -> bool:
        """Begins as the messages of a mailbox do: `From someone Thu Mar 17 …`, and then a header."""
        first, _, rest = self.text.partition("\n")
        is_dated = re.match(r"From (?:\S*@\S+|.*\d\d:\d\d|MAILER-DAEMON)", first)
        return bool(is_dated) and bool(_HEADER.match(rest.lstrip("\r\n")))

    @property
    def is_table(self) -> bool:
        """A header of columns that tell a table of articles, or the name says so."""
        text = self.text if "\ufffd" not in self.text[:1_000] else self.head.decode("cp1252", "replace")
        return is_table(text, self.name)
