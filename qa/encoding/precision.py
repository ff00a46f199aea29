"""The arithmetic of a model: as narrow as the processor computes well in."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from torch import nn

Precision = Literal["auto", "float32", "bfloat16", "int8"]


def chosen(precision: Precision, *, otherwise: Precision) -> Precision:
    """The precision itself; for `auto` bfloat16 where the processor has it."""
    import torch

    if precision != "auto":
        return precision
    capabilities = torch.cpu.get_capabilities() if hasattr(torch.cpu, "get_capabilities") else {}
    return "bfloat16" if capabilities.get("avx512_bf16") or capabilities.get("amx_bf16") else otherwise


def reduced(model: nn.Module, precision: Precision, *, otherwise: Precision) -> nn.Module:
    """The model in that precision; for `auto` without bfloat16 in the `otherwise`.

    Eight bits are for matrices alone, each row with a scale of its own. Vectors in bfloat16 are those in float32 to a
    cosine of .9999, in int8 to .985 to .99 only.
    """
    import warnings

    import torch

    precision = chosen(precision, otherwise=otherwise)
    if precision == "bfloat16":
        return model.to(torch.bfloat16)
    if precision == "int8":
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # torch moves this to a package of its own, which is not needed for it
            from torch.ao.quantization import per_channel_dynamic_qconfig, quantize_dynamic

            quantize: Callable[..., nn.Module] = quantize_dynamic
            return quantize(model, {torch.nn.Linear: per_channel_dynamic_qconfig}, dtype=torch.qint8)
    return model


@contextmanager
def quiet_transformers() -> Iterator[None]:
    """Keeps progress bars and reports of what a folder lacks out of the answers of the command line."""
    from transformers.utils import logging

    before = logging.get_verbosity()
    logging.set_verbosity_error()  # type: ignore[no-untyped-call]
    logging.disable_progress_bar()  # type: ignore[no-untyped-call]
    try:
        yield
    finally:
        logging.set_verbosity(before)
