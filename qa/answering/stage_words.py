"""Every word that the software itself says of how far a case has got.

No other file has such words. None is stronger than the stage it stands for: who is under investigation isn't called
charged, who is charged isn't called convicted, and a case that was dismissed isn't called an acquittal.
"""

from __future__ import annotations

from qa.i18n.forms import value_text
from qa.i18n.speaking import noted, noted_of, said, said_of
from qa.models.replies import CaseStatus
from qa.models.stages import Stage

NO_VERDICT = noted("The archive holds no verdict.")
LAST = noted("Last stage reported")
REPORTED = noted("Stage reported")
"""Of some articles only: others of the archive may report a later one."""
SEVERAL = noted("The question fits several cases.")

STAGE_WORDS = {
    Stage.ARRESTED: noted_of("stage", "arrested"),
    Stage.DETAINED: noted_of("stage", "detained"),
    Stage.INVESTIGATED: noted_of("stage", "under investigation"),
    Stage.RELEASED: noted_of("stage", "released"),
    Stage.CHARGED: noted_of("stage", "charged"),
    Stage.ON_TRIAL: noted_of("stage", "on trial"),
    Stage.DISMISSED: noted_of("stage", "case dismissed"),
    Stage.CONVICTED: noted_of("stage", "convicted"),
    Stage.SENTENCED: noted_of("stage", "sentenced"),
    Stage.ACQUITTED: noted_of("stage", "acquitted"),
    Stage.APPEALED: noted_of("stage", "appeal lodged"),
    Stage.UPHELD: noted_of("stage", "court’s decision upheld"),
    Stage.OVERTURNED: noted_of("stage", "court’s decision overturned"),
}


def stage_line(case: CaseStatus, *, lead: str = LAST) -> str:
    """How far a case has got, by what is quoted beside it: "Last stage reported: arrested, 23 December 2006."."""
    stages = "; ".join(stage_words(stage) for stage in (case.stage, *case.beside))
    day = value_text(case.as_of) if case.as_of else said("undated")
    return said("{lead}: {stages}, {day}.", lead=said(lead), stages=stages, day=day)


def stage_words(stage: Stage) -> str:
    """A stage in the language that is spoken."""
    return said_of("stage", STAGE_WORDS[stage])


def verdict_line(case: CaseStatus) -> str:
    """The same, after the sentence that there is no verdict where none is held."""
    return stage_line(case) if case.verdict_held else f"{said(NO_VERDICT)} {stage_line(case)}"
