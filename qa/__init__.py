"""Archive Q&A: answers questions about a news archive in the archive's own words, every sentence with its source.

from qa import open_archive

with open_archive("data") as archive:
    reply = archive.ask("How many people were arrested in Spain?")
"""

from importlib import import_module
from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from qa.models.replies import Answer, Citation, Question, Refusal

if TYPE_CHECKING:
    from qa.archive.archive import Archive
    from qa.archive.parts import open_archive

__all__ = ["Answer", "Archive", "Citation", "Question", "Refusal", "__version__", "open_archive"]


def __getattr__(name: str) -> Any:
    """What is imported on first use: importing the package loads nothing heavy."""
    if name == "__version__":
        return version("archive-qa")
    if module := {"Archive": "qa.archive.archive", "open_archive": "qa.archive.parts"}.get(name):
        return getattr(import_module(module), name)
    raise AttributeError(f"module 'qa' has no attribute {name!r}")
