"""The facts of a text that code compares: numbers, dates, names, quoted words, denials, speakers, stages of a case."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from functools import cached_property

from rapidfuzz import fuzz, process

from qa.dates.finding import find_dates
from qa.dates.periods import DateMention, Precision
from qa.i18n.locale import N_
from qa.models.annotations import Stage
from qa.models.archive import Span
from qa.models.support import Ground
from qa.text.entities import NUMBER, number_value, places_in
from qa.text.stages import find_stages
from qa.text.terms import STOP_WORDS, content_words, fold, lowered, stem, stems, word_matches, words

NUMBER_ELSE = N_("A number in it is not in the sentence that it cites.")
DATE_ELSE = N_("A date in it is not in the sentence that it cites.")
NAME_ELSE = N_("A name in it is not in the sentence that it cites, or not whole.")
QUOTED_ELSE = N_("What it quotes does not stand word for word in the sentence that it cites.")
DENIAL_ELSE = N_("It denies what the sentence that it cites does not deny, or the other way round.")
SPEAKER_ELSE = N_("It doesn't say who says it as the sentence that it cites does.")
STAGE_ELSE = N_("It doesn't give the same stage of the case as the sentence that it cites.")

COGNATE = 75
"""Likeness, 0 to 100, from which a name is taken for the same in another form or language: Operation, Operación."""
SMALL = 2  # numbers up to this may be counted by whoever writes: "both companies", "the two sides"

_PLAIN_MARKS = str.maketrans({"’": "'", "‘": "'", "“": '"', "”": '"', "«": '"', "»": '"', "\u00a0": " "})
_QUOTED = re.compile(r"“([^”]*)”|«([^»]*)»|\"([^\"]*)\"|‘([^‘’]{12,})’(?!\w)")
_PERCENT = re.compile(r"%|per\s?cent|pct|por ciento")
_ACCORDING = re.compile(r"\b(?:according to|según|de acuerdo con)\s+([^,.;:“”\"]{2,80})", re.IGNORECASE)
_TO = re.compile(r"\s*(?:to|until|through|and|a|al|hasta|y|[-–—])\s*", re.IGNORECASE)
_NEGATIONS = frozenset(words("not no never nobody neither cannot nunca jamas nadie ningun ninguna ninguno tampoco"))


@dataclass(frozen=True)
class Facts:
    """A text whose facts are compared; dates are in its own offsets."""

    text: str
    published: date | None = None
    language: str = "en"
    known_dates: tuple[DateMention, ...] = ()

    @classmethod
    def of(cls, ground: Ground, language: str) -> Facts:
        dates = (replace(d, start=d.start - ground.start, end=d.end - ground.start) for d in ground.dates)
        return cls(ground.text, ground.source.published, language, tuple(dates))

    @cached_property
    def dates(self) -> tuple[DateMention, ...]:
        return self.known_dates or tuple(find_dates(self.text, published=self.published, language=self.language))

    def with_spans_of(self, source: Facts) -> Facts:
        """It with two dates as one span where the source has that: "2 March 1987 to 8 March 1987" for "last week"."""
        spans = {mention.value for mention in source.dates if mention.precision is Precision.SPAN}
        dates = list[DateMention]()
        for mention in self.dates:
            before = dates[-1] if dates else None
            if before and _TO.fullmatch(self.text[before.end : mention.start]):
                whole = f"{before.value}/{mention.value}"
                if whole in spans:
                    dates[-1] = replace(before, end=mention.end, value=whole, precision=Precision.SPAN)
                    continue
                if before.value in spans and str(before.value).endswith(f"/{mention.value}"):
                    dates[-1] = replace(before, end=mention.end)
                    continue
            dates.append(mention)
        return replace(self, known_dates=tuple(dates))

    @cached_property
    def numbers(self) -> frozenset[tuple[float | str, bool]]:
        """Each number outside dates by its value, by its words where it has none, and whether it is a share of 100."""
        numbers = set()
        for match in NUMBER.finditer(lowered(self.text)):
            if not self.dated(Span(*match.span())):
                percent = _PERCENT.search(match[0]) or _PERCENT.match(self.text[match.end() :].lstrip().lower())
                numbers.add((value_of(match[0]), bool(percent)))
        return frozenset(numbers)

    @cached_property
    def figures(self) -> frozenset[float | str]:
        """Every number, those of dates too."""
        return frozenset(value_of(match[0]) for match in NUMBER.finditer(lowered(self.text)))

    @cached_property
    def names(self) -> tuple[str, ...]:
        """Words with a capital that are no date; not the first of a sentence, which may be any word."""
        names = []
        for match in word_matches(self.text):
            span, word = Span(*match.span()), match[0]
            begins = self.text[: span.start].rstrip("\"“«'‘( ")[-1:] in ("", ".", "!", "?", ":", "¿", "¡")
            if word[0].isupper() and not begins and fold(word) not in STOP_WORDS and not self.dated(span):
                names.append(word)
        return tuple(names)

    @cached_property
    def denies(self) -> bool:
        return any(fold(word) in _NEGATIONS or word.endswith(("n't", "n’t")) for word in words(self.text))

    @cached_property
    def stages(self) -> frozenset[Stage]:
        mentions = find_stages(self.text, (), published=None, language=self.language)
        return frozenset(mention.stage for mention in mentions)

    def dated(self, span: Span) -> bool:
        """Whether a stretch is part of a date."""
        return any(span.overlaps(Span(mention.start, mention.end)) for mention in self.dates)


def plain(text: str) -> str:
    """A text with plain quotation marks and single blanks."""
    return " ".join(text.translate(_PLAIN_MARKS).split())


def value_of(number: str) -> float | str:
    """A number's value; its words where it has no exact one."""
    value = number_value(number)
    return fold(number) if value is None else value


