"""The current locale, and gettext in it.

The locale is set at the edge, for as long as something is put into words there; the layers below know nothing of it.
Messages are written in English, with values as {name}.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from qa.i18n.catalogues import ENGLISH, locale_of, translations

T = TypeVar("T")

_locale: ContextVar[str] = ContextVar("locale", default=ENGLISH)


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
            try:
                step = next(steps)
            except StopIteration:
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
