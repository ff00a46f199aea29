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
from qa.protocols import Encoder, PassageVectors, Vectors, Window

FEWEST = 16
"""Passages that are worth sending to another process."""

_encoders: list[Encoder] = []
"""The encoder of this process, where it is one of those that encode."""


class SharedEncoder:
    """An `Encoder` whose passages are encoded by other processes, each with an encoder of its own."""

    def __init__(self, encoder: Encoder, pool: ProcessPoolExecutor, *, workers: int) -> None:
        self._encoder = encoder
        self._pool = pool
        self._workers = workers

    @property
    def fingerprint(self) -> str:
        return self._encoder.fingerprint

    @property
    def dimension(self) -> int:
        return self._encoder.dimension

    @property
    def max_tokens(self) -> int:
        return self._encoder.max_tokens

    def count_tokens(self, texts: Sequence[str]) -> list[int]:
        return self._encoder.count_tokens(texts)

    def encode(self, texts: Sequence[str]) -> Vectors:
        return self._encoder.encode(texts)

    def encode_question(self, text: str) -> Vectors:
        return self._encoder.encode_question(text)

    def encode_passages(self, passages: Sequence[Window]) -> list[PassageVectors]:
        size = max(FEWEST, -(-len(passages) // self._workers))
        if len(passages) <= size:
            return self._encoder.encode_passages(passages)
        parts = [list(passages[start : start + size]) for start in range(0, len(passages), size)]
        try:
            return [vectors for part in self._pool.map(_encoded, parts) for vectors in part]
        except BrokenProcessPool as error:
            raise ModelError(
                "A process that encodes was ended, most likely for its memory: each has an encoder of its own. "
                "What was stored stays; run it again with fewer --workers."
            ) from error


@contextmanager
def shared_encoder(encoder: Encoder, make: Callable[[], Encoder], *, workers: int) -> Iterator[Encoder]:
    """The encoder, over as many processes as `workers` says; `make` is sent to each and makes its own."""
    if workers <= 1:
        yield encoder
        return
    threads = max(1, (os.cpu_count() or 1) // workers)
    context = multiprocessing.get_context("spawn")  # a fork would take locked threads of the encoder along
    with ProcessPoolExecutor(workers, mp_context=context, initializer=_prepare, initargs=(make, threads)) as pool:
        yield SharedEncoder(encoder, pool, workers=workers)


def _prepare(make: Callable[[], Encoder], threads: int) -> None:
    threadpool_limits(threads)
    _encoders.append(make())


def _encoded(passages: list[Window]) -> list[PassageVectors]:
    return _encoders[0].encode_passages(passages)
