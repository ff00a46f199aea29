"""Words as they are compared: without case, accents and endings."""

import re
import tomllib
import unicodedata
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import files

import snowballstemmer

_WORD = re.compile(r"\d[\d.,]*\d|\w+(?:['’]\w+)?")

WORDS = tomllib.loads(files("qa.text").joinpath("words.toml").read_text(encoding="utf-8"))
STOP_WORDS = frozenset(WORDS["stop_words"].split())  # English and Spanish words that carry grammar, not topic
INTERROGATIVES, AUXILIARIES = (frozenset(WORDS[name].split()) for name in ("interrogatives", "auxiliaries"))


def without_accents(text: str) -> str:
    """The text with its letters taken apart, ﬁ into f and i, and their accents left out."""
    return "".join(ch for ch in unicodedata.normalize("NFKD", text) if not unicodedata.combining(ch))


@lru_cache(maxsize=50_000)
def fold(word: str) -> str:
    """Lower case, without accents and possessive endings."""
    # Letters such as 𝓐 have no lower case of their own before they are taken apart.
    return without_accents(word).lower().replace("’", "'").removesuffix("'s")


ASKING = {fold(word): word for word in INTERROGATIVES - {"or", "o"}}  # as people leave accents out
_ASKS_TO_BE_TOLD = re.compile(r"\b(?:can|could|will|would) you\b|\b(?:puede[ns]?|podr[ií]a[ns]?)\b", re.IGNORECASE)
_STEMMERS = {
    "ar": "arabic", "ca": "catalan", "da": "danish", "de": "german", "en": "english", "es": "spanish", "eu": "basque",
    "fi": "finnish", "fr": "french", "hu": "hungarian", "it": "italian", "nl": "dutch", "no": "norwegian",
    "pt": "portuguese", "ro": "romanian", "ru": "russian", "sv": "swedish", "tr": "turkish",
}  # fmt: skip


@lru_cache(maxsize=50_000)
def stem(word: str, language: str = "en") -> str:
    """The folded word without the ending of its language, if it is known: arrested, arrests and arrest are one."""
    folded = fold(word)
    if not folded.isalpha():
        return folded.replace(",", "")
    if language not in _STEMMERS:
        return folded
    # One of its own: a stemmer keeps the word it works on in itself, and two threads would mix theirs up.
    return str(snowballstemmer.stemmer(_STEMMERS[language]).stemWord(folded))


def lowered(text: str) -> str:
    """The text in lower case, of the same length: the few letters that are two in lower case, such as İ, stay."""
    lower = text.lower()
    return lower if len(lower) == len(text) else "".join(ch.lower() if len(ch.lower()) == 1 else ch for ch in text)


def word_matches(text: str) -> Iterator[re.Match[str]]:
    """The words and numbers of a text, in place."""
    return _WORD.finditer(text)


def words(text: str) -> list[str]:
    """The words and numbers of a text, as written."""
    return _WORD.findall(text)


def content_words(text: str) -> list[str]:
    """The words that carry topic, folded, once each, in order; all words where none does."""
    folded = [fold(word) for word in words(text)]
    topical = [word for word in folded if word not in STOP_WORDS]
    return list(dict.fromkeys(topical or folded))


def asks_yes_or_no(question: str) -> bool:
    """Whether a question asks for no more than yes or no, as far as its words show; a Spanish one shows it by "¿"."""
    _, sign, spanish = question.rpartition("¿")
    asked = [word.lower().replace("’", "'") for word in words(question)]
    if _ASKS_TO_BE_TOLD.search(question) or not INTERROGATIVES.isdisjoint(asked):
        return False
    if sign:  # "¿Cuantos?", "¿A quien?"
        return {"or", "o", *ASKING}.isdisjoint(map(fold, words(spanish)[:2]))
    first = next((word for word in asked if word not in ("and", "but", "so")), "")
    return question.rstrip().endswith("?") and first in AUXILIARIES


def stems(text: str) -> frozenset[str]:
    """The stems of all words of a text."""
    return frozenset(stem(word) for word in words(text))


def alike(first: frozenset[str], second: frozenset[str]) -> float:
    """Jaccard index of two sets of stems, 0 to 1."""
    return len(first & second) / len(first | second) if first or second else 1.0
