"""Strict verification of written sentences: each must be an extract of one sentence that it cites.

A sentence stands if its words are those of one cited sentence, in its order but for one phrase that may have moved, and
cut only where a phrase ends. Numbers are compared by value and dates by what they mean; one reporting verb is as good
as another; what negates, hedges, bounds or attributes the source's words may not be left out. In doubt it falls.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from qa.generation.plain_sentence import objection
from qa.generation.sentence_tokens import (
    AT_CONJUNCTION,
    AT_PREPOSITION,
    AT_PUNCTUATION,
    CONDITION_LOST,
    DATE_ELSE,
    NAME_ELSE,
    NOWHERE,
    PLAIN_MARKS,
    SPEAKER_ELSE,
    UNTOLD,
    Reading,
    Token,
)
from qa.i18n.locale import N_
from qa.models.support import Ground, Support, Verdict
from qa.text.terms import fold, stems

RUNS = 2
"""Runs of the source's order that a sentence may be made of: one phrase may have moved."""

NOT_CITED = N_("It names no source.")
NO_SUCH = N_("It cites a source that it wasn't given.")
QUOTED_ELSE = N_("What it quotes does not stand word for word in the sentence that it cites.")
STAGE_ELSE = N_("It doesn't give the same stage of the case as the sentence that it cites.")
ORDER_ELSE = N_("What belongs to what, or who does what to whom, is otherwise in the sentence that it cites.")
CUT_SHORT = N_("It leaves out words in the middle of a phrase of the sentence that it cites.")
_ORDER = (Verdict.SUPPORTED, Verdict.PARTLY, Verdict.UNSUPPORTED)

_QUOTED = re.compile(r"“([^”]*)”|«([^»]*)»|\"([^\"]*)\"|(?<!\w)[‘']([^‘’']+)[’'](?!\w)")


class Checker:
    """Verifies sentences against grounds, cited by their numbers from 1."""

    def __init__(self, grounds: Sequence[Ground]) -> None:
        self._grounds = grounds
        self._readings = [_reading(ground) for ground in grounds]

    def check(self, sentence: str, cited: Sequence[int]) -> Support:
        """The verdict on a sentence without its marks, by the cited ground that supports it best; it never raises."""
        if not cited:
            return Support(Verdict.UNSUPPORTED, (NOT_CITED,))
        if not all(1 <= number <= len(self._grounds) for number in cited):
            return Support(Verdict.UNSUPPORTED, (NO_SUCH,))
        if reason := objection(sentence):
            return Support(Verdict.UNSUPPORTED, (reason,))
        verdicts = [self._support(sentence.strip(), number - 1) for number in dict.fromkeys(cited)]
        return min(verdicts, key=lambda support: (_ORDER.index(support.verdict), len(support.reasons)))

    def ranked(self, sentence: str) -> list[int]:
        """The numbers of the grounds, by how many of a sentence's words they have; none for what is no sentence."""
        if objection(sentence):
            return []
        shared = [len(stems(sentence) & stems(ground.text)) for ground in self._grounds]
        return [at + 1 for at in sorted(range(len(shared)), key=lambda at: -shared[at])]

    def nearest(self, sentence: str) -> int | None:
        """The number of the ground that a sentence most leans on; None where there are no grounds, or no sentence."""
        return next(iter(self.ranked(sentence)), None)

    def _support(self, sentence: str, at: int) -> Support:
        source, reading = self._grounds[at].source, self._readings[at]
        written = Reading.of(sentence, published=source.published, otherwise=reading.language, written=True)
        if written.plain == reading.plain:
            return Support(Verdict.SUPPORTED)
        reasons = tuple(dict.fromkeys(_reasons(written, reading, stems(f"{source.outlet} {source.summarises or ''}"))))
        if not reasons:
            return Support(Verdict.SUPPORTED)
        return Support(Verdict.PARTLY if reasons == (CUT_SHORT,) else Verdict.UNSUPPORTED, reasons)


def _reading(ground: Ground) -> Reading:
    """The words of a ground, with their annotated dates where it has them."""
    source = ground.source
    reading = Reading.of(ground.text, published=source.published, otherwise=source.language[:2])
    dates = tuple(replace(d, start=d.start - ground.start, end=d.end - ground.start) for d in ground.dates)
    return replace(reading, dates=dates or reading.dates)


