"""ZIP files as they can be opened: their lists of members bounded, and laid down first where that is needed."""

from __future__ import annotations

import io
import struct
from tempfile import SpooledTemporaryFile
from typing import IO
from zipfile import BadZipFile, ZipFile

from qa.errors import ReadError
from qa.loaders.documents import Document

MAX_MEMBERS = 1_000_000
MAX_DIRECTORY = 400 * MAX_MEMBERS  # bytes of the list of members at the end, which is held whole
MAX_NESTED = 5_000_000_000  # bytes of a ZIP file inside something else, which has to be laid down to be read
HELD = 20_000_000  # bytes of such a one that stay in memory
_TAIL = 65_557  # bytes in which the end of the directory stands: its record and the longest comment
ADVICE = "pack it anew, or deliver it again"


def movable(document: Document) -> IO[bytes]:
    """The bytes so that they can be read from the end: those of a member are laid down first, without a name."""
    if document.depth == 0:
        return document.open()
    laid: IO[bytes] = SpooledTemporaryFile(max_size=HELD)  # noqa: SIM115 – the caller closes it
    size = 0
    with document.open() as stream:
        while piece := stream.read(1 << 20):
            size += len(piece)
            if size > MAX_NESTED:
                reason = f"a ZIP file of at most {MAX_NESTED // 1_000_000_000} GB within another was expected"
                raise ReadError(f"{reason}, found a larger one; unpack it yourself", path=document.place)
            laid.write(piece)
    laid.seek(0)
    return laid


def opened(stream: IO[bytes], place: str) -> ZipFile:
    """Raises ReadError for what is no whole ZIP file."""
    try:
        if _directory_bytes(stream) > MAX_DIRECTORY:
            reason = f"at most {MAX_MEMBERS:,} members were expected, found a longer list; pack them in parts"
            raise ReadError(reason, path=place)
        return ZipFile(stream)
    except (BadZipFile, EOFError, struct.error, ValueError, NotImplementedError, IndexError) as error:
        what = " ".join(str(error).split())[:200]
        reason = f"a whole ZIP file was expected, found that it breaks off or is damaged ({what}); {ADVICE}"
        raise ReadError(reason, path=place) from error


def _directory_bytes(stream: IO[bytes]) -> int:
    """What the end of the file says of how long the list of members is."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - _TAIL - 100))
    tail = stream.read()
    end = tail.rfind(b"PK\x05\x06")
    if end < 0 or len(tail) < end + 22:
        raise BadZipFile("no list of its members at the end")
    length: int = struct.unpack_from("<L", tail, end + 12)[0]
    large = tail.rfind(b"PK\x06\x06", 0, end)
    if length == 0xFFFFFFFF and large >= 0 and len(tail) >= large + 48:
        length = struct.unpack_from("<Q", tail, large + 40)[0]
    return length
