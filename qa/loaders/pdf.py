"""PDF with text: headline, paragraphs put together from the lines of its pages, and the page that each begins on."""

import io
import logging
import math
import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from statistics import median

from pypdf import PageObject, PdfReader
from pypdf.errors import DependencyError

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.fields import MAX_TITLE, NAMES, any_of, iso, language_tag
from qa.loaders.metadata import RecordContext, present
from qa.loaders.paragraphs import FULL_SHARE, ends_sentence, join_lines, paged_body
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean_line, folded

MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
MAX_OPERATIONS = 10_000_000  # of a file's pages; a page of text has about 2,000
MAX_CONTENT = 100_000_000  # bytes of them, unpacked
MAX_UNMAPPED = 0.2  # share of what a page's fonts give no meaning for; such a page has no words to quote

EDGE = 2  # lines at each end of a page among which running heads are looked for
HEAD_SHARE = 0.3  # of the pages on which a running head stands; alternate ones stand on half of them
APART = 1.3  # times the usual distance of lines: that of a running head to the text
MAX_HEAD = 200  # characters
LARGER = 1.25  # times the letters of the text: those of a headline
ALIKE = 0.12  # of their size by which letters of one paragraph differ at most
WIDE_GAP = 1.3  # times the usual distance of two lines: that of two paragraphs
INDENT = (0.6, 8.0)  # times the letters' size by which a paragraph's first line is set in
MAX_ABOVE = 10  # lines above a headline: the name of the paper, a date, a kicker
NEIGHBOURS = 6  # lines on either side from which the width of a column is told

_ENCRYPTED = "a PDF without a password was expected, found an encrypted one; save it without"
_DATE = re.compile(r"(?:D:)?(\d{8})(\d{6}|\d{4})?(Z|[+-]\d\d'?\d\d)?", re.ASCII)
_NO_TITLE, _NO_AUTHOR = any_of(NAMES["pdf"]["no_title"]), any_of(NAMES["pdf"]["no_author"])
_LIGATURES = str.maketrans(
    {"ﬀ": "ff", "ﬁ": "fi", "ﬂ": "fl", "ﬃ": "ffi", "ﬄ": "ffl", "ﬅ": "st", "ﬆ": "st", "\ufffc": ""}
)
_PAGE_NUMBER = re.compile(
    r"\W*(?:page|página|pág\.?|p\.|seite)?\s*(\d{1,4})(?:\s*(?:/|of|de|von)\s*\d{1,4})?\W*", re.IGNORECASE
)
_UNMAPPED = re.compile(r"[\ufffd\ue000-\uf8ff\x00-\x08\x0e-\x1f]|/g\d+|\(cid:\d+\)")
_ITEM = re.compile(r"[•▪◦‣·–—*] ?\S|\(?\d{1,2}[.)] \S")
Matrix = Sequence[float]

# It tells of each small fault of a file; what matters is told by the article's notices.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True)
class PdfLine:
    """A line of a page. `x` and `y` say where it begins, `size` is its letters'; points, all 0 where not known."""

    text: str
    page: int
    x: float = 0.0
    y: float = 0.0
    size: float = 0.0

    @property
    def form(self) -> str:
        """Its words with all numbers alike, for running heads count pages."""
        return re.sub(r"\d+", "#", self.text.lower())


