"""Finds the stages of a case that an article reports as reached; the words of each language are data in `stages/`."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache

from qa.dates.periods import DateMention
from qa.models.annotations import Stage, StageMention, dates_within
from qa.models.archive import Span
from qa.text.patterns import expression, word_file
from qa.text.sentences import sentence_spans
from qa.text.terms import lowered

_LOOKING_BACK = frozenset(Stage) - {Stage.INVESTIGATED, Stage.ON_TRIAL, Stage.APPEALED, Stage.UPHELD, Stage.OVERTURNED}
"""Stages that a participle behind a noun looks back on: "the three people convicted"."""


@dataclass(frozen=True)
class StageGrammar:
    """One language's words for the stages of a case, in lower case; what each entry is stands in `english.toml`.

    `patterns` are the stems and the trigger of each stage, `context` what around a trigger takes it back.
    """

    subject: tuple[str, ...]
    settled: frozenset[Stage]
    patterns: tuple[tuple[Stage, tuple[str, ...], re.Pattern[str]], ...]
    context: Mapping[str, re.Pattern[str]]


@cache
def stage_grammar(language: str) -> StageGrammar:
    file = word_file(f"stages/{language}")
    stems = {name: tuple(stem.replace("_", " ") for stem in line.split()) for name, line in file["stems"].items()}
    context = {name: expression(file, value) for name, value in file["context"].items()}
    before = {name: rf"{context[name]}\W*$" for name in ("timeless", "backward")}
    behind = {name: rf"\W*{context[name]}" for name in ("negated_object", "forecast")}
    return StageGrammar(
        tuple(file["subject"].split()),
        frozenset(Stage[name.upper()] for name in file["settled"]),
        tuple(
            (Stage[name.upper()], stems[name], re.compile(expression(file, trigger)))
            for name, trigger in file["triggers"].items()
        ),
        {name: re.compile(form) for name, form in (context | before | behind).items()},
    )


def find_stages(
    body: str, dates: Sequence[DateMention], *, published: date | None, language: str = "en"
) -> list[StageMention]:
    """Every stage that a body reports, in order; what is denied, feared, demanded or law is none.

    `dates` are those of the body. `language` is a tag such as es; all but Spanish is read as English.
    """
    grammar = stage_grammar("spanish" if language.lower().startswith("es") else "english")
    lower = lowered(body)
    if not _has(lower, grammar.subject):
        return []
    mentions: list[StageMention] = []
    for sentence in sentence_spans(body):
        text = lower[sentence.start : sentence.end]
        reported = list(_reported(text, grammar))
        if not reported or _general(text, grammar):
            continue
        dated_mentions = [mention for mention in dates_within(dates, sentence) if mention.value and not mention.flaw]
        contested = bool(grammar.context["contested"].search(text))
        for stage, span in reported:
            place = span.shifted(sentence.start)
            value, dated = _date(place, dated_mentions)
            looks_back = stage in _LOOKING_BACK and grammar.context["backward"].search(text[: span.start])
            if value is None and published and not looks_back:
                value = published.isoformat()
            mentions.append(StageMention(place.start, place.end, sentence, stage, value, dated, contested))
    return mentions


def _has(text: str, stems: Sequence[str]) -> bool:
    return any(stem in text for stem in stems)


def _general(sentence: str, grammar: StageGrammar) -> bool:
    """Whether a sentence asks, or speaks of the law and of people at large."""
    return sentence.rstrip("\"”»' ").endswith("?") or bool(grammar.context["general"].search(sentence))


def _reported(sentence: str, grammar: StageGrammar) -> Iterator[tuple[Stage, Span]]:
    """The stages told as reached, in the order of the sentence."""
    spans: list[Span] = []
    reported: list[tuple[Stage, Span]] = []
    for stage, stems, pattern in grammar.patterns:
        if not _has(sentence, stems):
            continue
        for match in pattern.finditer(sentence):
            span = Span(*match.span())
            if any(map(span.overlaps, spans)):
                continue
            spans.append(span)  # also where it is taken back: "not convicted" is not "arrested" either
            if _holds(sentence, span, stage, grammar):
                reported.append((stage, span))
    yield from sorted(reported, key=lambda stage_span: stage_span[1])


def _holds(sentence: str, span: Span, stage: Stage, grammar: StageGrammar) -> bool:
    """Whether nothing around a trigger takes it back."""
    context = grammar.context
    before, behind = sentence[: span.start], sentence[span.end :]
    if context["negated_object"].match(behind) or context["forecast"].match(behind):
        return False
    if stage in grammar.settled and context["timeless"].search(before):
        return False
    trigger = context["lawful"].sub("", sentence[span.start : span.end])
    clause = before[_clause_start(before, trigger, grammar) :]
    return not any(context[name].search(clause + trigger) for name in ("negation", "modality"))


def _clause_start(before: str, trigger: str, grammar: StageGrammar) -> int:
    """Where the clause of a trigger begins, in the words before it; `trigger` are the trigger's.

    A comma or an "and" begins one only where a verb of its own follows: "nobody was charged, tried or convicted".
    """
    hard = max((match.end() for match in grammar.context["breaks"].finditer(before)), default=0)
    for match in reversed(list(grammar.context["joins"].finditer(before, hard))):
        if grammar.context["finite"].search(f"{before[match.end() :]}{trigger}"):
            return match.end()
    return hard


def _date(span: Span, dates: Sequence[DateMention]) -> tuple[str | None, bool]:
    """The date that stands nearest to the end of a trigger, one behind it before one in front of it."""
    if not dates:
        return None, False
    nearest = min(dates, key=lambda mention: (_distance(span.end, mention), mention.start))
    return nearest.value, True


def _distance(end: int, mention: DateMention) -> int:
    """Characters between; a date in front counts as half as far again, since English and Spanish put dates behind."""
    return mention.start - end if mention.start >= end else (end - mention.end) * 3 // 2
