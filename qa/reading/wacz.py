"""Web archives packed as WACZ: a ZIP file with the records of a crawl in its folder `archive`."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterable, Iterator
from functools import partial
from typing import IO

from qa.domain.deliveries import Failure, Remark
from qa.errors import ReadError
from qa.reading.documents import Document

DESCRIBED_IN = "datapackage.json"
MAX_CRAWLS = 10_000
_CRAWL = re.compile(r"archive/[^/]+\.(?:warc|arc)(?:\.gz)?", re.IGNORECASE)


def is_wacz(names: Iterable[str]) -> bool:
    """Whether a ZIP file with members of these names is one."""
    known = set(names)
    return DESCRIBED_IN in known and any(_CRAWL.fullmatch(name) for name in known)


def unpack_wacz(document: Document) -> Iterator[Document | Failure | Remark]:
    """Its crawls, in order. Raises ReadError for a broken ZIP file or one without crawls, and OSError."""
    try:
        with document.open() as stream, zipfile.ZipFile(stream) as packed:
            crawls = sorted(name for name in packed.namelist() if _CRAWL.fullmatch(name))
    except (zipfile.BadZipFile, NotImplementedError) as error:
        reason = f"a whole WACZ file was expected, found that it is broken ({error}); deliver it again"
        raise ReadError(reason, path=document.place) from None
    if not crawls:
        raise ReadError("a WACZ file with crawls was expected, found none in it; deliver it again", path=document.place)
    for name in crawls[:MAX_CRAWLS]:
        yield document.member(name, partial(_open, document, name))


class _Member(io.BufferedReader):
    """A member's bytes; the file that it is in is closed with it."""

    def __init__(self, member: IO[bytes], outer: IO[bytes]) -> None:
        super().__init__(member)  # type: ignore[arg-type]
        self._outer = outer

    def close(self) -> None:
        super().close()
        self._outer.close()


def _open(document: Document, name: str) -> IO[bytes]:
    """Raises ReadError where the member is damaged or needs a password, and OSError."""
    outer = document.open()
    try:
        return _Member(zipfile.ZipFile(outer).open(name), outer)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, KeyError) as error:
        outer.close()
        reason = f"a readable {name} was expected, found that it is not ({error}); deliver the file again"
        raise ReadError(reason, path=document.place) from None
