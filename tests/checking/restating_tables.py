"""Words that mean the same in a report, by language."""

from __future__ import annotations

REPORTING = {
    "en": "says|said|reports|reported|adds|added|recalls|explains|notes",
    "es": "informa|indica|señala|recuerda|explica|añade|dice|informó|indicó|señaló|recordó|explicó|añadió|dijo",
}
"""Verbs that tell who says a thing and nothing about how."""

_OPENERS = (
    "the a an in on over by under between more about hundreds further this its their his it he she they there all some "
    "both each up after before during if when while although two one most many several such these those people "
    "el la los las un una unos unas en tras durante más alrededor cerca este esta su sus ayer hoy todos todas al fuera "
    "cuando mientras aunque para por con entre hasta desde investigators investigating police arrests users officers "
    "also banking financial oil representatives dealers traders analysts sources officials profits shares exports"
)
OPENERS = frozenset(_OPENERS.split())
"""First words of sentences that have a small letter elsewhere."""

OUTLETS = r"(?:El (?:País|Universo|Periódico|Mundo)|La (?:Voz|Opinión|Vanguardia))\b"
"""Names that keep the capital of their article."""

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
}
MONTHS = {language: names.split() for language, names in _MONTHS.items()}

SAME = {
    "en": [
        (r"\bmore than (?=[\d£$€]|\w+ hundred)", "over "),
        (r"\bover (?=\d[\d,]+ (?!days|weeks|months|years))", "more than "),
        (r"\babout (?=\d)", "around "),
        (r"\baround (?=\d)", "roughly "),
        (r"\b([Tt])he inquiry\b", r"\1he investigation"),
        (r"\bcarried out\b", "conducted"),
        (r"\bput forward\b", "proposed"),
        (r"\bcame into force\b", "took effect"),
        (r"\bthe United Kingdom\b", "the UK"),
        (r"\bthe United States\b", "the US"),
        (r" per cent\b", "%"),
        (r" pct\b", " per cent"),
        (r"\b(\w+) began\b", r"\1 started"),
        (r"\bstarted on\b", "began on"),
        (r"\bin connection with\b", "in relation to"),
        (r"\binternet providers\b", "internet service providers"),
        (r"\bwas set up by\b", "was established by"),
        (r"\btook part in\b", "participated in"),
        (r"\bcalls for\b", "asks for"),
        (r"\bsays that\b", "states that"),
        (r"\bsay that\b", "state that"),
        (r"\bat least\b", "no less than"),
        (r"\bup to (?=\d)", "as many as "),
        (r"\blast night\b", "yesterday night"),
        (r"\bworldwide\b", "around the world"),
        (r"\bdifferent from\b", "not the same as"),
        (r"\bis directed against\b", "is aimed at"),
        (r"\bwas directed against\b", "was aimed at"),
        (r"\bwas replaced by\b", "was superseded by"),
        (r"\bhas found no\b", "has not found any"),
        (r"\bin charge of\b", "responsible for"),
        (r"\ba complaint made\b", "a complaint lodged"),
        (r"\bsaid it plans to\b", "said it intends to"),
        (r"\bbought\b", "purchased"),
        (r"\bcompany's\b", "firm's"),
        (r"\bin addition\b", "moreover"),
        (r"\bbecame\b", "came to be"),
        (r"\balso known as\b", "also called"),
        (r"\bapproximately\b", "about"),
        (r"\bhowever, ", "nevertheless, "),
    ],
    "es": [
        (r"\balrededor de\b", "cerca de"),
        (r"\bSegún\b", "De acuerdo con"),
        (r", según\b", ", de acuerdo con"),
        (r"\bse puso en marcha\b", "se inició"),
        (r"\bempezó\b", "comenzó"),
        (r"\bcomenzó\b", "empezó"),
        (r"\bdio permiso para\b", "autorizó"),
        (r"\bse llevó a cabo\b", "se realizó"),
        (r"\bpractic(?:ó|ado)\b(?= \d+ registros)", "realizado"),
        (r"\bse repartieron por\b", "se distribuyeron por"),
        (r"\bla difusión de\b", "la distribución de"),
        (r"\bdirige\b", "encabeza"),
        (r"\bse ocupa del asunto\b", "lleva el asunto"),
        (r"\bseñala el diario\b", "dice el diario"),
        (r"\binforma El\b", "señala El"),
        (r"\btomó la palabra\b", "habló"),
        (r"\be hizo (?=\d)", "y realizó "),
        (r"\bhizo (?=\d)", "realizó "),
        (r"\bpor internet\b", "a través de internet"),
        (r"\bademás\b", "también"),
        (r"\bsin embargo\b", "no obstante"),
        (r"\baproximadamente\b", "alrededor de"),
        (r"\bdebido a\b", "a causa de"),
    ],
}  # fmt: skip
"""A word, as a pattern, and another that says the same."""
