"""Writes what training changed as the package keeps it: matrices in 8 bits with a scale a row, the rest float16."""

import hashlib
from collections.abc import Mapping
from pathlib import Path

import torch
from safetensors.torch import save_file

LARGEST = 127
SHARE_BEFORE = 1 / 3
"""Share of the weights that training went on from: the mean was better than either (docs/evaluation/reader.md)."""


def quantized(name: str, tensor: torch.Tensor) -> dict[str, torch.Tensor]:
    """A tensor as it is kept: two for a large matrix, one for anything else."""
    if tensor.dim() < 2 or tensor.shape[0] < 8:
        return {name: tensor.half().contiguous()}
    scale = tensor.float().abs().amax(dim=1).clamp(min=1e-12) / LARGEST
    values = (tensor.float() / scale[:, None]).round().clamp(-LARGEST, LARGEST).to(torch.int8)
    return {name: values.contiguous(), f"{name}.scale": scale.contiguous()}


def export(checkpoint: Path, out: Path, *, before: Mapping[str, torch.Tensor] | None = None) -> str:
    """The SHA-256 of the file written; `before` are weights that training went on from, to be averaged with its own."""
    state = torch.load(checkpoint, weights_only=True)["state"]
    if before:
        state = {name: tensor.float().lerp(before[name], SHARE_BEFORE) for name, tensor in state.items()}
    tensors = {key: value for name, tensor in state.items() for key, value in quantized(name, tensor).items()}
    save_file(tensors, out)
    return hashlib.sha256(out.read_bytes()).hexdigest()
