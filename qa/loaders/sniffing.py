"""Format sniffing: what the first bytes and the name of a file tell of its format."""

from __future__ import annotations

import json
import os
import re
from collections import Counter
from dataclasses import dataclass
from functools import cached_property

from qa.errors import ReadError
from qa.loaders.csv_table import is_table
from qa.loaders.documents import BROKEN, Document
from qa.loaders.encoding import UTF16_MARKS
from qa.loaders.front_matter import has_front_matter
from qa.loaders.metadata import ALIASES

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


@dataclass(frozen=True)
class FileHead:
    """The first bytes of a file, and its name in lower case."""

    name: str
    head: bytes

    @classmethod
    def of(cls, document: Document) -> FileHead:
        return cls(document.name.lower(), document.start())

    @cached_property
    def text(self) -> str:
        """The bytes as far as telling formats apart needs them: marks and space at the beginning left out."""
        encoding = _ENCODINGS.get(self.head[:2], "utf-8")
        return self.head.decode(encoding, "replace").lstrip("\ufeff \t\r\n\x00")

    def starts(self, *marks: bytes) -> bool:
        return self.head.startswith(marks)

    @property
    def has_front_matter(self) -> bool:
        return has_front_matter(self.head)

    @property
    def is_pdf(self) -> bool:
        """Some programs write a few bytes before the mark."""
        return self.head.lstrip(b"\xef\xbb\xbf \t\r\n\0").startswith(b"%PDF-")

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
        return bool(re.match(sign, self.text))

    @property
    def is_json_lines(self) -> bool:
        """The first line is a whole object."""
        line, is_broken, _ = self.text.partition("\n")
        return bool(is_broken or not self.name.endswith(".json")) and _object_in(line) is not None

    @property
    def is_mail(self) -> bool:
        """Header fields, two of those that mail has among them."""
        match = _HEADER.match(self.text)
        names = {line.partition(":")[0].lower() for line in match[0].splitlines()} if match else set()
        return len(names & _MAIL_HEADERS) >= 2

    @property
    def is_mbox(self) -> bool:
        """Begins as the messages of a mailbox do: `From someone Thu Mar 17 …`, and then a header."""
        first, _, rest = self.text.partition("\n")
        is_dated = re.match(r"From (?:\S*@\S+|.*\d\d:\d\d|MAILER-DAEMON)", first)
        return bool(is_dated) and bool(_HEADER.match(rest.lstrip("\r\n")))

    @property
    def is_table(self) -> bool:
        text = self.text if "\ufffd" not in self.text[:1_000] else self.head.decode("cp1252", "replace")
        return is_table(text)


def is_companion(document: Document) -> bool:
    """True if it lies beside articles and is none: a note such as README.md, or a list of questions."""
    stem, suffix = os.path.splitext(document.name)
    try:
        if suffix.lower() in (".jsonl", ".ndjson"):
            record = _object_in(FileHead.of(document).text.partition("\n")[0]) or {}
            names = {ALIASES.get(name, name) for name in record}
            return "question" in names and not names & {"title", "text"}
        is_note = suffix.lower() in (".md", ".markdown") and (stem.isupper() or stem.lower() == "readme")
        return is_note and not has_front_matter(document.start())
    except (ReadError, OSError, *BROKEN):
        return False  # reading it will say why


def passed_over_text(counts: Counter[str]) -> str:
    """What was left out of a folder or a ZIP file, by its endings."""
    kinds = ", ".join(f"{count:,} {ending}" for ending, count in sorted(counts.items())[:20])
    return f"passed over, for they are of no format known: {kinds}"


def _object_in(line: str) -> dict[str, object] | None:
    try:
        value = json.loads(line) if line.startswith("{") else None
    except (ValueError, RecursionError):
        return None
    return value if isinstance(value, dict) else None
