"""The archive's own JSON Lines: all that is known of an article, in one line each, to be read back as the same."""

from __future__ import annotations

import json

from qa.export.facts import NO_HEADLINE, extra_of, facts_of
from qa.models.archive import Article


def line_of(article: Article) -> str:
    """One JSON object without a line break in it."""
    record = {**facts_of(article), **extra_of(article), **facts_of(article)}
    if not article.body and article.source.title == NO_HEADLINE:
        record |= {"title": "", "text": ""}
    return json.dumps(record, ensure_ascii=False)
