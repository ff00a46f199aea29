"""How far a case has got, and what became of things, is told by the sources' own words or by words that say as much."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from functools import lru_cache

from qa.answering.checking.finding import Finding
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.stage_words import STAGE_WORDS
from qa.domain.mentions import FigureKind
from qa.domain.stages import Stage
from qa.language.figure_kinds import kind_words
from qa.language.stages.finding import find_stages

_SAYS_TOO = {
    Stage.ARRESTED: {Stage.DETAINED},
    Stage.DETAINED: {Stage.ARRESTED},
    Stage.CONVICTED: {Stage.SENTENCED},
    Stage.CHARGED: {Stage.ON_TRIAL},
}
"""Stages that each is told by as well."""
_KINDS = {
    Stage.ARRESTED: {FigureKind.ARRESTED, FigureKind.DETAINED},
    Stage.DETAINED: {FigureKind.ARRESTED, FigureKind.DETAINED, FigureKind.REMANDED},
    Stage.INVESTIGATED: {FigureKind.INVESTIGATED},
    Stage.CHARGED: {FigureKind.CHARGED},
    Stage.ON_TRIAL: {FigureKind.TRIED},
    Stage.CONVICTED: {FigureKind.CONVICTED},
    Stage.SENTENCED: {FigureKind.CONVICTED},
    Stage.ACQUITTED: {FigureKind.ACQUITTED},
    Stage.RELEASED: {FigureKind.RELEASED},
}
_TELLING = {
    FigureKind.REMANDED: "in custody before trial", FigureKind.CHARGED: "charged", FigureKind.TRIED: "on trial",
    FigureKind.CONVICTED: "convicted", FigureKind.ACQUITTED: "acquitted", FigureKind.RELEASED: "released",
    FigureKind.ARRESTED: "arrested", FigureKind.DETAINED: "detained", FigureKind.SEIZED: "seized",
    FigureKind.DISTRIBUTED: "distributed", FigureKind.KILLED: "killed", FigureKind.INJURED: "injured",
    FigureKind.MISSING: "missing", FigureKind.RESCUED: "rescued",
}  # fmt: skip
"""Words that no other of the sources' may be exchanged for."""
_PRISON = re.compile(r"\b(?:prison|jail|prisión|cárcel)\b")
_HELD = re.compile(r"\b(?:being|be|are|is|were|was|remains?|been) held\b|\bcustody\b|\bbehind bars\b")
_SPREAD = re.compile(r"\bdistribu\w+ (?:por|entre|over|across|among)\b")
_AS_GOOD = {
    FigureKind.ARRESTED: {FigureKind.DETAINED},
    FigureKind.DETAINED: {FigureKind.ARRESTED, FigureKind.REMANDED},
    FigureKind.REMANDED: {FigureKind.DETAINED},
}


def status(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Stages and outcomes that no source reports."""
    theirs = {stage for one in witnesses for stage in stages(one.said)}
    kinds = {kind for one in witnesses for part in (one.said, one.title) for kind in kinds_of(part)}
    kinds |= {kind for stage in theirs for kind in _KINDS.get(stage, ())}
    for stage in dict.fromkeys(stages(sentence)):
        known = {stage, *_SAYS_TOO.get(stage, ())} & theirs or _KINDS.get(stage, set()) & kinds
        if not known:
            yield Finding(f"The sources don't report this stage of a case: {STAGE_WORDS[stage]}.")
            return
    if any(_HELD.search(one.said.lower) for one in witnesses):
        kinds.add(FigureKind.DETAINED)
    for kind in dict.fromkeys(kinds_of(sentence)):
        said = _TELLING.get(kind)
        if kind is FigureKind.DISTRIBUTED and _SPREAD.search(sentence.lower):
            continue  # over places, not to people
        if kind is FigureKind.REMANDED and any(_PRISON.search(one.said.lower) for one in witnesses):
            continue
        if said and not {kind, *_AS_GOOD.get(kind, ())} & kinds:
            yield Finding(f"The sources don't say “{said}”.")
            return


def stages(wording: Wording) -> tuple[Stage, ...]:
    """The stages that a text reports as reached."""
    return _stages(wording.text, wording.language)


@lru_cache(maxsize=2_000)
def _stages(text: str, language: str) -> tuple[Stage, ...]:
    return tuple(one.stage for one in find_stages(text, (), published=None, language=language))


def kinds_of(wording: Wording) -> tuple[FigureKind, ...]:
    return _kinds(wording.text)


@lru_cache(maxsize=2_000)
def _kinds(text: str) -> tuple[FigureKind, ...]:
    return tuple(one.kind for one in kind_words(text))
