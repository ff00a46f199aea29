"""Sentences that are made of one source sentence's words: whether they are an extract that says no more.

An extract stands if its words are those of the source, in its order but for one phrase that may have moved, and cut
only where a phrase ends. One reporting verb is as good as another; what negates, hedges, bounds or attributes the
source's words may not be left out: "Ann, whose brother was convicted, appealed" has the words of "Ann was convicted".
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from qa.generation.facts import DATE_ELSE, NAME_ELSE, NUMBER_ELSE, SPEAKER_ELSE, STAGE_ELSE, Facts
from qa.generation.sentence_tokens import (
    AT_CONJUNCTION,
    AT_PREPOSITION,
    AT_PUNCTUATION,
    CONDITION_LOST,
    MORE_SAID,
    NOWHERE,
    UNTOLD,
    Token,
    tokens_of,
)
from qa.i18n.locale import N_
from qa.models.support import Ground
from qa.text.language import language_of
from qa.text.terms import fold, stems

RUNS = 2
"""Runs of the source's order that a sentence may be made of: one phrase may have moved."""

ORDER_ELSE = N_("What belongs to what, or who does what to whom, is otherwise in the sentence that it cites.")
CUT_SHORT = N_("It leaves out words in the middle of a phrase of the sentence that it cites.")
OTHER_WORDS = frozenset({MORE_SAID, NUMBER_ELSE, DATE_ELSE, NAME_ELSE})


def extract_objections(sentence: str, ground: Ground) -> tuple[str, ...] | None:
    """What speaks against a sentence as an extract of a source's; None where it has other words than the source."""
    origin = ground.source
    source = Facts.of(ground, language_of(ground.text, otherwise=origin.language[:2]))
    written = Facts(sentence, origin.published, language_of(sentence, otherwise=source.language))
    credit = stems(f"{origin.outlet} {origin.summarises or ''}")
    objections = tuple(dict.fromkeys(_objections(written, source, credit)))
    return None if OTHER_WORDS.intersection(objections) else objections


def _objections(written: Facts, source: Facts, credit: frozenset[str]) -> Iterator[str]:
    """All that speaks against a sentence; a source that names no speaker may be credited by its outlet's name."""
    if written.stages != source.stages:
        yield STAGE_ELSE
    tokens, source_tokens = tokens_of(written, written=True), tokens_of(source)
    told = any(token.speaks for token in source_tokens)
    if not told:
        tokens = tuple(token for token in tokens if not (token.speaks and token.key in credit))
    if told != any(token.speaks for token in tokens):
        yield SPEAKER_ELSE
    voices = ((tokens, source_tokens), (_active(tokens), _active(source_tokens)))
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
