"""A message with its values, said later: what is found out below says what it is, the edge says it in a language."""

from __future__ import annotations

from datetime import date

from qa.i18n.catalogues import ENGLISH
from qa.i18n.forms import long_date, number
from qa.i18n.locale import _, use_locale


class Message(str):
    """A message that is text already, in English, and knows how to be said in any other language.

    Values stand in it as {name}: texts, which stay as they are, messages, numbers, days, and calls that give words.
    """

    template: str
    values: dict[str, object]

    def __new__(cls, template: str, /, **values: object) -> Message:
        with use_locale(ENGLISH):
            made = super().__new__(cls, _said(template, values))
        made.template, made.values = template, values
        return made


def retold(text: str) -> str:
    """A message in the language that is spoken; other text as it is, unless a catalogue knows it."""
    return _said(text.template, text.values) if isinstance(text, Message) else _(text)


def error_words(error: Exception) -> str:
    """What a failure says, in the language that is spoken."""
    told = error.args[0] if error.args else ""
    return retold(told) if isinstance(told, str) else str(error)


def _said(template: str, values: dict[str, object]) -> str:
    return _(template, **{name: _worded(value) for name, value in values.items()})


def _worded(value: object) -> object:
    if isinstance(value, Message):
        return retold(value)
    if callable(value):
        return value()
    if isinstance(value, date):
        return long_date(value)
    if isinstance(value, int | float):
        return number(value)
    return value
