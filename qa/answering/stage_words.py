"""Every word of the software's own on how far a case has got, here alone; none is stronger than its stage.

Who is under investigation isn't called charged, who is charged isn't called convicted, and a case that was dismissed
isn't called an acquittal.
"""

from enum import StrEnum

from qa.i18n.forms import value_text
from qa.i18n.locale import N_, _, pgettext, pgettext_noop
from qa.models.annotations import Stage
from qa.models.replies import CaseStatus

NO_VERDICT = N_("The archive holds no verdict.")
LAST = N_("Last stage reported")
REPORTED = N_("Stage reported")  # by some articles only: others of the archive may report a later one
SEVERAL = N_("The question fits several cases.")

STAGE_WORDS = {
    Stage.ARRESTED: pgettext_noop("stage", "arrested"),
    Stage.DETAINED: pgettext_noop("stage", "detained"),
    Stage.INVESTIGATED: pgettext_noop("stage", "under investigation"),
    Stage.IN_CUSTODY: pgettext_noop("stage", "in custody"),
    Stage.RELEASED: pgettext_noop("stage", "released"),
    Stage.CHARGED: pgettext_noop("stage", "charged"),
    Stage.ON_TRIAL: pgettext_noop("stage", "on trial"),
    Stage.DISMISSED: pgettext_noop("stage", "case dismissed"),
    Stage.CONVICTED: pgettext_noop("stage", "convicted"),
    Stage.SENTENCED: pgettext_noop("stage", "sentenced"),
    Stage.ACQUITTED: pgettext_noop("stage", "acquitted"),
    Stage.APPEALED: pgettext_noop("stage", "appeal lodged"),
    Stage.UPHELD: pgettext_noop("stage", "court’s decision upheld"),
    Stage.OVERTURNED: pgettext_noop("stage", "court’s decision overturned"),
}


class Phase(StrEnum):
    """Stages of a case that a picture tells apart; values are those of its style sheet."""

    ARREST = "arrest"
    CUSTODY = "custody"
    CHARGE = "charge"
    TRIAL = "trial"
    VERDICT = "verdict"
    OTHER = "other"


_PHASE_WORDS = {
    Phase.ARREST: pgettext_noop("phase", "Arrest"),
    Phase.CUSTODY: pgettext_noop("phase", "Custody before trial"),
    Phase.CHARGE: pgettext_noop("phase", "Charge"),
    Phase.TRIAL: pgettext_noop("phase", "Trial"),
    Phase.VERDICT: pgettext_noop("phase", "Verdict"),
    Phase.OTHER: pgettext_noop("phase", "Other, or none"),
}

_PHASES = {
    **dict.fromkeys((Stage.ARRESTED, Stage.DETAINED), Phase.ARREST),
    Stage.IN_CUSTODY: Phase.CUSTODY,
    Stage.CHARGED: Phase.CHARGE,
    Stage.ON_TRIAL: Phase.TRIAL,
    **{stage: Phase.VERDICT for stage in Stage if stage.is_verdict},
}
"""What followed a verdict, an appeal too, counts as one; an inquiry or a dismissed case as none of the five."""


def phase_of(stage: Stage | None) -> Phase:
    return _PHASES.get(stage, Phase.OTHER) if stage else Phase.OTHER


def phase_words(phase: Phase) -> str:
    return pgettext("phase", _PHASE_WORDS[phase])


def stage_words(stage: Stage) -> str:
    """A stage in the language that is spoken."""
    return pgettext("stage", STAGE_WORDS[stage])


def stage_line(case: CaseStatus, *, lead: str = LAST) -> str:
    """How far a case has got, by what is quoted beside it: "Last stage reported: arrested, 23 December 2006."."""
    stages = "; ".join(map(stage_words, (case.stage, *case.beside)))
    day = value_text(case.as_of) if case.as_of else _("undated")
    return _("{lead}: {stages}, {day}.", lead=_(lead), stages=stages, day=day)


def verdict_line(case: CaseStatus) -> str:
    """The same, after the sentence that there is no verdict where none is held."""
    return stage_line(case) if case.verdict_held else f"{_(NO_VERDICT)} {stage_line(case)}"
