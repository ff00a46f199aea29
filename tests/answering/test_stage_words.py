"""The software's own words for the stages of a case."""

from __future__ import annotations

import re

import pytest

from qa.answering.stage_words import LAST, NO_VERDICT, SEVERAL, STAGE_WORDS, stage_line, verdict_line
from qa.models.annotations import Stage
from qa.models.archive import Source
from qa.models.replies import CaseStatus, Citation, Event

QUOTE = Citation(1, Source("a", "t", "Post"), 0, 1, "x")
CLAIMS = {
    Stage.ARRESTED: "arrest",
    Stage.CHARGED: "charged|accused|indicted",
    Stage.ON_TRIAL: "trial",
    Stage.CONVICTED: "convict|guilt|condemned",
    Stage.SENTENCED: "sentence|prison|jail",
    Stage.ACQUITTED: "acquit|innocent|cleared",
    Stage.APPEALED: "appeal",
}
"""What words claim at least that stage."""


def case(stage: Stage, *, held: bool = False, beside: tuple[Stage, ...] = ()) -> CaseStatus:
    return CaseStatus(Event("Operation Gull"), stage, QUOTE, "2007-01-02", held, beside)


@pytest.mark.parametrize("stage", list(Stage))
def test_no_word_claims_another_stage_than_its_own(stage: Stage) -> None:
    for claimed, words in CLAIMS.items():
        if claimed is not stage:
            assert not re.search(words, STAGE_WORDS[stage], re.IGNORECASE), (stage, claimed)


def test_every_stage_has_its_own_words() -> None:
    assert set(STAGE_WORDS) == set(Stage)
    assert len(set(STAGE_WORDS.values())) == len(STAGE_WORDS)


def test_what_frames_the_stage_claims_nothing() -> None:
    for words in (LAST, NO_VERDICT, SEVERAL):
        assert not any(re.search(claim, words, re.IGNORECASE) for claim in CLAIMS.values())


def test_a_line_has_the_stage_and_its_date() -> None:
    assert stage_line(case(Stage.INVESTIGATED)) == "Last stage reported: under investigation, 2 January 2007."
    assert verdict_line(case(Stage.ARRESTED)).startswith("The archive holds no verdict. ")
    assert NO_VERDICT not in verdict_line(case(Stage.SENTENCED, held=True))
    mixed = case(Stage.SENTENCED, held=True, beside=(Stage.ACQUITTED,))
    assert stage_line(mixed) == "Last stage reported: sentenced; acquitted, 2 January 2007."
