"""Generations of the vector index in Chroma, a collection each, that nobody writes any more once they are built."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import sqlite3
import struct
from collections.abc import Iterable, Iterator
from contextlib import ExitStack, closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from qa.errors import ArchiveError, StoreBusy, StoreError, StoreFull
from qa.protocols import Vectors
from qa.store.locking import folder_lock
from qa.store.sqlite_file import DISK_FULL, integrity_problems

if TYPE_CHECKING:
    from chromadb import Collection
    from chromadb.api.client import Client

DATABASE, DIGESTS, COLLECTION = "chroma.sqlite3", "digests.json", "passages"
_HNSW = {"space": "cosine", "ef_construction": 100, "ef_search": 400, "max_neighbors": 16}
"""Of 300 questions on 30,190 news passages all ten nearest are found for 98%, for 93% by Chroma's defaults (100, 100,
16), which are a millisecond quicker. (A graph built more carefully, 200, leaves ones that are all alike unreached.)"""


class ChromaVectors:
    """Numbers and unit vectors, no word of an article; `held` keeps it open, and is closed with it."""

    def __init__(self, collection: Collection, held: ExitStack) -> None:
        self._collection, self._held = collection, held

    def __del__(self) -> None:
        with suppress(Exception):  # nobody is left who could be told
            self._held.close()

    def nearest(self, vector: Vectors, *, limit: int) -> list[tuple[int, float]]:
        """Numbers with cosines, nearest first."""
        with _as_store_error("read"):
            query = vector.reshape(1, -1)
            result: Any = self._collection.query(query_embeddings=query, n_results=limit, include=["distances"])
        numbers, distances = map(int, result["ids"][0]), result["distances"][0]
        return [(number, 1 - distance) for number, distance in zip(numbers, distances, strict=True)]

    def numbers(self) -> set[int]:
        with _as_store_error("read"):
            return {int(number) for number in self._collection.get(include=[])["ids"]}


def _fill(client: Client, name: str, vectors: Iterable[tuple[list[int], Vectors]], *, size: int) -> None:
    """Makes a collection, which Chroma indexes in its files once all is in it: what it had not, readers would."""
    threshold = max(size, 1)
    configuration = {"hnsw": {**_HNSW, "sync_threshold": threshold, "batch_size": min(threshold, 100)}}
    collection = client.create_collection(name, embedding_function=None, configuration=cast("Any", configuration))
    added: Vectors | None = None
    for numbers, part in vectors:
        if numbers:
            collection.add(ids=[str(number) for number in numbers], embeddings=part)
            added = part
    if added is not None:
        collection.query(query_embeddings=added[:1], n_results=1)  # it is answered when all is indexed


class EmbeddedChroma:
    """Generations as folders that any number of processes read; a lock keeps those that are open from being deleted."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def open(self, generation: int) -> ChromaVectors:
        """One that was built, for reading. Raises StoreError."""
        path = self._path(generation)
        with ExitStack() as stack, _as_store_error("opened"):
            if not path.is_dir():
                raise ValueError(f"{path.name} is missing")
            stack.enter_context(folder_lock(self._folder, alone=False, lock=f"{path.name}.lock"))
            if broken := _broken_files(path):
                raise ValueError(f"{', '.join(broken)} {'is' if len(broken) == 1 else 'are'} not as written")
            client = stack.enter_context(closing(_client(path)))
            collection = client.get_collection(_name(generation), embedding_function=None)
            return ChromaVectors(collection, stack.pop_all())

    def build(self, generation: int, vectors: Iterable[tuple[list[int], Vectors]], *, size: int) -> None:
        """Makes one of at most `size` numbered vectors; nothing of it is left where that fails. Raises StoreError."""
        path = self._path(generation)
        shutil.rmtree(path, ignore_errors=True)  # of a process that died
        try:
            with _as_store_error("written"):
                path.mkdir(parents=True)
                with closing(_client(path)) as client:
                    _fill(client, _name(generation), vectors, size=size)
                with closing(sqlite3.connect(path / DATABASE)) as database:
                    database.execute("VACUUM")  # what was written before it was indexed, four times its size
                _blank_unused(path)
                for file in path.rglob("*"):
                    flush(file)
                # Written last, when all of them are on the disk.
                (path / DIGESTS).write_text(json.dumps(_digests(path), indent=0), encoding="utf-8")
                flush(path / DIGESTS)
                flush(path)
        except BaseException:
            shutil.rmtree(path, ignore_errors=True)
            raise

    def damage(self, generation: int) -> list[str]:
        """What is wrong with the files of a generation, as far as that is to be seen. Raises StoreError."""
        path = self._path(generation)
        with _as_store_error("read"):
            return [*_broken_files(path), *integrity_problems(path / DATABASE)] if path.exists() else []

    def drop_all_but(self, generation: int) -> str:
        """Deletes the others; who has one of them open, which stays, empty where nobody has."""
        in_use = ""
        advice = "It goes on to the newest vectors when it is asked next; a page that is served does by itself."
        for path in self._folder.glob("generation-*"):
            if not path.is_dir() or path == self._path(generation):
                continue
            try:
                with folder_lock(self._folder, alone=True, lock=f"{path.name}.lock", advice=advice):
                    shutil.rmtree(path)
                    path.with_name(f"{path.name}.lock").unlink(missing_ok=True)
            except StoreBusy as error:
                in_use = str(error)
        return in_use

    def _path(self, generation: int) -> Path:
        return self._folder / f"generation-{generation:06d}"


