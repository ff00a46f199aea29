"""Markdown with front matter: metadata as YAML between two lines of `---`, the body below.

The body becomes the plain text that a reader of the page would see: headings, quotes, links and stressed words are
their words, rules go, and the lines of a paragraph are one, unless they end in two spaces or a backslash. Only what
surely is markup goes: `#hashtag`, `2 * 3 * 4` and `snake_case` stay. Lists keep their hyphens and numbers; fenced code,
tables, HTML and bare addresses stay as they are.
"""

import re
from collections.abc import Iterator

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import same_line
from qa.loaders.front_matter import split_front_matter
from qa.loaders.metadata import Facts, RecordContext, facts
from qa.models.deliveries import Delivery

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

    The heading `# …` at the top is the title where there is no other, and no part of the body where it repeats that.
    """
    decoded = document.text()
    context = RecordContext(document, defaults, notices=decoded.notices)
    (values, lines), text = split_front_matter(decoded.text.replace("\r\n", "\n").replace("\r", "\n"))
    front = facts(values, lines=lines, path=document.place)
    first, _, below = text.lstrip("\n").partition("\n")
    match = _HEADING.fullmatch(first)
    heading = _heading(match) if match and match["marks"] == "#" else ""
    if heading and ("title" not in front or same_line(heading, str(front["title"].value))):
        text = below
    body = plain(text)
    if body.strip() and "text" in front:
        reason = "one text was expected, found one in the front matter and one below; take one out"
        raise ReadError(reason, line=front["text"].line)
    values = {**values, "text": body} if body.strip() else values
    yield context.article(values if "title" in front else {**values, "title": heading}, lines=lines)


def plain(text: str) -> str:
    """The words of a Markdown text, paragraphs one blank line apart."""
    return "\n\n".join(filter(None, map(_paragraph, _blocks(text))))


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
    if not lines or _FENCE.match(lines[0]):
        return "\n".join(lines)
    if heading := _HEADING.fullmatch(lines[0]):
        return _heading(heading)
    if _QUOTE.match(lines[0]):
        lines = [_QUOTE.sub("", line, count=1) for line in lines]
    # Two spaces or a backslash at the end of a line are a break that the writer wants.
    keeps_lines = any(_ITEM.match(line) or line.endswith(("  ", "\\")) for line in lines)
    stripped = [line.strip().removesuffix("\\") for line in lines]
    return _plain_line(("\n" if keeps_lines else " ").join(stripped))


def _heading(match: re.Match[str]) -> str:
    words = match["words"].rstrip()
    open_end = words.rstrip("#")
    return _plain_line(open_end.rstrip() if open_end.endswith((" ", "\t")) else words)


def _plain_line(text: str) -> str:
    return _SPAN.sub(_words, text)


def _words(match: re.Match[str]) -> str:
    words = match[match.lastgroup or 0]
    return words if match.lastgroup in ("literal", "sign") else _plain_line(words)
