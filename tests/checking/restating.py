"""Says sentences in other words by rules that keep what they mean.

`python -m tests.checking.restating` writes the pairs by rule into pairs.jsonl anew, below those by hand.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date

from qa.dates.finding import find_dates
from qa.dates.periods import DateKind, Precision
from qa.text.numbers import NUMBER, number_value
from tests.checking.capitals import lowered, raised
from tests.checking.number_words import grouped, spelled
from tests.checking.pairs import Origin, Pair, articles, drawn, held_origins, origins_in, read_pairs, write_pairs
from tests.checking.restating_tables import MONTHS, REPORTING, SAME

Rule = Callable[[str, str, date | None], Iterator[str]]
MOST = 2
"""Restatements by rule of one sentence, or the long sentences with much to restate would crowd out the others."""

_NP = r"(?:[Tt]he |[Aa]n? |[Ee]l |[Ll]a )?[^\s,;:]+(?: [^\s,;:]+){0,4}"


def restated(sentence: str, language: str, published: date | None) -> Iterator[tuple[str, str]]:
    """How a sentence was restated, and the restatement; each differs from the sentence and from the others."""
    seen = {sentence}
    for how, rule in RULES.items():
        for text in rule(sentence, language, published):
            if text not in seen and _quoted(text) == _quoted(sentence):
                seen.add(text)
                yield how, text


def _quoted(text: str) -> list[str]:
    """What stands in quotation marks: no restating may touch it."""
    return re.findall(r"“[^”]*”|\"[^\"]*\"|«[^»]*»", text)


def _attribution(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """X says that … → …, according to X → According to X, …"""
    found = _attributed(sentence, language)
    if found is None:
        return
    speaker, said = found
    if language == "es":
        yield f"Según {speaker}, {lowered(said)}."
        yield f"{raised(said)}, según {speaker}."
        return
    yield f"According to {speaker}, {lowered(said)}."
    yield f"{raised(said)}, according to {speaker}."
    says = "say" if re.search(r"(?:^| )[a-z]+[^s]s$", speaker) else "says"
    yield f"{raised(speaker)} {says} that {lowered(said)}."


def _attributed(sentence: str, language: str) -> tuple[str, str] | None:
    """Who says it, and what; None where the sentence doesn't tell in one of the regular ways."""
    verbs = REPORTING[language]
    forms = (
        [
            rf"^According to (?P<who>{_NP}), (?P<what>[^.]+)\.$",
            rf"^(?P<what>.+), according to (?P<who>{_NP})\.$",
            rf"^(?P<what>.+), (?P<who>{_NP}) (?:{verbs})\.$",
            rf"^(?P<who>{_NP}) (?:{verbs}) that (?P<what>[^;]+)\.$",
        ]
        if language == "en"
        else [
            rf"^Según (?P<who>{_NP}), (?P<what>.+)\.$",
            rf"^(?P<what>.+), según (?P<who>{_NP})\.$",
            rf"^(?P<what>.+), (?:{verbs}) (?P<who>{_NP})\.$",
            rf"^(?P<who>{_NP}) (?:{verbs}) (?:de )?que (?P<what>[^;]+)\.$",
        ]
    )
    for form in forms:
        if (found := re.match(form, sentence)) and not _NO_SPEAKER.search(found["who"]):
            if re.search(rf"\.$| and that | y que |\b(?:{verbs})\b|[Aa]ccording to|[Ss]egún", found["what"]):
                return None
            return lowered(found["who"]), found["what"]
    return None


_NO_SPEAKER = re.compile(r"\b(?:that|which|who|que|y|and)\b|^(?:[Hh]e|[Ss]he|[Ii]t|[Tt]hey|[Éé]l|[Ee]lla)$")


