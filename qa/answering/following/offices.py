"""Words for those who hold an office or do a job: "he" and "she" may be one of them."""

from __future__ import annotations

from qa.answering.following.tongue import word_set
from qa.language.terms import fold, words

_OFFICES = word_set("""
    minister ombudsman ombudswoman judge president rapporteur spokesman spokeswoman director commissioner
    prosecutor chairman secretary mayor king queen chief official author magistrate defender counsel lawyer
    person man woman general ministro ministra defensor defensora juez jueza presidente presidenta ponente
    portavoz director directora comisario comisaria fiscal secretario alcalde alcaldesa rey reina jefe autor
    autora magistrado abogado persona
    """)


def is_office(noun: str) -> bool:
    """Whether a noun, in whichever of the languages, is called by an office."""
    said = [fold(word) for word in words(noun)]
    return bool(said) and not _OFFICES.isdisjoint((said[0], said[-1]))
