"""An answer while it is written: which sentences stand, which are to be written better, which quotes stand in."""

from __future__ import annotations

from dataclasses import dataclass, replace

from qa.answering.conflicts.comparison import numbered
from qa.answering.selecting import COMES_CLOSE
from qa.generation.drafts import Draft
from qa.generation.passages import Material
from qa.generation.verification import Verification, Verifier
from qa.models.replies import Answer, Citation, Composer, Statement
from qa.models.support import Stopped


@dataclass(slots=True, eq=False)
class PageLine:
    """A sentence as it was written, what the check found of it, and the statement that is shown there, if any."""

    draft: Draft
    checked: Verification
    statement: Statement | None = None


class Page:
    """The sentences of an answer so far, each checked when it is added; what doesn't stand is never shown.

    `base` is an answer with everything but statements, `most` how many of those there may be. What is stopped is added
    to `stopped`.
    """

    def __init__(
        self, base: Answer, material: Material, verifier: Verifier, *, most: int, stopped: list[Stopped]
    ) -> None:
        self._base, self._material, self._verifier = base, material, verifier
        self._most, self._stopped = most, stopped
        self._lines: list[PageLine] = []

    @property
    def _shown(self) -> list[Statement]:
        return [line.statement for line in self._lines if line.statement]

    @property
    def _quotes(self) -> list[Citation]:
        return [quote for statement in self._shown for quote in statement.quotes]

    @property
    def full(self) -> bool:
        return len(self._shown) >= self._most

    @property
    def waiting(self) -> list[PageLine]:
        """The lines of sentences that didn't stand."""
        return [line for line in self._lines if line.statement is None]

    @property
    def holds(self) -> bool:
        """Whether a written sentence stands."""
        return any(statement.support for statement in self._shown)

    @property
    def comes_close(self) -> bool:
        """Whether something that is shown rests on a sentence that came close to an answer when it was read."""
        return any(self._material.likelihood(quote) >= COMES_CLOSE for quote in self._quotes)

    def add(self, draft: Draft, checked: Verification | None = None) -> bool:
        """Whether the sentence stands, and is shown now; one that was cut off is dropped.

        `checked` is what was found of it where it was checked already.
        """
        if not draft.whole:
            return False
        line = PageLine(draft, checked or self._check(draft))
        self._lines.append(line)
        return self._fill(line, draft, line.checked)

    def put_better(self, line: PageLine, draft: Draft) -> bool:
        """Whether a sentence that was written once more stands, and is shown in place of the first."""
        return draft.whole and self._fill(line, draft, self._check(draft))

    def stand_in(self, line: PageLine) -> None:
        """Quotes in a sentence's place what it leans on: only what answers by itself, and once."""
        nearest = next((ground for ground in line.checked.rests_on if self._material.answers(ground)), None)
        if nearest and not any(
            quote.source == nearest.source and quote.start < nearest.end and nearest.start < quote.end
            for quote in self._quotes
        ):
            quote = self._material.quote(nearest)
            line.statement = Statement(quote.text, (quote,), self._material.event_of(quote))

    def answer(self, *, unfinished: bool) -> Answer:
        """What is shown so far, its quotes numbered as they are first shown, those of its conflicts behind them."""
        numbers: dict[tuple[str, int, int], int] = {}

        def with_number(quote: Citation) -> Citation:
            stretch = quote.source.article_id, quote.start, quote.end
            return replace(quote, number=numbers.setdefault(stretch, len(numbers) + 1))

        statements = tuple(replace(shown, quotes=tuple(map(with_number, shown.quotes))) for shown in self._shown)
        answer = replace(self._base, statements=statements, composed_by=Composer.MODEL, unfinished=unfinished)
        return replace(answer, conflicts=tuple(numbered(answer.conflicts, first=len(answer.citations) + 1)))

    def _check(self, draft: Draft) -> Verification:
        checked = self._verifier.check(draft.text, draft.cited)
        if not checked.support.full:
            self._stopped.append(Stopped(draft.text, draft.cited, checked.support))
        return checked

    def _fill(self, line: PageLine, draft: Draft, checked: Verification) -> bool:
        if not checked.support.full or not checked.rests_on:
            return False
        if any(draft.text == statement.text for statement in self._shown):
            self._lines.remove(line)
            return False
        quotes = tuple(map(self._material.quote, checked.rests_on))
        line.statement = Statement(draft.text, quotes, self._material.event_of(quotes[0]), checked.support)
        return True
