"""The words of an archive, by which misspelt ones of a question are known."""

from __future__ import annotations

import re
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Mapping

from qa.protocols import Term
from qa.text.terms import fold

_LETTERS = re.compile(r"[^\W\d_]+")

COUNTING_REST = 50
"""So many times as long as counting them took they are not counted again: 2% of the time of a process goes there."""


class Vocabulary:
    """The words of an archive. While it is written they are counted anew now and then, by one question for all."""

    def __init__(self, texts: Callable[[], Iterable[str]]) -> None:
        self._texts = texts
        self._counting = threading.Lock()
        self._terms: Mapping[str, Term] | None = None
        self._version = 0
        self._rest_until = 0.0

    def terms(self, version: int) -> Mapping[str, Term]:
        """The words as they stand, or stood a while ago, in the archive that is at that version."""
        terms = self._terms
        if terms is not None and (version == self._version or time.monotonic() < self._rest_until):
            return terms
        if self._counting.acquire(blocking=terms is None):
            try:
                if self._terms is None or self._version != version:
                    begun = time.monotonic()
                    self._terms, self._version = _terms_of(self._texts()), version
                    self._rest_until = time.monotonic() + (time.monotonic() - begun) * COUNTING_REST
                terms = self._terms
            finally:
                self._counting.release()
        return terms or {}

    def forget(self) -> None:
        self._terms = None


def _terms_of(texts: Iterable[str]) -> dict[str, Term]:
    """The words of letters alone in some texts, by their folded form."""
    written = Counter[str]()
    for text in texts:
        written.update(_LETTERS.findall(text))
    forms, counts = dict[str, str](), Counter[str]()
    for form, count in written.most_common():
        word = fold(form)
        forms.setdefault(word, form)
        counts[word] += count
    return {word: Term(forms[word], count) for word, count in counts.items() if word.isalpha()}
