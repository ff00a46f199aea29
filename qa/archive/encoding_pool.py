"""Encoding shared among processes: one reads, cuts and writes, the others encode what it hands them."""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager

from threadpoolctl import threadpool_limits

from qa.errors import ModelError
from qa.ingestion.ingest import EncodePassages
from qa.protocols import Encoder, PassageVectors, Window

FEWEST = 16
"""Passages that are worth sending to another process."""

_encoders: list[Encoder] = []
"""The encoder of this process, where it is one of those that encode."""


@contextmanager
def encoding_pool(encoder: Encoder, make: Callable[[], Encoder], *, workers: int) -> Iterator[EncodePassages]:
    """Encodes passages in as many processes as `workers` says; `make` is sent to each and makes its own encoder."""
    if workers <= 1:
        yield encoder.encode_passages
        return

    def encode(passages: Sequence[Window]) -> list[PassageVectors]:
        size = max(FEWEST, -(-len(passages) // workers))
        if len(passages) <= size:
            return encoder.encode_passages(passages)
        parts = [list(passages[start : start + size]) for start in range(0, len(passages), size)]
        try:
            return [vectors for part in pool.map(_encoded, parts) for vectors in part]
        except BrokenProcessPool as error:
            raise ModelError(
                "A process that encodes was ended, most likely for its memory: each has an encoder of its own. "
                "What was stored stays; run it again with fewer --workers."
            ) from error

    threads = max(1, (os.cpu_count() or 1) // workers)
    context = multiprocessing.get_context("spawn")  # a fork would take locked threads of the encoder along
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(make, threads)) as pool:
        yield encode


def _prepare(make: Callable[[], Encoder], threads: int) -> None:
    threadpool_limits(threads)
    _encoders.append(make())


def _encoded(passages: list[Window]) -> list[PassageVectors]:
    return _encoders[0].encode_passages(passages)
