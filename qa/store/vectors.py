"""The vector index: in Chroma, one append-only collection per generation, or by comparing the catalogue's vectors."""

from __future__ import annotations

import hashlib
import json
import logging
import shutil
import sqlite3
from collections.abc import Callable, Iterator, Sequence
from contextlib import closing, contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from qa.errors import SettingsError, StoreError, StoreFull
from qa.protocols import VectorIndex, Vectors
from qa.store.catalogue import Catalogue

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client

COLLECTION = "passages"
FORMER_COLLECTION = "multilingual-"
"""Archives of before had a second collection, which is dropped with its generation."""

ADD_BATCH = 2_000
READ_BATCH = 20_000
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 100, "max_neighbors": 16}}
"""Chroma's defaults, written down: on 30,000 news passages they found 50 of the 50 nearest."""

PANIC = "PanicException"
"""What Chroma's core raises at what it can't go on from; no `Exception`, and nowhere to be imported from."""

PERSISTED = "index_metadata.pickle"
"""Chroma loads a segment's files where this one is among them, and leaves them as they are until it writes again."""

_REWRITTEN = "length.bin"
"""Chroma writes it at every opening."""

FULL_SIGNS = ("disk is full", "No space left", "os error 28", "Errno 28")

_log = logging.getLogger(__name__)


