"""A text in the letters that its reader sees: look-alikes of other alphabets, accents and invisible characters gone."""

from __future__ import annotations

import unicodedata

_LOOKALIKES = str.maketrans(
    # Cyrillic, then Greek, then Armenian and others, each before the Latin letters that they are taken for.
    "аеорсухіјѕԁһԛԝӏкмтвнгпАЕОРСУХІЈЅНКМТВαορνικυτεχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոցıɑɡ’‘´`",
    "aeopcyxijsdhqwlkmtbhrnAEOPCYXIJSHKMTBaopvikutexyABEZHIKMNOPTYXoshngiag''''",
)

_UNSEEN = frozenset(("Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"))
"""Categories of Unicode that print nothing by themselves: format, control, surrogate, private, unassigned, accents."""


def plain_letters(text: str) -> str:
    """The text to hold patterns against, never to show: no accents, nothing invisible, plain Latin letters and figures.

    "¿Qué cοst\u200bó?" with a Greek o is "¿Que costo?". Offsets are not kept; case is.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES))
    seen = "".join(_plain(ch) for ch in apart if ch.isspace() or unicodedata.category(ch) not in _UNSEEN)
    return " ".join(seen.translate(_LOOKALIKES).split())


def _plain(character: str) -> str:
    """A figure of any script as 0 to 9; other characters as they are."""
    figure = unicodedata.decimal(character, None)
    return character if figure is None else str(figure)
