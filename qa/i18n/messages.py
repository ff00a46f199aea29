"""Lazy messages: made with their values below, put into a locale at the edge."""

from __future__ import annotations

from datetime import date

from qa.i18n.catalogues import ENGLISH
from qa.i18n.forms import long_date, number
from qa.i18n.locale import _, use_locale


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
    if isinstance(value, int | float):
        return number(value)
    return value
