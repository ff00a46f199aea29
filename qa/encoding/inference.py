"""How the models run: in what arithmetic, on what together, and from which weights."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Literal, TypeVar

from qa.errors import ModelError
from qa.protocols import Window

if TYPE_CHECKING:
    import torch

T = TypeVar("T")
Precision = Literal["auto", "float32", "bfloat16"]

PADDED_TO = 16  # lengths in tokens are rounded up to a multiple: oneDNN keeps for good what it compiled for each
_loading = threading.RLock()  # transformers sets the number type of the whole process while it loads


def number_type(precision: Precision) -> torch.dtype:
    """What a model's numbers are kept and computed in; for `auto` bfloat16 where the processor has it, else float32."""
    import torch

    if precision == "auto":
        capabilities = torch.cpu.get_capabilities()
        has_bfloat16 = capabilities.get("avx512_bf16") or capabilities.get("amx_bf16")
        precision = "bfloat16" if has_bfloat16 else "float32"
    return torch.bfloat16 if precision == "bfloat16" else torch.float32


@contextmanager
def loading_quietly() -> Iterator[None]:
    """One model at a time, without progress bars and reports of what a folder lacks."""
    from transformers.utils import logging

    with _loading:
        before = logging.get_verbosity()
        logging.set_verbosity_error()  # type: ignore[no-untyped-call]
        logging.disable_progress_bar()  # type: ignore[no-untyped-call]
        try:
            yield
        finally:
            logging.set_verbosity(before)


def in_batches(windows: Sequence[Window], size: int, read: Callable[[list[Window]], Iterable[T]]) -> list[T]:
    """What `read` makes of each window, in the order given; the longest are read first, so that little is padded."""
    order = sorted(range(len(windows)), key=lambda index: -len(windows[index].heading + windows[index].text))
    results: dict[int, T] = {}
    for start in range(0, len(order), size):
        indices = order[start : start + size]
        results.update(zip(indices, read([windows[index] for index in indices]), strict=True))
    return [results[index] for index in range(len(windows))]


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises ModelError where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model's weights can't be read: {error}. Reinstall the model.") from error
