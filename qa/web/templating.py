"""The templates, filled in; every value is escaped."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qa.answering.stage_words import phase_words
from qa.answering.view import explanation, notes_heading, party_words, translated_by
from qa.i18n.forms import (
    articles,
    credit,
    language_name,
    lead,
    long_date,
    moment_words,
    number,
    publication_text,
    quote_credit,
    short_date,
)
from qa.i18n.locale import N_, _, current_locale, ngettext, pgettext, translations
from qa.i18n.staff import cost_words, likelihood_words, stopped_words, support_words, usage_words, value_words
from qa.models.archive import Coverage, moment_text
from qa.web.forms import LONGEST_QUESTION
from qa.web.links import article_link, ask_link, language_tag, permanent_link, safe_link
from qa.web.requests import locale_in_address, locale_links

# Address and name of the pages that every masthead leads to, and of those that there are where answers are kept.
PAGES = (("/how", N_("How it works")), ("/search", N_("Search")), ("/timeline", N_("Timeline")))
JOURNAL_PAGES = (("/corrections", N_("Corrections")),)

TAGLINE = N_(
    "Software finds and quotes passages from archived articles. It can miss things; every sentence links to its source."
)
MODEL_TAGLINE = N_(
    "Software finds passages in archived articles, and a language model writes answers from them; each sentence is "
    "checked by software against its sources and links to them. It can miss things and get things wrong."
)
QUESTION_LABEL, QUESTION_HINT = N_("Your question"), N_("A question in plain words")
DATE_HINT = N_("A year, a month or a day: 2005, 2005-03 or 2005-03-17.")

_BREAKS = re.compile(r"[\t\n\r\f\v]+")


@dataclass(frozen=True, slots=True)
class PageTexts:
    """What the host says on the page, and what readers are told of how answers are made.

    `model` writes answers, and `translates` quotes; empty, none does. `journal`: questions and answers are kept, for
    `kept_days` or for ever where that is 0. `stale` gives the day of the last ingestion, where that is too long ago.
    """

    title: str = N_("Ask the archive")
    model: str = ""
    translates: bool = False
    help: str = ""
    journal: bool = False
    kept_days: int = 365
    stale: Callable[[], date | None] = lambda: None

    @property
    def kept(self) -> str:
        """The retention of answers, in a sentence."""
        if not self.kept_days:
            return _("Answers are kept for ever.")
        days = ngettext("{number} day", "{number} days", self.kept_days, number=number(self.kept_days))
        return _("Answers are kept for {days}; those that the staff decided on stay longer.", days=days)

    @property
    def what_this_is(self) -> str:
        """The sentence under the title, before the first question."""
        return _(MODEL_TAGLINE if self.model else TAGLINE)

    def in_words(self) -> PageTexts:
        """The texts in the current locale; those that the host set stay as they are."""
        return replace(self, title=_(self.title), help=_(self.help))


def render(template: str, **values: object) -> str:
    """A template of `templates/`, filled in, in the current locale."""
    texts = values.get("texts")
    if isinstance(texts, PageTexts):
        values["texts"] = texts.in_words()
    return _environment().get_template(template).render(**values)


def single_line(html: str) -> str:
    """The same HTML on one line: a line break inside would end a block of HTML within Markdown."""
    return _BREAKS.sub(" ", html).strip()


def lines_kept(text: str) -> Markup:
    """A text for an attribute, escaped, its line breaks as references, which `single_line` leaves alone."""
    return escape(text).replace("\n", Markup("&#10;"))


def extent(coverage: Coverage | None) -> str:
    """The coverage of the archive in a few words: "31 articles · 28 Nov 2001 to 8 Apr 2014"."""
    if coverage is None:
        return ""
    if coverage.first is None or coverage.last is None:
        return articles(coverage.articles)
    stretch = pgettext("day", "{first} to {last}", first=short_date(coverage.first), last=short_date(coverage.last))
    return f"{articles(coverage.articles)} · {stretch}"


def written_date(text: str) -> str:
    """A date as a file gives it, as a reader sees it; left as it is where it is no calendar day."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qa.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        extensions=["jinja2.ext.i18n"],
    )
    # What the extension adds is not in the type: calls that give a message in the current locale.
    install: Callable[..., None] = environment.install_gettext_callables  # type: ignore[attr-defined]
    install(
        lambda message: translations(current_locale()).gettext(message),
        lambda singular, plural, count: translations(current_locale()).ngettext(singular, plural, count),
        newstyle=True,
    )
    environment.globals |= {
        "pages": PAGES,
        "journal_pages": JOURNAL_PAGES,
        "locale": current_locale,
        "locales": locale_links,
        "locale_in_address": locale_in_address,
        "explanation": explanation,
        "notes_heading": notes_heading,
        "question_label": QUESTION_LABEL,
        "question_hint": QUESTION_HINT,
        "date_hint": DATE_HINT,
        "longest_question": LONGEST_QUESTION,
    }
    filters = (
        *(article_link, ask_link, permanent_link),
        *(cost_words, credit, language_name, lead, likelihood_words, lines_kept, long_date, moment_text, moment_words),
        *(number, party_words, phase_words, publication_text, quote_credit, translated_by, value_words),
        *(short_date, stopped_words, support_words, usage_words, written_date),
    )
    environment.filters |= {filter.__name__: filter for filter in filters}
    environment.filters |= {"translated": _, "lang": language_tag, "outside": safe_link}
    environment.filters["host"] = lambda url: urlsplit(url).netloc
    return environment
