"""What a language's words for the stages of a case are made of. The words themselves are data: `english`, `spanish`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from qa.models.annotations import Stage


def either(*alternatives: str) -> str:
    """A pattern for any of the patterns, each at least a whole word."""
    return rf"(?<!\w)(?:{'|'.join(alternatives)})(?!\w)"


def stems(line: str) -> tuple[str, ...]:
    """The stems of a line, a low line standing for a space in one."""
    return tuple(stem.replace("_", " ") for stem in line.split())


@dataclass(frozen=True)
class StageGrammar:
    """One language's ways to report a stage, and the words that take a report back.

    All of it is in lower case, as the text is made before it is read. `triggers` go from the most particular to the
    most general: what one has matched no later one reads again. The others are patterns of words, each looked for
    where its name says.
    """

    subject: tuple[str, ...]
    """What any text about a case contains: one without it needs no further look."""
    stems: Mapping[Stage, tuple[str, ...]]
    """What any trigger of a stage contains; far quicker to look for than the trigger itself."""
    triggers: Mapping[Stage, str]
    negation: str
    """Before a trigger, in the same clause."""
    lawful: str
    """Negations that are part of a stage's own name: not guilty, without charge."""
    negated_object: str
    """Right behind a trigger: "arrested no one"."""
    modality: str
    """Before a trigger, in the same clause: what may, shall or would happen."""
    forecast: str
    """Right behind a trigger: "arrests likely"."""
    breaks: str
    """Between clauses that share neither subject nor negation."""
    joins: str
    """Between clauses that share them where the second has no verb of its own: "nobody was tried or convicted"."""
    finite: str
    """Words that show that a clause has a verb of its own."""
    general: str
    """Anywhere in a sentence that speaks of the law or of people at large, or that orders something to be said."""
    timeless: str
    """Right before a trigger of `settled`: "is convicted" speaks of what happens, not of what happened."""
    settled: frozenset[Stage]
    backward: str
    """Right before a trigger that looks back: "the three people" convicted."""
    contested: str
    """Anywhere in a sentence that sets one report against others."""

    @cached_property
    def patterns(self) -> tuple[tuple[Stage, tuple[str, ...], re.Pattern[str]], ...]:
        """Of each stage, in the order of `triggers`: its stems and its trigger."""
        return tuple((stage, self.stems[stage], re.compile(form)) for stage, form in self.triggers.items())

    def concerns_a_case(self, text: str) -> bool:
        return any(stem in text for stem in self.subject)

    @cached_property
    def context(self) -> Mapping[str, re.Pattern[str]]:
        """The patterns of words around a trigger, by name."""
        before = {name: rf"{getattr(self, name)}\W*$" for name in ("timeless", "backward")}
        behind = {name: rf"\W*{getattr(self, name)}" for name in ("negated_object", "forecast")}
        within = {
            name: getattr(self, name)
            for name in ("negation", "lawful", "modality", "breaks", "joins", "finite", "general", "contested")
        }
        return {name: re.compile(form) for name, form in (before | behind | within).items()}
