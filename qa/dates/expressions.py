"""A language's grammar of dates, read from its TOML file, a text's words as it classes them, and what they express."""

import re
import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date
from functools import cache, lru_cache
from importlib.resources import files
from itertools import accumulate, pairwise
from typing import NamedTuple

_REMEMBERED = 1 << 15  # words whose class is kept, for most words of a text were in the one before; fits of letters too
_LONGEST_KEPT = 100  # words of a stretch whose fits are kept: longer ones hardly come again, and take room
REACH = 25  # words a verb may be away from its date: longer clauses are rare, and lists run on without full stops

_NAMED = "MmWwK"  # classes of words that are written with a capital in some languages
_SETTLED = re.compile("[MmWwKRn]")  # classes that depend on the words around

_GAP = r"[^\S\n]*(?:\n(?![^\S\n]*\n)[^\S\n]*)?"
_TOKEN = re.compile(
    rf"(?:[^\W\d]\w*(?:['’]\w+)*"
    rf"|(?:\d{{4}}[-/]\d\d[-/]\d\d|\d{{1,2}}(?:/\d{{1,2}}/|\.\d{{1,2}}\.|-\d{{1,2}}-)\d{{4}}|\d+(?:[.,/:]\d+)*)"
    rf"(?:st|nd|rd|th|ST|ND|RD|TH|['’]?[sS]|º)?(?![\w/])"
    rf"|\w+(?:['’]\w+)*|[^\w\s]){_GAP}|\n[^\S\n]*\n\s*"
)  # with the space behind it, so that the lengths of all add up to the text; a blank line is one
_NUMERIC = re.compile(r"(\d{4})([-/])(\d\d)\2(\d\d)|(\d{1,2})[/.-](\d{1,2})[/.-](\d{4})")
_SEASON_YEARS = re.compile(r"((?:1[5-9]|20)\d\d)/(\d\d)")
_DECADE = re.compile(r"(\d{3}0)'?s")
_INTEGER = re.compile(r"\d{1,3}(?:[.,]\d{3})+|\d{1,4}")
_STRETCH = re.compile("[^x]+")  # words with a meaning for dates in a row
_ABSOLUTE = ("numeric", "year", "lent", "years", "decade", "short_decade", "century")  # they say by themselves when
_LENDING = ("day", "month", "season")  # shapes of which one that ends a row gives its year to the others
_ITS_OWN = ("year", "lent", "way", "step", "year_way", "year_step", "back", "nth", "weekly")  # no year is lacking


@dataclass(frozen=True, slots=True)
class Rule:
    """A way to say a date. Of its values `way` counts from the day of publication, `step` from the date named last."""

    shape: str  # the method of `resolving.Resolver` that resolves it
    pattern: re.Pattern[str]  # over class letters
    fixed: dict[str, int]  # values that no word says
    names: dict[str, str]  # of the value of each group: a digit at its end tells groups of one name apart


class Lexeme(NamedTuple):
    """A token: in lower case, its class, value and role in tense, and its length without a possessive behind it."""

    word: str
    letter: str
    number: int
    role: str
    length: int


@dataclass(frozen=True, eq=False)
class Grammar:
    """One language's words, by class letter and value, its rules, and closed classes of words."""

    words: dict[str, tuple[str, int]]
    phrases: dict[tuple[str, str], list[tuple[list[str], Lexeme]]]  # by their first two words, longest first
    capitals: bool  # months and weekdays have a capital; where they have none, one makes a name of them
    day_first: bool  # 3/4/2005 can only be the third of April
    rules: tuple[Rule, ...]
    sets: Mapping[str, frozenset[str]]


@cache
def grammar_of(language: str) -> Grammar:
    """The grammar of `english` or `spanish`."""
    data = tomllib.loads(files(__package__).joinpath(f"{language}.toml").read_text(encoding="utf-8"))
    phrases: dict[tuple[str, str], list[tuple[list[str], Lexeme]]] = {}
    for phrase, (letter, number) in sorted(_lexicon(data["phrases"]).items(), key=lambda item: -len(item[0])):
        words = [token.rstrip() for token in _TOKEN.findall(phrase)]
        phrases.setdefault((words[0], words[1]), []).append((words, Lexeme(phrase, letter, number, " ", 0)))
    rules, fragments = list[Rule](), data["fragments"]
    for line in data["rules"]["text"].splitlines():
        if line and not line.startswith("#"):
            shape, letters, *fixed = line.split()
            while "{" in letters:
                letters = re.sub(r"\{(\w+)\}", lambda match: fragments[match[1]], letters)
            rule = re.compile(letters)
            values = {name: int(number) for name, number in (entry.split("=") for entry in fixed)}
            rules.append(Rule(shape, rule, values, {group: group.rstrip("0123456789") for group in rule.groupindex}))
    classes = data["tense"] | {name: line for name, line in data.items() if isinstance(line, str)}
    sets = {name: frozenset(word.replace("_", " ") for word in line.split()) for name, line in classes.items()}
    return Grammar(_lexicon(data["words"]), phrases, data["capitals"], data["day_first"], tuple(rules), sets)


