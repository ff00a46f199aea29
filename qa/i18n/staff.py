"""Texts for values shown to the staff: roles, states, kinds of notices and of reports."""

from __future__ import annotations

from enum import StrEnum

from qa.i18n.forms import number
from qa.i18n.locale import N_, _, pgettext
from qa.i18n.locale import pgettext_noop as _c
from qa.models.journal import Channel, Grade, QuestionKind, ReportKind, Role, State
from qa.models.notices import NoticeKind
from qa.models.replies import SURE
from qa.models.support import Verdict

CONTEXTS: dict[type[StrEnum], str] = {
    Role: "role", State: "state", NoticeKind: "notice", ReportKind: "report", Channel: "channel", Verdict: "verdict",
    Grade: "grade", QuestionKind: "question",
}  # fmt: skip
"""What the words of each kind of value stand for, as the catalogues name it."""

VALUES = (
    _c("role", "reader"), _c("role", "checker"), _c("role", "editor"), _c("role", "admin"),
    _c("state", "open"), _c("state", "approved"), _c("state", "edited"),
    _c("state", "withheld"), _c("notice", "correction"), _c("notice", "withdrawal"),
    _c("notice", "erasure"), _c("notice", "embargo"), _c("notice", "restoration"),
    _c("report", "wrong"), _c("report", "not in source"), _c("report", "out of date"),
    _c("report", "names person"), _c("report", "other"), _c("report", "helpful"),
    _c("report", "unhelpful"), _c("channel", "page"),
    _c("channel", "api"), _c("channel", "embed"), _c("channel", "command"),
    _c("channel", "mcp"), _c("channel", "staff"), _c("verdict", "supported"),
    _c("verdict", "partly"), _c("verdict", "unsupported"), _c("grade", "right"), _c("grade", "wrong"),
    _c("grade", "refused"), _c("grade", "no verdict"), _c("question", "wide"), _c("question", "who"),
    _c("question", "when"), _c("question", "where"), _c("question", "how many"), _c("question", "why"),
    _c("question", "how"), _c("question", "what"), _c("question", "other"),
)  # fmt: skip

REFUSALS = (
    N_("The journal holds no such question. It may have been deleted after its time was over."),
    N_("There is nothing to restore: readers see it already."),
    N_("It is withdrawn or withheld. Restore it first, or leave it: an embargo would end by itself."),
    N_("The embargo would be over already. Give a moment that is still to come."),
)
"""Refusals of the journal and the book of notices, which know no catalogue."""


def value_words(value: StrEnum) -> str:
    """A value in the current locale."""
    return pgettext(CONTEXTS[type(value)], value.value.replace("_", " "))


def likelihood_words(likelihood: float) -> str:
    """Whether a sentence answers, in words and as a number from 0 to 1."""
    words = N_("probably answers ({number})") if likelihood >= SURE else N_("may not answer ({number})")
    return _(words, number=number(round(likelihood, 2)))
