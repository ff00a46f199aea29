"""Reconciling deliveries with the store: which are new, changed, older or refused, and which source may do what."""

import os
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import TypeVar

from qa.models.archive import BY_HAND, TEASER
from qa.models.deliveries import (
    WITHIN,
    Collision,
    Delivery,
    Failure,
    IngestReport,
    Record,
    Remark,
    WireNotice,
    place_text,
)
from qa.protocols import Stored
from qa.store.archive_store import ArchiveStore

Hear = Callable[[WireNotice], bool]
"""Takes what an item says of another one of the order's source; whether that was new."""

Owned = TypeVar("Owned", Delivery, WireNotice)

ERASED = "it was withdrawn and erased, and is not stored again; `qa restore ID` lets it in"


@dataclass(frozen=True)
class Authority:
    """The rules of a run. As made without any, a source acts on its own articles alone.

    `prefixes` are what the ids of each listed source begin with, `notices_for` the further sources whose articles a
    source's notices act on. `confirm` is asked of each collision whether it is to be let through.
    """

    prefixes: Mapping[str, str] = field(default_factory=dict)
    notices_for: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    confirm: Callable[[Collision], bool] = lambda collision: False

    def targets(self, order: WireNotice) -> Iterator[WireNotice]:
        """The orders about another item, one for each source whose article it may mean, under the id it has there."""
        for source in (order.source, *self.notices_for.get(order.source, ())):
            yield replace(order, source=source, article_id=self.prefixes.get(source, "") + order.article_id)

    def may_take_over(self, owner: str, source: str) -> bool:
        """Whether a source takes over articles of the files that it reads: where their owner is listed no longer."""
        return source != BY_HAND and owner not in self.prefixes


OWN_ARTICLES_ONLY = Authority()


@dataclass(frozen=True, slots=True)
class _Seen(Stored):
    """An article of this run without its text, for a run may be larger than the memory; its path may name a line."""

    source: str = BY_HAND


@dataclass
class Intake:
    """Tells of each batch of a run what is to be stored, and notes all the rest in the report.

    `moved` are the paths of articles of a batch that are as they were and whose files are elsewhere; `taken_over` the
    sources of those that were another's before.
    """

    store: ArchiveStore
    authority: Authority
    report: IngestReport
    seen: dict[str, _Seen] = field(default_factory=dict)
    moved: dict[str, str] = field(default_factory=dict)
    taken_over: dict[str, str] = field(default_factory=dict)

    def sorted(self, batch: Sequence[Record]) -> tuple[list[Delivery], list[Delivery]]:
        """The articles of a batch that are new or changed, and those that are older versions of what is held."""
        ids = [record.article.article_id for record in batch if isinstance(record, Delivery)]
        stored, erased, owners = self.store.stored(ids), self.store.erased(ids), self.store.owners(ids)
        fresh: dict[str, Delivery] = {}
        older: list[Delivery] = []
        for record in batch:
            match record:
                case Failure():
                    self.report.failed.append(record)
                case Remark(path, line, text):
                    self.report.notices.append(Failure(path, line, text))
                case Delivery(article=article):
                    name = article.article_id
                    self.report.notices += [Failure(record.path, record.line, notice) for notice in record.notices]
                    for delivery in self._admitted(record, stored.get(name), self._owner(name, owners)):
                        if name in erased:
                            self.report.unchanged += 1
                            self.report.notices.append(Failure(record.path, record.line, ERASED))
                        else:
                            self._sort(delivery, stored.get(name), fresh, older)
        if self.taken_over:
            self.store.reassign(self.taken_over)
            self.taken_over = {}
        if self.moved:
            self.store.relocate(self.moved)
            self.moved = {}
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
                first, owner = targets[0], owner_of[targets[0].article_id] or ""
                collision = Collision(first.article_id, first.source, owner, notice=first.kind.value)
                heeded = self._let_through(first, collision, stored.get(first.article_id))
            self.report.orders += [target for target in heeded if hear(target)][:1]

    def _owner(self, article_id: str, owners: Mapping[str, str]) -> str | None:
        """The source that an id belongs to: in this run, or from before."""
        earlier = self.seen.get(article_id)
        return earlier.source if earlier else owners.get(article_id)

    def _let_through(self, record: Owned, collision: Collision, stored: Stored | None) -> list[Owned]:
        """What names an article of another source, under that, where it may; else it is a failure."""
        collision = replace(collision, held_at=stored.path if stored else "")
        if self.authority.confirm(collision):
            return [replace(record, source=collision.owner)]
        self.report.failed.append(Failure(record.path, record.line, collision.reason))
        return []

    def _admitted(self, delivery: Delivery, stored: Stored | None, owner: str | None) -> list[Delivery]:
        """A delivery under the source that its id belongs to; empty where that is another one."""
        if owner is None or owner == delivery.source:
            return [delivery]
        name = delivery.article.article_id
        is_its_file = stored and _is_same_place(stored.path, delivery.path)
        if is_its_file and self.authority.may_take_over(owner, delivery.source):
            self.taken_over[name] = delivery.source
            return [delivery]
        newest = self.seen.get(name) or stored
        if newest and newest.digest == delivery.article.digest:
            self.report.unchanged += 1
            return []
        return self._let_through(delivery, Collision(name, delivery.source, owner), newest)

    def _sort(
        self, delivery: Delivery, stored: Stored | None, fresh: dict[str, Delivery], older: list[Delivery]
    ) -> None:
        article, place = delivery.article, place_text(delivery.path, delivery.line)
        arrived = _Seen(article.digest, place, article.metadata, article.source.kind, delivery.source)
        earlier = self.seen.get(article.article_id)
        newest = earlier or stored
        if newest and article.digest == newest.digest:
            self.report.unchanged += 1
            if stored and _has_moved(stored.path, delivery.path):
                self.moved[article.article_id] = delivery.path
        elif newest and article.source.kind == TEASER != newest.kind:
            self.report.unchanged += 1  # a feed tells less of it than is held
        elif newest and article.metadata.precedes(newest.metadata):
            older.append(delivery)
            return
        elif conflict := _conflict(delivery, earlier, stored):
            self.report.failed.append(Failure(delivery.path, delivery.line, conflict))
            return
        else:
            if replaced := fresh.pop(article.article_id, None):
                older.append(replaced)
            fresh[article.article_id] = delivery
            self.seen[article.article_id] = arrived
        self.seen.setdefault(article.article_id, arrived)


def _conflict(delivery: Delivery, earlier: _Seen | None, stored: Stored | None) -> str | None:
    """Why the article can't have its id: another of this run has it, or a derived id is another file's."""
    article = delivery.article
    if earlier:
        if earlier.metadata.precedes(article.metadata):
            return None
        return (
            f"the id {article.article_id!r} was already used in this run by {earlier.path} for a different text: "
            "give one of them another id"
        )
    if delivery.id_is_derived and stored and stored.path and not _is_same_place(stored.path, delivery.path):
        return (
            f"the id {article.article_id!r}, made from the file's name, already belongs to {stored.path}: "
            "give this article an id of its own"
        )
    return None


def _is_same_place(first: str, second: str) -> bool:
    return os.path.realpath(first) == os.path.realpath(second)


def _has_moved(before: str, now: str) -> bool:
    """True if an article's file is not where it was; two files of the same article are not a move."""
    return before != now and not os.path.exists(before.partition(WITHIN)[0])
