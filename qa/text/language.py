"""Which language a text is in: small words and marks tell short questions, a model of letters the rest."""

from __future__ import annotations

import threading
from collections.abc import Collection
from functools import cache, lru_cache
from typing import TYPE_CHECKING

from qa.text.terms import WORDS, words

if TYPE_CHECKING:
    from py3langid.langid import LanguageIdentifier

DEFAULT = "en"  # the language of a text that shows none
TOLD_APART = "ar ca de en es eu fr gl it ja ko nl pl pt ru th tr zh".split()  # noqa: SIM905
"""Languages that articles are recognised in: those of most archives, and those spoken in Spain."""
ENOUGH_WORDS = 8  # from which the model is asked where no small word tells: it takes a name for any language
SURE = 0.9  # share of the model's belief from which a text is taken for another language than the default one
PLAINLY = 0.15  # share of English small words, less the Spanish ones, from which a text is English
READ = 3_000  # characters of a text that are looked at

_SPANISH, _ENGLISH = (frozenset(WORDS["language"][tag].split()) for tag in ("es", "en"))
_loading = threading.Lock()


def language_of(text: str, *, otherwise: str = DEFAULT) -> str:
    """`es` or `en` by marks and small words, else by the model where a text is long enough, else `otherwise`."""
    if "¿" in text or "¡" in text:
        return "es"
    if lead := _lead(text):
        return "es" if lead > 0 else "en"
    if len(words(text)) < ENOUGH_WORDS:
        return otherwise
    language, sure = _likeliest(text, ("en", "es"))
    return language if sure >= SURE else otherwise


@lru_cache(maxsize=1_024)
def language_asked(text: str) -> str:
    """The language of a question, any of those told apart: `en`, `es`, `fr`."""
    language = language_of(text)
    if language == "en" and abs(_lead(text)) > 1:
        return language
    likeliest, sure = _likeliest(text, TOLD_APART)
    kin = {"en", "es"} | ({"ca", "gl", "pt", "it"} if language == "es" else set())  # for which Spanish may be taken
    return language if likeliest in kin or sure < SURE or len(words(text)) < 4 else likeliest


def language_read(text: str) -> str:
    """The language of an article whose file doesn't say it; the default one where the text is too short to tell."""
    text = text[:READ]
    tokens = [word.lower() for word in words(text)]
    if len(tokens) < ENOUGH_WORDS:
        return language_of(text)
    if "the" in tokens and -_lead(text) >= PLAINLY * len(tokens):
        return "en"  # without the model, which an archive in English never has to load
    language, sure = _likeliest(text, TOLD_APART)
    return language if sure >= SURE else language_of(text)


def primary(tag: str) -> str:
    """The language of a tag without its region: `es` of es-MX."""
    return tag.partition("-")[0].lower() or DEFAULT


def _lead(text: str) -> int:
    """How many more Spanish than English small words stand in a text."""
    return sum((word in _SPANISH) - (word in _ENGLISH) for word in map(str.lower, words(text)))


def _likeliest(text: str, among: Collection[str]) -> tuple[str, float]:
    """The likeliest of some languages, and how sure the model is of it among them."""
    with _loading:  # one at a time: it takes half a second
        ranked = _identifier().rank
    beliefs = [(language, belief) for language, belief in ranked(text) if language in among]
    language, belief = beliefs[0]
    return language, belief / (sum(belief for _, belief in beliefs) or 1.0)


@cache
def _identifier() -> LanguageIdentifier:
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # few texts need it

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
    identifier.set_languages(TOLD_APART)
    return identifier
