"""An answer while it is being written: which drafted sentences stand, and which quotes stand in for others."""

from __future__ import annotations

from dataclasses import replace

from qa.generation.drafts import Draft
from qa.generation.passages import Material
from qa.generation.verification import Checker
from qa.models.replies import Answer, Citation, Composer, Statement
from qa.models.support import Support, Verdict

MOST_SHOWN = 6
"""Statements of a written answer; rule 9 of the prompt asks for four at most."""


class Page:
    """The statements shown so far. A draft is checked when it is added; what doesn't stand never gets here."""

    def __init__(self, quoted: Answer, material: Material, checker: Checker) -> None:
        self._quoted = quoted
        self._material = material
        self._checker = checker
        self._statements: list[Statement] = []
        self._used: dict[int, Citation] = {}
        self._written = False

    @property
    def full(self) -> bool:
        return len(self._statements) >= MOST_SHOWN

    @property
    def stands(self) -> bool:
        """Whether a written sentence stood the check, and something shown rests on a sentence that answers."""
        return self._written and bool(self._used.keys() & self._material.answering)

    def add(self, draft: Draft) -> bool:
        """Whether the draft, or a quote in its place, is shown now."""
        if not draft.whole:
            return False
        support = self._checker.check(draft.text, draft.cited)
        if support.verdict is Verdict.SUPPORTED:
            self._written = True
            return self._show(draft.text, draft.cited, support)
        number = self._stand_in(draft, partly=support.verdict is Verdict.PARTLY)
        return number is not None and self._show(self._material.quotes[number - 1].text, (number,))

    def answer(self, *, unfinished: bool) -> Answer:
        """What is shown so far, with everything of the quoted answer that is not its statements."""
        return replace(
            self._quoted, statements=tuple(self._statements), composed_by=Composer.MODEL, unfinished=unfinished
        )

    def _stand_in(self, draft: Draft, *, partly: bool) -> int | None:
        """The sentence quoted instead: of a partly supported one what it leans on among what it cites.

        Of an unsupported one that too, or what it leans on where it cites nothing, if it answers and isn't cited yet.
        """
        nearest = self._checker.nearest(draft.text)
        if partly:
            return nearest if nearest in draft.cited else draft.cited[0]
        answers = nearest in self._material.answering and nearest not in self._used
        return nearest if answers and (not draft.cited or nearest in draft.cited) else None

    def _show(self, text: str, cited: tuple[int, ...], support: Support | None = None) -> bool:
        if any(text == statement.text for statement in self._statements):
            return False
        quotes = tuple(self._quote(number) for number in cited)
        self._statements.append(Statement(text, quotes, self._material.events[cited[0] - 1], support))
        return True

    def _quote(self, number: int) -> Citation:
        """The quote of a ground, numbered by the order in which quotes are first shown."""
        if number not in self._used:
            self._used[number] = replace(self._material.quotes[number - 1], number=len(self._used) + 1)
        return self._used[number]
