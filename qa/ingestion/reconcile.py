"""Reconciling deliveries with the store: which are new, changed, older or refused, and which source may do what."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass, field, replace

from qa.models.archive import TEASER, Metadata
from qa.models.deliveries import BY_HAND, WITHIN, Collision, Delivery, Failure, Record, Remark, WireNotice
from qa.protocols import Stored
from qa.store.archive_store import ArchiveStore

Hear = Callable[[WireNotice], bool]
"""Takes what an item says of another one of the order's source; whether that was new."""

ERASED = "it was withdrawn and erased, and is not stored again; `qa restore ID` lets it in"


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
        """The orders about another item, one for each source whose article it may mean, under the id it has there."""
        for source in (order.source, *self.notices_for.get(order.source, ())):
            yield replace(order, source=source, article_id=self.prefixes.get(source, "") + order.article_id)

    def may_take_over(self, owner: str, source: str) -> bool:
        """True if a source that reads the very file an article came from takes it over from its owner of before.

        That is the case of articles added by hand, and of sources that are no longer listed, as after a renaming.
        """
        return source != BY_HAND and owner not in self.listed


OWN_ARTICLES_ONLY = Authority()


@dataclass(frozen=True, slots=True)
class _Seen:
    """An article of this run without its text, for a run may be larger than the memory."""

    digest: str
    place: str
    metadata: Metadata
    kind: str
    source: str

    @classmethod
    def of(cls, delivery: Delivery) -> _Seen:
        article = delivery.article
        return cls(article.digest, _place(delivery), article.metadata, article.source.kind, delivery.source)


