"""Sources of articles: whose an article is, and what happens where one source names the article of another."""

from __future__ import annotations

from dataclasses import dataclass

BY_HAND = ""
"""The source of articles that no source of `archive.toml` delivered."""


@dataclass(frozen=True, slots=True)
class Collision:
    """An item that names an article of another source: by its own id, or by what it says of that article.

    `source` is the item's, `owner` the article's; `notice` is the kind of what the item says, empty where it would
    replace the article. `held_at` is the path that the article was read from, empty where it is no longer held.
    """

    article_id: str
    source: str
    owner: str
    notice: str = ""
    held_at: str = ""

    @property
    def reason(self) -> str:
        """What was left undone, and what to do."""
        undone = f"{self.found}; the {self.notice} is not heeded" if self.notice else f"{self.found}; nothing is stored"
        return f"{undone}: {self._remedy}"

    @property
    def found(self) -> str:
        """Which id belongs to which source."""
        place = f" (read from {self.held_at})" if self.held_at else " (no longer held)"
        return f"the id {self.article_id!r} belongs to an article of {source_named(self.owner)}{place}"

    @property
    def _remedy(self) -> str:
        if self.source == BY_HAND:
            return "`qa ingest --replace` does it all the same"
        if self.notice:
            named = f"name {self.owner!r} in its notices_for" if self.owner else "take it back by `qa withdraw`"
            return f"if notices of {source_named(self.source)} count for it, {named}"
        other = f"give the item another id, or {source_named(self.source)} an id_prefix in archive.toml"
        if self.owner == BY_HAND and self.held_at:
            return f"{other}; if it is the same article, take the one held out by `qa remove` first"
        return other


def source_named(source: str) -> str:
    """A source as people are told of it."""
    return f"the source {source!r}" if source else "what was added by hand"
