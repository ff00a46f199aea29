"""Other processes, to be killed or to be met at work: each begins as a copy of one in which libraries are loaded."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from multiprocessing import get_context
from multiprocessing.connection import Connection
from multiprocessing.context import ForkServerProcess

_CONTEXT = get_context("forkserver")
_CONTEXT.set_forkserver_preload(["chromadb", "qa.ingestion.ingest", "qa.store.document_store", "tests.fakes"])


@contextmanager
def another(work: Callable[..., None], *arguments: object) -> Iterator[tuple[ForkServerProcess, Connection]]:
    """A process that does the work, and a pipe to it, of which the work is given the other end last.

    When the block ends the pipe is closed, which ends work that reads from it; after a minute it is killed.
    """
    ours, theirs = _CONTEXT.Pipe()
    process = _CONTEXT.Process(target=work, args=(*arguments, theirs))
    process.start()
    theirs.close()
    try:
        yield process, ours
    finally:
        ours.close()
        process.join(60)
        process.kill()
        process.join()
