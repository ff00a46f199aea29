"""Names, of events too ("Operación Cerbero", "the Casa Pia case"), dates, durations and numbers by form, places by name."""

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from functools import cache, lru_cache
from typing import NamedTuple

from qa.dates.finding import find_dates
from qa.models.archive import Span
from qa.text.language import language_of
from qa.text.terms import WORDS, fold, lowered, words

_ACCENTS = str.maketrans("áéíóú", "aeiou")
_WORTH = {
    written: (kind, int(value))
    for kind, table in WORDS["numbers"].items()
    for value, line in table.items()
    for word in line.split()
    for written in (word, fold(word))
}  # how each number word counts, and what it is worth
NUMBER_WORDS = "|".join(sorted(_WORTH, key=len, reverse=True))
DIGITS = r"\d+(?:[.,]\d+)*"
_WRITTEN = (
    rf"(?:[$£€]\s?)?{DIGITS}(?:\s?(?:%|per cent|percent|por ciento|pct))?"
    r"(?:\s(?:million|billion|thousand|mln|bln|(?:mil )?millones|mil)\b)?"
)
NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:{_WRITTEN}|\b(?:{NUMBER_WORDS})(?:[\s-](?:and |y )?(?:{NUMBER_WORDS})\b)*)(?![\w/])"
)  # of text in lower case


def is_number(words: str) -> bool:
    """Whether words are a number and nothing else."""
    return NUMBER.fullmatch(lowered(words)) is not None


_ENGLISH_UNIT = re.compile(r"million|billion|thousand|mln|bln|pct|per\s?cent")  # behind it a point is a decimal one


@lru_cache(maxsize=5_000)
def number_value(text: str) -> float | None:
    """What a number that NUMBER found is worth; None where it is no exact one, such as "hundreds"."""
    total, current, english = 0.0, 0.0, _ENGLISH_UNIT.search(text.lower())
    tokens = re.findall(rf"{DIGITS}|[a-z]+", text.lower().translate(_ACCENTS).replace("por ciento", ""))
    counting = [token for token in tokens if token in _WORTH or token[0].isdigit()]
    for token in counting:
        kind, worth = _WORTH.get(token, ("digits", 0))
        if kind == "vague":
            return None
        if kind == "digits":
            # 20,000 and 20.000 are twenty thousand; 3.5, 3,5 and "3.500 million" three and a half.
            whole = re.fullmatch(r"\d{1,3}(?:[.,]\d{3})+", token) or len(re.findall(r"[.,]", token)) != 1
            whole = whole and not (english and re.fullmatch(r"\d+\.\d+", token))
            current += float(re.sub(r"\D", "", token) if whole else token.replace(",", "."))
        elif kind == "small":
            current += worth
        elif kind == "scores":
            current = (current or 1) * worth
        elif total and not current:  # "20 mil millones"
            total *= worth
        else:
            total, current = total + (current or 1) * worth, 0.0
    return float(f"{total + current:.15g}") if counting else None  # 65.6 billion is 65.600 millones


_LONG_AGO = re.compile(
    r"(?:[\d.,]+ (?:million |thousand )?years ago|[\d.,]+ (?:BC|BCE|BP|AD|CE)|[Hh]ace (?:\w+ ){0,2}?(?:[\d., ]*\d )?"
    r"(?:mil |millones |mil millones )?(?:de )?años|[\d.,]+ [ad]\. ?C\.?)(?!\w)"
)  # times of which no calendar is kept
_DURATION_UNIT = r"(?:second|minute|hour|day|week|month|year|decade|centur)(?:s|y|ies)?|segundos?|minutos?|horas?|días?|semanas?|mes(?:es)?|años?"
DURATION = re.compile(
    rf"(?:{NUMBER.pattern}|\ba|\ban|\bun|\bhalf a)(?:[\s-](?:and a half|full|calendar|or|to|y|a)?\s?(?:{DIGITS}|{NUMBER_WORDS})?)?[\s-]?"
    rf"(?:{_DURATION_UNIT})\b"
)  # of text in lower case
_TIME_OF_DAY = re.compile(r"(?<![\d:])\d{1,2}(?::\d\d(?!\d)(?::\d\d)?|(?:[.:]\d\d)?\s?[ap]\.?m\b)")
_WORD = r"[A-ZÁÉÍÓÚÑÜ][\w'’-]*"
_LINKS = "(?:de|del|la|las|los|of|the|von|van|bin|y)"
_CAPITAL = rf"(?:{_WORD}|[A-Z]\.)"
NAME = re.compile(rf"{_CAPITAL}(?:\s(?:{_LINKS}\s){{0,2}}{_CAPITAL})*")