def read_pdf(context: RecordContext) -> Iterator[Delivery]:
    """PDF with text: headline, paragraphs put together from the lines of its pages, and the page that each begins on.

    Raises ReadError where it has no text, is encrypted, damaged or too large, and OSError.
    """
    reader, defaults = _opened(context.document), context.defaults
    pages, notices = _pages(reader)
    information = _information(reader)
    lines = _without_heads(pages)
    stated, author = information.get("/Title", ""), information.get("/Author", "")
    is_title = not _NO_TITLE.fullmatch(stated) and len(stated) <= 300
    known_title = defaults["title"].value if "title" in defaults else stated if is_title else ""
    title = clean_line(known_title) if isinstance(known_title, str) else ""
    if title:
        lines = _without_headline(lines, title)
    else:
        title, lines = _headline_of(lines)
    body, places = paged_body(_paragraphs_of(lines))
    first = next((number for number, page in enumerate(pages, start=1) if page), 1)
    is_author = not _NO_AUTHOR.fullmatch(author)
    values: dict[str, object] = {"title": title, "text": body, "pages": places or [[first, 0]]}
    values |= {"keywords": information.get("/Keywords", ""), "language": language_tag(information.get("/Lang", ""))}
    # What is no title and no author is kept as the file has it.
    values |= {"Subject": information.get("/Subject", ""), "byline" if is_author else "Author": author}
    values |= {} if is_title else {"Title": stated}
    if "published" not in defaults and (created := _moment(information.get("/CreationDate", ""))):
        values |= {"published": created, "published_from": "the file's creation date"}
        notices.append("the file names no date; the file's creation date stands in")
    yield context.article(present(values), *notices)


def _opened(document: Document) -> PdfReader:
    data = document.read(MAX_BYTES)
    try:
        reader = PdfReader(io.BytesIO(data))
        locked = reader.is_encrypted and not reader.decrypt("")
        count = 0 if locked else len(reader.pages)
    except DependencyError:
        locked, count = True, 0
    except Exception as error:  # what a parser raises for a file that keeps no rules
        what = clean_line(str(error))[:120] or type(error).__name__
        raise ReadError(f"a whole PDF was expected, found a damaged one ({what}); deliver it again") from error
    if locked:
        raise ReadError(_ENCRYPTED)
    if not count:
        raise ReadError("a whole PDF was expected, found one without pages; deliver it again")
    if count > MAX_PAGES:
        actual = f"found {count:,}; split it, one file for each article"
        raise ReadError(f"a PDF of at most {MAX_PAGES:,} pages was expected, {actual}")
    return reader


def _pages(reader: PdfReader) -> tuple[list[list[PdfLine]], list[str]]:
    """The lines of each page, and notices of those that have none. Raises ReadError where none has any."""
    pages: list[list[PdfLine]] = []
    broken: list[int] = []
    effort: Counter[str] = Counter()  # spent on the file: a small one can be built so that reading it never ends
    characters = 0
    for number, page in enumerate(reader.pages, start=1):
        lines: list[PdfLine] = []
        try:
            lines = _lines_of(page, number, effort)
        except ReadError:
            raise
        except DependencyError:
            raise ReadError(_ENCRYPTED) from None
        except Exception:  # as above: the other pages are read
            broken.append(number)
        pages.append(lines)
        characters += sum(len(line.text) for line in lines)
        if characters > MAX_CHARACTERS:
            reason = f"at most {MAX_CHARACTERS // 1_000_000} million characters were expected, found more"
            raise ReadError(f"{reason}; split it, one file for each article")
    empty = [number for number, lines in enumerate(pages, start=1) if not lines and number not in broken]
    if len(broken) == len(pages):
        raise ReadError("a whole PDF was expected, found that no page can be read; deliver it again")
    if not any(pages):
        scanned = f"{len(empty):,} scanned page{'s' * (len(empty) != 1)}"
        raise ReadError(f"a PDF with text was expected, found {scanned} without any; run OCR (text recognition) first")
    notices = []
    for numbers, what in ((empty, "without text; run OCR (text recognition) first"), (broken, "can't be read")):
        named = ", ".join(map(str, numbers[:20])) + ("" if len(numbers) <= 20 else " and more")
        notices += [f"page{'s' * (len(numbers) > 1)} {named} {what}"] if numbers else []
    return pages, notices


def _information(reader: PdfReader) -> Mapping[str, str]:
    """The document's information and its language, what of them is text; what is damaged is none."""
    try:
        entries: dict[str, object] = dict(list((reader.metadata or {}).items())[:50])
        entries["/Lang"] = str(reader.root_object.get("/Lang", ""))
    except Exception:
        return {}
    return {str(key): clean_line(value)[:1_000] for key, value in entries.items() if isinstance(value, str)}


