"""Plain text as archives deliver it: headline, standfirst, body, and what the page had around them.

The first line is the headline. Left out are whole lines of page furniture (`FURNITURE`), a standfirst
cut short with "…" that a later paragraph repeats in full, and the dateline ("SPAIN: …"), which is kept
in `extra["dateline"]` so that a quoted sentence begins with its own words. Nothing else is.
"""

import re
from collections.abc import Iterator, Sequence

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import same_line
from qa.loaders.metadata import Facts, RecordContext
from qa.loaders.names import NAMES, any_of
from qa.loaders.paragraphs import ends_sentence, split_paragraphs
from qa.loaders.sniffing import FileHead
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean

_FURNITURE = any_of(NAMES["text"]["furniture"], end="[ :>»→]*")

MIN_STANDFIRST = 20  # characters; "Well…" before "Well, he said" is a paragraph of its own

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


def read_plain_text(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """Plain text as archives deliver it: headline, standfirst, body, and what the page had around them.

    Where a title is stated already, a first line that says something else belongs to the body.
    """
    head = FileHead.of(document)
    if not head.name.endswith((".txt", ".text")) and (head.root or head.text.startswith("<?xml")):
        actual = f"found markup of another kind (<{head.root}>)" if head.root else "found XML without an element"
        advice = "deliver it in one that docs/formats.md lists"
        raise ReadError(f"an article in a known format was expected, {actual}; {advice}", line=1)
    decoded = document.text()
    text = _without_furniture(clean(decoded.text))
    if not text:
        raise ReadError("an article was expected, found nothing but page furniture; deliver its text")
    title, _, body = text.partition("\n")
    stated = defaults["title"].value if "title" in defaults else ""
    if isinstance(stated, str) and stated.strip() and not same_line(title, stated):
        body = text
    dateline, paragraphs = split_dateline(without_cut_standfirst(split_paragraphs(body.strip("\n"))))
    values = {"text": "\n\n".join(paragraphs)} | ({"dateline": dateline} if dateline else {})
    # A title that is stated already counts as it is written there.
    values |= {} if stated else {"title": title}
    yield RecordContext(document, defaults, notices=decoded.notices).article(values)


def without_cut_standfirst(paragraphs: Sequence[str]) -> list[str]:
    """Without the first paragraph if it ends in "…" and a later one begins with all that it says."""
    first, rest = next(iter(paragraphs), ""), list(paragraphs[1:])
    stem = first.rstrip(" .…[]()")
    is_cut = "…" in first[len(stem) :] or "..." in first[len(stem) :]
    # The words of each, without its dateline and line breaks.
    words, *others = (" ".join(split_dateline([text])[1][0].split()) for text in (stem, *rest))
    is_repeated = len(words) >= MIN_STANDFIRST and any(text.startswith(words) for text in others)
    return rest if is_cut and is_repeated else list(paragraphs)


def _without_furniture(text: str) -> str:
    """Furniture stands alone: no line that goes on with the sentence above it is taken for it."""
    lines = text.split("\n")
    body = []
    for above, line in zip(["", "", *lines[1:]], lines, strict=False):  # below the headline nothing goes on
        alone = not above or ends_sentence(above) or _FURNITURE.fullmatch(above)
        if not (alone and _FURNITURE.fullmatch(line)):
            body.append(line)
    return "\n".join(body).strip("\n")


def split_dateline(paragraphs: Sequence[str]) -> tuple[str, list[str]]:
    """The dateline of the first paragraph, a place in capitals, or an empty text; and the paragraphs without it.

    Where a later paragraph begins alike, they are the speakers of an interview, and all stay.
    """
    first, rest = next(iter(paragraphs), ""), list(paragraphs[1:])
    match = _dateline(first)
    if not match or any(map(_dateline, rest)):
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
