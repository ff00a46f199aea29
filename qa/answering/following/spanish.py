"""How Spanish readers follow up on a question."""

from __future__ import annotations

from qa.answering.following.tongue import Tongue, pattern

_SAY = r"dijo|dice|dicen|dijeron|afirma|afirmó|informó|informa|contó|cuenta|publicó|publica|anunció|confirmó|asegura|aseguró|declaró"
_QUE = r"(?:qu[eé])"

SPANISH = Tongue(
    name="es",
    opening=pattern(r"^\W*(?:(?:y|e|pero|entonces|además,|también,|pues|bueno|vale|sí,|no,)(?!\w)[\s,]*¿?)+"),
    about=pattern(
        rf"^\W*(?:y\s+|pero\s+)?(?:{_QUE} hay de(?:l(?=\s))?|{_QUE} pasa con|{_QUE} tal|{_QUE} me dices de)\s+"
    ),
    asks={
        "when": r"(?:(?:desde|hasta|para) )?cu[aá]ndo(?: exactamente)?|en qu[eé] (?:año|mes|fecha|día)|qu[eé] (?:día|año|mes)",
        "where": r"d[oó]nde(?: exactamente)?",
        "why not": r"por qu[eé] no",
        "why": r"(?:y eso )?por qu[eé](?: motivo| razón)?",
        "how": r"c[oó]mo",
        "how long": r"(?:durante |por )?cu[aá]nto tiempo",
        "by whom": r"por qui[eé]n(?:es)?",
        "in which": r"(?:en|a|con|contra|por) (?:qu[eé]|cu[aá]nt[oa]s) [\w-]+",
    },
    asks_in={
        "when": "cuándo",
        "since when": "desde cuándo",
        "where": "dónde",
        "why": "por qué",
        "why not": "por qué no",
        "how": "cómo",
        "how long": "durante cuánto tiempo",
        "by whom": "por quién",
    },
    happened=(
        r"(?: (?:(?:fue|es|era|ha sido|ocurrió|pasó|sucedió|tuvo lugar|se produjo|se hizo|lo hizo|lo hicieron|se decidió)"
        r"(?: (?:todo )?(?:eso|esto|aquello))?|(?:eso|esto|así)))?"
    ),
    state=pattern(r"(?:bajo|en) (?:investigación|prisión|libertad)|[a-záéíóú]+[ai]d[oa]s"),
    number=pattern(r"cu[aá]nt[oa]s(?: exactamente| fueron| son| hubo| en total)?(?!\w)"),
    number_of=pattern(r"cu[aá]nt[oa]s (?P<noun>[a-záéíóúñü][\w-]*)(?: (?:hubo|hay|fueron))?(?!\w)"),
    which=pattern(r"cu[aá]les(?: (?:son|fueron|eran|de ellos|de ellas))?|qu[eé] (?P<noun>[a-záéíóúñü][\w-]*s)"),
    who=pattern(r"qui[eé]n(?:es)?(?: exactamente)?(?: (?:fue|es|fueron|son|lo hizo|hizo eso))?"),
    said=pattern(
        rf"(?P<who>qui[eé]n(?:es)?|qu[eé] \w+(?: \w+)?) (?:(?:lo|eso) (?P<verb>{_SAY})|(?P<verb2>{_SAY}) (?:eso|esto|así))"
        r"|(?P<whom>seg[uú]n (?:qui[eé]n|qu[eé] \w+))|(?P<says>qui[eé]n lo dice)"
    ),
    again=pattern(r"(?P<words>cu[aá]ndo|d[oó]nde|por qu[eé]|c[oó]mo) (?:lo|la|los|las) (?P<verb>[a-záéíóúñ]+)"),
    sequel=pattern(
        r"(?P<bare>(?P<order>después|luego|antes|desde entonces)(?: de (?:eso|esto|entonces))?|más tarde|a continuación)"
        r"|qu[eé] (?:pasó|ocurrió|sucedió|vino) (?:después|luego|más tarde|a continuación|desde entonces"
        r"|(?P<earlier>antes))(?: de (?:eso|esto))?"
    ),
    whereabouts=pattern(r"d[oó]nde (?:está|queda)(?: (?:eso|esto))?"),
    bind={"in": "en", "at": "en", "from": "desde", "of": "de", "for": "para", "outside": "fuera de", "": ""},
)