class ChromaVectors:
    """A `VectorIndex`. Only the catalogue's numbers and the vectors are handed to Chroma: no word of an article."""

    def __init__(self, client: ClientAPI, *, generation: int, writes: Callable[[], None] = lambda: None) -> None:
        """`writes` is called before anything is added."""
        self._writes = writes
        with _as_store_error("opened"):
            self._collection = client.get_or_create_collection(
                f"{COLLECTION}-{generation:06d}",
                embedding_function=None,
                configuration=_CONFIGURATION,  # type: ignore[arg-type]
            )

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        self._writes()
        ids = [str(number) for number in numbers]
        for start in range(0, len(ids), ADD_BATCH):
            part = slice(start, start + ADD_BATCH)
            with _as_store_error("written"):
                self._collection.add(ids=ids[part], embeddings=vectors[part])

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        with _as_store_error("read"):
            result: Any = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"]
            )
        return [int(number) for number in result["ids"][0]]

    def read(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        with _as_store_error("read"):
            got: Any = self._collection.get(ids=[str(number) for number in numbers], include=["embeddings"])
            return [int(number) for number in got["ids"]], np.asarray(got["embeddings"], dtype=np.float32)

    def numbers(self) -> set[int]:
        total = self.count()
        numbers: set[int] = set()
        for start in range(0, total, READ_BATCH):
            with _as_store_error("read"):
                page = self._collection.get(limit=READ_BATCH, offset=start, include=[])
            numbers.update(int(number) for number in page["ids"])
        return numbers

    def count(self) -> int:
        with _as_store_error("read"):
            return int(self._collection.count())


class EmbeddedChroma:
    """Generations of the index as folders beside the catalogue: dropping one frees its disk space."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Client | None = None
        self._generation: int | None = None
        self._written = False

    def open(self, generation: int) -> ChromaVectors:
        """The index of one generation."""
        if self._client is None or generation != self._generation:
            self._client = self._opened(generation)
            self._generation = generation
        return ChromaVectors(self._client, generation=generation, writes=self._writes)

    def damage(self, generation: int) -> list[str]:
        """Files of a generation that are not as they were written."""
        path = self._path(generation)
        with _as_store_error("read"):
            return [*Manifest(path).broken(), *database_damage(path / "chroma.sqlite3")] if path.exists() else []

    def _path(self, generation: int) -> Path:
        return self._folder / f"generation-{generation:06d}"

    def _writes(self) -> None:
        if not self._written and self._generation is not None:
            Manifest(self._path(self._generation)).forget()
            self._written = True

    def _opened(self, generation: int) -> Client:
        import chromadb
        from chromadb.config import Settings

        self.close()
        path = self._path(generation)
        with _as_store_error("opened"):
            path.mkdir(parents=True, exist_ok=True)
            if broken := Manifest(path).broken():
                raise ValueError(f"{', '.join(broken)} {'is' if len(broken) == 1 else 'are'} not as written")
            client = chromadb.PersistentClient(path, settings=Settings(anonymized_telemetry=False))
        return cast("Client", client)  # its declared type has no close

    def drop_all_but(self, generation: int) -> None:
        for folder in self._folder.glob("generation-*"):
            if folder.is_dir() and folder != self._path(generation):
                shutil.rmtree(folder)

    def close(self) -> None:
        if self._client is None:
            return
        with suppress(StoreError), _as_store_error("closed"):
            client, self._client = self._client, None
            client.close()
        if self._written and self._generation is not None:
            self._written = False
            with suppress(OSError):  # without one it is opened as it is
                Manifest(self._path(self._generation)).write()


class ServedChroma:
    """Generations of the index as collections of a Chroma server, for several processes at once."""

    def __init__(self, url: str) -> None:
        import chromadb
        from chromadb.config import Settings

        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise SettingsError(f"QA_CHROMA_URL should look like http://localhost:8000, found {url!r}.")
        port = parts.port or (443 if parts.scheme == "https" else 80)
        try:
            self._client = chromadb.HttpClient(
                host=parts.hostname,
                port=port,
                ssl=parts.scheme == "https",
                settings=Settings(anonymized_telemetry=False),
            )
        except ValueError as error:
            raise StoreError(
                f"No Chroma server answers at {url}: {error}. Start one (`chroma run`) or unset QA_CHROMA_URL."
            ) from error

    def open(self, generation: int) -> ChromaVectors:
        return ChromaVectors(self._client, generation=generation)

    def damage(self, generation: int) -> list[str]:
        """The server keeps its files."""
        return []

    def drop_all_but(self, generation: int) -> None:
        for collection in self._client.list_collections():
            name = collection.name
            if name.startswith((f"{COLLECTION}-", FORMER_COLLECTION)) and not name.endswith(f"-{generation:06d}"):
                self._client.delete_collection(name)

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def _as_store_error(what: str) -> Iterator[None]:
    """Whatever goes wrong in Chroma comes out as an error of the store; it has no root of its own to catch."""
    try:
        yield
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != PANIC:
            raise
        text = str(error)
        if any(sign in text for sign in FULL_SIGNS):
            raise StoreFull(
                "The disk is full: nothing of this batch was stored. Free some space and run it again."
            ) from error
        raise StoreError(f"The vector index can't be {what}: {text}. Run `qa check --repair`.") from error


class Manifest:
    """The digests of a generation's files, in a file among them; there is none while they are written."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._file = folder / "digests.json"

    def write(self) -> None:
        written = self._file.with_suffix(".new")
        written.write_text(json.dumps(dict(self._digests()), indent=0), encoding="utf-8")
        written.replace(self._file)

    def forget(self) -> None:
        self._file.unlink(missing_ok=True)

    def broken(self) -> list[str]:
        """Files that are not as they were written; nothing where no manifest was written. Raises OSError."""
        if not self._file.exists():
            return []
        try:
            noted = json.loads(self._file.read_bytes())
            expected = {str(name): str(digest) for name, digest in noted.items()}
        except (ValueError, AttributeError):
            return [self._file.name]
        current = dict(self._digests())
        return sorted(name for name in {*expected, *current} if expected.get(name) != current.get(name))

    def _digests(self) -> Iterator[tuple[str, str]]:
        for metadata in sorted(self._folder.rglob(PERSISTED)):
            for path in sorted(metadata.parent.iterdir()):
                if path.name != _REWRITTEN:
                    with path.open("rb") as file:
                        yield str(path.relative_to(self._folder)), hashlib.file_digest(file, "sha256").hexdigest()


def database_damage(path: Path) -> list[str]:
    """What SQLite's own check finds wrong with a file that another program keeps."""
    if not path.exists():
        return [f"{path.name} is missing"]
    try:
        with closing(sqlite3.connect(f"{path.absolute().as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute("PRAGMA integrity_check").fetchall()
    except (sqlite3.Error, UnicodeDecodeError) as error:  # the latter where a damaged name stands in the former
        return [f"{path.name}: {error}"]
    return [f"{path.name}: {row[0]}" for row in rows if row[0] != "ok"]


class ExhaustiveIndex:
    """A `VectorIndex` that compares all of the catalogue's vectors: exact, without files; 17 ms for 3,600 passages."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue
        self._cached: tuple[tuple[int, int], list[int], Vectors] | None = None

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        """They are in the catalogue already."""

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        numbers, vectors = self._current()
        if not numbers:
            return []
        best = np.argsort(-(vectors @ vector), kind="stable")[:limit]
        return [numbers[place] for place in best]

    def read(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        return self._catalogue.vectors(numbers)

    def numbers(self) -> set[int]:
        return set(self._current()[0])

    def count(self) -> int:
        return len(self._current()[0])

    def _current(self) -> tuple[list[int], Vectors]:
        numbers = self._catalogue.numbers()
        state = (len(numbers), numbers[-1] if numbers else 0)
        if self._cached is None or self._cached[0] != state:
            self._cached = (state, *self._catalogue.vectors(numbers))
        return self._cached[1], self._cached[2]


class ExhaustiveGenerations:
    """Generations of an archive that can't be written: nothing is opened, vectors are compared."""

    def __init__(self, catalogue: Catalogue) -> None:
        self._catalogue = catalogue

    def open(self, generation: int) -> ExhaustiveIndex:
        return ExhaustiveIndex(self._catalogue)

    def damage(self, generation: int) -> list[str]:
        return []

    def drop_all_but(self, generation: int) -> None:
        """There is none."""

    def close(self) -> None:
        """Nothing is held."""


class FallbackIndex:
    """The index that is searched: that of the archive or, where it is damaged, the catalogue's vectors."""

    def __init__(self, catalogue: Catalogue, index: Callable[[], VectorIndex]) -> None:
        self._index = index
        self._exhaustive = ExhaustiveIndex(catalogue)
        self._logged = False

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        try:
            return self._index().nearest(vector, limit=limit)
        except StoreFull:
            raise
        except StoreError as error:
            if not self._logged:
                self._logged = True
                _log.error("Vectors are compared one by one, which is slower: %s", error)
            return self._exhaustive.nearest(vector, limit=limit)