def _lexicon(entries: Mapping[str, str]) -> dict[str, tuple[str, int]]:
    """Word to class letter and value, from letter → "word word=value …"; _ is a space, a value not given is 0."""
    triples = [(letter, *entry.partition("=")[::2]) for letter, line in entries.items() for entry in line.split()]
    return {word.replace("_", " "): (letter, int(number or 0)) for letter, word, number in triples}


@dataclass(frozen=True, slots=True)
class Lexed:
    """A text's tokens: `letters[i]` is the class of token i, `roles[i]` what it says about tense (`_role_of`)."""

    grammar: Grammar
    letters: str
    roles: str
    entries: list[Lexeme]
    starts: list[int]

    def word(self, place: int) -> str:
        """In lower case; empty outside the text."""
        return self.entries[place].word if 0 <= place < len(self.entries) else ""

    def is_of(self, name: str, place: int) -> bool:
        """Whether the word there is one of that closed class."""
        return self.word(place) in self.grammar.sets[name]

    def has_of(self, name: str, first: int, last: int) -> bool:
        """Whether one of tokens `first` to before `last`, as far as the text goes, is."""
        words = {entry.word for entry in self.entries[max(0, first) : max(0, last)]}
        return not words.isdisjoint(self.grammar.sets[name])


def lex(text: str, grammar: Grammar) -> Lexed:
    """Every word, number, sign and blank line of the text, in order."""
    body = text.lstrip()
    tokens = _TOKEN.findall(body)
    begins = list(accumulate(map(len, tokens), initial=len(text) - len(body)))
    singles = [_entry(token, grammar) for token in tokens]
    words = [entry.word for entry in singles]
    entries, starts, end = list[Lexeme](), list[int](), 0
    for place in [place for place, pair in enumerate(pairwise(words)) if pair in grammar.phrases]:
        for parts, phrase in grammar.phrases[words[place], words[place + 1]]:  # each is one token
            last = place + len(parts)
            if place >= end and parts == words[place:last]:
                length = begins[last - 1] + singles[last - 1].length - begins[place]
                entries += (*singles[end:place], phrase._replace(length=length))
                starts += begins[end : place + 1]
                end = last
    entries += singles[end:]
    starts += begins[end:]
    letters, roles = [entry.letter for entry in entries], [entry.role for entry in entries]
    for match in _SETTLED.finditer("".join(letters)):
        place = match.start()
        letters[place] = _settled(place, letters, entries[place].word, text[starts[place]], grammar)
        if letters[place] == "M":
            roles[place] = " "  # May is no "may"
    return Lexed(grammar, "".join(letters), "".join(roles), entries, starts)


@lru_cache(_REMEMBERED)
def _entry(token: str, grammar: Grammar) -> Lexeme:
    written = token.rstrip() or "\n"
    word = written.lower().replace("’", "'")
    if word[0].isdigit():
        letter, number = grammar.words.get(word) or _number(word, grammar)
    elif word[0].isalnum() or word[0] == "_":
        letter, number = grammar.words.get(word) or grammar.words.get(word.removesuffix("'s")) or ("x", 0)
    elif "\n" in word:
        letter, number = "¶", 0
    else:
        letter, number = (".", 0) if word in ".?!" else grammar.words.get(word, (word, 0))
    if letter in _NAMED and grammar.capitals and not (written[0].isupper() or written[0].isdigit()):
        letter = "x"
    over = 2 if word.endswith("'s") and letter not in "xc" else 0
    return Lexeme(word, letter, number, _role_of(word, grammar.sets), len(written) - over)


def _number(word: str, grammar: Grammar) -> tuple[str, int]:
    if whole := _NUMERIC.fullmatch(word):
        year, month, day = map(int, whole.group(1, 3, 4) if whole[1] else whole.group(7, 6, 5))
        if not (whole[1] or grammar.day_first or day > 12):
            return "x", 0  # 3/4/2005 may be of March or of April
        try:
            return "C", date(year, month, day).toordinal()
        except ValueError:
            return "x", 0
    if years := _SEASON_YEARS.fullmatch(word):
        return ("y", int(years[1])) if (int(years[1]) + 1) % 100 == int(years[2]) else ("x", 0)
    if decade := _DECADE.fullmatch(word):
        return "c", int(decade[1])
    plain = word.removesuffix("'s")
    digits = plain.rstrip("sthndrº")
    ordinal = digits != plain
    if not _INTEGER.fullmatch(digits):
        return "x", 0
    number = int(digits.replace(",", "").replace(".", ""))
    if len(digits) == 4 and 1000 <= number < 2100 and not ordinal:
        return "Y", number
    if 1 <= number <= 31:
        return ("e" if ordinal else "d"), number
    return ("#", number) if number < 1000 and not ordinal else ("x", 0)


