"""Plain text and Markdown; metadata in YAML at its top (front matter) or beside a file (sidecars, `NAME.meta.yaml`).

YAML is read by the plain rules of its version 1.2: `no` is a word and not false, `012` and `12:30` are text. No aliases
and no tags: neither is needed here, and both let a small file grow without end or name code to run.
"""

import re
from collections.abc import Iterator, Sequence
from pathlib import Path

import yaml

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.fields import NAMES, FieldValue, any_of, same_line
from qa.loaders.metadata import Facts, RecordContext, facts, present, under_own_names
from qa.loaders.paragraphs import ends_sentence, split_paragraphs
from qa.loaders.sniffing import FileHead
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean

try:
    from yaml import CSafeLoader as SafeLoader  # ten times as fast
except ImportError:  # PyYAML was built without libyaml
    from yaml import SafeLoader  # type: ignore[assignment]

SUFFIX = ".meta.yaml"
PER_ARTICLE = ("id", "title", "text")  # what a sidecar of many articles cannot state
MAX_CHARACTERS = 64_000  # the longest front matter of the archive has 900
_FENCE = re.compile(r" {0,3}(?:```|~~~)")
_CODE = re.compile(rf"(^{_FENCE.pattern}.*?(?:^{_FENCE.pattern}[^\n]*|\Z))", re.DOTALL | re.MULTILINE)
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
MIN_STANDFIRST = 20  # characters; "Well…" before "Well, he said" is a paragraph of its own
_FURNITURE = any_of(NAMES["text"]["furniture"], end="[ :>»→]*")
_LABELS = frozenset(NAMES["text"]["labels"])
_WORD = r"[^\W\d_][^\W\d_.'’]*"
_PLACE = rf"{_WORD}(?:[ /-]+{_WORD}){{0,4}}"
_DAY = r"(?:[^\W\d_]{3,10}\.? [0-9]{1,2}|[0-9]{1,2} (?:de )?[^\W\d_]{3,10}\.?)(?:,? [0-9]{4})?"
_AGENCY = r"\([A-ZÁÉÍÓÚÑ][^()]{1,40}\)"
_DASH = r"(?: ?[-–—]+|\.[-–—]+)"
# "SPAIN: ", "ROME, PARIS: "
_BEFORE_COLON = re.compile(rf"(?P<dateline>(?P<place>{_PLACE}(?:, {_PLACE})?)):\s+")
# "MADRID, March 16 (Reuters) - ", "PONTEVEDRA, Spain (AP) — ", "MADRID, 16 mar. (EFE).- "
_BEFORE_DASH = re.compile(
    rf"(?P<dateline>(?P<place>{_PLACE})(?:, [^\W\d_][\w. ]{{1,30}}?)??"
    rf"(?:,? {_DAY}(?: {_AGENCY})?|,? {_AGENCY})){_DASH}\s+"
)


class _PlainLoader(SafeLoader):
    """Text, unless it can only be null, true, false or a number that is written back the same."""


_PlainLoader.yaml_implicit_resolvers = {}
for _name, _pattern, _first_characters in (
    ("null", r"(~|null|Null|NULL|)\Z", ("", *"~nN")),
    ("bool", r"(true|True|TRUE|false|False|FALSE)\Z", "tTfF"),
    ("int", r"-?(0|[1-9][0-9]{0,17})\Z", "-0123456789"),
    ("float", r"-?(0|[1-9][0-9]{0,14})\.([0-9]{0,14}[1-9]|0)\Z", "-0123456789"),
):
    _PlainLoader.add_implicit_resolver(f"tag:yaml.org,2002:{_name}", re.compile(_pattern), _first_characters)


def read_plain_text(context: RecordContext) -> Iterator[Delivery]:
    """Plain text as archives deliver it: headline, standfirst, body, and what the page had around them."""
    head = FileHead(context.document)
    if not head.name.endswith((".txt", ".text")) and (head.root or head.text.startswith("<?xml")):
        actual = f"found markup of another kind (<{head.root}>)" if head.root else "found XML without an element"
        advice = "deliver it in one that docs/formats.md lists"
        raise ReadError(f"an article in a known format was expected, {actual}; {advice}", line=1)
    text, notices = context.document.text()
    # Furniture stands alone: no line that goes on with the sentence above it is taken for it.
    lines = clean(text).split("\n")
    body_lines = [
        line
        for above, line in zip(["", "", *lines[1:]], lines, strict=False)  # below the headline nothing goes on
        if not _FURNITURE.fullmatch(line) or (above and not ends_sentence(above) and not _FURNITURE.fullmatch(above))
    ]
    text = "\n".join(body_lines).strip("\n")
    if not text:
        raise ReadError("an article was expected, found nothing but page furniture; deliver its text")
    title, _, body = text.partition("\n")
    # Where a title is stated already, it counts, and a first line that says something else belongs to the body.
    stated = context.defaults["title"].value if "title" in context.defaults else ""
    if isinstance(stated, str) and stated.strip() and not same_line(title, stated):
        body = text
    dateline, paragraphs = split_dateline(without_cut_standfirst(split_paragraphs(body.strip("\n"))))
    values = {"text": "\n\n".join(paragraphs), "dateline": dateline, "title": "" if stated else title}
    yield context.article(present(values), *notices)


