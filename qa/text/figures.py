"""Numbers in a sentence with what they count and of which places they are said.

The reading is shallow. What stands right after a number is what it counts; where nothing does ("19 of them", "the total
reached 500"), it may be anything that the sentence named before. A place belongs to the number it stands nearest to:
"the United Kingdom (40)", "24 for Spain", "19 of them in Spain".
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import cache, lru_cache

from qa.models.annotations import Figure
from qa.models.archive import Span
from qa.text.casing import lowered
from qa.text.entities import plain_numbers
from qa.text.numbers import number_value
from qa.text.places import places_in
from qa.text.terms import STOP_WORDS, fold, stem, word_matches

WINDOW = 4
"""Words after a number among which the counted noun is looked for: "500 mostly quiet local people"."""

_BOUNDS = {
    name: re.compile(rf"(?:{form})\s(?:the\s|los\s|las\s)?$")
    for name, form in {
        "more": r"(?:more|greater|higher) than|over|above|at least|a minimum of|m[aá]s de|al menos|como m[ií]nimo",
        "less": r"(?:less|fewer|lower) than|under|below|up to|at most|as many as|menos de|hasta|como m[aá]ximo",
        "about": r"about|around|some|roughly|nearly|almost|approximately|unos|unas|alrededor de|cerca de|casi",
    }.items()
}

_SAME = (
    "people person persona suspect individual detainee sospechoso man men woman women hombre mujer",
    "arrest detention detain detenido detener detencion detuvo detuvieron arrestar arrestado arresto arrestaron"
    " capture", "country pais nation nacion state", "search raid registro redada", "home house domicilio vivienda",
    "connection hit conexion address ip direccion", "item file image imagen archivo fichero",
    "province provincia", "officer agent agente", "month mes", "year ano", "day dia", "week semana",
    "report denuncia complaint aviso", "vote voto", "judge juez jueza jueces magistrate magistrado",
    "court juzgado tribunal",
)  # fmt: skip
"""Words that count the same thing: where one of them is asked for, a sentence that has none counts something else."""

_ALSO_SAME = (
    "victim victima", "user usuario", "buyer comprador", "member miembro", "company empresa compania", "city ciudad",
    "town localidad municipio pueblo", "child children nino menor", "law ley", "minister ministro", "meeting reunion",
    "witness testigo", "death muerte", "worker trabajador", "student estudiante alumno", "inhabitant habitante",
    "hour hora", "minute minuto", "money dinero", "gang banda", "computer ordenador", "phone telefono",
    "mep eurodiputado", "prosecutor fiscal", "photograph photo foto fotografia", "charge cargo", "question pregunta",
)  # fmt: skip
"""Words of two languages for one thing, of which there may be more: none of them is asked of a sentence."""

_ENDS_PHRASE = frozenset(
    """
    in on at from by to for with was were had has have is are who which that and or but as
    en a por con para fue fueron habia han ha que y e o u ni pero como
    """.split()  # noqa: SIM905
)


@cache
def _classes() -> dict[str, str]:
    return {stem(word): group.split()[0] for group in _SAME for word in group.split()}


@cache
def _names() -> dict[str, str]:
    return {stem(word): group.split()[0] for group in _ALSO_SAME for word in group.split()} | _classes()


_APART = {"office": "office", "offices": "office"}
"""Words that only the stem makes one with a word of the tables above."""


@lru_cache(maxsize=50_000)
def kin(word: str) -> str:
    """One name for all words that count the same thing, in both languages; the stem of any other word."""
    plain = fold(word)
    if plain in _APART:
        return _APART[plain]
    singular = (plain, plain.removesuffix("s"), plain.removesuffix("es"))
    masculine = tuple(f"{form[:-1]}o" for form in singular if form.endswith("a"))  # detenidas, detenidos: one thing
    for form in (*singular, *masculine):
        if name := _names().get(stem(form)):
            return name
    return stem(word)


@lru_cache(maxsize=10_000)
def is_common(word: str) -> bool:
    """Whether the usual words for a thing are all known here: a sentence with none of them has no such thing."""
    return kin(word) in set(_classes().values())


def figures(
    sentence: str, *, dates: Sequence[Span] | None = None, named: Sequence[tuple[Span, str]] | None = None
) -> list[Figure]:
    """The numbers of a sentence that are not part of a date, in order.

    `dates` and `named`, its dates and the places that it names, are given where they are known already.
    """
    spans = plain_numbers(sentence, dates=dates)
    of_places = _attached(sentence, spans, places_in(sentence) if named is None else named)
    return [_figure(sentence, span, places) for span, places in zip(spans, of_places, strict=True)]


def _figure(sentence: str, span: Span, places: tuple[str, ...]) -> Figure:
    value = number_value(sentence[span.start : span.end])
    before = lowered(sentence[max(0, span.start - 20) : span.start])
    bound = next((name for name, form in _BOUNDS.items() if form.search(before)), "")
    return Figure(
        span,
        low=None if bound == "less" else value,
        high=None if bound == "more" else value,
        approximate=bool(bound),
        counted=_counted(sentence, span),
        places=places,
    )


def _counted(sentence: str, span: Span) -> tuple[str, ...]:
    """Kin of the words right after a number, up to where its noun phrase ends."""
    parts: list[str] = []
    end = span.end
    for match in word_matches(sentence[span.end : span.end + 60]):
        gap = sentence[end : span.end + match.start()]
        word = fold(match.group())
        if len(parts) == WINDOW or re.search(r"[^\s'’\-\"“”%€$]", gap) or word in _ENDS_PHRASE or word[0].isdigit():
            break
        end = span.end + match.end()
        if word not in STOP_WORDS:
            parts.append(kin(word))
    return tuple(parts)


def _attached(sentence: str, spans: Sequence[Span], named: Sequence[tuple[Span, str]]) -> list[tuple[str, ...]]:
    """For each number the codes of the places it is said of; empty where the sentence names none."""
    groups: list[tuple[str, ...]] = [()] * len(spans)
    if not spans or not named:
        return groups
    for place, code in named:
        nearest = min(range(len(spans)), key=lambda i: _distance(sentence, spans[i], place))
        groups[nearest] = (*groups[nearest], code)
    everywhere = tuple(code for _, code in named)
    return [group or (everywhere if len(spans) == 1 else ()) for group in groups]


def _distance(sentence: str, number: Span, place: Span) -> float:
    """Characters between a number and a place. A place in front counts only as in "Sweden (8)" or "Sweden: 8"."""
    if place.start >= number.end:
        return len(sentence[number.end : place.start])
    between = sentence[place.end : number.start]
    return len(between) if re.fullmatch(r"\s?[(:]\s?", between) else 40 + len(between)
