"""The registry of formats: what each is called, how it is recognised, and what reads it; the first that does has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.loaders.crawl import unpack_crawl
from qa.loaders.csv_table import read_csv
from qa.loaders.documents import Document
from qa.loaders.feed import ROOTS as FEEDS
from qa.loaders.feed import read_feed
from qa.loaders.json_file import read_json, read_json_lines
from qa.loaders.mail import read_mail, unpack_mailbox
from qa.loaders.markdown import read_markdown
from qa.loaders.news_items import read_nitf, unpack_other_xml
from qa.loaders.newsml import G2_ROOTS, read_newsml1, read_newsml_g2
from qa.loaders.newspaper_issue import ROOTS as PAGES
from qa.loaders.newspaper_issue import read_newspaper
from qa.loaders.pdf import read_pdf
from qa.loaders.plain_text import read_plain_text
from qa.loaders.sniffing import FileHead
from qa.loaders.web_page import read_web_page
from qa.loaders.zip_file import unpack_wacz, unpack_zip
from qa.models.deliveries import Failure, Record, Remark

Reader = Callable[..., Iterator[Record]]
"""(document, *, defaults) → its records. Raises ReadError and OSError where the whole document can't be read."""

Unpacker = Callable[[Document], Iterator[Document | Failure | Remark]]
"""A container's members."""


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format: read by `read`, or, a container, opened by `unpack`. `many`: it may hold more than one article.

    `endings` are those of its files' names; `by_name`: they tell the format, whatever the content.
    """

    name: str
    endings: tuple[str, ...]
    recognises: Callable[[FileHead], bool]
    read: Reader | None = None
    unpack: Unpacker | None = None
    many: bool = True
    by_name: bool = False

    def fits(self, head: FileHead) -> bool:
        return self.recognises(head) or (self.by_name and head.name.endswith(self.endings))

    @property
    def description(self) -> str:
        """One sentence about its content."""
        return ((self.read or self.unpack).__doc__ or "").strip().splitlines()[0]


def _unpack_zip(document: Document) -> Iterator[Document | Failure | Remark]:
    """A ZIP file is read as the files that it holds, in the order of their names."""
    return unpack_zip(document, is_known=is_known)


FORMATS: tuple[FileFormat, ...] = (
    FileFormat("warc", (".warc", ".arc"), lambda head: head.starts(b"WARC/", b"filedesc://"), unpack=unpack_crawl),
    FileFormat("wacz", (".wacz",), lambda head: False, unpack=unpack_wacz, by_name=True),
    FileFormat(
        "zip", (".zip",), lambda head: head.starts(b"PK\x03\x04", b"PK\x05\x06"), None, _unpack_zip, by_name=True
    ),
    FileFormat("pdf", (".pdf",), lambda head: head.is_pdf, read_pdf, many=False, by_name=True),
    FileFormat("newspaper", (".mets.xml", ".alto.xml"), lambda head: head.root in PAGES, read_newspaper),
    FileFormat("jsonl", (".jsonl", ".ndjson"), lambda head: head.is_json_lines, read_json_lines, by_name=True),
    FileFormat("json", (".json",), lambda head: head.is_json, read_json),
    FileFormat("feed", (".rss", ".atom"), lambda head: head.root in FEEDS, read_feed),
    FileFormat("html", (".html", ".htm", ".xhtml"), lambda head: head.is_html, read_web_page, many=False),
    FileFormat("mbox", (".mbox",), lambda head: head.is_mbox, unpack=unpack_mailbox),
    FileFormat("mail", (".eml",), lambda head: head.is_mail, read_mail, many=False, by_name=True),
    FileFormat("csv", (".csv", ".tsv"), lambda head: head.is_table, read_csv, by_name=True),
    FileFormat(
        "markdown", (".md", ".markdown"), lambda head: head.has_front_matter, read_markdown, many=False, by_name=True
    ),
    FileFormat("nitf", (".nitf", ".nitf.xml"), lambda head: head.root == "nitf", read_nitf, many=False),
    FileFormat("newsml-g2", (".newsml",), lambda head: head.root in G2_ROOTS, read_newsml_g2),
    FileFormat("newsml1", (".newsml",), lambda head: head.root == "newsml", read_newsml1),
    # Behind all others that are XML.
    FileFormat("xml", (".xml",), lambda head: head.is_xml, unpack=unpack_other_xml),
    FileFormat("text", (".txt", ".text"), lambda head: False, read_plain_text, many=False),
)

BY_NAME = {file_format.name: file_format for file_format in FORMATS}
TEXT = BY_NAME["text"]
ENDINGS = (*(ending for file_format in FORMATS for ending in file_format.endings), ".gz")


def recognise(document: Document) -> FileFormat:
    """The format of a document, by how it starts; what can't be told apart by that, by its name. Raises OSError."""
    head = FileHead.of(document)
    by_content = (file_format for file_format in FORMATS if file_format.fits(head))
    by_name = (file_format for file_format in FORMATS if head.name.endswith(file_format.endings))
    return next(by_content, None) or next(by_name, TEXT)


def is_known(document: Document) -> bool:
    """True if a file of a folder is to be read: by its ending, or by how it starts. Raises OSError."""
    return document.name.lower().endswith(ENDINGS) or recognise(document) is not TEXT