def without_cut_standfirst(paragraphs: Sequence[str]) -> list[str]:
    """Without the first paragraph if it ends in "…" and a later one begins with all that it says."""
    first, rest = next(iter(paragraphs), ""), list(paragraphs[1:])
    stem = first.rstrip(" .…[]()")
    is_cut = "…" in first[len(stem) :] or "..." in first[len(stem) :]
    # The words of each, without its dateline and line breaks.
    words, *others = (" ".join(split_dateline([text])[1][0].split()) for text in (stem, *rest))
    is_repeated = len(words) >= MIN_STANDFIRST and any(text.startswith(words) for text in others)
    return rest if is_cut and is_repeated else list(paragraphs)


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, list[str]]:
    """The dateline of the first paragraph, a place in capitals, or an empty text; and the paragraphs without it."""
    first, rest = next(iter(paragraphs), ""), list(paragraphs[1:])
    match = _dateline(first)
    if not match or any(map(_dateline, rest)):  # where others begin alike, they are the speakers of an interview
        return "", list(paragraphs)
    return match["dateline"], [first[match.end() :], *rest]


def _dateline(paragraph: str) -> re.Match[str] | None:
    match = _BEFORE_DASH.match(paragraph) or _BEFORE_COLON.match(paragraph)
    if not match:
        return None
    place = match["place"]
    is_place = len(place) > 1 and place.isupper() and not _LABELS & set(place.split())
    first = paragraph[match.end() :].lstrip("\"'“‘«¿¡(")[:1]
    return match if is_place and (first.isupper() or first.isdigit()) else None


def read_markdown(context: RecordContext) -> Iterator[Delivery]:
    """Markdown with front matter: metadata as YAML between two lines of `---`, the body below."""
    text, notices = context.document.text()
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    if (all_lines := text.split("\n"))[0].rstrip() == "---":
        ends = (number for number, line in enumerate(all_lines) if number and line.rstrip() in ("---", "..."))
        if not (end := next(ends, 0)):
            reason = "a line of --- that closes the front matter was expected, found none; add it below the last key"
            raise ReadError(reason, line=1)
        values, lines = _read_mapping("\n".join(all_lines[1:end]) + "\n", first_line=2)
        values, text = under_own_names(values), "\n".join(all_lines[end + 1 :])
    front = facts(values, lines=lines, path=context.document.place)
    first, _, below = text.lstrip("\n").partition("\n")
    match = _HEADING.fullmatch(first)
    # The heading at the top is the title where there is no other, and no part of the body where it repeats that.
    heading = plain(first) if match and match["marks"] == "#" else ""
    if heading and ("title" not in front or same_line(heading, str(front["title"].value))):
        text = below
    body = plain(text)
    if body.strip() and "text" in front:
        reason = "one text was expected, found one in the front matter and one below; take one out"
        raise ReadError(reason, line=front["text"].line)
    values = {**values, "text": body} if body.strip() else values
    values = values if "title" in front else {**values, "title": heading}
    yield context.article(values, *notices, lines=lines)


def plain(text: str) -> str:
    """The words of a Markdown text as a reader of its page would see them, paragraphs one blank line apart.

    Only what surely is markup goes: `#hashtag`, `2 * 3 * 4` and `snake_case` stay. Lists keep their hyphens and
    numbers; fenced code, tables, HTML and bare addresses stay as they are.
    """
    return "\n\n".join(filter(None, map(_paragraph, _blocks(text))))


def _blocks(text: str) -> Iterator[list[str]]:
    """Runs of lines that belong together; fenced code is one, with its fences."""
    for part in _CODE.split(text):
        if _FENCE.match(part):
            yield part.split("\n")
            continue
        block: list[str] = []
        for line in part.split("\n"):
            is_heading = bool(_HEADING.fullmatch(line))
            if is_heading or not line.strip() or _RULE.fullmatch(line):
                yield block
                yield [line] if is_heading else []
                block = []
            else:
                block.append(line)
        yield block