def _moment(text: str) -> str | None:
    """A date as PDF writes it, `D:20240312081500+01'00'`; other forms are understood too."""
    match = _DATE.match(text)
    time = f"T{match[2]}{(match[3] or '').replace(chr(39), '')}" if match and match[2] else ""
    return iso(f"{match[1]}{time}") if match else iso(text)


def _lines_of(page: PageObject, number: int, effort: Counter[str]) -> list[PdfLine]:
    """The lines that have words, in the content's order; none where its letters can't be told. Raises ReadError."""
    pieces: list[tuple[str, tuple[float, float, float]]] = []

    def note(text: str, around: Matrix, matrix: Matrix, font: object, size: float) -> None:
        a, b, c, d, e, f = around
        x, y = matrix[4] * a + matrix[5] * c + e, matrix[4] * b + matrix[5] * d + f
        scale = abs(a * d - b * c) * abs(matrix[0] * matrix[3] - matrix[1] * matrix[2])
        if text:
            pieces.append((text, (x, y, round(size * math.sqrt(scale), 1))))

    def spend(what: str, amount: int) -> None:
        effort[what] += amount
        if effort["operations"] > MAX_OPERATIONS or effort["bytes"] > MAX_CONTENT:
            reason = "a PDF of text was expected, found one that draws without end"
            raise ReadError(f"{reason}; print it anew, or give its text")

    if (contents := page.get_contents()) is not None:
        spend("bytes", len(contents.get_data()))  # before they are taken apart, which takes far more
    whole = page.extract_text(visitor_text=note, visitor_operand_before=lambda *_: spend("operations", 1))
    lines = [line for line in _lines(pieces, number) if line.text]
    if _words("".join(line.text for line in lines)) != _words(whole):
        lines = [PdfLine(text, number) for text in map(_cleaned, whole.split("\n")) if text]
    unmapped = sum(map(len, _UNMAPPED.findall(whole)))
    return [] if unmapped > MAX_UNMAPPED * len(_words(whole)) else lines


def _lines(pieces: Sequence[tuple[str, tuple[float, float, float]]], number: int) -> Iterator[PdfLine]:
    """The pieces as lines, each where its first piece that isn't blank begins."""
    text, place = "", (0.0, 0.0, 0.0)
    for piece, where in pieces:
        for count, part in enumerate(piece.split("\n")):
            if count:
                yield PdfLine(_cleaned(text), number, *place)
                text = ""
            if not text.strip() and part.strip():
                place = where
            text += part
    yield PdfLine(_cleaned(text), number, *place)


def _cleaned(text: str) -> str:
    """The soft hyphen at a line's end stays: it tells that the word goes on."""
    soft = "\xad" if re.search("\xad\\s*$", text) else ""
    return clean_line(text.translate(_LIGATURES)) + soft


def _words(text: str) -> str:
    return re.sub(r"\s+", "", text.translate(_LIGATURES))[:2_000_000]


def _without_heads(pages: Sequence[Sequence[PdfLine]]) -> list[PdfLine]:
    """All lines in order, without running heads and feet and without page numbers."""
    counted = Counter(form for page in pages for form in {line.form for line in _edges(page)})
    least = max(2, math.ceil(HEAD_SHARE * sum(map(bool, pages))))
    text: list[PdfLine] = []
    for page in pages:
        edges = _edges(page)
        repeated = [line for line in edges if len(line.text) <= MAX_HEAD and counted[line.form] >= least]
        heads = {line for line in repeated if _stands_apart(line, page, repeated)}
        heads |= {line for line in edges if (m := _PAGE_NUMBER.fullmatch(line.text)) and int(m[1]) == line.page}
        text.extend(line for line in page if line not in heads)
    return text or [line for page in pages for line in page]


def _edges(page: Sequence[PdfLine]) -> list[PdfLine]:
    by_height = sorted(page, key=lambda line: line.y)
    return list(dict.fromkeys((*page[:EDGE], *page[-EDGE:], *by_height[:EDGE], *by_height[-EDGE:])))


