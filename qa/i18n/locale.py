"""The locales, each but English with a catalogue in `locales/` that is read when it is first used; gettext in them.

The current one is set at the edge, for as long as something is put into words there; the layers below know nothing of
it. Messages are written in English, with values as {name}.
"""

import io
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")
ENGLISH = "en"
LOCALES = Path(__file__).parent / "locales"
_CATALOGUE = Path("LC_MESSAGES") / "messages.po"
_locale: ContextVar[str] = ContextVar("locale", default=ENGLISH)


@cache
def locales() -> tuple[str, ...]:
    """The tags of the locales that there are: English, then the others."""
    return (ENGLISH, *sorted(path.parent.parent.name for path in LOCALES.glob(f"*/{_CATALOGUE}")))


def locale_of(tag: str) -> str:
    """The locale for a tag such as es-MX; English where there is none."""
    return find_locale(tag) or ENGLISH


def find_locale(tag: str) -> str | None:
    """The locale for a tag such as es-MX, None where there is none."""
    language = tag.strip().lower().replace("_", "-").split("-")[0]
    return language if language in locales() else None


@cache
def native_name(tag: str) -> str:
    """The name of a language in itself."""
    from babel import Locale

    name = Locale(tag).get_display_name(tag) or tag
    return name[:1].upper() + name[1:]


@cache
def translations(tag: str) -> NullTranslations:
    """The messages of a language, compiled in memory; what no catalogue has stays in English."""
    if tag == ENGLISH:
        return NullTranslations()
    # Imported here: most that is said is English, and needs neither.
    from babel.messages.mofile import write_mo
    from babel.messages.pofile import read_po

    with (LOCALES / tag / _CATALOGUE).open("rb") as file:
        catalogue = read_po(file, locale=tag)
    compiled = io.BytesIO()
    write_mo(compiled, catalogue)
    compiled.seek(0)
    return GNUTranslations(compiled)


def current_locale() -> str:
    """The tag of the current locale."""
    return _locale.get()


@contextmanager
def use_locale(tag: str) -> Iterator[None]:
    """Sets the locale until the block ends; English where there is no catalogue for the tag.

    No block of a generator may be left open across a `yield`: who goes on with it may do so in another context.
    """
    token = _locale.set(locale_of(tag))
    try:
        yield
    finally:
        _locale.reset(token)


def with_locale(tag: str, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, each of them made in a locale."""
    while True:
        with use_locale(tag):
            step = next(steps, None)
        if step is None:
            return
        yield step


def _(message: str, /, **values: object) -> str:
    """A message in the current locale; a text that is no message stays as it is."""
    text = translations(current_locale()).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(singular: str, plural: str, number: int, /, **values: object) -> str:
    """A message about so many things; the number itself is a value like others."""
    text = translations(current_locale()).ngettext(singular, plural, number)
    return text.format(**values) if values else text


def pgettext(context: str, message: str, /, **values: object) -> str:
    """A message that reads otherwise in this context; without words for it, as it reads in any."""
    text = translations(current_locale()).pgettext(context, message)
    return (text.format(**values) if values else text) if text != message else _(message, **values)


def N_(message: str) -> str:
    """The message itself, known to the catalogues; it is translated where it is shown."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """The same for a message that reads otherwise in this context."""
    return message