_OPERATION = re.compile(
    r"\b(?:Operation|Hurricane|Typhoon|Cyclone|Storm|Tropical Storm|Project|Exercise|operation|Huracán|Tifón|Ciclón"
    rf"|Tormenta|Proyecto|[Oo]peraci[oó]n)\s(?P<name>{_WORD}(?:\s(?:(?:de|del|la|las|los)\s)?{_WORD})*)"
)
_CAPITALS = rf"{_WORD}(?: (?:{_LINKS} ){{0,2}}{_WORD}){{0,4}}"  # more would take long to look up
_CASE = re.compile(rf"(?<!\w)(?:[Cc]aso (?P<caso>{_CAPITALS})|(?P<name>{_CAPITALS}) (?:case|affair|scandal)(?!\w))")
# Words that make a case no case of that name: "the Supreme Court case".
_NO_NAME = frozenset(
    "court supreme high criminal civil test legal law this that the a an in no police british spanish el la".split()  # noqa: SIM905
) | {"tribunal"}


@lru_cache(maxsize=1 << 10)
def dated_spans(sentence: str) -> tuple[Span, ...]:
    """The dates of a sentence in either language, in order, none overlapping another."""
    both = (find_dates(sentence, published=None, language=language) for language in ("en", "es"))
    spans = [Span(mention.start, mention.end) for mentions in both for mention in mentions]
    spans += [Span(*match.span()) for match in _LONG_AGO.finditer(sentence)]
    merged: list[Span] = []
    for span in sorted(spans, key=lambda span: (span.start, -span.end)):
        if not merged or span.start >= merged[-1].end:
            merged.append(span)
    return tuple(merged)


def is_date(words: str) -> bool:
    """Whether words are a date and nothing else."""
    return dated_spans(words) == (Span(0, len(words)),)


def without_dates(text: str) -> str:
    """The text with a space in the place of each date."""
    for span in reversed(dated_spans(text)):
        text = f"{text[: span.start]} {text[span.end :]}"
    return text


_SPANISH_NUMBER = re.compile(r"\b(?:once|miles)\b")  # eleven and thousands, in English no numbers


_OF_A_HUNDRED = re.compile(r"\bpor (?=ciento?\b)")  # behind a number in words
_UN = re.compile(r"un (?=(?P<behind>[^\W\d_]+))")
_AND = re.compile(r"(?P<before>[^\W\d_]+) (?:(?P<and>and)|y) (?=(?P<behind>[^\W\d_]+))")


def numbers_in(sentence: str, *, language: str | None = None) -> list[Span]:
    """The numbers of a sentence, those of its dates too; "once" is one in Spanish alone.

    "Two and eight" are two numbers, "treinta y dos" and "a hundred and eight" are one; "por ciento" is none.
    """
    lower = lowered(sentence)
    spans = [Span(*match.span()) for match in NUMBER.finditer(lower)]
    if _SPANISH_NUMBER.search(lower) and (language or language_of(sentence, otherwise="es")) == "en":
        spans = [span for span in spans if not _SPANISH_NUMBER.fullmatch(lower, span.start, span.end)]
    shares = {match.end() for match in _OF_A_HUNDRED.finditer(lower)}
    return [part for span in spans if span.start not in shares for part in _apart(lower, span)]


def _apart(lower: str, span: Span) -> Iterator[Span]:
    """A number as it was found, cut where an "and" stands between two that make none together."""
    article = _UN.match(lower, span.start, span.end)  # of "un tres por ciento", not of "un millón"
    start = article.end() if article and _WORTH.get(article["behind"], ("", 0))[0] == "small" else span.start
    for match in _AND.finditer(lower, span.start, span.end):
        before, behind = number_value(match["before"]) or 0, number_value(match["behind"]) or 0
        if not (before >= 100 if match["and"] else (30 <= before < 100 and behind < 10) or before >= 1000):
            yield Span(start, match.end("before"))
            start = match.start("behind")
    yield Span(start, span.end)


def plain_numbers(sentence: str, *, dates: Sequence[Span] | None = None) -> list[Span]:
    """The numbers of a sentence outside its dates, if known, and times of day; those that count days or years are in."""
    dates = dated_spans(sentence) if dates is None else dates
    lower = lowered(sentence)
    dates = [*dates, *(Span(*match.span()) for match in _TIME_OF_DAY.finditer(lower))]
    spans = numbers_in(sentence)
    return [span for span in spans if not any(map(span.within, dates)) or DURATION.match(lower, span.start)]