def differing(claim: Facts, evidence: Facts, *, context: str) -> tuple[str, ...]:
    """What a claim says that its evidence doesn't, as reasons; what stands in the `context` may be named, too."""
    claim = claim.with_spans_of(evidence)
    evidence_text, known = plain(evidence.text).casefold(), stems(f"{evidence.text} {context}")
    # Another language has other names for many places and bodies: whether those are meant, the support model reads.
    same_language = claim.language == evidence.language
    quoted = [next(filter(None, match.groups()), "") for match in _QUOTED.finditer(claim.text)]
    speakers = [frozenset(map(stem, content_words(match[1]))) for match in _ACCORDING.finditer(claim.text)]
    unknown = [name for name in claim.names if stem(name) not in known]
    verdicts = {
        QUOTED_ELSE: any(plain(words).strip(" .,").casefold() not in evidence_text for words in quoted),
        NUMBER_ELSE: not all(_has_number(evidence, *number) for number in claim.numbers),
        DATE_ELSE: not all(_has_date(mention, claim, evidence) for mention in claim.dates),
        NAME_ELSE: same_language and not all(_has_name(name, (evidence.text, context)) for name in unknown),
        SPEAKER_ELSE: same_language and any(speaker and speaker.isdisjoint(known) for speaker in speakers),
        DENIAL_ELSE: same_language and claim.denies and not evidence.denies,
        STAGE_ELSE: not claim.stages <= evidence.stages,
    }
    return tuple(reason for reason, differs in verdicts.items() if differs)


def _has_number(evidence: Facts, value: float | str, is_percent: bool) -> bool:
    if isinstance(value, float) and value <= SMALL and not is_percent:
        return True
    return (value, is_percent) in evidence.numbers or (not is_percent and value in evidence.figures)


def _has_date(mention: DateMention, claim: Facts, evidence: Facts) -> bool:
    """Whether the evidence has the date: the same, a nearer one, or the same words.

    Its day of publication may be given, too; not as the only day where the evidence has another.
    """
    written = fold(claim.text[mention.start : mention.end])
    published = evidence.published.isoformat() if evidence.published else ""
    has_day = any(other.precision is Precision.DAY for other in evidence.dates)
    if mention.value and published.startswith(mention.value) and (len(claim.dates) > 1 or not has_day):
        return True
    near = (
        mention.value and other.value and f"{other.value}-".startswith(f"{mention.value}-") for other in evidence.dates
    )
    return any(near) or written in fold(evidence.text)


def _has_name(name: str, texts: Sequence[str]) -> bool:
    """Whether texts of which it is no word have a name: in another form or language, or by its initials."""
    places = {code for _, code in places_in(name)}
    if places and any(code in places for text in texts for _, code in places_in(text)):
        return True
    vocabulary = tuple({fold(word) for text in texts for word in words(text)})
    if process.extractOne(fold(name), vocabulary, scorer=fuzz.ratio, score_cutoff=COGNATE):
        return True
    # "Food and Drug Administration" is the FDA.
    initials = ("".join(word[0] for word in words(text) if word[0].isupper()) for text in texts)
    return name.isupper() and len(name) > 1 and any(name in letters for letters in initials)
