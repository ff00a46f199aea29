"""The rooms behind the page, as one value: what the web application is given of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from qa.models.notices import NoticeEntry
from qa.review.accounts import Accounts
from qa.review.archive_work import ArchiveWork
from qa.review.desk import CheckDesk
from qa.review.overrides import StaffOverrides
from qa.store.journal.opening import Journal

if TYPE_CHECKING:
    from qa.review.openid import Provider  # its client is an extra, which most archives don't need


@dataclass(frozen=True, slots=True)
class Office:
    """The journal, who may enter, and what is done there; `history` gives all notices, oldest first.

    `provider` is where the staff may sign in elsewhere, if there is one.
    """

    journal: Journal
    accounts: Accounts
    desk: CheckDesk
    overrides: StaffOverrides
    work: ArchiveWork
    history: Callable[[], Sequence[NoticeEntry]]
    provider: Provider | None = None
