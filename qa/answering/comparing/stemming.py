"""Words without their endings, in the language they are of."""

from __future__ import annotations

import threading
from functools import cache, lru_cache

import snowballstemmer

from qa.language.terms import fold, stem

_STEMMING = threading.Lock()


@lru_cache(maxsize=50_000)
def stem_in(word: str, language: str) -> str:
    """The folded word without the ending that its language gives it."""
    if language != "es":
        return stem(_IRREGULAR.get(fold(word), word))
    if not word.isalpha():
        return fold(word).replace(",", "")
    with _STEMMING:  # with its accents: they tell the verb in "prohibió"
        return _rest(fold(str(_spanish().stemWord(word.lower()))))


def _rest(stemmed: str) -> str:
    """One stem for all forms of a participle, and for one and many: detenido, detenidas; año, años."""
    stemmed = stemmed.rstrip("s") if len(stemmed) > 3 else stemmed
    return stemmed.rstrip("oae") if len(stemmed) > 4 else stemmed


_IRREGULAR = {
    form: verb
    for verb, forms in {
        "run": "ran", "take": "took taken", "give": "gave given", "begin": "began begun", "hold": "held", "keep": "kept",
        "tell": "told", "sell": "sold", "buy": "bought", "bring": "brought", "think": "thought", "teach": "taught",
        "catch": "caught", "fight": "fought", "find": "found", "lose": "lost", "win": "won", "meet": "met", "lead": "led",
        "leave": "left", "send": "sent", "spend": "spent", "build": "built", "lend": "lent", "pay": "paid", "lay": "laid",
        "rise": "rose risen", "fall": "fell fallen", "grow": "grew grown", "know": "knew known", "throw": "threw thrown",
        "draw": "drew drawn", "fly": "flew flown", "show": "shown", "write": "wrote written", "drive": "drove driven",
        "break": "broke broken", "speak": "spoke spoken", "steal": "stole stolen", "choose": "chose chosen",
        "freeze": "froze frozen", "wear": "wore worn", "bear": "bore borne", "tear": "tore torn", "swear": "swore sworn",
        "eat": "ate eaten", "see": "saw seen", "forgive": "forgave", "forbid": "forbade forbidden", "shake": "shook shaken",
        "mistake": "mistook mistaken", "undertake": "undertook undertaken", "withdraw": "withdrew withdrawn",
        "uphold": "upheld", "overthrow": "overthrew overthrown", "strike": "struck stricken", "stick": "stuck", "sink": "sank sunk",
        "swim": "swam swum", "sing": "sang sung", "ring": "rang rung", "drink": "drank drunk", "shrink": "shrank shrunk",
        "spring": "sprang sprung", "die": "dying", "shoot": "shot", "sit": "sat", "stand": "stood", "feed": "fed", "flee": "fled",
        "breed": "bred", "feel": "felt", "deal": "dealt", "mean": "meant", "sleep": "slept", "sweep": "swept",
        "creep": "crept", "seek": "sought", "become": "became", "overcome": "overcame", "hear": "heard", "make": "made",
        "say": "said", "understand": "understood", "hide": "hid hidden", "bite": "bit bitten", "arise": "arose arisen",
        "man": "men", "woman": "women", "child": "children", "life": "lives", "half": "halves", "person": "persons",
    }.items()
    for form in forms.split()
}  # fmt: skip
"""English forms that no ending tells."""


@cache
def _spanish() -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer("spanish")
