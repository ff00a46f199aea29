"""Words without their endings, in the language they are of."""

from __future__ import annotations

import threading
from functools import cache, lru_cache

import snowballstemmer

from qa.language.terms import STOP_WORDS, fold, stem

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
IRREGULAR_VERBS = frozenset(_IRREGULAR) - frozenset("men women children lives halves persons left found".split())  # noqa: SIM905


@cache
def _spanish() -> snowballstemmer.basestemmer.BaseStemmer:
    return snowballstemmer.stemmer("spanish")


LIGHT = STOP_WORDS | frozenset(
    """
    but too so just quite rather such very some any
    say says said told tells report reports reported reporting according add adds added adding note notes noted
    also both all each every own part take takes took taken place make makes made making carry carries carried
    get gets got put puts give gives gave given go goes went come comes came one two while still already yet now
    well then though although however because since until whether either neither another other others same
    further even ever never often always again back up down off away around about amid among within without
    across along via per against toward towards upon onto who whose whom be being been do did done
    newspaper paper article account summary case matter time times way thing things total number
    was were has have had will would could may might should must can cannot not no nor none nobody
    dice dijo indica indico senala senalo informa informo anade anadio explica explico segun ademas tambien
    parte hacer hace hizo hecho todo toda todos todas otro otra otros otras mismo misma cada asi aun ya
    send sent lead led pass passed mark marked continue continues continuing continued become became use used using
    including included based related hubiera hubieran haya hayan hubiese mientras aunque porque pues entonces donde cuando cuyo cuya durante hasta desde hacia contra tras ante
    """.split()  # noqa: SIM905
)
"""Words that carry grammar, or nearly nothing by themselves: a sentence may add or drop them."""