def _numbers(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """twelve ↔ 12, outside dates and behind no "No."."""
    dates = find_dates(sentence, published=published, language=language)
    for found in NUMBER.finditer(sentence.lower()):
        word, value = found.group(), number_value(found.group())
        before = sentence[: found.start()]
        if value is None or value != int(value) or not 2 <= value < 100 or word.endswith(("%", "cent", "ciento")):
            continue
        if any(one.start < found.end() and found.start() < one.end for one in dates) or _numbers_a_thing(before):
            continue
        number = int(value)
        if re.match(r"[-.]\w| (?:or|o|to|a|al) (?:\d|\w+ )| \d{3}| [A-ZÁÉÍÓÚ]", sentence[found.end() :]):
            continue
        words = spelled(number, language)
        if word.isdigit() and words:
            yield before + (raised(words) if not before else words) + sentence[found.end() :]
        elif word == words and before:
            yield before + str(number) + sentence[found.end() :]


def _numbers_a_thing(before: str) -> bool:
    """What stands right before a number that is a name: article 12, court No. 6; or that is a part of another."""
    name = r"(?:[Nn]o\.|número|articles?|artículo|\d|[A-Z]\w+|[$£€()]) ?$"
    return re.search(rf"{name}|\b\w+ (?:and|y|to|a|al|or|o) $", before) is not None


def _separators(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """20,000 → 20 thousand, 28,972 → 28972."""
    mark, thousand = (",", "thousand") if language == "en" else (".", "mil")
    for found in re.finditer(rf"(?<![\w.,$£€/-])\d{{1,3}}(?:\{mark}\d{{3}})+(?![\w,.]\d|[%/])", sentence):
        digits = found.group().replace(mark, "")
        if digits.endswith("000") and len(digits) < 7:
            yield f"{sentence[: found.start()]}{digits[:-3]} {thousand}{sentence[found.end() :]}"
        yield sentence[: found.start()] + digits + sentence[found.end() :]
    for found in re.finditer(r"(?<![\w.,$£€/-])\d{5,6}(?![\w,.]\d|[%/])", sentence):
        yield sentence[: found.start()] + grouped(int(found.group()), language) + sentence[found.end() :]


_NOT_A_WHOLE_DAY = re.compile(r"night|noche|morning|\bago\b|hace")


def _resolved(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """yesterday → on 16 March 2005, where the sentence says it in one of the regular ways."""
    for one in find_dates(sentence, published=published, language=language):
        words = sentence[one.start : one.end]
        if one.kind is not DateKind.RELATIVE or one.value is None or one.flaw or "/" in one.value:
            continue
        if one.precision not in (Precision.DAY, Precision.MONTH) or _NOT_A_WHOLE_DAY.search(words):
            continue
        before, after = sentence[: one.start], sentence[one.end :]
        if after.startswith(("'s", "’s")):
            continue
        before = re.sub(r"\b(?:on|in|last|of|el|en|durante el|durante|de) $", "", before, flags=re.IGNORECASE)
        led = before != sentence[: one.start] or words.startswith(("last", "el "))
        if one.precision is Precision.MONTH and not led:
            continue  # the December raids
        lead = _preposition(sentence[len(before) : one.start].strip().lower(), language, one.precision)
        if re.search(r"\b(?:from|since|until|by|for|to|than|before|after|and|de|desde|hasta|a|y)\s$", before):
            lead = ""
        text = f"{lead} {_written(one.value, language)}".strip()
        yield before + (raised(text) if not before else text) + after


def _preposition(was: str, language: str, precision: Precision) -> str:
    if was in ("of", "de"):
        return was
    if language == "es":
        return "el" if precision is Precision.DAY else "en"
    return "on" if precision is Precision.DAY else "in"


def _written(value: str, language: str) -> str:
    year, month, *day = value.split("-")
    name = MONTHS[language][int(month) - 1]
    if language == "es":
        return f"{int(day[0])} de {name} de {year}" if day else f"{name} de {year}"
    return f"{int(day[0])} {name} {year}" if day else f"{name} {year}"


def _order(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """In X, … → … in X; … on 5 May 2004 → On 5 May 2004, …; A, while B → While B, A."""
    leading = r"(?:In|On|Over|By|Under|Between|En|Tras|Durante)"
    verbs = REPORTING[language]
    main = r"(?!that|which)(?:[A-ZÁÉÍÓÚ\d]|the |a |an |both |more |el |la |los |las |un |una |se )[^,;:]{10,120}"
    found = re.match(rf"^({leading} [^,;:]{{3,60}}), ({main})\.$", sentence)
    if found and not re.search(rf"\b(?:that|which|who|que|{verbs})\b", found[2]):
        yield f"{raised(found[2])} {found[1][0].lower()}{found[1][1:]}."
    months = "|".join(MONTHS[language])
    trailing = (
        rf"(?:on \d{{1,2}} (?:{months}) \d{{4}}|in (?:(?:{months}) )?\d{{4}})"
        if language == "en"
        else rf"(?:el \d{{1,2}} de (?:{months})(?: de \d{{4}})?|en (?:(?:{months}) de )?\d{{4}})"
    )
    found = re.match(rf"^([^,;:“”\"]+) ({trailing})\.$", sentence)
    if found and not re.search(r"\b(?:and|y|that|que)\b|\d{4}", found[1]):
        yield f"{raised(found[2])}, {lowered(found[1])}."
    contrast = r"^([^;:“”\"]+), ((?:while|although|mientras que|aunque) [^;:“”\"]+)\.$"
    if (found := re.match(contrast, sentence)) and not re.search(r"\b(?:that|que) |, (?:so|por lo) ", sentence):
        yield f"{raised(found[2])}, {lowered(found[1])}."


def _synonyms(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """Each word of the table by itself, then all of them."""
    whole = sentence
    for pattern, other in SAME[language]:
        new = re.sub(pattern, other, sentence, count=1)
        whole = re.sub(pattern, other, whole, count=1)
        if new != sentence:
            yield new
    yield whole


def _voice(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """X was adopted by Y on … → Y adopted X on …, for verbs whose participle is their past."""
    if language != "en":
        return
    thing = r"[A-Z][^,;:.]*?"
    when = r"(?: (?:on|in) [^,;:]*\d{4})?"
    form = rf"^({thing}) (?:was|were) (\w+ed|led|made|held) by ((?:the )?[A-Z][^,;:.]*?)({when})\.$"
    if found := re.match(form, sentence):
        yield f"{raised(found[3])} {found[2]} {lowered(found[1])}{found[4]}."


def _combined(sentence: str, language: str, published: date | None) -> Iterator[str]:
    """The attribution moved, and one thing more."""
    for moved in _attribution(sentence, language, published):
        for rule in (_resolved, _numbers, _synonyms, _separators):
            yield from rule(moved, language, published)


RULES: dict[str, Rule] = {
    "attribution moved": _attribution,
    "digits or words": _numbers,
    "separators": _separators,
    "date resolved": _resolved,
    "order": _order,
    "synonyms": _synonyms,
    "voice": _voice,
    "attribution moved and more": _combined,
}


def picked(sentence: str, language: str, published: date | None) -> list[tuple[str, str]]:
    """At most MOST of the restatements, of different kinds, drawn by the sentence."""
    by_kind = dict[str, str]()
    for how, text in sorted(restated(sentence, language, published), key=lambda one: drawn(one[1], of=1 << 32)):
        by_kind.setdefault(how, text)
    return sorted(by_kind.items(), key=lambda one: drawn("".join(one), of=1 << 32))[:MOST]


def pairs_by_rule() -> Iterator[tuple[Origin, str, str, str]]:
    """Sentence, language, how it was restated, and the restatement, for the whole demo archive.

    What was written by hand already isn't given again.
    """
    by_hand = {one.restatement for one in read_pairs() if one.by == "hand"}
    for article in articles().values():
        for origin in origins_in(article):
            for how, text in picked(origin.text, article.source.language, article.source.published):
                if text not in by_hand:
                    yield origin, article.source.language, how, text


def main() -> None:
    by_hand = [one for one in read_pairs() if one.by == "hand"]
    ruled = list(pairs_by_rule())
    held = held_origins([*(one.origins for one in by_hand), *((origin,) for origin, *_ in ruled)])
    hand = [replace(one, held=one.origins[0] in held) for one in by_hand]
    rule = [Pair((origin,), text, language, "rule", how, origin in held) for origin, language, how, text in ruled]
    write_pairs([*hand, *rule])


if __name__ == "__main__":
    main()
