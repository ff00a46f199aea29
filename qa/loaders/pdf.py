"""PDF with text: headline, paragraphs put together from the lines of its pages, and the page that each begins on."""

import io
import logging
import re
from collections.abc import Iterator, Mapping

from pypdf import PdfReader
from pypdf.errors import DependencyError

from qa.errors import ReadError
from qa.loaders import pdf_layout
from qa.loaders.documents import Document
from qa.loaders.fields import iso, language_tag
from qa.loaders.metadata import Facts, RecordContext, present
from qa.loaders.names import NAMES, any_of
from qa.loaders.paragraphs import paged_body
from qa.loaders.pdf_layout import PdfEffort, PdfLine
from qa.models.deliveries import Delivery
from qa.text.cleaning import clean_line

MAX_BYTES = 50_000_000
MAX_PAGES = 2_000
MAX_CHARACTERS = 20_000_000
MAX_NAMED = 20  # of the pages that a notice lists

_ENCRYPTED = "a PDF without a password was expected, found an encrypted one; save it without"
FROM_FILE = "the file's creation date"

_DATE = re.compile(r"(?:D:)?(\d{8})(\d{6}|\d{4})?(Z|[+-]\d\d'?\d\d)?", re.ASCII)
_NO_TITLE, _NO_AUTHOR = any_of(NAMES["pdf"]["no_title"]), any_of(NAMES["pdf"]["no_author"])

# It tells of each small fault of a file; what matters is told by the article's notices.
logging.getLogger("pypdf").setLevel(logging.CRITICAL)


def read_pdf(document: Document, *, defaults: Facts) -> Iterator[Delivery]:
    """PDF with text: headline, paragraphs put together from the lines of its pages, and the page that each begins on.

    Raises ReadError where it has no text, is encrypted, damaged or too large, and OSError.
    """
    reader = _opened(document)
    pages, notices = _pages(reader)
    information = _information(reader)
    lines = pdf_layout.without_heads(pages)
    stated, author = information.get("/Title", ""), information.get("/Author", "")
    is_title = not _NO_TITLE.fullmatch(stated) and len(stated) <= 300
    known_title = defaults["title"].value if "title" in defaults else stated if is_title else ""
    title = clean_line(known_title) if isinstance(known_title, str) else ""
    if title:
        lines = pdf_layout.without_headline(lines, title)
    else:
        title, lines = pdf_layout.headline_of(lines)
    body, places = paged_body(pdf_layout.paragraphs_of(lines))
    first = next((number for number, page in enumerate(pages, start=1) if page), 1)
    is_author = not _NO_AUTHOR.fullmatch(author)
    values: dict[str, object] = {
        "title": title,
        "text": body,
        "pages": places or [[first, 0]],
        "byline": author if is_author else "",
        "keywords": information.get("/Keywords", ""),
        "language": language_tag(information.get("/Lang", "")),
        # What is no title and no author.
        "Subject": information.get("/Subject", ""),
        "Author": "" if is_author else author,
        "Title": "" if is_title else stated,
    }
    if "published" not in defaults and (created := _moment(information.get("/CreationDate", ""))):
        values |= {"published": created, "published_from": FROM_FILE}
        notices.append(f"the file names no date; {FROM_FILE} stands in")
    yield RecordContext(document, defaults).article(present(values), *notices)


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
    effort = PdfEffort()
    for number, page in enumerate(reader.pages, start=1):
        lines: list[PdfLine] = []
        try:
            lines = pdf_layout.lines_of(page, number, effort)
        except ReadError:
            raise
        except DependencyError:
            raise ReadError(_ENCRYPTED) from None
        except Exception:  # as above: the other pages are read
            broken.append(number)
        pages.append(lines)
        effort.characters += sum(len(line.text) for line in lines)
        if effort.characters > MAX_CHARACTERS:
            reason = f"at most {MAX_CHARACTERS // 1_000_000} million characters were expected, found more"
            raise ReadError(f"{reason}; split it, one file for each article")
    empty = [number for number, lines in enumerate(pages, start=1) if not lines and number not in broken]
    if len(broken) == len(pages):
        raise ReadError("a whole PDF was expected, found that no page can be read; deliver it again")
    if not any(pages):
        scanned = f"{len(empty):,} scanned page{'s' * (len(empty) != 1)}"
        reason = f"a PDF with text was expected, found {scanned} without any; run OCR (text recognition) first"
        raise ReadError(reason)
    notices = []
    for numbers, what in ((empty, "without text; run OCR (text recognition) first"), (broken, "can't be read")):
        named = ", ".join(map(str, numbers[:MAX_NAMED])) + ("" if len(numbers) <= MAX_NAMED else " and more")
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
