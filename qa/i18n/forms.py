"""Messages, and the dates, numbers, figures and sources in them, as readers of the current locale write them."""

from __future__ import annotations

import calendar
import re
from contextlib import suppress
from datetime import date, datetime
from functools import reduce

from qa.i18n.locale import ENGLISH, N_, _, current_locale, ngettext, pgettext, use_locale
from qa.models.annotations import About, Timeframe
from qa.models.archive import Correction, Coverage, Source
from qa.models.replies import Citation

# Patterns of the Unicode CLDR; a catalogue says what they are in its language.
_LONG, _SHORT, _MONTH = N_("d MMMM y"), N_("d MMM y"), N_("MMMM y")
_PARTS = {
    "Q1": N_("first quarter of {year}"), "Q2": N_("second quarter of {year}"),
    "Q3": N_("third quarter of {year}"), "Q4": N_("fourth quarter of {year}"),
    "H1": N_("first half of {year}"), "H2": N_("second half of {year}"),
}  # fmt: skip
_BOUNDS = {
    "about": N_("about {number}"), "nearly": N_("nearly {number}"), "up to": N_("up to {number}"),
    "fewer than": N_("fewer than {number}"), "more than": N_("more than {number}"),
    "at least": N_("at least {number}"),
}  # fmt: skip
_NO_NUMBER = (N_("none"), N_("some"))
NUMERALS = (
    N_("none"), N_("one"), N_("two"), N_("three"), N_("four"), N_("five"), N_("six"),
    N_("seven"), N_("eight"), N_("nine"), N_("ten"),
)  # fmt: skip
_BOUND = re.compile(rf"({'|'.join(_BOUNDS)}) (.+)")
_NUMBER = re.compile(r"([$£€]?)(\d[\d,]*(?:\.\d+)?)(%?)")
_DATE = re.compile(r"\b(?P<about>about )?(?:(?P<first>\d{1,2}) and )?(?P<date>(?:\d{1,2} )?[A-Z][a-z]{2,8} \d{4})\b")
_BEHIND_DATE = re.compile(r"(?<=\b\d{4}), and ")  # elsewhere the word may be a part of a name
_PART_OF = re.compile(r"\b(early|mid|late)[ -]((?:[A-Z][a-z]{2,8} )?\d{4})\b")
_PARTS_OF = {"early": N_("early {period}"), "mid": N_("mid-{period}"), "late": N_("late {period}")}
_UNDATED = re.compile(r", undated$")
_HEADLINE = N_("(headline only)")


def long_date(day: date | None) -> str:
    """Such as 17 March 2005, or "undated"."""
    return _formed(day, _LONG) if day else _("undated")


def short_date(day: date) -> str:
    """28 Nov 2001."""
    return _formed(day, _SHORT)


def month_of(day: date) -> str:
    """March 2005."""
    return _formed(day, _MONTH)


def moment_words(at: datetime) -> str:
    """20 November 2026, 09:30 UTC."""
    return f"{long_date(at.date())}, {at:%H:%M} UTC"


def number(value: float) -> str:
    """1,234 in English, 1.234 in Spanish."""
    if current_locale() == ENGLISH:
        return f"{value:,.0f}" if value == int(value) else f"{value:,}"
    from babel.numbers import format_decimal

    return format_decimal(value, locale=current_locale())


def value_text(value: str) -> str:
    """A value as in TIMEX3 the way a reader writes it: 16 March 2005, December 2004, first half of 2005."""
    if "/" in value:
        first, last = value.split("/", 1)
        begin, end = value_text(first), value_text(last)
        if first.count("-") == 2:
            return pgettext("day", "{first} to {last}", first=begin, last=end)
        return pgettext("period", "{first} to {last}", first=begin, last=end)
    parts = value.split("-")
    if len(parts) == 3:
        return long_date(date.fromisoformat(value))
    if len(parts) == 2 and not parts[1].isdigit():
        return _(_PARTS[parts[1]], year=parts[0])
    # No year of fewer than four digits, nor one before 1, is written in this form.
    return month_of(date(int(parts[0]), int(parts[1]), 1)) if len(parts) == 2 else value


def place_name(code: str) -> str:
    """The name of a territory by its code of ISO 3166; the code itself where it has none."""
    from babel import Locale

    return str(Locale(current_locale()).territories.get(code, code))