class EventName(NamedTuple):
    """A name at `span` of a text. `key` is the same in every language and spelling of the kind of event."""

    key: str
    text: str
    span: Span


def operation_names(text: str) -> list[EventName]:
    """The names of operations, storms and the like in a text, in order; "a joint operation Tuesday" has none."""
    matches = (match for match in _OPERATION.finditer(text) if not is_date(match["name"]))
    return [EventName(fold_text(match["name"]), match.group(), Span(*match.span())) for match in matches]


def event_names(text: str) -> list[EventName]:
    """The names of events in a text, in order: of operations, and of cases that aren't called by an operation."""
    names = operation_names(text)
    spans = [name.span for name in names]
    for match in _CASE.finditer(text):
        key, span = fold_text(match["name"] or match["caso"]), Span(*match.span())
        if not any(map(span.overlaps, spans)) and _NO_NAME.isdisjoint(key.split()):
            names.append(EventName(key, match.group(), span))
    return sorted(names, key=lambda name: name.span)


@lru_cache(maxsize=1_000)
def main_name(title: str, body: str) -> EventName | None:
    """What the event is called that an article is about: the name in its headline, else the one it uses most."""
    if in_title := event_names(title):
        return in_title[0]
    whole = f" {fold_text(f'{title} {body}')} "
    named = event_names(body)
    counts = Counter({name.key: whole.count(f" {name.key} ") for name in named})
    return max(named, key=lambda name: (counts[name.key], -name.span.start), default=None)


def fold_text(text: str) -> str:
    """A text with its words folded and single spaces between them."""
    return " ".join(map(fold, words(text)))


Place = tuple[Span, str]  # where a territory is named, and its code of ISO 3166

_ALSO_CALLED = {
    "GB": ("UK", "U.K.", "Britain", "Great Britain", "Gran Bretaña"),
    "US": ("USA", "U.S.", "U.S.A.", "the United States of America", "EEUU", "EE.UU.", "EE UU"),
    "NL": ("Holland", "Holanda"), "CZ": ("Czech Republic", "República Checa"), "TR": ("Turkey",),
    "KR": ("Korea",), "MM": ("Burma",),
}  # fmt: skip
"""Names in use that CLDR doesn't list."""
_ALSO_A_WORD = frozenset({"granada", "jersey", "man", "us"})  # what reads more often as something else

_CAPITALIZED = re.compile(r"(?<!\w)[^\W\d_a-z]\w*")
_LONGEST_PLACE = 60  # characters that hold any name and the one behind it


@cache
def _letter(ch: str) -> str:
    """A letter folded, by itself so that names keep their length."""
    return fold(ch)[:1] or ch


def _folded(name: str) -> str:
    return "".join(map(_letter, name))


@cache
def _places() -> tuple[dict[str, str], dict[str, re.Pattern[str]]]:
    """The codes of places by their names; and by the first word of a name, what names with that word look like."""
    from babel import Locale

    listed = [item for language in ("en", "es") for item in Locale(language).territories.items()]
    codes = {_folded(name): code for code, name in listed if len(code) == 2 and code != "ZZ"}
    codes |= {_folded(name): code for code, names in _ALSO_CALLED.items() for name in names}
    codes = {name: code for name, code in codes.items() if name not in _ALSO_A_WORD}
    names: dict[str, list[str]] = {}
    for name in sorted(codes, key=len, reverse=True):
        names.setdefault(re.split(r"\W", name)[0], []).append(re.escape(name))
    return codes, {first: re.compile(rf"(?:{'|'.join(those)})(?!\w)") for first, those in names.items()}


@cache
def parts_of_the_world() -> frozenset[str]:
    """The names of continents and their parts, folded, in both languages."""
    from babel import Locale

    listed = [item for language in ("en", "es") for item in Locale(language).territories.items()]
    return frozenset(fold_text(name) for code, name in listed if code.isdigit())


def places_in(text: str) -> list[Place]:
    """Where a text names a territory, in order; only names with a capital count."""
    places, end, (codes, names) = list[Place](), 0, _places()
    for word in _CAPITALIZED.finditer(text):
        start = word.start()
        if start < end or not text[start].isupper() or (form := names.get(_folded(word.group()))) is None:
            continue
        if name := form.match(_folded(text[start : start + _LONGEST_PLACE])):
            end = start + name.end()
            places.append((Span(start, end), codes[name.group()]))
    return places
