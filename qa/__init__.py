"""Archive Q&A: answers questions about a news archive in the archive's own words, every sentence with its source.

from qa import open_archive

with open_archive("data") as archive:
    reply = archive.ask("How many people were arrested in Spain?")
"""

from __future__ import annotations

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from qa.archive.archive import Archive as Archive
    from qa.archive.parts import open_archive as open_archive
    from qa.models.replies import Answer as Answer
    from qa.models.replies import Citation as Citation
    from qa.models.replies import Question as Question
    from qa.models.replies import Refusal as Refusal

__all__ = ["Answer", "Archive", "Citation", "Question", "Refusal", "__version__", "open_archive"]

_MODULES = {
    "Answer": "qa.models.replies",
    "Archive": "qa.archive.archive",
    "Citation": "qa.models.replies",
    "Question": "qa.models.replies",
    "Refusal": "qa.models.replies",
    "open_archive": "qa.archive.parts",
}


def __getattr__(name: str) -> Any:
    """What is public, imported on first use: importing the package loads nothing heavy."""
    if name == "__version__":
        return version("archive-qa")
    if name not in _MODULES:
        raise AttributeError(f"module 'qa' has no attribute {name!r}")
    return getattr(import_module(_MODULES[name]), name)
