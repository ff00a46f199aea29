"""Values and a template give a piece of HTML; whatever is put in is escaped."""

from __future__ import annotations

import functools
import re
from datetime import date

from jinja2 import Environment, PackageLoader, StrictUndefined

from qa.domain.archive import Coverage, long_date
from qa.web.anchors import language_tag, safe_link

_LANGUAGES = {
    "ca": "Catalan", "de": "German", "en": "English", "es": "Spanish", "eu": "Basque",
    "fr": "French", "gl": "Galician", "it": "Italian", "nl": "Dutch", "pt": "Portuguese",
}  # fmt: skip

PAGES = (("/how", "How it works"), ("/search", "Search"), ("/timeline", "Timeline"))
"""Address and name of the pages that every masthead leads to."""

JOURNAL_PAGES = (("/corrections", "Corrections"),)
"""Those that there are where answers are kept."""

_BREAKS = re.compile(r"[\t\n\r\f\v]+")


def sheet(template: str, **values: object) -> str:
    """A template of `templates/`, filled in."""
    return _environment().get_template(template).render(**values)


def single_line(html: str) -> str:
    """The same HTML on one line: a line break inside would end a block of HTML within Markdown."""
    return _BREAKS.sub(" ", html).strip()


def extent(coverage: Coverage | None) -> str:
    """What the archive holds, in a few words: "31 articles · 28 Nov 2001 to 8 Apr 2014"."""
    if coverage is None:
        return ""
    held = f"{coverage.articles:,} {'article' if coverage.articles == 1 else 'articles'}"
    if coverage.first is None or coverage.last is None:
        return held
    return f"{held} · {short_date(coverage.first)} to {short_date(coverage.last)}"


def short_date(day: date) -> str:
    """28 Nov 2001."""
    return f"{day.day} {day:%b} {day.year}"


def written_date(text: str) -> str:
    """A date as a file gives it, as a reader sees it; left as it is where it is no calendar day."""
    try:
        return long_date(date.fromisoformat(text))
    except ValueError:
        return text


def language_name(tag: str) -> str:
    """A language in English; the tag itself where it isn't one of those an archive here is likely to hold."""
    return _LANGUAGES.get(tag.lower().split("-")[0], tag)


@functools.cache
def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("qa.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.globals |= {"pages": PAGES, "journal_pages": JOURNAL_PAGES}
    environment.filters |= {
        "long_date": long_date,
        "short_date": short_date,
        "lang": language_tag,
        "outside": safe_link,
        "written_date": written_date,
    }
    return environment
