"""The templates, filled in; every value is escaped."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable
from datetime import date
from urllib.parse import urlsplit

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from qa.answering.conflict_view import party_words
from qa.answering.glossing import explanation, notes_heading, translated_by
from qa.answering.stage_words import phase_words
from qa.i18n.catalogues import translations
from qa.i18n.forms import language_name, long_date, moment_words, number, short_date
from qa.i18n.locale import N_, _, current_locale, pgettext
from qa.i18n.sources import articles, credit, lead, publication_text, quote_credit
from qa.i18n.staff import cost_words, likelihood_words, stopped_words, support_words, usage_words, value_words
from qa.models.archive import Coverage, moment_text
from qa.web.links import article_link, ask_link, language_tag, permanent_link, safe_link
from qa.web.requests import locale_in_address, locale_links
from qa.web.service import DATE_HINT, QUESTION_HINT, QUESTION_LABEL, PageTexts

# Address and name of the pages that every masthead leads to, and of those that there are where answers are kept.
PAGES = (("/how", N_("How it works")), ("/search", N_("Search")), ("/timeline", N_("Timeline")))
JOURNAL_PAGES = (("/corrections", N_("Corrections")),)

_BREAKS = re.compile(r"[\t\n\r\f\v]+")


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
