"""The vector index, in Chroma: one collection per generation, append-only."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast
from urllib.parse import urlsplit

import numpy as np

from qa.errors import SettingsError, StoreError, StoreFull
from qa.protocols import Vectors
from qa.store.manifest import Manifest, database_damage
from qa.store.queries import FIRST, MULTILINGUAL

if TYPE_CHECKING:
    from chromadb.api import ClientAPI
    from chromadb.api.client import Client

ADD_BATCH = 2_000
READ_BATCH = 20_000
_CONFIGURATION = {"hnsw": {"space": "cosine", "ef_construction": 100, "ef_search": 100, "max_neighbors": 16}}
"""Chroma's defaults, written down: on 30,000 news passages they found 50 of the 50 nearest."""

PANIC = "PanicException"
"""What Chroma's core raises at what it can't go on from; no `Exception`, and nowhere to be imported from."""

FULL_SIGNS = ("disk is full", "No space left", "os error 28", "Errno 28")


class ChromaVectors:
    """A `VectorIndex`. Only the catalogue's numbers and the vectors are handed to Chroma: no word of an article."""

    def __init__(
        self, client: ClientAPI, *, generation: int, space: str = FIRST, writes: Callable[[], None] = lambda: None
    ) -> None:
        """`writes` is called before anything is added."""
        self._writes = writes
        with _told("opened"):
            self._collection = client.get_or_create_collection(
                f"{space}-{generation:06d}",
                embedding_function=None,
                configuration=_CONFIGURATION,  # type: ignore[arg-type]
            )

    def add(self, numbers: Sequence[int], vectors: Vectors) -> None:
        self._writes()
        ids = [str(number) for number in numbers]
        for start in range(0, len(ids), ADD_BATCH):
            part = slice(start, start + ADD_BATCH)
            with _told("written"):
                self._collection.add(ids=ids[part], embeddings=vectors[part])

    def nearest(self, vector: Vectors, *, limit: int) -> list[int]:
        with _told("read"):
            found: Any = self._collection.query(
                query_embeddings=vector.reshape(1, -1), n_results=limit, include=["distances"]
            )
        return [int(number) for number in found["ids"][0]]

    def read(self, numbers: Sequence[int]) -> tuple[list[int], Vectors]:
        with _told("read"):
            got: Any = self._collection.get(ids=[str(number) for number in numbers], include=["embeddings"])
            return [int(number) for number in got["ids"]], np.asarray(got["embeddings"], dtype=np.float32)

    def numbers(self) -> set[int]:
        total = self.count()
        numbers: set[int] = set()
        for start in range(0, total, READ_BATCH):
            with _told("read"):
                page = self._collection.get(limit=READ_BATCH, offset=start, include=[])
            numbers.update(int(number) for number in page["ids"])
        return numbers

    def count(self) -> int:
        with _told("read"):
            return int(self._collection.count())


class EmbeddedChroma:
    """Generations of the index as folders beside the catalogue: dropping one frees its disk space."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._client: Client | None = None
        self._generation: int | None = None
        self._written = False

    def open(self, generation: int, space: str = FIRST) -> ChromaVectors:
        """The index of one generation over the vectors of one encoder; those of one generation share its folder."""
        if self._client is None or generation != self._generation:
            self._client = self._opened(generation)
            self._generation = generation
        return ChromaVectors(self._client, generation=generation, space=space, writes=self._writes)

    def damage(self, generation: int) -> list[str]:
        """Files of a generation that are not as they were written."""
        path = self._path(generation)
        with _told("read"):
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
        with _told("opened"):
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
        with suppress(StoreError), _told("closed"):
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

    def open(self, generation: int, space: str = FIRST) -> ChromaVectors:
        return ChromaVectors(self._client, generation=generation, space=space)

    def damage(self, generation: int) -> list[str]:
        """The server keeps its files."""
        return []

    def drop_all_but(self, generation: int) -> None:
        for collection in self._client.list_collections():
            name = collection.name
            if name.startswith((f"{FIRST}-", f"{MULTILINGUAL}-")) and not name.endswith(f"-{generation:06d}"):
                self._client.delete_collection(name)

    def close(self) -> None:
        """Nothing is held."""


@contextmanager
def _told(what: str) -> Iterator[None]:
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
