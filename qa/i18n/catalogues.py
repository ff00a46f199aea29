"""The catalogues of messages: a folder for each locale but English in `locales/`, read when it is first used."""

import io
from functools import cache
from gettext import GNUTranslations, NullTranslations
from pathlib import Path

ENGLISH = "en"

LOCALES = Path(__file__).parent / "locales"

_CATALOGUE = Path("LC_MESSAGES") / "messages.po"


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
