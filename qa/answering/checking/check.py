"""Whether a sentence that a model or a person wrote says no more than the sentences it cites."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

import numpy as np

from qa.answering.checking.agents import agents
from qa.answering.checking.attribution import attribution
from qa.answering.checking.calendar import calendar
from qa.answering.checking.causes import causes
from qa.answering.checking.certainty import certainty
from qa.answering.checking.conditions import conditions
from qa.answering.checking.contrast import opposites, quantities
from qa.answering.checking.converses import converses
from qa.answering.checking.counted import counted
from qa.answering.checking.coverage import NOT_ENGLISH, abroad, added, coverage, covered, unmatched
from qa.answering.checking.denial import denial
from qa.answering.checking.direction import direction
from qa.answering.checking.epithets import epithets
from qa.answering.checking.figures import figures
from qa.answering.checking.finding import Finding
from qa.answering.checking.form import form
from qa.answering.checking.hedging import hedging
from qa.answering.checking.identifiers import identifiers
from qa.answering.checking.names import names
from qa.answering.checking.offices import offices
from qa.answering.checking.order import order
from qa.answering.checking.quoted import quoted
from qa.answering.checking.scales import scales
from qa.answering.checking.status import status
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.support import Rarity
from qa.domain.support import Ground, Support, Verdict
from qa.ports import TokenEncoder, TokenVectors, Vectors

Rule = Callable[[Wording, Sequence[Witness]], Iterator[Finding]]

RULES: tuple[Rule, ...] = (
    figures, identifiers, calendar, names, offices, quoted, status, denial, hedging, certainty, epithets,
    conditions, opposites, quantities, scales, causes, counted, agents, order, converses, direction, attribution,
)  # fmt: skip
"""What needs no vectors, in the order in which reasons are given."""

NOT_CITED = "It names no source."
NO_SUCH = "It cites a source that it wasn't given."


class Checker:
    """Checks sentences; the encoder's vectors say which words have counterparts, `rarity` which words weigh."""

    def __init__(self, encoder: TokenEncoder, rarity: Rarity) -> None:
        self._encoder = encoder
        self._rarity = rarity

    def against(self, grounds: Sequence[Ground]) -> Grounded:
        """The grounds, read and encoded once for all sentences that may rest on them."""
        return Grounded(grounds, self._encoder, self._rarity)


class Grounded:
    """Grounds by their numbers, from 1, that sentences are checked against."""

    def __init__(self, grounds: Sequence[Ground], encoder: TokenEncoder, rarity: Rarity) -> None:
        self._encoder = encoder
        self._rarity = rarity
        self._last: tuple[str, TokenVectors] | None = None
        self._witnesses = [Witness(number, ground) for number, ground in enumerate(grounds, start=1)]
        for one in self._witnesses:
            one.prepare()
        self._vectors = [tokens.vectors for tokens in encoder.encode_tokens([one.context for one in self._witnesses])]

    def check(self, sentence: str, cited: Sequence[int]) -> Support:
        """What is found of a sentence without its marks that cites the grounds of these numbers; it never raises."""
        if not cited:
            return Support(Verdict.UNSUPPORTED, (NOT_CITED,))
        if not all(1 <= number <= len(self._witnesses) for number in cited):
            return Support(Verdict.UNSUPPORTED, (NO_SUCH,))
        if amiss := list(form(sentence)):
            return _support(amiss)
        witnesses = [self._witnesses[number - 1] for number in dict.fromkeys(cited)]
        wording = Wording.of(sentence.strip(), otherwise=witnesses[0].said.language)
        found = [finding for rule in RULES for finding in rule(wording, witnesses)]
        if not any(finding.grave for finding in found):
            found += self._uncovered(wording, witnesses)
        return _support(found)

    def nearest(self, sentence: str) -> int | None:
        """The number of the ground that a sentence most leans on; None where there are no grounds, or no words."""
        return next(iter(self.ranked(sentence)), None)

    def ranked(self, sentence: str) -> list[int]:
        """The numbers of the grounds, the one that a sentence most leans on first; none for what is no sentence."""
        if not self._witnesses or list(form(sentence)):
            return []
        wording = Wording.of(sentence.strip())
        tokens = self._tokens(wording.text)
        if not len(tokens.vectors):
            return []
        scores = [float((tokens.vectors @ own.T).max(axis=1).mean()) if len(own) else 0.0 for own in self._vectors]
        shared = [sum(one.said.has(word) for word in wording.content) for one in self._witnesses]
        most = max(1, len(wording.content))
        order = sorted(range(len(scores)), key=lambda at: -(scores[at] + shared[at] / most))
        return [self._witnesses[at].number for at in order]

    def _uncovered(self, wording: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
        missing = unmatched(wording, witnesses)
        if missing and all(one.said.language != wording.language for one in witnesses):
            yield from abroad(wording, missing, witnesses)
            return
        vectors = None
        if missing:
            theirs: Vectors = np.concatenate([self._vectors[one.number - 1] for one in witnesses])
            vectors = (self._tokens(wording.text), theirs)
        slack = NOT_ENGLISH if wording.language != "en" else 0.0
        found = covered(wording, witnesses, missing, vectors, self._rarity)
        yield from coverage(found, slack=slack)
        yield from added(wording, found)

    def _tokens(self, text: str) -> TokenVectors:
        """The sentence's token vectors; the last are kept, as it may be held against several grounds."""
        last = self._last
        if last is None or last[0] != text:
            last = (text, self._encoder.encode_tokens([text])[0])
            self._last = last
        return last[1]


def _support(found: Sequence[Finding]) -> Support:
    """The verdict by what was found; what contradicts is told before what is only unclear."""
    reasons = tuple(dict.fromkeys(one.reason for one in sorted(found, key=lambda one: not one.grave)))
    if any(one.grave for one in found):
        return Support(Verdict.UNSUPPORTED, reasons)
    return Support(Verdict.PARTLY if found else Verdict.SUPPORTED, reasons)
