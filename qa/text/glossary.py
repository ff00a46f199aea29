"""The glossary of legal words, and where they stand in a text.

An entry of the YAML files in `glossary/` has its `term`; `forms`, patterns of the words by which it is found, of which
a group, if any, is the word itself; `except`, patterns of other uses of the same words; and what `LegalTerm` has. A
`name` is written with its capitals, and kept in texts of other languages.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate

import yaml

from qa.models.annotations import LegalTerm, TermMention
from qa.models.archive import Span

FILES = ("spanish_people", "spanish_proceedings", "spanish_institutions", "english")  # the last has English terms


@dataclass(frozen=True, slots=True)
class GlossaryEntry:
    """A term, the patterns that find it, and those of other uses of its words."""

    term: LegalTerm
    forms: tuple[re.Pattern[str], ...]
    others: tuple[re.Pattern[str], ...]


@cache
def glossary() -> tuple[GlossaryEntry, ...]:
    """Every entry, in the order of the files."""
    folder, entries = files("qa.text").joinpath("glossary"), list[GlossaryEntry]()
    for name in FILES:
        language = "en" if name == "english" else "es"
        for record in yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8")):
            meaning, is_name = record.pop("meaning"), record.pop("name", False)
            forms, others = (_compiled(record.pop(key, []), is_name) for key in ("forms", "except"))
            meanings = {"meaning_en": meaning["en"], "meaning_es": meaning["es"]}
            term = LegalTerm(language=language, **meanings, is_name=is_name, **record)
            entries.append(GlossaryEntry(term, forms, others))
    return tuple(entries)


def _compiled(forms: Sequence[str], is_name: bool) -> tuple[re.Pattern[str], ...]:
    """Patterns of whole words; any white space, a line break too, stands where they have a space."""
    flags = 0 if is_name else re.IGNORECASE
    return tuple(re.compile(rf"(?<![\w-])(?:{form})(?!\w)".replace(" ", r"\s+"), flags) for form in forms)


@lru_cache(maxsize=1 << 10)
def find_terms(text: str, language: str) -> tuple[TermMention, ...]:
    """The legal words of a text in order, none overlapping another; of two at one place the longer stands.

    `language` is a tag such as es or es-MX. Terms of other languages are found only where they are names.
    """
    spoken = language.lower().partition("-")[0]
    read = (entry for entry in glossary() if entry.term.is_name or entry.term.language == spoken)
    mentions = list[TermMention]()
    for entry in read:
        excepted = sorted(match.span() for other in entry.others for match in other.finditer(text))
        starts, reach = [start for start, _ in excepted], list(accumulate((end for _, end in excepted), max))
        for match in (match for form in entry.forms for match in form.finditer(text)):
            # The group that holds the word, or all that was matched; without white space that only leads on.
            group = next((number for number in range(1, match.re.groups + 1) if match[number]), 0)
            span = Span(match.start(group), match.start(group) + len(match[group].rstrip()))
            before = bisect_right(starts, span.start)
            if not before or reach[before - 1] < span.end:
                mentions.append(TermMention(span, entry.term))
    longest: list[TermMention] = []
    for mention in sorted(mentions, key=lambda mention: (mention.span.start, -mention.span.end)):
        if not longest or mention.span.start >= longest[-1].span.end:
            longest.append(mention)
    return tuple(longest)


def with_other_names(text: str) -> str:
    """A question with the other language's words for the bodies it names: "Defensor del Pueblo", "ombudsman"."""
    for mention in reversed([mention for mention in find_terms(text, "") if mention.term.is_name]):
        other = mention.term.corresponds.partition(",")[0]
        text = text[: mention.span.start] + other + text[mention.span.end :]
    return text
