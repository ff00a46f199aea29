"""Archives that many tests ask: each is ingested once a run, and every process has a copy of its own."""

from __future__ import annotations

import pickle
import shutil
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from pathlib import Path

import portalocker

from qa.archive.archive import Archive
from qa.archive.ingesting import records
from qa.archive.parts import store_of
from qa.ingestion.ingest import Ingestion
from qa.models.deliveries import IngestReport
from qa.protocols import Encoder, Reader
from qa.settings import Settings
from qa.store.archive_store import ArchiveStore
from tests.fakes import packaged_questions

DEMO = (str(Path(__file__).parents[1] / "corpus" / "*.md"),)
"""The articles of the demo archive."""

REPORT = "report.pickle"


@dataclass(frozen=True)
class Prepared:
    """An archive open for reading, its store, and what was reported of its ingestion."""

    archive: Archive
    store: ArchiveStore
    report: IngestReport


class Archives:
    """Archives by their names. `shared` is the folder of all processes of a run, `copies` that of this one."""

    def __init__(self, shared: Path, copies: Path, encoder: Encoder, reader: Reader, stack: ExitStack) -> None:
        self._shared, self._copies = shared, copies
        self._encoder = encoder
        self._reader = reader
        self._stack = stack
        self._opened: dict[str, Prepared] = {}

    def home(self, name: str, paths: Sequence[str]) -> Path:
        """The folder of this process's copy."""
        copy = self._copies / name
        if not copy.exists():
            with portalocker.Lock(self._shared / f"{name}.lock", timeout=250):
                if not (self._shared / name / REPORT).exists():
                    report = filled(self._shared / name, paths, self._encoder)
                    (self._shared / name / REPORT).write_bytes(pickle.dumps(report))
            shutil.copytree(self._shared / name, copy)
        return copy

    def open(self, name: str, paths: Sequence[str]) -> Prepared:
        """The archive, open until the run ends."""
        if name not in self._opened:
            home = self.home(name, paths)
            store = self._stack.enter_context(store_of(Settings(home=home)))
            report = pickle.loads((home / REPORT).read_bytes())
            settings = Settings(help_text="")
            questions = packaged_questions()
            archive = Archive(store, self._encoder, self._reader, questions=questions, settings=settings)
            self._opened[name] = Prepared(archive, store, report)
        return self._opened[name]

    def demo(self) -> Prepared:
        return self.open("demo", DEMO)


def filled(home: Path, paths: Sequence[str], encoder: Encoder) -> IngestReport:
    """What is reported of ingesting the articles into a new archive."""
    with store_of(Settings(home=home), writing=True, making=True) as store:
        run = Ingestion(store, encoder)
        report = run.run(records(run, list(paths)))
        store.finish()
        return report


@contextmanager
def prepared_archives(shared: Path, copies: Path, encoder: Encoder, reader: Reader) -> Iterator[Archives]:
    shared.mkdir(parents=True, exist_ok=True)
    with ExitStack() as stack:
        yield Archives(shared, copies, encoder, reader, stack)
