"""Words for what is kept as a value and shown at the staff desk: roles, states, kinds of notices and of reports."""

from __future__ import annotations

from enum import StrEnum

from qa.i18n.speaking import noted, noted_of, said_of
from qa.models.journal import Channel
from qa.models.notices import NoticeKind
from qa.models.reviews import ReportKind, State
from qa.models.staff import Role
from qa.models.support import Verdict

CONTEXTS: dict[type[StrEnum], str] = {
    Role: "role", State: "state", NoticeKind: "notice", ReportKind: "report", Channel: "channel", Verdict: "verdict",
}  # fmt: skip
"""What the words of each kind of value stand for, as the catalogues name it."""

VALUES = (
    noted_of("role", "reader"), noted_of("role", "checker"), noted_of("role", "editor"), noted_of("role", "admin"),
    noted_of("state", "open"), noted_of("state", "approved"), noted_of("state", "edited"),
    noted_of("state", "withheld"), noted_of("notice", "correction"), noted_of("notice", "withdrawal"),
    noted_of("notice", "erasure"), noted_of("notice", "embargo"), noted_of("notice", "restoration"),
    noted_of("report", "wrong"), noted_of("report", "not in source"), noted_of("report", "out of date"),
    noted_of("report", "names person"), noted_of("report", "other"), noted_of("channel", "page"),
    noted_of("channel", "api"), noted_of("channel", "embed"), noted_of("channel", "command"),
    noted_of("channel", "mcp"), noted_of("channel", "staff"), noted_of("verdict", "supported"),
    noted_of("verdict", "partly"), noted_of("verdict", "unsupported"),
)  # fmt: skip

REFUSALS = (
    noted("The journal holds no such question. It may have been deleted after its time was over."),
    noted("There is nothing to restore: readers see it already."),
    noted("It is withdrawn or withheld. Restore it first, or leave it: an embargo would end by itself."),
    noted("The embargo would be over already. Give a moment that is still to come."),
)
"""What the journal and the book of notices, which know no catalogue, refuse with."""


def value_words(value: StrEnum) -> str:
    """A value in the language that is spoken."""
    return said_of(CONTEXTS[type(value)], value.value.replace("_", " "))
