"""Names of institutions and cities, Spanish and English."""

from __future__ import annotations

FOREIGN = (
    ("defensor pueblo", "ombudsman"), ("guardia civil", "civil guard"),
    ("audiencia nacional", "national high court"), ("tribunal supremo", "supreme court"),
    ("supremo", "supreme court"), ("ministerio interior", "interior ministry"),
    ("codigo penal", "penal criminal code"), ("union europea", "european union eu"),
    ("ue", "european union eu"), ("fiscalia", "prosecution prosecutor office service"),
    ("comision europea", "european commission"), ("consejo europa", "council europe"),
    ("parlamento europeo", "european parliament"), ("eu", "union european"), ("uk", "kingdom united"),
    ("un", "nations united"), ("onu", "nations united un"), ("constitucional", "constitutional"),
    ("policia nacional", "national police"), ("policia federal", "federal police"), ("juzgado", "court"),
    ("policia judicial", "judicial police"), ("estados unidos", "united states us"), ("londres", "london"),
    ("roma", "rome"), ("venecia", "venice"), ("la haya", "hague"), ("bruselas", "brussels"), ("paris", "paris"),
    ("lisboa", "lisbon"), ("ginebra", "geneva"), ("moscu", "moscow"), ("pekin", "beijing"),
    ("nueva york", "new york"), ("berlin", "berlin"), ("milan", "milan"), ("estrasburgo", "strasbourg"),
    ("luxemburgo", "luxembourg"),
)  # fmt: skip
"""Institutions and cities that have names of their own in Spanish: each goes for the other."""
