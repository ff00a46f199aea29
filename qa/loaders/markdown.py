"""Markdown with front matter: metadata as YAML between two lines of `---`, the body below."""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.errors import ReadError
from qa.loaders.cleaning import clean_line
from qa.loaders.documents import Document
from qa.loaders.encoding import UTF16_MARKS
from qa.loaders.markdown_text import plain, take_heading
from qa.loaders.metadata import Facts, deliver, facts, slug
from qa.loaders.yaml_mapping import YamlMapping, read_mapping
from qa.models.deliveries import Delivery

_LINE_BREAK = re.compile("\r\n|\r")
_SNIFFED_BYTES = 16


def read_markdown(document: Document, *, beneath: Facts) -> Iterator[Delivery]:
    """The article of one file. Raises ReadError, OSError.

    `beneath` is what sidecar and command line state. The heading `# …` at the top is the title where the
    front matter has none, and is left out of the body where it repeats it.
    """
    decoded = document.text()
    place = document.place
    front, text = split_front_matter(_LINE_BREAK.sub("\n", decoded.text), path=place)
    stated = facts(front.values, lines=front.lines, path=place)
    heading, below = take_heading(text)
    if heading and "title" not in stated:
        stated, text = {**stated, **facts({"title": heading}, path=place)}, below
    elif heading and clean_line(heading).casefold() == clean_line(str(stated["title"].value)).casefold():
        text = below
    body = plain(text)
    if body.strip() and "text" in stated:
        reason = "one text was expected, found one in the front matter and one below; take one out"
        raise ReadError(reason, path=place, line=stated["text"].line)
    own = {**stated, **facts({"text": body}, path=place)}
    yield deliver({**beneath, **own}, derived_id=slug(document.stem), path=place, notices=decoded.notices)


def split_front_matter(text: str, *, path: str) -> tuple[YamlMapping, str]:
    """The metadata, empty where there is no front matter, and the text below.

    Raises ReadError with the line in the file.
    """
    lines = text.split("\n")
    if lines[0].rstrip() != "---":
        return YamlMapping({}, {}), text
    for number, line in enumerate(lines[1:], start=1):
        if line.rstrip() in ("---", "..."):
            front = read_mapping("\n".join(lines[1:number]) + "\n", path=path, first_line=2)
            return front, "\n".join(lines[number + 1 :])
    reason = "a line of --- that closes the front matter was expected, found none; add it below the last key"
    raise ReadError(reason, path=path, line=1)


def has_front_matter(start: bytes) -> bool:
    """Whether a file that starts so begins with a line of `---`."""
    start = start[:_SNIFFED_BYTES]
    text = start.decode("utf-16" if start.startswith(UTF16_MARKS) else "utf-8-sig", "replace")
    return text.startswith("---") and not text[3:].split("\n")[0].strip()
