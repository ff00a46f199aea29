"""The subjects that a question names, and what names them."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import chain

from qa.models.replies import SentenceHit
from qa.protocols import DocumentStore
from qa.retrieval.ranking import POOL
from qa.text.entities import NAME, is_date, places_in
from qa.text.terms import STOP_WORDS, content_words, fold, stem, stems, word_matches, words

SHORTEST = 4  # letters of a name that is looked for: "I'd" and "EU" are none

Naming = Callable[[str], bool]  # whether some words name a subject


@dataclass(frozen=True, slots=True)
class Subjects:
    """Knows the subjects of an archive by what its articles name."""

    store: DocumentStore

    def names(self, text: str) -> list[str]:
        """The names of a question, of which the archive may know the first word as one: "Heron and Egret: which …"."""
        vocabulary = self.store.vocabulary()
        return names_in(text, is_name=lambda word: (known := vocabulary.get(fold(word))) is not None and known.is_name)

    def telling_names(self, text: str) -> list[str]:
        """The names of a question but for short ones, dates and territories."""
        return [name for name in self.names(text) if len(name) >= SHORTEST and not (is_date(name) or places_in(name))]

    def naming(self, text: str) -> Naming | None:
        """Whether a sentence names a subject, by the rarest or the last of its words; None where it is unknown."""
        # Most people are called by the last alone: "Who is Enrique Múgica?". A name with a capital is the subject.
        name = next(iter(self.names(text)), text)
        known = [word for word in content_words(name) if self.store.matching([word], limit=1)]
        if not known or (name != text and not self._has_together(known)):
            return None
        wanted = {stem(max(known, key=self.store.idf)), stem(known[-1])}
        return lambda sentence: bool(wanted & stems(sentence))

    def _has_together(self, name: Sequence[str]) -> bool:
        """Whether a passage has all the words of a name whose last one says little by itself: "… Criminal Court"."""
        last = (words(hit.passage.text) for hit in self.store.matching(name[-1:], limit=POOL))
        if not any(word == fold(word) == name[-1] for word in chain.from_iterable(last)):
            return True  # it has a capital everywhere, as a surname has: who is meant may be called by it alone
        wanted = {stem(word) for word in name}
        passages = self.store.matching(name, limit=POOL)
        return any(wanted <= stems(f"{hit.source.title} {hit.passage.text}") for hit in passages)

    def are_named(self, question: str, told: Sequence[SentenceHit]) -> bool:
        """Whether some passage names what a question names; what is named in another language alone is read for."""
        names = self.telling_names(question)
        texts = {f"{hit.source.title}. {hit.passage.text}" for hit in told}
        if any(naming(text) for name in names if (naming := self.naming(name)) for text in texts):
            return True
        asked, named = ({code for text in of for _, code in places_in(text)} for of in ([question], texts))
        # "In Spain" is named by no report that is at home there; another country is.
        return bool(asked & named) or not (names or (asked and named))


def names_in(question: str, *, is_name: Naming = lambda _: False) -> list[str]:
    """The names of a question, by their capitals; the word that it begins with is none unless known as one."""
    first = next(word_matches(question), None)
    start = first.end() if first and not is_name(first[0]) else 0
    parts = [part for match in NAME.finditer(question, start) for part in match[0].split(" y ")]
    return [name for name in parts if any(fold(word) not in STOP_WORDS for word in words(name))]


def one_by_one(question: str) -> list[str]:
    """A question for each of the names that it has in a row: "What are Eurojust, Europol and INHOPE?"; none else."""
    names = names_in(question)
    row = re.search(r"(?:,|,? (?:and|or|y|e|o)) ".join(map(re.escape, names)), question)
    if row is None or len(names) < 2:
        return []
    return [f"{question[: row.start()]}{name}{question[row.end() :]}" for name in names]