def language_name(tag: str) -> str:
    """A language by its tag; the tag itself where it has no name."""
    from babel import Locale

    code = tag.lower().split("-")[0]
    return str(Locale(current_locale()).languages.get(code, tag))


def _formed(day: date, pattern: str) -> str:
    if current_locale() == ENGLISH:
        month = f"{day:%b}" if pattern == _SHORT else f"{day:%B}"
        return f"{month} {day.year}" if pattern == _MONTH else f"{day.day} {month} {day.year}"
    from babel.dates import format_date

    return format_date(day, _(pattern), locale=current_locale())


def period_text(period: Timeframe) -> str:
    """A stretch of time and what it bounds: "events in March 2005"."""
    if period.about is About.LATEST:
        return _("the newest articles first")
    when = stretch(period.first, period.last)
    if period.about is About.EVENTS:
        return _("events {when}", when=when)
    return _("what was published {when}", when=when)


def published_text(first: date | None, last: date | None) -> str:
    """The dates of publication that a reader asks for, in words; empty where none are."""
    if first and last:
        return _("published {first} to {last}", first=long_date(first), last=long_date(last))
    if first:
        return _("published from {day}", day=long_date(first))
    return _("published until {day}", day=long_date(last)) if last else ""


def outside(period: Timeframe, coverage: Coverage) -> str:
    """Where it lies beside an archive's articles, in words; empty where it meets them or nothing is dated."""
    if coverage.first and period.last and period.last < coverage.first:
        return _("before the archive's first article ({day})", day=long_date(coverage.first))
    if coverage.last and period.first and period.first > coverage.last:
        return _("after the archive's last article ({day})", day=long_date(coverage.last))
    return ""


def stretch(first: date | None, last: date | None) -> str:
    """Days as a reader says them, by the coarsest unit that says the ends exactly: in March 2005, on 16 March 2005."""
    ends_month = last is not None and last.day == calendar.monthrange(last.year, last.month)[1]
    if first and first == last:
        return _("on {day}", day=long_date(first))
    if first and last and not (first.day == 1 and ends_month):
        return pgettext("day", "from {first} to {last}", first=long_date(first), last=long_date(last))
    if first and last:
        whole_years = first.month == 1 and last.month == 12
        begin, end = (str(day.year) if whole_years else month_of(day) for day in (first, last))
        return _("from {first} to {last}", first=begin, last=end) if begin != end else _("in {period}", period=begin)
    if first and first.day == 1:
        return _("since {period}", period=first.year if first.month == 1 else month_of(first))
    if first:
        return pgettext("day", "since {period}", period=long_date(first))
    if last and ends_month:
        return _("until the end of {period}", period=last.year if last.month == 12 else month_of(last))
    return _("until {day}", day=long_date(last)) if last else _("at any time")


def figure_words(text: str) -> str:
    """A figure or a day in the current locale; other text is a source's own, and stays."""
    if current_locale() == ENGLISH:
        return text
    if text in _NO_NUMBER:
        return _(text)
    if bounded := _BOUND.fullmatch(text):
        value = _value(bounded[2])
        return _(_BOUNDS[bounded[1]], number=value) if value else text
    first, between, last = text.partition(" to ")
    begin, end = _value(first), _value(last)
    if between and begin and end:
        return _("{first} to {last}", first=begin, last=end)
    return begin if begin and not between else text


def _value(text: str) -> str | None:
    """A number, a share, a sum of money or a day; None of other text."""
    if match := _NUMBER.fullmatch(text):
        digits = number(float(match[2].replace(",", "")))
        if match[3]:
            return _("{number}%", number=digits)
        return _("{unit}{number}", unit=match[1], number=digits) if match[1] else digits
    for form, words in (("%d %B %Y", long_date), ("%B %Y", month_of)):
        with suppress(ValueError):
            return words(datetime.strptime(text, form))
    return None


def numeral(count: int) -> str:
    """A small number as a word, a larger one in figures."""
    return _(NUMERALS[count]) if count < len(NUMERALS) else str(count)


def kind_words(kind: str, thing: str) -> str:
    """What became of things counted, in agreement with them where a catalogue gives their gender."""
    if thing == "people":
        return pgettext("people", kind)
    gender = pgettext("gender", thing)
    return pgettext(gender if gender in ("f", "m") else "unknown", kind)