def _settled(place: int, letters: list[str], word: str, initial: str, grammar: Grammar) -> str:
    """The class of a word that is what it seems only beside certain others."""
    letter = letters[place]
    before = letters[place - 1] if place else "¶"
    after = letters[place + 1] if place + 1 < len(letters) else "."
    if letter == "R":
        return "D" if word == "mañana" and before in "TS" else "R"
    if letter == "n":
        # "April Three", as wires have it.
        return "d" if grammar.capitals and before == "M" and initial.isupper() else "n"
    if letter == "M" and word.removesuffix("'s") in grammar.sets["doubtful"]:
        # A preposition or a number is company enough; "Theresa May" and "May I" have none.
        return "M" if before in "ITFLNSPXEde&-MBZfW" or after in "deYnFNL" else "x"
    return letter if grammar.capitals or not initial.isupper() or before in "TFdeE.¶" else "x"


def _role_of(word: str, sets: Mapping[str, frozenset[str]]) -> str:
    """What a word can say about tense, as one letter; a space for nothing."""
    regular = len(word) > 3 and word not in sets["neither"] and word.endswith(tuple(sets["past_endings"]))
    past = regular or word in sets["past"]
    roles = (
        ("w", word in sets["towards"]),
        ("t", word in sets["timetabled"]),
        ("r", word in sets["reporting"]),
        ("B" if past else "b", word in sets["before_to"]),
        ("M" if word in sets["future"] else "m", word in sets["modals"]),  # before a participle
        ("f", word in sets["future"]),
        ("e", word.endswith(tuple(sets["future_endings"]))),
        ("h" if past else "c", word in sets["carriers"] or (sets["carriers"] and word.endswith("ly"))),
        ("p", past),
    )
    return next((role for role, fits in roles if fits), " ")


@dataclass(frozen=True, slots=True)
class Expression:
    """Tokens `first` to `last`, both included, and what they say: `values` are those of a rule of that shape."""

    first: int
    last: int
    shape: str
    values: dict[str, int]

    @property
    def is_absolute(self) -> bool:
        return not self.values.keys().isdisjoint(_ABSOLUTE)


def expressions_in(lexed: Lexed) -> list[Expression]:
    """The longest expressions that don't overlap, in order."""
    covered = bytearray(len(lexed.letters))
    expressions = []
    for expression in sorted(_candidates(lexed), key=lambda e: (e.first - e.last, e.first)):
        stretch = slice(expression.first, expression.last + 1)
        if not any(covered[stretch]):
            covered[stretch] = b"\1" * (stretch.stop - stretch.start)
            expressions.append(expression)
    expressions.sort(key=lambda e: e.first)
    for place in range(len(expressions) - 2, -1, -1):
        lacking, lender = expressions[place : place + 2]
        is_lacking = lacking.shape in _LENDING and lacking.values.keys().isdisjoint(_ITS_OWN)
        if not is_lacking or lacking.shape != lender.shape or not in_a_row(lacking, lender, lexed):
            continue
        values, later = lender.values, lender.values.get("month", 0)
        if "year_way" in values:  # "in May or June next year"
            lent = {"year_way": values["year_way"] - (lacking.values.get("month", 0) > later)}
        elif year := values.get("year") or values.get("lent"):  # "in March, April and May 2004"
            lent = {"lent": year, "later": later}
        else:
            continue
        expressions[place] = replace(lacking, values=lacking.values | lent)
    return expressions


def in_a_row(first: Expression, second: Expression, lexed: Lexed) -> bool:
    """Whether nothing but a comma, a dash or a word such as "and" stands between two expressions."""
    between = range(first.last + 1, second.first)
    return 1 <= len(between) <= 2 and all(lexed.letters[at] in "&,-/" or lexed.is_of("rows", at) for at in between)


def _candidates(lexed: Lexed) -> Iterator[Expression]:
    """Every way in which a rule fits the text."""
    for stretch in _STRETCH.finditer(lexed.letters):
        start, end = stretch.span()
        bounds = "x" if start else "¶", "x" if end < len(lexed.letters) else ""
        fits = _fits if end - start <= _LONGEST_KEPT else _fits.__wrapped__
        offset = start - 1  # the first letter is only what stands before the stretch
        for rule, match in fits(lexed.grammar, stretch.group().join(bounds)):
            groups = ((group, name) for group, name in rule.names.items() if match[group] is not None)
            places = {name: offset + match.start(group) for group, name in groups}
            if "unit" in places and "number" not in match.re.groupindex and lexed.is_of("plurals", places["unit"]):
                continue  # "the last years" are no year
            values = rule.fixed | {name: lexed.entries[place].number for name, place in places.items()}
            expression = Expression(offset + match.start(), offset + match.end() - 1, rule.shape, values)
            if rule.shape == "part":  # no quarter or half of a match
                around, is_business = (expression.first - REACH, expression.last + REACH), "business" in values
                if lexed.has_of("business" if is_business else "games", *around) is not is_business:
                    continue
            yield expression


@lru_cache(_REMEMBERED)
def _fits(grammar: Grammar, letters: str) -> list[tuple[Rule, re.Match[str]]]:
    """Every way in which a rule fits some letters."""
    return [(rule, match) for rule in grammar.rules for match in rule.pattern.finditer(letters)]