@dataclass
class Intake:
    """The tally of a run. `sorted` tells of a batch what is to be stored, and notes all the rest.

    `moved` are the paths of articles that are as they were and whose files are elsewhere; `taken_over` the sources of
    those that were another's before.
    """

    store: ArchiveStore
    authority: Authority
    added: int = 0
    updated: int = 0
    unchanged: int = 0
    older: int = 0
    passages: int = 0
    failed: list[Failure] = field(default_factory=list)
    notices: list[Failure] = field(default_factory=list)
    orders: list[WireNotice] = field(default_factory=list)
    seen: dict[str, _Seen] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    taken_over: dict[str, str] = field(default_factory=dict)

    def sorted(self, batch: Sequence[Record]) -> tuple[list[Delivery], list[Delivery]]:
        """The articles of a batch that are new or changed, and those that are older versions of what is held."""
        for record in batch:
            if isinstance(record, Failure):
                self.failed.append(record)
            elif isinstance(record, Remark):
                self.notices.append(Failure(record.path, record.line, record.text))
        deliveries = [record for record in batch if isinstance(record, Delivery)]
        ids = [delivery.article.article_id for delivery in deliveries]
        stored, erased, owners = self.store.stored(ids), self.store.erased(ids), self.store.owners(ids)
        fresh: dict[str, Delivery] = {}
        older: list[Delivery] = []
        for delivery in deliveries:
            self.notices += [Failure(delivery.path, delivery.line, notice) for notice in delivery.notices]
            article_id = delivery.article.article_id
            admitted = self._admitted(delivery, stored.get(article_id), owners)
            if admitted is None:
                continue
            if article_id in erased:
                self.unchanged += 1
                self.notices.append(Failure(delivery.path, delivery.line, ERASED))
            else:
                self._sort(admitted, stored.get(article_id), fresh, older)
        return list(fresh.values()), older

    def hear(self, orders: Sequence[WireNotice], hear: Hear) -> None:
        """Passes on what items say of other ones, but for what only another source may say."""
        targets_by_order = [list(self.authority.targets(order)) for order in orders]
        ids = [target.article_id for targets in targets_by_order for target in targets]
        owners, stored = self.store.owners(ids), self.store.stored(ids)
        for targets in targets_by_order:
            owner_of = {target.article_id: self._owner(target.article_id, owners) for target in targets}
            heeded = [target for target in targets if owner_of[target.article_id] in (None, target.source)]
            if not heeded:
                heeded = self._confirmed(targets[0], owner_of[targets[0].article_id] or "", stored)
            new = [target for target in heeded if hear(target)]
            self.orders += new[:1]

    def _confirmed(self, order: WireNotice, owner: str, stored: Mapping[str, Stored]) -> list[WireNotice]:
        place = _path_of(stored.get(order.article_id))
        collision = Collision(order.article_id, order.source, owner, notice=order.kind.value, held_at=place)
        if self.authority.confirm(collision):
            return [replace(order, source=owner)]
        self.failed.append(Failure(order.path, order.line, collision.reason))
        return []

    def _owner(self, article_id: str, owners: Mapping[str, str]) -> str | None:
        """The source that an id belongs to: in this run, or from before."""
        earlier = self.seen.get(article_id)
        return earlier.source if earlier else owners.get(article_id)

    def _admitted(self, delivery: Delivery, stored: Stored | None, owners: Mapping[str, str]) -> Delivery | None:
        """A delivery under the source that its id belongs to; None where that is another one."""
        article_id = delivery.article.article_id
        owner, earlier = self._owner(article_id, owners), self.seen.get(article_id)
        if owner is None or owner == delivery.source:
            return delivery
        if (
            stored
            and _is_same_place(stored.path, delivery.path)
            and self.authority.may_take_over(owner, delivery.source)
        ):
            self.taken_over[article_id] = delivery.source
            return delivery
        newest = earlier or stored
        if newest and newest.digest == delivery.article.digest:
            self.unchanged += 1
            return None
        collision = Collision(
            article_id, delivery.source, owner, held_at=earlier.place if earlier else _path_of(stored)
        )
        if self.authority.confirm(collision):
            return replace(delivery, source=owner)
        self.failed.append(Failure(delivery.path, delivery.line, collision.reason))
        return None

    def _sort(
        self, delivery: Delivery, stored: Stored | None, fresh: dict[str, Delivery], older: list[Delivery]
    ) -> None:
        article = delivery.article
        earlier = self.seen.get(article.article_id)
        newest = earlier or stored
        if newest and article.digest == newest.digest:
            self.unchanged += 1
            if stored and _has_moved(stored.path, delivery.path):
                self.moved[article.article_id] = delivery.path
        elif newest and article.source.kind == TEASER != newest.kind:
            self.unchanged += 1  # a feed tells less of it than is held
        elif newest and article.metadata.precedes(newest.metadata):
            older.append(delivery)
            return
        elif conflict := self._conflict(delivery, earlier, stored):
            self.failed.append(Failure(delivery.path, delivery.line, conflict))
            return
        else:
            if replaced := fresh.pop(article.article_id, None):
                older.append(replaced)
            fresh[article.article_id] = delivery
            self.seen[article.article_id] = _Seen.of(delivery)
        self.seen.setdefault(article.article_id, _Seen.of(delivery))

    def _conflict(self, delivery: Delivery, earlier: _Seen | None, stored: Stored | None) -> str | None:
        """Why the article can't have its id: another of this run has it, or a derived id is another file's."""
        article = delivery.article
        if earlier:
            if earlier.metadata.precedes(article.metadata):
                return None
            return (
                f"the id {article.article_id!r} was already used in this run by {earlier.place} for a different text: "
                "give one of them another id"
            )
        if delivery.id_is_derived and stored and stored.path and not _is_same_place(stored.path, delivery.path):
            return (
                f"the id {article.article_id!r}, made from the file's name, already belongs to {stored.path}: "
                "give this article an id of its own"
            )
        return None


def _path_of(stored: Stored | None) -> str:
    return stored.path if stored else ""


def _is_same_place(first: str, second: str) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _has_moved(before: str, now: str) -> bool:
    """True if an article's file is not where it was; two files of the same article are not a move."""
    return before != now and not os.path.exists(before.partition(WITHIN)[0])


def _place(delivery: Delivery) -> str:
    return delivery.path if delivery.line is None else f"{delivery.path}, line {delivery.line}"
