"""Web archives packed as WACZ: a ZIP file with the records of a crawl in its folder `archive`."""

from __future__ import annotations

import io
import re
from collections.abc import Iterable, Iterator
from contextlib import ExitStack
from functools import partial
from typing import IO
from zipfile import ZipFile, ZipInfo

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.zip_members import MemberStream
from qa.loaders.zip_opening import movable, opened
from qa.models.deliveries import WITHIN, Failure, Remark

DESCRIBED_IN = "datapackage.json"
MAX_CRAWLS = 10_000
_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)


def is_wacz(names: Iterable[str]) -> bool:
    """Whether a ZIP file with members of these names is one."""
    known = set(names)
    return DESCRIBED_IN in known and any(_CRAWL.fullmatch(name) for name in known)


def unpack_wacz(document: Document) -> Iterator[Document | Failure | Remark]:
    """Its crawls, in order, each to be read before the next is asked for.

    Raises ReadError for a broken ZIP file or one without crawls, and OSError.
    """
    with ExitStack() as open_files:
        stream = open_files.enter_context(movable(document))
        archive = open_files.enter_context(opened(stream, document.place))
        crawls = {info.filename: info for info in archive.infolist() if _CRAWL.fullmatch(info.filename)}
        if not crawls:
            reason = "a WACZ file with crawls was expected, found none in it; deliver it again"
            raise ReadError(reason, path=document.place)
        for name in sorted(crawls)[:MAX_CRAWLS]:
            place = f"{document.place}{WITHIN}{name}"
            yield document.member(name, partial(_open, archive, crawls[name], place))


def _open(archive: ZipFile, info: ZipInfo, place: str) -> IO[bytes]:
    """Raises ReadError where the member is damaged or needs a password, then or when it is read."""
    return io.BufferedReader(MemberStream(archive, info, path=place), 1 << 16)
