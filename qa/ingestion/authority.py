"""Which source may act on whose articles."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Set
from dataclasses import dataclass, field, replace

from qa.models.deliveries import BY_HAND, Collision, WireNotice


@dataclass(frozen=True)
class Authority:
    """The rules of a run. As made without any, a source acts on its own articles alone.

    `listed` are the sources that there are, `prefixes` what their ids begin with, `notices_for` the further sources
    whose articles a source's notices act on. `confirm` is asked of each collision whether it is to be let through.
    """

    listed: Set[str] = frozenset()
    prefixes: Mapping[str, str] = field(default_factory=dict)
    notices_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: Callable[[Collision], bool] = lambda collision: False

    def targets(self, order: WireNotice) -> Iterator[WireNotice]:
        """What an item says of another one, for each source whose article it may mean, under the id it has there."""
        for source in (order.source, *self.notices_for.get(order.source, ())):
            yield replace(order, source=source, article_id=self.prefixes.get(source, "") + order.article_id)

    def may_take_over(self, owner: str, source: str) -> bool:
        """Whether a source that reads the very file an article came from takes it over from its owner of before.

        That is the case of articles added by hand, and of sources that are no longer listed, as after a renaming.
        """
        return source != BY_HAND and owner not in self.listed


OWN_ARTICLES_ONLY = Authority()
