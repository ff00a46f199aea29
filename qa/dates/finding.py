"""Finds the dates of an article, and what their clauses say of them."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import islice, takewhile

from qa.dates.expressions import REACH, Expression, Lexed, expressions_in, grammar_of, in_a_row, lex
from qa.dates.periods import DateKind, DateMention, Period, Precision, Unit, span
from qa.dates.resolving import Resolver, Tense, Unplaced, precision_of

LATER = "Stated as past, but later than the article's own date"
UNFINISHED = "Counted as past, but the period had not ended on the article's own date"
NO_DAY = "No calendar has this day"

_MEMORY = 40  # tokens for which a named date is what "the next day" counts from: about two sentences
_RECALLED = 20  # dates looked back upon at most, so that a table of dates takes no longer per date than prose does
_STATED = 300  # periods at most that stand for the rest of a text: a table of dates has more, and is read no other way
_ORDER = 8  # words before "in two weeks" among which an ordinal makes it a while: "the first rise in two weeks"
_REPEATED = 6  # words before a date among which one makes it a date of every year
_YEARLY = ("day", "days", "month", "season", "weekday")
_COUNTING = 8  # words before a period among which a number makes it one that is over, for only then counts are known
_NEARLY = timedelta(days=14)  # what is left of a quarter or half when it may be counted as a whole
_PARAGRAPH = 2_000  # characters of one that are looked through for where a quotation begins
_QUOTES = re.compile(r"""(?P<opens>[“«]|(?<![^\s(\[])"(?=\S))|[”»"]""")
_BESIDE = 5  # words within which a verb tells of a date: "took effect on 1 January"


@dataclass(frozen=True, slots=True)
class _Read:
    """An expression, what it means, and the days of that; None where it has no meaning."""

    expression: Expression
    mention: DateMention
    period: Period | None


def find_dates(body: str, *, published: date | None, language: str = "en") -> list[DateMention]:
    """Every date expression of a text, in order, none overlapping another, as meant on the day of publication."""
    lexed = lex(body, grammar_of("spanish" if language.lower().startswith("es") else "english"))
    readings, stated = list[_Read](), set[Period]()
    before: Expression | None = None
    clause: tuple[Tense | None, bool, bool] = None, False, False
    for expression in expressions_in(lexed):
        if before is None or not in_a_row(before, expression, lexed):
            # "In April and May": what is said of one of them is said of the other.
            first = expression.first
            had = _is_pluperfect(lexed, first)
            aimed, narrated = _aims(lexed, first) and not had, _is_narrated(lexed, first) or had
            clause = _tense_at(lexed, expression), aimed, narrated
        before = expression
        values = expression.values
        tense, aimed, narrated = clause
        named = _recent(readings, expression, lexed, published, tense)
        leans_on_nothing = values.get("step") == 0 and all(period.fineness > values["unit"] for period in named)
        if leans_on_nothing or _is_a_while(expression, lexed, tense) or _is_weekly(expression, lexed):
            continue  # "that day", with no day before it; "the first rise in two weeks"; "de lunes a viernes"
        resolver = Resolver(values, published, tense=tense, aimed=aimed, narrated=narrated, named=named, stated=stated)
        spoken = expression.shape == "offset" and in_speech(body, lexed.starts[expression.first])
        reading = _read(expression, lexed, resolver, spoken=spoken)
        if reading.mention.flaw is not NO_DAY or expression.shape in ("day", "numeric"):
            readings.append(reading)  # "1990-1985" is no time at all
        if reading.period and len(stated) < _STATED:
            past_part = expression.shape == "part" and published and reading.period.first <= published
            if expression.is_absolute or past_part:
                stated.add(reading.period)
    mentions, opening = list[DateMention](), None
    for reading in readings:
        if opening and (whole := _whole(opening, reading, lexed)):
            mentions[-1], opening = whole, None
        else:
            mentions.append(reading.mention)
            opening = reading
    return mentions


def _recent(
    readings: list[_Read], expression: Expression, lexed: Lexed, published: date | None, tense: Tense | None
) -> tuple[Period, ...]:
    """What was named shortly before, latest first; for a clause about the past, without what was still to come."""
    values = expression.values
    if expression.shape != "same" and values.keys().isdisjoint(("step", "year_step")):
        return ()
    unit, looks_back = values.get("unit", 0), values.get("step", 0) < 0
    near = [
        (reading.expression.first, period)
        for reading in reversed(readings[-_RECALLED:])
        if (period := reading.period)
        and (earlier := reading.expression.values) is not None
        and (
            expression.first - reading.expression.last <= _MEMORY
            or (looks_back and "anchored" in values and period.fineness == unit)
        )
        # What was compared with is compared with no further.
        and not (looks_back and earlier.get("step", 0) < 0 and earlier.get("unit") == unit)
        and (tense is not Tense.PAST or reading.mention.flaw or not published or period.first <= published)
    ]
    named = [period for _, period in near]
    if near and looks_back and unit == Unit.YEAR:
        # "In January, up from December and from a year earlier": from the January before.
        begun = max(lexed.letters.rfind(stop, near[-1][0], expression.first) for stop in ";¶.")
        alike = sum(first > begun for first, _ in near)
        named[:alike] = sorted(named[:alike], key=lambda period: period.last, reverse=True)
    return tuple(named)


def _is_weekly(expression: Expression, lexed: Lexed) -> bool:
    """Whether a weekday stands for that of every week, as those do from which to which something goes on."""
    first, last = expression.first, expression.last
    begins = lexed.is_of("weekly", first - 1) and lexed.letters[last + 1 : last + 3] == "&W"
    return begins or (lexed.is_of("weekly", first - 3) and lexed.letters[first - 2 : first] == "W&")


def _is_a_while(expression: Expression, lexed: Lexed, tense: Tense | None) -> bool:
    """Whether a time says how long, not when: "the first rise in two weeks", "two weeks later than planned"."""
    last = expression.last
    if lexed.word(last) in ("later", "earlier") and lexed.word(last + 1) == "than":
        return True
    if "ahead" not in expression.values:
        return False
    first = expression.first
    if not lexed.is_of("ahead", first - 1) or tense is not Tense.FUTURE or not lexed.is_of("plurals", expression.last):
        return True
    return "O" in lexed.letters[max(0, first - _ORDER) : first] or lexed.has_of("records", first - _ORDER, first)


def in_speech(text: str, place: int) -> bool:
    """Whether a quotation of the paragraph is open there: "today" is the day on which somebody spoke."""
    paragraph = max(text.rfind("\n\n", max(0, place - _PARAGRAPH), place) + 1, place - _PARAGRAPH, 0)
    *_, last = (None, *_QUOTES.finditer(text, paragraph, place))
    return last is not None and last["opens"] is not None


def _read(expression: Expression, lexed: Lexed, resolver: Resolver, *, spoken: bool) -> _Read:
    start, end = lexed.starts[expression.first], lexed.starts[expression.last] + lexed.entries[expression.last].length
    kind = DateKind.ABSOLUTE if expression.is_absolute else DateKind.RELATIVE
    yearly = expression.shape in _YEARLY and not expression.is_absolute
    try:
        if yearly and lexed.has_of("recurring", expression.first - _REPEATED, expression.first):
            raise Unplaced  # "every year in August"
        if spoken:
            raise Unplaced
        period: Period = getattr(resolver, expression.shape)()
    except (Unplaced, ValueError, OverflowError) as error:
        flaw = None if isinstance(error, Unplaced) else NO_DAY
        precision = precision_of(expression.shape, expression.values)
        return _Read(expression, DateMention(start, end, None, precision, kind, flaw), None)
    flaw = _flaw_of(period, expression, lexed, resolver)
    return _Read(expression, DateMention(start, end, period.value, period.precision, kind, flaw), period)


def _flaw_of(period: Period, expression: Expression, lexed: Lexed, resolver: Resolver) -> str | None:
    """What the words say of a date that is impossible: told as past, it was still to come."""
    published, tense = resolver.published, resolver.tense
    if published is None or period.last <= published or tense is Tense.FUTURE or resolver.aimed:
        return None
    if not expression.is_absolute and "step" not in expression.values:
        return None
    for place in _around(lexed, expression):  # any word of the sentence that looks ahead
        if (
            lexed.is_of("afterwards", place)
            or lexed.roles[place] == "f"
            or _tense_of(lexed, place, expression.first) is Tense.FUTURE
        ):
            return None
    if period.first > published:
        # Years are what forecasts and debentures are named by.
        return LATER if tense is Tense.PAST and period.precision in (Precision.DAY, Precision.MONTH) else None
    unfinished = period.precision in (Precision.HALF, Precision.QUARTER) and period.last - published > _NEARLY
    before = range(max(0, expression.first - _COUNTING), expression.first)
    return UNFINISHED if unfinished and any(lexed.word(place)[0].isdigit() for place in before) else None


def _whole(opening: _Read, closing: _Read, lexed: Lexed) -> DateMention | None:
    """Both as one span where the words before and between them say so: "between May and July", "January-March"."""
    first, last, begin, end = opening.expression, closing.expression, opening.period, closing.period
    if first.shape != last.shape or begin is None or end is None or begin.first >= end.first:
        return None
    link = lexed.letters[first.last + 1 : last.first]
    is_bound = link == "&" and (
        lexed.is_of("between", first.first - 1)
        or (first.shape == "day" and lexed.is_of("closing", first.last + 1) and lexed.is_of("opening", first.first - 1))
    )
    if not is_bound and link != "-":
        return None
    exact = begin.precision in (Precision.MONTH, Precision.YEAR) and begin.precision is end.precision
    period = span(begin.first, end.last, begin.precision if exact else Precision.DAY)
    kind = max(opening.mention.kind, closing.mention.kind)  # relative where one is
    flaw = opening.mention.flaw or closing.mention.flaw
    return DateMention(opening.mention.start, closing.mention.end, period.value, period.precision, kind, flaw)


def _tense_at(lexed: Lexed, expression: Expression) -> Tense | None:
    """The tense of the nearest verb before a date, else behind it, else that of an end in view ("by Friday")."""
    first, last = expression.first, expression.last
    if lexed.is_of("holding", first - 2) and lexed.is_of("goals", first - 1):
        return Tense.FUTURE  # "has until Friday"
    if lexed.is_of("plain_be", first - 2) and lexed.letters[first - 1] == "I":
        return Tense.FUTURE  # "is on Friday"
    if lexed.roles[last + 1 : last + 2] == "r":
        return Tense.PAST  # "the company on Monday said"
    if _is_participle(lexed, first - 1):
        return Tense.PAST  # "el contrato firmado el lunes costará"
    if expression.shape == "weekday" and lexed.word(first - 1) == "from" and _is_purposed(lexed, first):
        return Tense.FUTURE
    if lexed.word(last).endswith("'s") and "M" in lexed.roles[last + 1 : last + 1 + _BESIDE]:
        return Tense.FUTURE  # "Monday's service would run"
    of_day = expression.shape in ("day", "days", "weekday")
    # What may look forward doesn't where it has begun: "no pueden salir desde el martes".
    passed_over = ("" if of_day else "t") + ("f" if lexed.is_of("since", first - 1) else "")
    for place in _around(lexed, expression):
        if lexed.roles[place] not in passed_over and (tense := _tense_of(lexed, place, first)):
            return tense
    return Tense.FUTURE if _aims(lexed, first) else None


def _is_participle(lexed: Lexed, place: int) -> bool:
    """Whether a participle of what has been done stands there behind its noun: "el contrato firmado el lunes"."""
    stem, before = lexed.word(place).removesuffix("s")[:-1], lexed.roles[place - 1 : place]
    is_one = stem in lexed.grammar.sets["participles"]
    return is_one and not (lexed.is_of("before_others", place - 1) or before in ("e", "f"))


def _is_purposed(lexed: Lexed, first: int) -> bool:
    """Whether an infinitive stands right before a date: "was named to replace him from Friday"."""
    places = takewhile(
        lambda place: lexed.letters[place] not in (";", "¶", "."), range(first - 2, max(0, first - 6), -1)
    )
    return any(lexed.word(place) == "to" and lexed.roles[place + 1] not in "pB" for place in places)


def _aims(lexed: Lexed, first: int) -> bool:
    """Whether the word before a date makes it an end in view, as that of "the year to March 31" doesn't."""
    return lexed.is_of("goals", first - 1) and lexed.letters[max(0, first - 2) : first] not in ("V&", "U&", "k&")


def _is_narrated(lexed: Lexed, first: int) -> bool:
    """Whether a verb right before a date tells it as past, or "since" does."""
    if lexed.is_of("since", first - 1):
        return True
    linked = lexed.letters[first - 1] == "I"
    if _is_participle(lexed, first - 1 - linked):
        return True
    for place in range(first - 1, max(0, first - _BESIDE), -1):
        if lexed.roles[place] == "p" and _past(lexed, place) is Tense.PAST:
            if place >= first - 1 - linked or not linked:
                return place >= first - 1 - linked
            finite = lexed.roles[place - 1] not in "mM" and not lexed.is_of("plain_be", place - 1)
            return finite and lexed.is_of("past", place)
    return False


def _is_pluperfect(lexed: Lexed, first: int) -> bool:
    """Whether the nearest verb before a date tells it as past already then: "had not read it until 14 May"."""
    places = takewhile(lambda place: lexed.letters[place] not in (";", "¶", "."), range(first - 1, -1, -1))
    verb = next((place for place in islice(places, REACH) if lexed.roles[place] not in " cm"), None)
    if verb is None or lexed.roles[verb] not in "pr":
        return False
    before = takewhile(lambda place: lexed.roles[place] in "ch", range(verb - 1, -1, -1))
    return any(lexed.is_of("pluperfect", place) for place in (verb, *before))


def _around(lexed: Lexed, expression: Expression) -> Iterator[int]:
    """Places of the words of a date's sentence before it, the nearest first, and then of those behind it."""
    first, last = expression.first, expression.last
    for places in (range(first - 1, max(-1, first - 1 - REACH), -1), range(last + 1, last + 1 + REACH)):
        yield from takewhile(lambda place: lexed.letters[place : place + 1] not in ("", ";", "¶", "."), places)


def _tense_of(lexed: Lexed, place: int, first: int) -> Tense | None:
    """What the word there says about time, for a date at token `first`."""
    role, following = lexed.roles[place], lexed.word(place + 1)
    counted = lexed.is_of("counted", place) and lexed.letters[place - 1] in "nd#"  # "by 31 votes to 28 on Tuesday"
    if role in " cm" or counted:
        return None
    if role == "f" and _had_been(lexed, place):
        return Tense.PAST
    if role in "fet":
        return Tense.FUTURE
    if role == "M":
        return Tense.PAST if _is_denied(lexed, place) else Tense.FUTURE
    if role in "bB":
        behind = place + 1
        while lexed.roles[behind : behind + 1] == "c":
            behind += 1
        progressive = lexed.word(behind).endswith(tuple(lexed.grammar.sets["progressive"]))
        # "On Monday ministers agreed to meet" dates the agreement, "agreed to meet on Monday" the meeting.
        dates_it = first < place and lexed.is_of("promised", place)
        if (following == "to" and not dates_it) or (progressive and lexed.is_of("plain_be", place)):
            return Tense.FUTURE
        return _past(lexed, place) if role == "B" else None
    if role == "w":
        opened = lexed.word(first - 1) == "from" and lexed.roles[:place].rstrip("c")[-1:] == "B"  # "was closed from"
        # "Adjourned to 3pm on Monday", but "closed to all traffic on Monday".
        aimed = following == "for" or (following == "to" and (place >= first - 2 or not lexed.is_of("shut", place)))
        looks_on = aimed or (place < first and _aims(lexed, first) and not opened)
        return Tense.FUTURE if looks_on else _past(lexed, place)
    demanded = place < first and lexed.is_of("demanding", first - 1)
    if demanded and lexed.roles[:place].rstrip("c")[-1:] not in ("h", "B"):  # no participle of "had done", "was done"
        return Tense.FUTURE
    return _past(lexed, place)


def _had_been(lexed: Lexed, place: int) -> bool:
    """Whether what looks forward did so once: "the opening had been planned for October"."""
    before = place - 1
    while before >= 0 and lexed.roles[before] == "c":
        before -= 1
    return 0 <= before < place - 1 and lexed.word(before) == "had"


def _is_denied(lexed: Lexed, place: int) -> bool:
    """Whether a modal tells what did not happen."""
    if not lexed.is_of("negations", place + 1):
        return False
    return lexed.is_of("narrated", place) or lexed.is_of("refusals", place + 2)


def _past(lexed: Lexed, place: int) -> Tense:
    """The tense of a past form, which is a participle and a future after "will be" or "to be"."""
    before = place - 1
    while before >= 0 and lexed.roles[before] in "ch":
        before -= 1
    modal = 0 <= before < place - 1 and lexed.roles[before] in "Mm" and lexed.word(before + 1) != "have"
    return Tense.FUTURE if modal and not _is_denied(lexed, before) else Tense.PAST