def _paragraph(lines: list[str]) -> str:
    if not lines or _FENCE.match(lines[0]):
        return "\n".join(lines)
    if heading := _HEADING.fullmatch(lines[0]):
        words = heading["words"].rstrip()
        open_end = words.rstrip("#")
        return _SPAN.sub(_words, open_end.rstrip() if open_end.endswith((" ", "\t")) else words)
    if _QUOTE.match(lines[0]):
        lines = [_QUOTE.sub("", line, count=1) for line in lines]
    # Two spaces or a backslash at the end of a line are a break that the writer wants.
    keeps_lines = any(_ITEM.match(line) or line.endswith(("  ", "\\")) for line in lines)
    stripped = [line.strip().removesuffix("\\") for line in lines]
    return _SPAN.sub(_words, ("\n" if keeps_lines else " ").join(stripped))


def _words(match: re.Match[str]) -> str:
    words = match[match.lastgroup or 0]
    return words if match.lastgroup in ("literal", "sign") else _SPAN.sub(_words, words)


def is_sidecar(name: str) -> bool:
    """True for a file's name that ends as those of sidecars do."""
    return name.lower().endswith(SUFFIX)


def partner_exists(sidecar: Path) -> bool:
    """True if a file stands beside it that it describes."""
    name = sidecar.name[: -len(SUFFIX)]
    siblings = (path.name for path in sidecar.parent.iterdir() if path != sidecar)
    return any(sibling == name or sibling.startswith(f"{name}.") for sibling in siblings)


def read_sidecars(path: Path, *, stem: str, many: bool) -> Facts:
    """The facts of a file's sidecars, that of its whole name before that of its `stem`. Raises ReadError, OSError."""
    sidecar_facts: dict[str, FieldValue] = {}
    for sidecar in (path.with_name(name + SUFFIX) for name in dict.fromkeys((stem, path.name))):
        if sidecar.is_file():
            place = path_text(sidecar)
            try:
                values, lines = _read_mapping(Document.of_file(sidecar).text()[0])
            except ReadError as error:
                raise ReadError(error.reason, path=place, line=error.line) from None
            sidecar_facts |= facts(values, lines=lines, path=place)
    for field in (sidecar_facts[key] for key in PER_ARTICLE if many and key in sidecar_facts):
        reason = f"metadata that fit many articles were expected, found {field.key}; put it into each"
        raise ReadError(reason, path=field.path, line=field.line)
    return sidecar_facts


def _read_mapping(text: str, *, first_line: int = 1) -> tuple[dict[str, object], dict[str, int]]:
    """The values that a YAML text has by their keys, and the line of each in its file. Raises ReadError with a line."""
    if len(text) > MAX_CHARACTERS:
        reason = f"metadata of at most {MAX_CHARACTERS:,} characters were expected, found more; shorten them"
        raise ReadError(reason, line=first_line)
    values: dict[str, object] = {}
    lines: dict[str, int] = {}
    try:
        for event in yaml.parse(text, Loader=_PlainLoader):
            if getattr(event, "anchor", None):
                line = event.start_mark.line  # type: ignore[union-attr]
                raise _refusal("an alias (*name), whose value belongs at each place", first_line + line)
        loader = _PlainLoader(text)
        node = loader.get_single_node() or yaml.MappingNode("", [])
        if not isinstance(node, yaml.MappingNode):
            raise _refusal("something else", first_line + node.start_mark.line)
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise _refusal("a list or a mapping as a key", first_line + key.start_mark.line)
            lines[key.value] = first_line + key.start_mark.line
            values[key.value] = loader.construct_object(value, deep=True)
        return values, lines
    except yaml.MarkedYAMLError as error:
        # A quote that is never closed is only missed at the end: where it opened is what helps.
        at_end = error.problem_mark and error.problem_mark.line >= text.rstrip().count("\n") + 1
        mark = error.context_mark if at_end and error.context_mark else error.problem_mark
        line, problem = mark.line if mark else 0, error.problem or "it cannot be parsed"
    except yaml.YAMLError as error:  # a character that YAML does not allow
        line = text.count("\n", 0, getattr(error, "position", 0))
        problem = str(getattr(error, "reason", "it cannot be parsed"))
    except (RecursionError, ValueError) as error:
        line, problem = 0, "too deep a nesting" if isinstance(error, RecursionError) else str(error)
    raise _refusal(f"what is no YAML ({problem})", first_line + line)


def _refusal(actual: str, line: int) -> ReadError:
    advice = "correct that line; text with a colon, quotes or brackets belongs in quotes"
    return ReadError(f"metadata as lines of `key: value` were expected, found {actual}; {advice}", line=line)