def _stands_apart(line: PdfLine, page: Sequence[PdfLine], repeated: Sequence[PdfLine]) -> bool:
    """True if it is no line of the text that happens to stand elsewhere too: a wider space parts it, or its letters."""
    text = [neighbour for neighbour in page if neighbour not in repeated]
    sizes = Counter(neighbour.size for neighbour in text)
    if not text or not line.size or abs(line.size - sizes.most_common(1)[0][0]) > 0.5:
        return True
    heights = sorted({round(neighbour.y, 1) for neighbour in text})
    usual = median([above - below for below, above in pairwise(heights)]) if len(heights) > 2 else line.size
    return min(abs(neighbour.y - line.y) for neighbour in text) > APART * max(usual, line.size)


def _headline_of(lines: Sequence[PdfLine]) -> tuple[str, list[PdfLine]]:
    """The first lines in letters larger than the text's, or the first line, and the lines without them."""
    size = _usual_size(lines)
    above = [line for line in lines[:MAX_ABOVE] if line.page == lines[0].page]
    start = max(range(len(above)), key=lambda place: above[place].size)
    end = start + 1
    while end < len(lines) and (lines[end].size, lines[end].page) == (lines[start].size, lines[start].page):
        end += 1
    title = join_lines([line.text for line in lines[start:end]])
    if not size or lines[start].size < LARGER * size or len(title) > MAX_TITLE // 2:
        return lines[0].text, list(lines[1:])
    return title, [*lines[:start], *lines[end:]]


def _without_headline(lines: Sequence[PdfLine], title: str) -> list[PdfLine]:
    """Without the first lines that say what the title says, over one line or several."""
    wanted = folded(title)
    for start in range(min(MAX_ABOVE, len(lines))):
        letters = ""
        for end in range(start, min(start + MAX_ABOVE, len(lines))):
            letters += folded(lines[end].text)
            if letters == wanted:
                return [*lines[:start], *lines[end + 1 :]]
            if not wanted.startswith(letters):
                break
    return list(lines)


def _paragraphs_of(lines: Sequence[PdfLine]) -> list[tuple[int, list[str]]]:
    """The lines of each paragraph, behind the page that it begins on."""
    # The distance of most lines of the text's size to the next.
    size = _usual_size(lines)
    gaps = [
        before.y - line.y
        for before, line in pairwise(lines)
        if before.page == line.page and before.size == line.size == size and before.y > line.y
    ]
    gap = median(gaps) if gaps and size else 0.0
    begins = [place for place in range(len(lines)) if not place or _begins(lines, place, gap)]
    groups = [lines[start:end] for start, end in pairwise([*begins, len(lines)])]
    return [(group[0].page, [line.text for line in group]) for group in groups]


def _begins(lines: Sequence[PdfLine], place: int, gap: float) -> bool:
    """True if a paragraph begins with a line, which is not the first. `gap` is the usual one, 0 where unknown."""
    before, line = lines[place - 1], lines[place]
    if abs(before.size - line.size) > ALIKE * max(before.size, line.size) or _ITEM.match(line.text):
        return True
    down = before.y - line.y
    if before.page != line.page or down <= 0 < gap:
        return ends_sentence(before.text)  # at the end of a page or a column
    if gap and down > WIDE_GAP * gap * max(1.0, line.size / (_usual_size(lines[place - 1 : place + 8]) or 1.0)):
        return True
    if not ends_sentence(before.text):
        return False
    # Where a line's first word would have fitted into the one above, that ended a paragraph.
    around = lines[max(0, place - 1 - NEIGHBOURS) : place + NEIGHBOURS]
    width = max(len(other.text) for other in around if abs(other.size - before.size) <= ALIKE * before.size)
    is_full = len(before.text) + 1 + len(line.text.split(" ", 1)[0]) > FULL_SHARE * width
    least, most = (share * line.size for share in INDENT)
    return (line.size > 0 and least < line.x - before.x < most) or not is_full


def _usual_size(lines: Sequence[PdfLine]) -> float:
    counted: Counter[float] = Counter()
    for line in lines:
        counted[line.size] += len(line.text)
    return counted.most_common(1)[0][0] if counted else 0.0
