"""Sentences that are made of one source sentence's words: whether they are an extract that says no more.

An extract stands if its words are those of the source, in its order but for one phrase that may have moved, and cut
only where a phrase ends. One reporting verb is as good as another; what negates, hedges, bounds or attributes the
source's words may not be left out: "Ann, whose brother was convicted, appealed" has the words of "Ann was convicted".

Sentences are compared as tokens: words by stem, numbers by value, dates by what they mean. The closed classes of words
that this rests on stand in `closed_classes.toml`.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate

from qa.dates.periods import DateKind
from qa.generation.facts import DATE_ELSE, NAME_ELSE, NUMBER_ELSE, SPEAKER_ELSE, STAGE_ELSE, Facts, value_of
from qa.i18n.locale import N_
from qa.models.archive import Span
from qa.models.support import Ground
from qa.text.entities import NUMBER
from qa.text.language import language_of
from qa.text.terms import fold, lowered, stem, stems, word_matches

MORE_SAID = N_("It has words that are not in the sentence that it cites.")
NEGATION_LOST = N_("It leaves out a negation of the sentence that it cites.")
LIMIT_LOST = N_("It leaves out a doubt or a limit of the sentence that it cites.")
CONDITION_LOST = N_("It leaves out a condition, or that something is only claimed, of the sentence that it cites.")

_CLOSING = (")", ">", "›", "]")
_PUNCTUATION = re.compile(r"[,;:()<>‹›\[\]—–]|\s--?\s")
_PART = re.compile(r"early|late|mid|start|beginning|end|principios|comienzos|mediados|finales")
"""What makes of a year or a month a part of it."""
_UNIT = re.compile(r"[$£€%]|per\s?cent|pct|por ciento")

UNTOLD, NOWHERE, AT_PREPOSITION, AT_CONJUNCTION, AT_PUNCTUATION = range(5)
"""Where a source may be cut before a token; UNTOLD is that of a verb in the passive whose doer is left out."""

RUNS = 2  # runs of the source's order that a sentence may be made of: one phrase may have moved
ORDER_ELSE = N_("What belongs to what, or who does what to whom, is otherwise in the sentence that it cites.")
CUT_SHORT = N_("It leaves out words in the middle of a phrase of the sentence that it cites.")
OTHER_WORDS = frozenset({MORE_SAID, NUMBER_ELSE, DATE_ELSE, NAME_ELSE})


@dataclass(frozen=True, slots=True)
class Token:
    """A word, number or date that means something by itself, at `span` of its text.

    `key` is what it is compared by; `absent` and `lost` are the reasons against a sentence that has it and its source
    hasn't, and the other way round. `marker` is the preposition before it, and whether a form of "be" is.
    """

    span: Span
    text: str
    key: str
    absent: str
    lost: str | None = None
    marker: tuple[str, bool] = ("", False)
    cut: int = NOWHERE

    @property
    def capital(self) -> bool:
        return self.text[0].isupper()

    @property
    def speaks(self) -> bool:
        return self.lost == SPEAKER_ELSE

    def fits(self, source: Token) -> bool:
        """Whether it is the source's token; a date may be less exact, a relative one has the source's words."""
        if self.absent == DATE_ELSE == source.absent:
            return fold(self.text) == fold(source.text) or f"{source.key}-".startswith(f"{self.key}-")
        named = source.capital or not self.capital or self.span.start == 0
        return self.key == source.key and named and (source.speaks or not self.speaks)

    def placed(self, marker: tuple[str, bool], cut: int, *, speaks: bool) -> Token:
        """It with what stands before it; in, on or of a day is the same, and before who speaks nothing counts."""
        if self.absent == DATE_ELSE:
            marker = ("" if marker[0] in ("in", "of", "en", "de") else marker[0], False)
        if speaks:
            return replace(self, lost=self.lost or SPEAKER_ELSE, cut=cut)
        return replace(self, marker=marker, cut=cut)


def tokens_of(text: Facts, *, written: bool = False) -> tuple[Token, ...]:
    """What means something by itself, in order; in `written` words relative dates count as they are worded."""
    classes, tokens = _classes()["es" if text.language == "es" else "en"], list[Token]()
    marker, cut, end, speaking = ("", False), AT_PUNCTUATION, 0, False
    for token in _units(text, classes, relative=written):
        word = fold(token.text) if token.absent in (MORE_SAID, NAME_ELSE) else ""
        between, end = text.text[end : token.span.start], token.span.end
        # "(Smith Inc) said" names a speaker as "Smith Inc said" does.
        if _PUNCTUATION.search(between) and not (word in classes["reporting"] and between.strip() in _CLOSING):
            marker, cut = ("", False), AT_PUNCTUATION
        if word in classes["reporting"] and not marker[1]:
            speaking = cut >= AT_CONJUNCTION or not _mark_speaker(tokens)
            marker, cut = ("", False), AT_PUNCTUATION
            continue
        if word in classes["prepositions"]:
            marker, cut = (classes["prepositions"][word], marker[1]), max(cut, AT_PREPOSITION)
        elif word in classes["be"]:
            marker = (marker[0], True)
        elif word in classes["conjunctions"]:
            marker, cut, speaking = ("", False), max(cut, AT_CONJUNCTION), False
        if not any(word in classes[name] for name in ("free", "prepositions", "be")):
            speaking = speaking and (cut < AT_CONJUNCTION or not (tokens and tokens[-1].speaks))
            tokens.append(token.placed(marker, cut, speaks=speaking))
            marker, cut = ("", False), NOWHERE
    return tuple(tokens)


@cache
def _classes() -> Mapping[str, Mapping[str, Mapping[str, str]]]:
    """The closed classes of each language, every word with the one that it counts as."""
    data = tomllib.loads(files("qa.generation").joinpath("closed_classes.toml").read_text(encoding="utf-8"))
    for classes in data.values():
        counted_as = classes.pop("counted_as")
        classes.update({name: {word: word for word in words.split()} for name, words in classes.items()})
        classes["prepositions"] |= counted_as
    return data


def closed_class(language: str, *names: str) -> frozenset[str]:
    """The words of some closed classes, folded."""
    classes = _classes()["es" if language == "es" else "en"]
    return frozenset(word for name in names for word in classes[name])


def _units(text: Facts, classes: Mapping[str, Mapping[str, str]], *, relative: bool) -> list[Token]:
    """All dates, the numbers outside them, and the words outside both, in order."""
    tokens: list[Token] = []
    for mention in text.dates:
        words = text.text[mention.start : mention.end]
        absolute = None if relative and mention.kind is DateKind.RELATIVE else mention.value
        part = _PART.search(words.lower())
        key = f"@{absolute or fold(words)}{part[0] if part else ''}"
        tokens.append(Token(Span(mention.start, mention.end), words, key, DATE_ELSE))
    for match in NUMBER.finditer(lowered(text.text)):
        span = Span(*match.span())
        if match[0] not in classes["free"] and not any(span.overlaps(token.span) for token in tokens):
            unit = _UNIT.search(match[0])
            sign = unit[0] if unit and unit[0] in "$£€" else "%" * bool(unit)
            tokens.append(Token(span, text.text[span.start : span.end], f"{value_of(match[0])}{sign}", NUMBER_ELSE))
    for match in word_matches(text.text):
        span = Span(*match.span())
        if not any(span.overlaps(token.span) for token in tokens):
            tokens.append(_word_token(match[0], span, classes))
    return sorted(tokens, key=lambda token: token.span)


def _mark_speaker(tokens: list[Token]) -> bool:
    """Marks the last tokens, as far as a phrase of their own, as those of who speaks; False where there are none."""
    for at in range(len(tokens) - 1, -1, -1):
        tokens[at] = replace(tokens[at], lost=tokens[at].lost or SPEAKER_ELSE)
        if tokens[at].cut >= AT_CONJUNCTION:
            break
    return bool(tokens)


def _word_token(word: str, span: Span, classes: Mapping[str, Mapping[str, str]]) -> Token:
    """A word by its stem; a possessive is another word."""
    folded = fold(word)
    key = stem(word) + "'s" * bool(re.search("['’]s$", word))
    kinds = {"negations": NEGATION_LOST, "conditions": CONDITION_LOST, "limits": LIMIT_LOST}
    lost = next((kinds[name] for name in kinds if folded in classes[name] or folded.endswith("n't")), None)
    return Token(span, word, key, NAME_ELSE if word[0].isupper() and span.start else MORE_SAID, lost)


def extract_objections(sentence: str, ground: Ground) -> tuple[str, ...] | None:
    """What speaks against a sentence as an extract of a source's; None where it has other words than the source."""
    origin = ground.source
    source = _source_of(ground)
    written = Facts(sentence, origin.published, language_of(sentence, otherwise=source.language))
    credit = stems(f"{origin.outlet} {origin.summarises or ''}")
    objections = tuple(dict.fromkeys(_objections(written, source, credit)))
    return None if OTHER_WORDS.intersection(objections) else objections