def _client(path: Path) -> Client:
    import chromadb

    settings = chromadb.config.Settings(anonymized_telemetry=False)
    return cast("Client", chromadb.PersistentClient(path, settings=settings))  # its declared type has no close


def _name(generation: int) -> str:
    return f"{COLLECTION}-{generation:06d}"


@contextmanager
def _as_store_error(what: str) -> Iterator[None]:
    """Whatever goes wrong in Chroma comes out as an error of the store; it has no root of its own to catch."""
    try:
        yield
    except BaseException as error:
        chromas = isinstance(error, Exception) and not isinstance(error, ArchiveError)
        # What its core raises at what it can't go on from is no `Exception`, and is nowhere to be imported from.
        if not chromas and type(error).__name__ != "PanicException":
            raise
        text = str(error)
        if any(sign in text for sign in ("disk is full", "No space left", "os error 28", "Errno 28")):
            raise StoreFull(DISK_FULL) from error
        raise StoreError(f"The vector index can't be {what}: {text}. Run `qa check --repair`.") from error


def _blank_unused(folder: Path) -> None:
    """Zeroes the places of an index without a vector yet, which hold what was in memory: words of an erased article."""
    for header in folder.glob("*/header.bin"):
        # Its version, where the first vector begins, places, places taken, bytes of a place.
        _, _, places, taken, size = struct.unpack_from("<iQQQQ", header.read_bytes())
        with header.with_name("data_level0.bin").open("r+b") as file:
            if file.seek(0, os.SEEK_END) == places * size:
                file.truncate(taken * size)
                file.truncate(places * size)


def _broken_files(folder: Path) -> list[str]:
    """Files of a generation that are not as they were written, as far as that is known. Raises OSError."""
    if not _is_text(folder / DATABASE):
        return [DATABASE]
    if not (folder / DIGESTS).exists():
        return []
    try:
        expected = dict(json.loads((folder / DIGESTS).read_bytes()))
    except (ValueError, TypeError):
        return [DIGESTS]
    current = _digests(folder)
    return sorted(str(name) for name in {*expected, *current} if expected.get(name) != current.get(name))


def _is_text(database: Path) -> bool:
    """Whether what Chroma reads as text at opening is text: where it isn't, Chroma ends the whole process."""
    try:
        with closing(sqlite3.connect(f"{database.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            tables = [name for (name,) in connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'")]
            for table in ("sqlite_master", *(name for name in tables if not name.startswith("embedding"))):
                connection.execute(f'SELECT * FROM "{table}"').fetchall()
    except (sqlite3.Error, UnicodeDecodeError):
        return False
    return True


def _digests(folder: Path) -> dict[str, str]:
    # Chroma loads the files of a segment where that one is among them, and leaves them as they are until it writes
    # again, but for one, which it writes at every opening.
    segments = [file.parent for file in folder.rglob("index_metadata.pickle")]
    files = [path for segment in segments for path in segment.iterdir() if path.name != "length.bin"]
    return {str(path.relative_to(folder)): digest_of(path) for path in sorted(files)}


def digest_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def flush(path: Path) -> None:
    """Has the system write a file, or a folder's list of files, to the disk."""
    if path.is_dir() and os.name == "nt":  # which opens no folder
        return
    descriptor = os.open(path, os.O_RDONLY if path.is_dir() else os.O_RDWR)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