def credit(source: Source) -> str:
    """Outlet and date, as printed before a quote; a summary is never credited to what it summarises."""
    if source.kind == "summary" and source.summarises:
        named = _("Summary of a report in {publication}", publication=publication_text(source.summarises))
    else:
        named = f"{source.outlet or _('Unnamed source')}, {long_date(source.published)}"
    return _("{credit}, version {number}", credit=named, number=source.version) if source.version > 1 else named


def publication_text(publication: str) -> str:
    """A publication as a file names it, the dates beside its name and what goes with these in the current locale."""
    if current_locale() == ENGLISH:
        return publication
    first, *others = map(_with_dates, _BEHIND_DATE.split(publication))
    return reduce(lambda text, other: _("{first}, and {other}", first=text, other=other), others, first)


def _with_dates(publication: str) -> str:
    text = _DATE.sub(_publication_date, _PART_OF.sub(_part_of, publication))
    text = _UNDATED.sub(f", {_('undated')}", text)
    return text.replace(_HEADLINE, _(_HEADLINE))


def _part_of(match: re.Match[str]) -> str:
    """A part of a year or a month: "late 2007", "early March 2005"."""
    period = match[2] if match[2].isdecimal() else figure_words(match[2])
    return match[0] if period == match[2] and not period.isdecimal() else _(_PARTS_OF[match[1]], period=period)


def _publication_date(match: re.Match[str]) -> str:
    """A date beside a publication's name: "18 March 2005", "about 18 March 2005", "17 and 18 March 2005"."""
    text = figure_words(match["date"])
    if text == match["date"]:  # it is no date, or in English
        return match[0]
    text = _("{first} and {last}", first=match["first"], last=text) if match["first"] else text
    if not match["about"]:
        return text
    is_day = match["date"][0].isdigit()
    return pgettext("day", "about {when}", when=text) if is_day else pgettext("period", "about {when}", when=text)


def quote_credit(quote: Citation) -> str:
    """The credit of a quote, with a word where the headline is quoted."""
    return _("{credit} (headline)", credit=credit(quote.source)) if quote.is_headline else credit(quote.source)


def credit_in_sentence(text: str) -> str:
    """A credit in the middle of a sentence: a name keeps its capital, a word of the software's loses it."""
    first = _("Summary of a report in {publication}").split(" ", 1)[0]
    return text[:1].lower() + text[1:] if text.startswith(f"{first} ") else text


def lead(correction: Correction) -> str:
    """The words before the text of a correction."""
    return _("Correction, {day}", day=long_date(correction.day)) if correction.day else _("Correction")


def coverage_text(coverage: Coverage) -> str:
    """The number of articles and their dates: "31 articles, 28 November 2001 to 8 April 2014"."""
    count, first, last = articles(coverage.articles), coverage.first, coverage.last
    if first is None or last is None or first == last:
        return f"{count}, {long_date(first)}" if first else count
    days = pgettext("day", "{first} to {last}", first=long_date(first), last=long_date(last))
    return f"{count}, {days}"


def articles(count: int) -> str:
    """So many articles."""
    return ngettext("{number} article", "{number} articles", count, number=number(count))


class Message(str):
    """A message that is text in English and can be put into any other locale.

    Its values are named as {name}: texts, which stay as they are, messages, numbers, days, and calls that give words.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Message:
        with use_locale(ENGLISH):
            message = super().__new__(cls, _formatted(template, values))
        message.template, message.values = template, values
        return message


def localized(text: str) -> str:
    """A message in the current locale; other text as it is, unless a catalogue has it."""
    return _formatted(text.template, text.values) if isinstance(text, Message) else _(text)


def error_text(error: Exception) -> str:
    """The message of a failure, in the current locale."""
    message = error.args[0] if error.args else ""
    return localized(message) if isinstance(message, str) else str(error)


def _formatted(template: str, values: dict[str, object]) -> str:
    return _(template, **{name: _worded(value) for name, value in values.items()})


def _worded(value: object) -> object:
    if isinstance(value, Message):
        return localized(value)
    if callable(value):
        return value()
    if isinstance(value, date):
        return long_date(value)
    return number(value) if isinstance(value, int | float) else value
