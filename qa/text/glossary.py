"""The glossary of legal words, and where they stand in a text.

An entry of the YAML files in `glossary/` has its `term`; `forms`, patterns, whose group, if any, is the word itself;
`except`, patterns of other uses; and what `LegalTerm` has.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate

import yaml

from qa.models.annotations import LegalTerm, TermMention
from qa.models.archive import Span

Patterns = tuple[re.Pattern[str], ...]
FILES = ("spanish_people", "spanish_proceedings", "spanish_institutions", "english")  # the last has English terms


@cache
def glossary() -> dict[LegalTerm, tuple[Patterns, Patterns]]:
    """Every term, in the order of the files, with the patterns that find it and those of other uses of its words."""
    folder, terms = files("qa.text").joinpath("glossary"), dict[LegalTerm, tuple[Patterns, Patterns]]()
    for name in FILES:
        language = "en" if name == "english" else "es"
        for record in yaml.safe_load(folder.joinpath(f"{name}.yaml").read_text(encoding="utf-8")):
            flags = 0 if record.get("is_name") else re.IGNORECASE
            forms, others = (_compiled(record.pop(key, []), flags) for key in ("forms", "except"))
            terms[LegalTerm(language=language, **record)] = forms, others
    return terms


def _compiled(forms: Sequence[str], flags: int) -> Patterns:
    """Patterns of whole words; any white space, a line break too, stands where they have a space."""
    return tuple(re.compile(rf"(?<![\w-])(?:{form})(?!\w)".replace(" ", r"\s+"), flags) for form in forms)


@lru_cache(maxsize=1 << 10)
def find_terms(text: str, language: str) -> tuple[TermMention, ...]:
    """The legal words of a text in that language, in order, the longer of two at one place; of others only names."""
    spoken, mentions = language.lower().partition("-")[0], list[TermMention]()
    for term, (forms, others) in glossary().items():
        if not term.is_name and term.language != spoken:
            continue
        excepted = sorted(match.span() for other in others for match in other.finditer(text))
        starts, reach = [start for start, _ in excepted], list(accumulate((end for _, end in excepted), max))
        for match in (match for form in forms for match in form.finditer(text)):
            # The group that holds the word, or all that was matched; without white space that only leads on.
            group = next((number for number in range(1, match.re.groups + 1) if match[number]), 0)
            span = Span(match.start(group), match.start(group) + len(match[group].rstrip()))
            before = bisect_right(starts, span.start)
            if not before or reach[before - 1] < span.end:
                mentions.append(TermMention(span, term))
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
