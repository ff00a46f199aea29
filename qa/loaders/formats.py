"""The formats that archives come in: what each is called, how it is recognised, and what reads it.

A new format: a file beside this one, and one entry in `FORMATS`. The first that recognises a file has it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import ModuleType

from qa.loaders import (
    crawl,
    csv_table,
    feed,
    json_file,
    json_lines,
    mail,
    mailbox_file,
    markdown,
    newsml1,
    newsml_g2,
    newspaper_issue,
    nitf,
    other_xml,
    pdf,
    plain_text,
    wacz,
    web_page,
    zip_file,
)
from qa.loaders.crawl import unpack_crawl
from qa.loaders.csv_table import read_csv
from qa.loaders.documents import Document
from qa.loaders.feed import ROOTS, read_feed
from qa.loaders.json_file import read_json
from qa.loaders.json_lines import read_json_lines
from qa.loaders.mail import read_mail
from qa.loaders.mailbox_file import unpack_mailbox
from qa.loaders.markdown import read_markdown
from qa.loaders.newsml1 import read_newsml1
from qa.loaders.newsml_g2 import ROOTS as G2_ROOTS
from qa.loaders.newsml_g2 import read_newsml_g2
from qa.loaders.newspaper_issue import read_newspaper
from qa.loaders.nitf import read_nitf
from qa.loaders.other_xml import is_other_xml, unpack_other_xml
from qa.loaders.pdf import read_pdf
from qa.loaders.plain_text import read_plain_text
from qa.loaders.starts import Start
from qa.loaders.wacz import unpack_wacz
from qa.loaders.web_page import read_web_page
from qa.loaders.zip_file import unpack_zip
from qa.models.deliveries import Failure, Record, Remark

Read = Callable[..., Iterator[Record]]
"""(document, *, beneath) → its records. Raises ReadError and OSError where the whole document can't be read."""

Unpack = Callable[[Document], Iterator[Document | Failure | Remark]]
"""A container's members."""


@dataclass(frozen=True, slots=True)
class Format:
    """Read by `read`, or, a container, opened by `unpack`. `many`: it may hold more than one article.

    `endings` are those of its files' names; `module` says in its docstring what it holds.
    """

    name: str
    endings: tuple[str, ...]
    module: ModuleType
    recognises: Callable[[Start], bool]
    read: Read | None = None
    unpack: Unpack | None = None
    many: bool = False


_SCANS = ("mets", "alto")


def _unpack_zip(document: Document) -> Iterator[Document | Failure | Remark]:
    return unpack_zip(document, is_known=is_known)


FORMATS: tuple[Format, ...] = (
    Format("warc", (".warc", ".arc"), crawl, lambda start: start.is_crawl, unpack=unpack_crawl, many=True),
    Format("wacz", (".wacz",), wacz, lambda start: start.is_wacz, unpack=unpack_wacz, many=True),
    Format("zip", (".zip",), zip_file, lambda start: start.is_zip, unpack=_unpack_zip, many=True),
    Format("pdf", (".pdf",), pdf, lambda start: start.is_pdf, read=read_pdf),
    Format(
        "newspaper",
        (".mets.xml", ".alto.xml"),
        newspaper_issue,
        lambda start: start.root in _SCANS,
        read=read_newspaper,
        many=True,
    ),
    Format("json", (".json",), json_file, lambda start: start.is_json, read=read_json, many=True),
    Format(
        "jsonl", (".jsonl", ".ndjson"), json_lines, lambda start: start.is_json_lines, read=read_json_lines, many=True
    ),
    Format("feed", (".rss", ".atom"), feed, lambda start: start.root in ROOTS, read=read_feed, many=True),
    Format("html", (".html", ".htm", ".xhtml"), web_page, lambda start: start.is_html, read=read_web_page),
    Format("mbox", (".mbox",), mailbox_file, lambda start: start.is_mbox, unpack=unpack_mailbox, many=True),
    Format("mail", (".eml",), mail, lambda start: start.is_mail, read=read_mail),
    Format("csv", (".csv", ".tsv"), csv_table, lambda start: start.is_table, read=read_csv, many=True),
    Format("markdown", (".md", ".markdown"), markdown, lambda start: start.is_markdown, read=read_markdown),
    Format("nitf", (".nitf", ".nitf.xml"), nitf, lambda start: start.root == "nitf", read=read_nitf),
    Format("newsml-g2", (".newsml",), newsml_g2, lambda start: start.root in G2_ROOTS, read=read_newsml_g2, many=True),
    Format("newsml1", (".newsml",), newsml1, lambda start: start.root == "newsml", read=read_newsml1, many=True),
    # Behind all others that are XML.
    Format("xml", (".xml",), other_xml, is_other_xml, unpack=unpack_other_xml, many=True),
    Format("text", (".txt", ".text"), plain_text, lambda start: False, read=read_plain_text),
)

BY_NAME = {format.name: format for format in FORMATS}
TEXT = BY_NAME["text"]
ENDINGS = (*(ending for format in FORMATS for ending in format.endings), ".gz")


def recognise(document: Document) -> Format:
    """The format of a document, by how it starts; what can't be told apart by that, by its name. Raises OSError."""
    start = Start(document.name.lower(), document.start())
    by_content = (format for format in FORMATS if format.recognises(start))
    by_name = (format for format in FORMATS if start.name.endswith(format.endings))
    return next(by_content, None) or next(by_name, TEXT)


def is_known(document: Document) -> bool:
    """Whether a file of a folder is to be read: by its ending, or by how it starts. Raises OSError."""
    return document.name.lower().endswith(ENDINGS) or recognise(document) is not TEXT