def _reasons(written: Reading, source: Reading, credit: frozenset[str]) -> Iterator[str]:
    """All that speaks against a sentence; a source that names no speaker may be credited by its outlet's name."""
    quotations = [next(filter(None, match.groups()), "") for match in _QUOTED.finditer(written.text)]
    whole = all(quotation.translate(PLAIN_MARKS).strip(" .,") in source.plain for quotation in quotations)
    if not whole or written.plain.count('"') % 2:
        yield QUOTED_ELSE
    if written.stages != source.stages:
        yield STAGE_ELSE
    tokens = written.tokens
    if not any(token.speaks for token in source.tokens):
        tokens = tuple(token for token in tokens if not (token.speaks and token.key in credit))
    if any(token.speaks for token in source.tokens) != any(token.speaks for token in tokens):
        yield SPEAKER_ELSE
    voices = ((tokens, source.tokens), (_active(tokens), _active(source.tokens)))
    yield from min((list(_misplaced(*voice)) for voice in voices), key=len)


def _active(tokens: Sequence[Token]) -> Sequence[Token]:
    """A passive as an active sentence: "the road was closed by police" as "police closed the road"."""
    begin = next((at for at, token in enumerate(tokens) if not token.speaks), 0)
    at = next((at for at, token in enumerate(tokens) if token.marker[1]), 0)
    if at <= begin or any(token.cut == AT_CONJUNCTION or token.speaks for token in tokens[begin:at]):
        return tokens
    end = at + 1
    if end < len(tokens) and tokens[end].marker[0] in ("by", "por"):
        behind = (n for n in range(end + 1, len(tokens)) if tokens[n].cut > NOWHERE and tokens[n].marker[0] != "of")
        end = next(behind, len(tokens))
    agent, verb, rest = list(tokens[at + 1 : end]), tokens[at], tokens[end:]
    if agent:
        agent[0] = replace(agent[0], marker=("", False), cut=AT_PUNCTUATION)
    active = replace(verb, marker=(verb.marker[0], False), cut=NOWHERE if agent else UNTOLD)
    return [*tokens[:begin], *agent, active, replace(tokens[begin], cut=NOWHERE), *tokens[begin + 1 : at], *rest]


def _misplaced(tokens: Sequence[Token], source: Sequence[Token]) -> Iterator[str]:
    """What keeps tokens from being an extract of a source's."""
    places: list[int] = []
    for token in tokens:
        fitting = [at for at, candidate in enumerate(source) if at not in places and token.fits(candidate)]
        alike = [at for at in fitting if token.marker == source[at].marker]
        if not alike:
            yield ORDER_ELSE if fitting else token.absent
        if fitting:
            after = [at for at in alike or fitting if not places or at > places[-1]]
            places.append(min(after or alike or fitting))
    clauses = list(accumulate(token.cut >= AT_CONJUNCTION for token in source))
    cited_clauses = {clauses[at] for at in places}
    for at, token in enumerate(source):
        if (
            token.lost
            and at not in places
            and (clauses[at] in cited_clauses or token.lost in (CONDITION_LOST, SPEAKER_ELSE))
        ):
            yield token.lost
    if len(places) == len(tokens):
        yield from _broken(tokens, source, places)


def _broken(tokens: Sequence[Token], source: Sequence[Token], places: Sequence[int]) -> Iterator[str]:
    """Phrases cut in their middle, names not whole, and an order that isn't the source's."""
    starts = [0, *(at for at in range(1, len(places)) if places[at] < places[at - 1])]
    if len(starts) > RUNS:
        yield ORDER_ELSE
    for at, place in enumerate(places):
        if at + 1 in (len(places), *starts) and place + 1 < len(source) and source[place + 1].cut <= NOWHERE:
            yield CUT_SHORT
        if tokens[at].cut == UNTOLD and fold(tokens[at].text) == fold(source[place].text):
            continue  # "a road was closed" of "police closed a road"
        if at in starts:
            dated = all(token.absent == DATE_ELSE for token in source[:place])
            begins = source[place].cut > NOWHERE if place > min(places) else dated
            yield from [CUT_SHORT] * (not begins)
        elif place > places[at - 1] + 1:
            before, token = tokens[at - 1], tokens[at]
            if before.capital and token.capital and before.span.end + 1 == token.span.start:
                yield NAME_ELSE
            if not _may_go(source, places[at - 1] + 1, place):
                yield CUT_SHORT


def _may_go(source: Sequence[Token], first: int, behind: int) -> bool:
    """Whether a source's tokens from `first` on may be left out up to the one `behind` them: whole phrases."""
    if source[first].cut == AT_PUNCTUATION:
        return source[behind].cut == AT_PUNCTUATION
    return source[first].cut == AT_PREPOSITION and all(token.cut <= AT_PREPOSITION for token in source[first:behind])
