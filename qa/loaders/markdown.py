"""Markdown with front matter: metadata as YAML between two lines of `---`, the body below.

The body becomes the plain text that a reader of the page would see. Only what surely is markup goes; what may be
meant as written stays.

| written | becomes |
|---|---|
| `# Heading`, `## Heading ##` | the heading as a paragraph; `#hashtag` stays |
| a line of `===` under a line, a line of `---`, `***` or `___` alone | nothing |
| `> quoted` | the words |
| `[words](address)`, `![words](address)` | the words |
| `*word*`, `**word**`, `_word_`, `__word__` | the word; `2 * 3 * 4`, `snake_case` and a lone `*` stay |
| `\\*`, `\\_`, `\\[` and the like | the sign without the backslash |
| several lines in a paragraph | one line, unless they end in two spaces or a backslash |

Lists keep their hyphens and numbers; fenced code, tables, HTML and bare addresses stay as they are.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import same_line
from qa.loaders.front_matter import split_front_matter
from qa.loaders.metadata import Facts, RecordContext, facts
from qa.models.deliveries import Delivery

_LINE_BREAK = re.compile("\r\n|\r")
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_HEADING = re.compile(r" {0,3}(?P<marks>#{1,6})[ \t]+(?P<words>.*)")
_RULE = re.compile(r" {0,3}(?:={3,}|-{3,}|\*{3,}|_{3,}|(?:- ){2,}-|(?:\* ){2,}\*)[ \t]*")
_QUOTE = re.compile(r" {0,3}(?:> ?)+")
_ITEM = re.compile(r"\s*(?:[-+*][ \t]|[0-9]{1,3}[.)][ \t]|\|)")

# Each branch ends at the sign it began with, so that no text makes the search slow.
_OPENS = r"(?=[\w\"“‘'«¿¡(\[`*_])"
_CLOSES = r"(?<=[\w.,;:!?…\"”’'»)\]%`*_])"
_SPAN = re.compile(
    # left as it is: code, and addresses, which may hold underscores
    r"(?P<literal>`[^`\n]+`|(?<!\w)https?://[^\s)\]*]+)"
    r"|\\(?P<sign>[*_\[\]#>`~|.!()-])"
    r"|!?\[(?P<words>[^\[\]\n]*)\]\((?:[^()\s]|\([^()\s]*\))*(?: \"[^\"\n]*\")?\)"
    rf"|(?<![\w*])\*\*\*{_OPENS}(?P<both>[^*\n]+){_CLOSES}\*\*\*(?![\w*])"
    rf"|(?<![\w*])\*\*{_OPENS}(?P<strong>(?:[^*\n]|\*(?!\*))+){_CLOSES}\*\*(?![\w*])"
    rf"|(?<![\w*])\*{_OPENS}(?P<stressed>[^*\n]+){_CLOSES}\*(?![\w*])"
    rf"|(?<!\w)__{_OPENS}(?P<strong_too>[^_\n]+){_CLOSES}__(?!\w)"
    rf"|(?<!\w)_{_OPENS}(?P<stressed_too>[^_\n]+){_CLOSES}_(?!\w)"
)


def read_markdown(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """Markdown with front matter: metadata as YAML between two lines of `---`, the body below.

    The heading `# …` at the top is the title where the front matter has none, and is left out of the body where it
    repeats it.
    """
    decoded = document.text()
    context = RecordContext(document, defaults, notices=decoded.notices)
    front, text = split_front_matter(_LINE_BREAK.sub("\n", decoded.text))
    front_facts = facts(front.values, lines=front.lines, path=document.place)
    heading, below = take_heading(text)
    values: dict[str, object] = {}
    if heading and "title" not in front_facts:
        values["title"], text = heading, below
    elif heading and same_line(heading, str(front_facts["title"].value)):
        text = below
    values["text"] = plain(text)
    if str(values["text"]).strip() and "text" in front_facts:
        reason = "one text was expected, found one in the front matter and one below; take one out"
        raise ReadError(reason, line=front_facts["text"].line)
    yield context.deliver({**defaults, **front_facts, **facts(values, path=document.place)})


def plain(text: str) -> str:
    """The words of a Markdown text, paragraphs one blank line apart."""
    return "\n\n".join(filter(None, map(_paragraph, _blocks(text))))


def plain_line(text: str) -> str:
    """The words of a piece of Markdown inside a paragraph or heading."""
    return _SPAN.sub(_words, text)


def take_heading(text: str) -> tuple[str, str]:
    """The words of the `# Heading` that a text begins with, or an empty text, and the text after it."""
    first, _, below = text.lstrip("\n").partition("\n")
    heading = _HEADING.fullmatch(first)
    return (_heading(heading), below) if heading and heading["marks"] == "#" else ("", text)


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines that belong together; fenced code is one, with its fences."""
    block: list[str] = []
    in_code = False
    for line in text.split("\n"):
        is_fence = bool(_FENCE.match(line))
        if in_code:
            block.append(line)
            if is_fence:
                yield block
                block, in_code = [], False
        elif is_fence:
            yield block
            block, in_code = [line], True
        elif not line.strip() or _RULE.fullmatch(line):
            yield block
            block = []
        elif _HEADING.fullmatch(line):
            yield block
            yield [line]
            block = []
        else:
            block.append(line)
    yield block


def _paragraph(lines: list[str]) -> str:
    if not lines:
        return ""
    if _FENCE.match(lines[0]):
        return "\n".join(lines)
    if heading := _HEADING.fullmatch(lines[0]):
        return _heading(heading)
    if _QUOTE.match(lines[0]):
        lines = [_QUOTE.sub("", line, count=1) for line in lines]
    # Two spaces or a backslash at the end of a line are a break that the writer wants.
    keeps_lines = any(_ITEM.match(line) or line.endswith(("  ", "\\")) for line in lines)
    stripped = [line.strip().removesuffix("\\") for line in lines]
    return plain_line(("\n" if keeps_lines else " ").join(stripped))


def _heading(match: re.Match[str]) -> str:
    words = match["words"].rstrip()
    open_end = words.rstrip("#")
    return plain_line(open_end.rstrip() if open_end.endswith((" ", "\t")) else words)


def _words(match: re.Match[str]) -> str:
    if match.lastgroup in ("literal", "sign"):
        return match[match.lastgroup]
    return plain_line(match[match.lastgroup or 0])
