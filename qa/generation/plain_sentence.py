"""Refusal of what is no sentence for a reader: markup, addresses, code, unseen characters, words to a machine."""

import re
import unicodedata

from qa.i18n.locale import N_
from qa.text.terms import words

LONGEST = 60  # words of a sentence that can still be read in one go
SHORTEST = 3
_MOST_CHARACTERS = 900

_UNPRINTABLE = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})

_SELECTORS = frozenset(
    map(chr, (*range(0xFE00, 0xFE10), *range(0xE0100, 0xE01F0), 0x34F, 0x115F, 0x1160, 0x3164, 0xFFA0))
)
"""Variation selectors and fillers: marks and letters by their category, and yet nothing that is seen."""

_FORMS = {
    N_("It has markup in it."): r"<[/!?]?[a-z]|&(?:[a-z]+|#\d+);|[`{}<>|\\]|\*\*|__|^\s*[#*>]|\]\(|!\[|\[[^\]]*\]",
    N_("It has an address in it."): r"\b(?:https?|ftp|file|mailto|javascript|data):|\bwww\.|\S+@\S+\.\w|\b[\w-]+\.(?:com|org|net|io|es/|eu/|info)\b",
    N_("It has code in it."): r"\b(?:def|function|import|select|eval|exec|console\.log|print)\s?\(|=>|==|\$\(|;\s?--|\b(?:import|from) \w+ import\b"
                          r"|\b(?:select \* from|drop table|rm -rf|sudo)\b",
    N_("It speaks to the reader or to a machine instead of telling what was reported."):
        r"\bas an? (?:ai|language model|assistant)\b|\bi(?:['’]m| am) (?:an? |sorry|unable|not able)|\bi (?:can(?:not|['’]t)|apologi[sz]e)\b"
        r"|\b(?:ignore|disregard|forget) (?:all |any |the |your |these |those )*(?:previous|prior|above|earlier|instructions|rules)"
        r"|\b(?:system|user|assistant) ?(?:prompt|message)\b|^(?:system|user|assistant|human):|\bclick (?:here|on)\b|\bvisit (?:our|the|this) (?:site|website|page|link)"
        r"|\bsubscribe\b|\byou (?:must|should|can|have to|are (?:now|an?))\b|\blet me\b|^(?:sure|certainly|of course|here (?:is|are)|note that|please)\b"
        r"|\bcomo (?:una )?(?:ia|modelo de lenguaje|asistente)\b|\bignor[ae] (?:todas )?(?:las|tus) instrucciones\b|\bhaz clic\b|^(?:claro|por supuesto|aquí (?:tienes|está))\b",
    N_("It asks instead of telling."): r"\?",
}  # fmt: skip
_PATTERNS = {reason: re.compile(form, re.IGNORECASE) for reason, form in _FORMS.items()}
_FILLER = re.compile(r"\b(\w[\w ]{0,40}?)(?:\W+\1\b){3,}", re.IGNORECASE)


TOO_LONG = N_("It is longer than 60 words.")
NO_SENTENCE = N_("It is no sentence.")
UNSEEN = N_("It has characters in it that can't be seen or printed.")
UNSURE = N_("It has figures in it that can't be read for certain.")
REPEATED = N_("It says the same word again and again.")


def objection(sentence: str) -> str | None:
    """The first thing that makes a text no sentence of an answer; None where nothing does."""
    beginning = sentence[:_MOST_CHARACTERS]
    if any(ch in _SELECTORS or unicodedata.category(ch) in _UNPRINTABLE for ch in beginning):
        return UNSEEN
    if any(ch.isnumeric() and not ch.isascii() for ch in beginning):
        return UNSURE  # raised figures, fractions, figures of other scripts: none can be held against a source
    first_words = words(beginning)
    if len(sentence) > _MOST_CHARACTERS or len(first_words) > LONGEST:
        return TOO_LONG
    if sum(any(ch.isalpha() for ch in word) for word in first_words) < SHORTEST:
        return NO_SENTENCE
    if _FILLER.search(sentence):
        return REPEATED
    return next((reason for reason, pattern in _PATTERNS.items() if pattern.search(sentence)), None)
