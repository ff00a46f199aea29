"""Which language is spoken just now, and a message in it.

The language is set at the edge, for as long as something is put into words there: what is found, weighed and checked
below knows nothing of it. Messages are written in English, where a value stands as {name}.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import TypeVar

from qa.i18n.catalogues import ENGLISH, known, translations

T = TypeVar("T")

_spoken: ContextVar[str] = ContextVar("locale", default=ENGLISH)


def current_locale() -> str:
    """The tag of the language that is spoken."""
    return _spoken.get()


@contextmanager
def use_locale(tag: str) -> Iterator[None]:
    """Speaks a language until the block ends; English where there are no words in it.

    No block of a generator may be left open across a `yield`: who goes on with it may do so in another context.
    """
    token = _spoken.set(known(tag))
    try:
        yield
    finally:
        _spoken.reset(token)


def with_locale(tag: str, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, each of them made in a language."""
    while True:
        with use_locale(tag):
            try:
                step = next(steps)
            except StopIteration:
                return
        yield step


def _(message: str, /, **values: object) -> str:
    """A message in the language that is spoken; a text that is no message stays as it is."""
    text = translations(current_locale()).gettext(message) if message else ""
    return text.format(**values) if values else text


def ngettext(one: str, many: str, number: int, /, **values: object) -> str:
    """A message about so many things; the number itself is a value like others."""
    text = translations(current_locale()).ngettext(one, many, number)
    return text.format(**values) if values else text


def pgettext(context: str, message: str, /, **values: object) -> str:
    """A message that reads otherwise in this context; without words for it, as it reads in any."""
    text = translations(current_locale()).pgettext(context, message)
    return (text.format(**values) if values else text) if text != message else _(message, **values)


def N_(message: str) -> str:
    """The message itself, known to the catalogues; it is said where it is shown."""
    return message


def pgettext_noop(context: str, message: str) -> str:
    """The same for a message that reads otherwise in this context."""
    return message
