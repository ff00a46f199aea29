"""Texts for values shown to the staff: roles, states, kinds of notices and of reports, what a model used and cost."""

import math
from enum import StrEnum

from qa.i18n.forms import number
from qa.i18n.locale import N_, _, current_locale, ngettext, pgettext
from qa.models.deliveries import NoticeKind
from qa.models.journal import Channel, Grade, QuestionKind, ReportKind, Role, State
from qa.models.replies import SURE
from qa.models.support import CheckStep, Support, Usage, Verdict

CONTEXTS: dict[type[StrEnum], str] = {
    Role: "role", State: "state", NoticeKind: "notice", ReportKind: "report", Channel: "channel", Verdict: "verdict",
    Grade: "grade", QuestionKind: "question",
}  # fmt: skip
"""What the words of each kind of value stand for, as the catalogues name it."""
EVEN = 0.5  # likelihood from which a sentence is borne out rather than not
_STOPPED = {
    CheckStep.FACTS: N_("Stopped where numbers, dates, names and stages are compared."),
    CheckStep.SUPPORT: N_("Stopped by the model that weighs what sources say."),
    CheckStep.JUDGE: N_("Stopped by the language model itself, asked again without the question."),
}
REFUSALS = (
    N_("The journal holds no such question. It may have been deleted after its time was over."),
    N_("There is nothing to restore: readers see it already."),
    N_("It is withdrawn or withheld. Restore it first, or leave it: an embargo would end by itself."),
    N_("The embargo would be over already. Give a moment that is still to come."),
    N_("It has this correction already."),
    N_("A correction can't be of a day that is still to come."),
    N_("The staff made no such correction. Give the words of one, as `qa notices` has them."),
)
"""Refusals of the journal and the book of notices, which know no catalogue."""


def value_words(value: StrEnum) -> str:
    """A value in the current locale."""
    return pgettext(CONTEXTS[type(value)], value.value.replace("_", " "))


def likelihood_words(likelihood: float) -> str:
    """Whether a sentence answers, in words and as a number from 0 to 1."""
    words = N_("probably answers ({number})") if likelihood >= SURE else N_("may not answer ({number})")
    return _(words, number=number(round(likelihood, 2)))


def support_words(likelihood: float) -> str:
    """Whether a source bears a sentence out, in words and as a number from 0 to 1."""
    words = N_("probably borne out ({number})") if likelihood >= EVEN else N_("probably not borne out ({number})")
    return _(words, number=number(round(likelihood, 2)))


def stopped_words(support: Support) -> str:
    """Which step of the check stopped a sentence, why, and how likely its source bears it out."""
    step = _(_STOPPED[support.stopped_by]) if support.stopped_by else ""
    likelihood = support.likelihood
    weighed = "" if likelihood is None else _("Its source: {words}.", words=support_words(likelihood))
    return " ".join(filter(None, (step, *map(_, support.reasons), weighed)))


def usage_words(usage: Usage) -> str:
    """What a language model used for a reply."""
    text = ngettext(
        "{calls} text, {read} tokens read, {cached} of them from the cache, {written} written, in {seconds} s",
        "{calls} texts, {read} tokens read, {cached} of them from the cache, {written} written, in {seconds} s",
        usage.calls,
        calls=number(usage.calls),
        read=number(usage.tokens_read),
        cached=number(usage.tokens_cached),
        written=number(usage.tokens_written),
        seconds=number(round(usage.seconds, 1)),
    )
    return _("{text} (estimated in part)", text=text) if usage.estimated else text


def cost_words(cost: float) -> str:
    """An amount in whatever currency: two decimals, or of a small one as many as show three figures of it."""
    from babel.numbers import format_decimal  # it takes a tenth of a second

    decimals = 2 if cost >= 1 or cost <= 0 else 2 - math.floor(math.log10(cost))
    return format_decimal(cost, format=f"#,##0.{'0' * decimals}", locale=current_locale())
