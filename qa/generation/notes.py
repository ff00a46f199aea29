"""Notes on more passages than a language model is given at once: checked sentences, to write one answer from."""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from qa.errors import ChatError
from qa.generation.allowance import Allowance
from qa.generation.drafts import declines, drafts
from qa.generation.passages import MOST, Passages
from qa.generation.prompt import NOTES, material_text
from qa.generation.verification import Verification, Verifier
from qa.models.support import Ground, Stopped

MOST_TEXTS = 4
"""Texts of notes for one answer."""

MOST_NOTES = 10
"""Sentences of one text that are read; it was asked for no more."""

VerifierOf = Callable[[Sequence[Ground]], Verifier]

_log = logging.getLogger(__name__)


def groups_of(passages: Passages) -> int:
    """In how many groups passages are given."""
    return -(-len(passages) // MOST)


@dataclass(frozen=True, slots=True)
class CheckedNote:
    """A checked sentence, and the number of the passage that it rests on, of all passages."""

    text: str
    passage: int
    checked: Verification


class NoteTaking:
    """Takes notes on groups of passages; those that stand are kept, and what was stopped."""

    def __init__(self, allowance: Allowance, verifier: VerifierOf) -> None:
        self._allowance = allowance
        self._verifier = verifier
        self.notes: list[CheckedNote] = []
        self.stopped: list[Stopped] = []
        self.broke_off = False

    def take(self, question: str, passages: Passages) -> Iterator[None]:
        """Reads the passages in groups of like length; something comes after each. A text that breaks off ends it."""
        size = -(-len(passages) // groups_of(passages))
        for first in range(0, len(passages), size):
            group = passages[first : first + size]
            try:
                self._read(question, group, first)
            except ChatError as error:
                _log.warning("notes were not taken to their end: %s", error)
                self.broke_off = True
                return
            yield

    def _read(self, question: str, group: Passages, first: int) -> None:
        verifier = self._verifier(group.grounds)
        stream = self._allowance.stream(system=NOTES, user=material_text(question, group.quotes))
        for draft in islice(drafts(stream), MOST_NOTES):
            if declines(draft) or not draft.whole:
                continue
            checked = verifier.check(draft.text, draft.cited)
            number = next(filter(None, map(group.holding, checked.rests_on)), None)
            if not checked.support.full:
                cited = tuple(number + first for number in draft.cited)
                self.stopped.append(Stopped(draft.text, cited, checked.support))
            elif number and all(draft.text != note.text for note in self.notes):
                self.notes.append(CheckedNote(draft.text, first + number, checked))
