"""Every word that the software itself says of how far a case has got.

No other file has such words. None is stronger than the stage it stands for: who is under investigation isn't called
charged, who is charged isn't called convicted, and a case that was dismissed isn't called an acquittal.
"""

from __future__ import annotations

from qa.answering.glossing import value_text
from qa.domain.replies import CaseStatus
from qa.domain.stages import Stage

NO_VERDICT = "The archive holds no verdict."
LAST = "Last stage reported"
REPORTED = "Stage reported"
"""Of some articles only: others of the archive may report a later one."""
SEVERAL = "The question fits several cases."

STAGE_WORDS = {
    Stage.ARRESTED: "arrested",
    Stage.DETAINED: "detained",
    Stage.INVESTIGATED: "under investigation",
    Stage.RELEASED: "released",
    Stage.CHARGED: "charged",
    Stage.ON_TRIAL: "on trial",
    Stage.DISMISSED: "case dismissed",
    Stage.CONVICTED: "convicted",
    Stage.SENTENCED: "sentenced",
    Stage.ACQUITTED: "acquitted",
    Stage.APPEALED: "appeal lodged",
    Stage.UPHELD: "court’s decision upheld",
    Stage.OVERTURNED: "court’s decision overturned",
}


def stage_line(case: CaseStatus, *, lead: str = LAST) -> str:
    """How far a case has got, by what is quoted beside it: "Last stage reported: arrested, 23 December 2006."."""
    stages = "; ".join(STAGE_WORDS[stage] for stage in (case.stage, *case.beside))
    return f"{lead}: {stages}, {value_text(case.as_of) if case.as_of else 'undated'}."


def verdict_line(case: CaseStatus) -> str:
    """The same, after the sentence that there is no verdict where none is held."""
    return stage_line(case) if case.verdict_held else f"{NO_VERDICT} {stage_line(case)}"
