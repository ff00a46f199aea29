"""A runnable whose stream grows towards its last value, which is what invoking it gives."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Callable, Iterator
from typing import Any, TypeVar

from langchain_core.runnables import RunnableConfig, RunnableGenerator

Input = TypeVar("Input")
Output = TypeVar("Output")


class _End:
    """Stands behind the last value: StopIteration can't be raised into a coroutine."""


class LastOf(RunnableGenerator[Input, Output]):
    """Streams what a generator yields; `invoke` and `batch`, and their async twins, give the last of it.

    A plain RunnableGenerator adds its pieces up: right for text, wrong for answers that each replace the one before.
    """

    def __init__(self, grow: Callable[[Iterator[Input]], Iterator[Output]], *, name: str) -> None:
        super().__init__(grow, _in_threads(grow), name=name)

    def invoke(self, input: Input, config: RunnableConfig | None = None, **kwargs: Any) -> Output:
        return deque(self.stream(input, config, **kwargs), maxlen=1)[0]

    async def ainvoke(self, input: Input, config: RunnableConfig | None = None, **kwargs: Any) -> Output:
        values = [value async for value in self.astream(input, config, **kwargs)]
        return values[-1]


def _next(growing: Iterator[Output]) -> Output | _End:
    return next(growing, _End())


def _in_threads(
    grow: Callable[[Iterator[Input]], Iterator[Output]],
) -> Callable[[AsyncIterator[Input]], AsyncIterator[Output]]:
    """The same generator for an event loop that must not wait: each step is taken in a thread."""

    async def agrow(inputs: AsyncIterator[Input]) -> AsyncIterator[Output]:
        async for turn in inputs:
            growing = grow(iter((turn,)))
            while not isinstance(value := await asyncio.to_thread(_next, growing), _End):
                yield value

    return agrow
