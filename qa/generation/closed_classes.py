"""Closed classes of English and Spanish words that the verification of written sentences rests on, folded."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


@dataclass(frozen=True, slots=True)
class ClosedClasses:
    """The closed classes of one language.

    `be` makes a passive or a predicate of what follows; `free` words say nothing by themselves. A phrase begins at
    `prepositions`, each with the one that it counts as, and at `conjunctions`. `negations` and `limits` (doubt, degree,
    bounds) hold for their clause, `conditions` (and claims) for the sentence; `reporting` verbs are all alike.
    """

    be: frozenset[str]
    free: frozenset[str]
    prepositions: Mapping[str, str]
    conjunctions: frozenset[str]
    negations: frozenset[str]
    limits: frozenset[str]
    conditions: frozenset[str]
    reporting: frozenset[str]


ENGLISH = ClosedClasses(
    be=_set("am is are was were be been being got"),
    free=_set(
        "a an the has have had having did does do which who whom that this these those its it and also there own"
    ),
    prepositions={"in": "in", "on": "in", "at": "in"}
    | {word: word for word in _set("of by from to for with into onto")},
    conjunctions=_set(
        """and but or while whereas although though when where after before during since because as so which who whose
        that if unless until except without than among amid between against under over through throughout within
        including following despite near via about"""
    ),
    negations=_set("not no nor never none nobody neither nothing without cannot"),
    limits=_set(
        """may might can could would will shall should must nearly almost about around roughly approximately least most
        more less fewer than up over under some likely unlikely perhaps probably possibly apparently expected expects
        plans planned planning hopes hoped wants wanted intends intended tried attempted failed refused threatened
        proposed proposes considering seems seemed appears appeared feared forecast presumed suspected alleged"""
    ),
    conditions=_set(
        """if unless until except only allegedly reportedly supposedly believed thought claimed claims claim accused
        denied denies deny rejected suggested suggests warned rumoured"""
    ),
    reporting=_set(
        """said says say saying reported reports stated announced announces added adds recalled recalls explained
        explains writes according"""
    ),
)
SPANISH = ClosedClasses(
    be=_set("es son era eran fue fueron ser sido sera seran siendo esta estan estaba estaban estuvo estuvieron estar"),
    free=_set("el la los las un una lo que se ha han habia habian hay hubo y e su sus este estos estas ese esa quien"),
    prepositions={"en": "en", "del": "de", "al": "a"} | {word: word for word in _set("de a por para con desde hasta")},
    conjunctions=_set(
        """y e o pero mientras aunque cuando donde tras antes despues durante porque que cuyo cuya como entre contra
        sobre ante quien si salvo sin"""
    ),
    negations=_set("no ni nunca jamas nadie ningun ninguna ninguno nada sin tampoco"),
    limits=_set(
        """podria podrian puede pueden debe deben solo casi cerca unos unas alrededor mas menos algunos algunas posible
        posibles posiblemente probable probablemente quiza quizas espera esperan preve intento sospechoso sospechosos
        presunto presunta presuntos presuntas supuesto supuesta supuestos supuestas"""
    ),
    conditions=_set(
        "si salvo presuntamente supuestamente cree creen acusado acusada acusados acusadas nego niega rechazo asegura"
    ),
    reporting=_set(
        """dijo dice dicen dijeron segun informo informa informaron senalo senala indico indica afirmo afirma explico
        explica anadio anade anuncio anuncia recuerda recordo"""
    ),
)
