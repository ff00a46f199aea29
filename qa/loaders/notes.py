"""Files that lie beside articles and are none: notes such as README.md, and lists of questions."""

from __future__ import annotations

import os

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.json_lines import holds_questions
from qa.loaders.markdown import has_front_matter

MARKDOWN = (".md", ".markdown")
QUESTIONS = (".jsonl", ".ndjson")


def is_note(document: Document) -> bool:
    """README.md, SOURCES.md and the like: a name in capitals, and no front matter; and lists of questions."""
    stem, suffix = os.path.splitext(document.name)
    named_so = stem.isupper() or stem.lower() == "readme"
    try:
        if suffix.lower() in QUESTIONS:
            return holds_questions(document.start())
        return suffix.lower() in MARKDOWN and named_so and not has_front_matter(document.start())
    except (OSError, ReadError):
        return False  # reading it will say why
