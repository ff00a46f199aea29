"""The registry of formats: what each is called, how it is recognised, and what reads it; the first that does has it."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass

from qa.errors import ReadError
from qa.loaders.containers import unpack_crawl, unpack_wacz, unpack_zip
from qa.loaders.documents import BROKEN, Document
from qa.loaders.feed import read_feed
from qa.loaders.mail import read_mail, unpack_mailbox
from qa.loaders.metadata import RecordContext
from qa.loaders.news_items import read_nitf, unpack_other_xml
from qa.loaders.newsml import G2_ROOTS, read_newsml1, read_newsml_g2
from qa.loaders.newspaper_issue import ROOTS as PAGES
from qa.loaders.newspaper_issue import read_newspaper
from qa.loaders.pdf import read_pdf
from qa.loaders.records import read_csv, read_json, read_json_lines
from qa.loaders.sniffing import FileHead
from qa.loaders.text_files import read_markdown, read_plain_text
from qa.loaders.web_page import read_web_page
from qa.models.deliveries import Record


@dataclass(frozen=True, slots=True)
class FileFormat:
    """A format, and what reads it; of a container `read` yields the documents in it, which are read in turn."""

    name: str
    endings: tuple[str, ...]  # of its files' names
    recognises: Callable[[FileHead], bool]
    read: Callable[[RecordContext], Iterator[Record | Document]]
    many: bool = True  # it may hold more than one article
    by_name: bool = False  # the endings tell it, whatever the content

    @property
    def description(self) -> str:
        """One sentence about its content."""
        return (self.read.__doc__ or "").strip().splitlines()[0]


FORMATS: tuple[FileFormat, ...] = (
    FileFormat("warc", (".warc", ".arc"), lambda head: head.is_crawl, unpack_crawl),
    FileFormat("wacz", (".wacz",), lambda head: False, unpack_wacz, by_name=True),
    FileFormat("zip", (".zip",), lambda head: head.is_zip, unpack_zip, by_name=True),
    FileFormat("pdf", (".pdf",), lambda head: head.is_pdf, read_pdf, many=False, by_name=True),
    FileFormat("newspaper", (".mets.xml", ".alto.xml"), lambda head: head.root in PAGES, read_newspaper),
    FileFormat("jsonl", (".jsonl", ".ndjson"), lambda head: head.is_json_lines, read_json_lines, by_name=True),
    FileFormat("json", (".json",), lambda head: head.is_json, read_json),
    FileFormat("feed", (".rss", ".atom"), lambda head: head.root in ("rss", "feed", "rdf", "channel"), read_feed),
    FileFormat("html", (".html", ".htm", ".xhtml"), lambda head: head.is_html, read_web_page, many=False),
    FileFormat("mbox", (".mbox",), lambda head: head.is_mbox, unpack_mailbox),
    FileFormat("mail", (".eml",), lambda head: head.is_mail, read_mail, many=False, by_name=True),
    FileFormat("csv", (".csv", ".tsv"), lambda head: head.is_table, read_csv, by_name=True),
    FileFormat(
        "markdown", (".md", ".markdown"), lambda head: head.has_front_matter, read_markdown, many=False, by_name=True
    ),
    FileFormat("nitf", (".nitf", ".nitf.xml"), lambda head: head.root == "nitf", read_nitf, many=False),
    FileFormat("newsml-g2", (".newsml",), lambda head: head.root in G2_ROOTS, read_newsml_g2),
    FileFormat("newsml1", (".newsml",), lambda head: head.root == "newsml", read_newsml1),
    # Behind all others that are XML.
    FileFormat("xml", (".xml",), lambda head: head.is_xml, unpack_other_xml),
    FileFormat("text", (".txt", ".text"), lambda head: False, read_plain_text, many=False),
)
BY_NAME = {file_format.name: file_format for file_format in FORMATS}
ENDINGS = (*(ending for file_format in FORMATS for ending in file_format.endings), ".gz")


def recognise(document: Document) -> FileFormat:
    """The format of a document, by how it starts; what can't be told apart by that, by its name. Raises OSError."""
    head = FileHead(document)
    named = [file_format for file_format in FORMATS if head.name.endswith(file_format.endings)]
    fitting = (entry for entry in FORMATS if entry.recognises(head) or (entry.by_name and entry in named))
    return next(fitting, None) or next(iter(named), BY_NAME["text"])


def is_known(document: Document) -> bool:
    """True if a file of a folder is to be read: by its ending, by how it starts, or to say why it can't be."""
    try:
        return document.name.lower().endswith(ENDINGS) or recognise(document).name != "text"
    except (ReadError, OSError, *BROKEN):
        return True
