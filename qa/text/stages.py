"""Finds the stages of a case that an article reports as reached, and who a question about how it ended is about."""

import re
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import cache, partial
from typing import NamedTuple

from qa.dates.periods import DateMention
from qa.models.annotations import Stage, StageMention, dates_within
from qa.models.archive import Span
from qa.text.patterns import expression, pattern, word_file
from qa.text.sentences import sentence_spans
from qa.text.terms import fold, lowered, words

_LOOKING_BACK = frozenset(Stage) - {Stage.INVESTIGATED, Stage.ON_TRIAL, Stage.APPEALED, Stage.UPHELD, Stage.OVERTURNED}
"""Stages that a participle behind a noun looks back on: "the three people convicted"."""

outcome_words = partial(pattern, "outcomes")


class _StageWords(NamedTuple):
    """One language's words, in lower case: of each stage stems and a trigger, and what around one takes it back."""

    subject: tuple[str, ...]
    settled: frozenset[Stage]
    triggers: tuple[tuple[Stage, tuple[str, ...], re.Pattern[str]], ...]
    context: Mapping[str, re.Pattern[str]]


@cache
def _words_of(language: str) -> _StageWords:
    file = word_file(f"stages/{language}")
    context = {name: expression(file, value) for name, value in file["context"].items()}
    context |= {name: rf"{context[name]}\W*$" for name in ("timeless", "backward")}
    context |= {name: rf"\W*{context[name]}" for name in ("negated_object", "forecast")}
    triggers = [(name, re.compile(expression(file, trigger))) for name, trigger in file["triggers"].items()]
    stems = {name: tuple(stem.replace("_", " ") for stem in line.split()) for name, line in file["stems"].items()}
    return _StageWords(
        tuple(file["subject"].split()),
        frozenset(Stage[name.upper()] for name in file["settled"]),
        tuple((Stage[name.upper()], stems[name], trigger) for name, trigger in triggers),
        {name: re.compile(form) for name, form in context.items()},
    )


def find_stages(
    body: str, dates: Sequence[DateMention], *, published: date | None, language: str = "en"
) -> list[StageMention]:
    """Every stage that a body with these dates reports, in order; what is denied, feared, demanded or law is none."""
    grammar = _words_of("spanish" if language.lower().startswith("es") else "english")
    lower = lowered(body)
    if not any(stem in lower for stem in grammar.subject):
        return []
    mentions: list[StageMention] = []
    for sentence in sentence_spans(body):
        text = lower[sentence.start : sentence.end]
        reported = sorted(_reported(text, grammar))
        # A sentence that asks, or speaks of the law and of people at large.
        if not reported or text.rstrip("\"”»' ").endswith("?") or grammar.context["general"].search(text):
            continue
        dated = [mention for mention in dates_within(dates, sentence) if mention.value and not mention.flaw]
        contested = bool(grammar.context["contested"].search(text))
        for span, stage in reported:
            place = span.shifted(sentence.start)
            # English and Spanish put dates behind: one in front counts half as far again.
            away = [d.start - place.end if d.start >= place.end else (place.end - d.end) * 3 // 2 for d in dated]
            value = dated[away.index(min(away))].value if dated else None
            looks_back = stage in _LOOKING_BACK and grammar.context["backward"].search(text[: span.start])
            if value is None and published and not looks_back:
                value = published.isoformat()
            mentions.append(StageMention(place.start, place.end, sentence, stage, value, bool(dated), contested))
    return mentions


def _reported(sentence: str, grammar: _StageWords) -> Iterator[tuple[Span, Stage]]:
    """The stages told as reached: nothing around their triggers takes them back."""
    context, spans = grammar.context, list[Span]()
    for stage, stems, trigger in grammar.triggers:
        if not any(stem in sentence for stem in stems):
            continue
        for match in trigger.finditer(sentence):
            span = Span(*match.span())
            if any(map(span.overlaps, spans)):
                continue
            spans.append(span)  # also where it is taken back: "not convicted" is not "arrested" either
            before, behind = sentence[: span.start], sentence[span.end :]
            if context["negated_object"].match(behind) or context["forecast"].match(behind):
                continue
            if stage in grammar.settled and context["timeless"].search(before):
                continue
            # Its clause begins at a comma or an "and" only where a verb of its own follows.
            words = context["lawful"].sub("", match[0])
            hard = max((match.end() for match in context["breaks"].finditer(before)), default=0)
            joins = (match.end() for match in reversed(list(context["joins"].finditer(before, hard))))
            start = next((end for end in joins if context["finite"].search(f"{before[end:]}{words}")), hard)
            if not any(context[name].search(before[start:] + words) for name in ("negation", "modality")):
                yield span, stage


def speaks_of_outcome(sentence: str) -> bool:
    """Whether a sentence has any word of a verdict, sentence or court's decision, and none of jail before it."""
    told = outcome_words("verdict").search(sentence) or outcome_words("procedure").search(sentence)
    return bool(told) and not outcome_words("before_trial").search(sentence)


def is_about_persons(word: str) -> bool:
    """Whether a word of a question about an outcome says nothing of which case is meant."""
    unspecific = word_file("outcomes")["unspecific"].split()
    return fold(word) in unspecific or any(outcome_words(name).fullmatch(word) for name in ("verdict", "procedure"))


def subject(question: str) -> str:
    """Who a yes-or-no question asks about: the words before what is asked, or behind it: "¿Es culpable el alcalde?"."""
    opening = outcome_words("opening").match(question)
    if not opening:
        return ""
    verdict = outcome_words("verdict").search(opening["rest"])
    behind = outcome_words("subject_behind").match(opening["rest"], verdict.end()) if verdict else None
    return _before_its_end(opening["rest"]) or (_before_its_end(behind["subject"]) if behind else "")


def _before_its_end(text: str) -> str:
    ends = [match.start() for name in ("subject_end", "verdict") if (match := outcome_words(name).search(text))]
    return " ".join(words(text[: min(ends, default=len(text))]))