@lru_cache(maxsize=64)
def _source_of(ground: Ground) -> Facts:
    """The facts of a source's sentence, which several written ones are held against."""
    return Facts.of(ground, language_of(ground.text, otherwise=ground.source.language[:2]))


@lru_cache(maxsize=64)
def _source_tokens(source: Facts) -> tuple[Token, ...]:
    return tokens_of(source)


def _objections(written: Facts, source: Facts, credit: frozenset[str]) -> Iterator[str]:
    """All that speaks against a sentence; besides who speaks in it its outlet may be credited."""
    if written.stages != source.stages:
        yield STAGE_ELSE
    written = written.with_spans_of(source)
    tokens, source_tokens = tokens_of(written, written=True), _source_tokens(source)
    tokens = _without_credit(tokens, source_tokens, credit, f"@{source.published}")
    names_speaker = any(token.speaks for token in source_tokens)
    if names_speaker != any(token.speaks for token in tokens):
        yield SPEAKER_ELSE
    voices = ((tokens, source_tokens), (_active(tokens), _active(source_tokens)))
    yield from min((list(_misplaced(*voice)) for voice in voices), key=len)


def _without_credit(
    tokens: Sequence[Token], source: Sequence[Token], credit: frozenset[str], published: str
) -> tuple[Token, ...]:
    """A sentence without the outlet as who says it, and without its day beside that: "Reuters reported on 9 March"."""
    known = {token.key for token in source}
    is_credit = [token.speaks and token.key in credit - known for token in tokens]
    beside = [any(is_credit[max(0, at - 1) : at + 2]) for at in range(len(tokens))]
    return tuple(
        token
        for token, credited, near in zip(tokens, is_credit, beside, strict=True)
        if not (credited or (near and token.key == published and published not in known))
    )


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
        holds_for_all = token.lost in (CONDITION_LOST, SPEAKER_ELSE)
        if token.lost and at not in places and (holds_for_all or clauses[at] in cited_clauses):
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
