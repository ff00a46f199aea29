"""Texts about sources, their corrections and the coverage of an archive."""

import re

from qa.i18n.forms import figure_words, long_date, number
from qa.i18n.locale import _, ngettext, pgettext
from qa.models.archive import Correction, Coverage, Source
from qa.models.replies import Citation

_DATE = re.compile(r"\b(?:\d{1,2} )?[A-Z][a-z]{2,8} \d{4}\b")
_UNDATED = re.compile(r", undated$")


def credit(source: Source) -> str:
    """Outlet and date, as printed before a quote; a summary is never credited to what it summarises."""
    if source.kind == "summary" and source.summarises:
        named = _("Summary of a report in {publication}", publication=publication_text(source.summarises))
    else:
        named = f"{source.outlet or _('Unnamed source')}, {long_date(source.published)}"
    return _("{credit}, version {number}", credit=named, number=source.version) if source.version > 1 else named


def publication_text(publication: str) -> str:
    """A publication as a file names it, the dates beside its name in the current locale."""
    text = _DATE.sub(lambda match: figure_words(match[0]), publication)
    undated = _("undated")
    return _UNDATED.sub(f", {undated}", text)


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
