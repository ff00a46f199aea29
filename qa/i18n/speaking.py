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

_spoken: ContextVar[str] = ContextVar("tongue", default=ENGLISH)


def tongue() -> str:
    """The tag of the language that is spoken."""
    return _spoken.get()


@contextmanager
def in_tongue(tag: str) -> Iterator[None]:
    """Speaks a language until the block ends; English where there are no words in it.

    No block of a generator may be left open across a `yield`: who goes on with it may do so in another context.
    """
    token = _spoken.set(known(tag))
    try:
        yield
    finally:
        _spoken.reset(token)


def throughout(tag: str, steps: Iterator[T]) -> Iterator[T]:
    """The same steps, each of them made in a language."""
    while True:
        with in_tongue(tag):
            try:
                step = next(steps)
            except StopIteration:
                return
        yield step


def said(message: str, /, **values: object) -> str:
    """A message in the language that is spoken; a text that is no message stays as it is."""
    text = translations(tongue()).gettext(message) if message else ""
    return text.format(**values) if values else text


def counted(one: str, many: str, number: int, /, **values: object) -> str:
    """A message about so many things; the number itself is a value like others."""
    text = translations(tongue()).ngettext(one, many, number)
    return text.format(**values) if values else text


def said_of(context: str, message: str, /, **values: object) -> str:
    """A message that reads otherwise in this context; without words for it, as it reads in any."""
    text = translations(tongue()).pgettext(context, message)
    return (text.format(**values) if values else text) if text != message else said(message, **values)


def noted(message: str) -> str:
    """The message itself, known to the catalogues; it is said where it is shown."""
    return message


def noted_of(context: str, message: str) -> str:
    """The same for a message that reads otherwise in this context."""
    return message
