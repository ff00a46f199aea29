"""Certainty, conditions, amounts and directions that go beyond the sources; and what says no more than they do."""

from __future__ import annotations

import pytest

from qa.answering.checking.certainty import certainty
from qa.answering.checking.check import Rule
from qa.answering.checking.conditions import conditions
from qa.answering.checking.contrast import opposites, quantities
from qa.answering.checking.converses import converses
from qa.answering.checking.denial import denial
from qa.answering.checking.direction import direction
from qa.answering.checking.epithets import epithets
from qa.answering.checking.hedging import hedging
from qa.answering.checking.names import names
from qa.answering.checking.offices import offices
from qa.answering.checking.scales import scales
from tests.checking.test_rules import found

LEVY = "A levy on grain from Norland could be imposed later, the ministry said, if the council agrees to it."
FERRY = "Some islands have opened their ports to Danish ferries, though German trawlers may only land fish from Sweden."
ROADS = "Road builders are required to publish several offers, and prices were unchanged from 2003."
TOWER = "The tower is said to be one of the highest in Peru, the second-largest producer of tin after Chile."
PUMPS = "In some cases the pumps are driven by waste heat, the engineers said."
JUEZ = "El tribunal dará su permiso si el fiscal presenta la solicitud, indicó un portavoz."
CARGO = "La policía podría citar al presunto dueño del carguero, según el juez."
DEAL = (
    "Norvik Lines bought two ferries from the Salda yard after its chairman, Ivo Brandt, met an official of the port."
)
FLATS = "Flats are dearer in Coria than in Orba, most owners live abroad, and the council is undecided on a tax."
GUEST = "The envoy hopes to meet the council in May; exports stood at 40 tons, down from 60 in 2003."

BEYOND: list[tuple[Rule, str, str, str]] = [
    (certainty, "A levy on grain would be imposed later.", LEVY, "en"),
    (certainty, "A levy on grain is likely to be imposed later.", LEVY, "en"),
    (conditions, "A levy on grain could be imposed later, the ministry said.", LEVY, "en"),
    (conditions, "El tribunal dará su permiso, indicó un portavoz.", JUEZ, "es"),
    (certainty, "The envoy will meet the council in May.", GUEST, "en"),
    (quantities, "Exports stood at 40 tons, up from 60 in 2003.", GUEST, "en"),
    (epithets, "La policía podría citar al dueño del carguero.", CARGO, "es"),
    (scales, "Islands have opened their ports to ferries.", FERRY, "en"),
    (scales, "Many islands have opened their ports.", FERRY, "en"),
    (scales, "Road builders must publish numerous offers.", ROADS, "en"),
    (scales, "The tower is said to be the highest in Peru.", TOWER, "en"),
    (scales, "Peru is the largest producer of tin.", TOWER, "en"),
    (scales, "The pumps are driven by waste heat, the engineers said.", PUMPS, "en"),
    (opposites, "Road builders are encouraged to publish offers.", ROADS, "en"),
    (opposites, "Prices were higher than in 2003.", ROADS, "en"),
    (direction, "German trawlers may only land fish to Sweden.", FERRY, "en"),
    (direction, "The islands have opened their ports to German ferries.", FERRY, "en"),
    (converses, "Chile is a producer of tin after Peru.", TOWER, "en"),
    (hedging, "The tower is among the highest in Peru.", TOWER, "en"),
    (converses, "Norvik Lines bought two ferries before its chairman met an official of the port.", DEAL, "en"),
    (converses, "The Salda yard bought two ferries from Norvik Lines.", DEAL, "en"),
    (converses, "Flats are dearer in Orba than in Coria.", FLATS, "en"),
    (names, "The chairman, Ivo Norvik, met an official.", DEAL, "en"),
    (offices, "The minister Ivo Brandt met an official.", DEAL, "en"),
    (scales, "Norvik Lines met many officials of the port.", DEAL, "en"),
    (scales, "Officials of the port met the chairman.", DEAL, "en"),
    (scales, "All owners live abroad.", FLATS, "en"),
    (denial, "The council has not been asked about a tax.", FLATS, "en"),
    (certainty, "The chairman will be met before the sale.", "The chairman was met when the ferries were sold.", "en"),
]
WITHIN: list[tuple[Rule, str, str, str]] = [
    (certainty, "A levy on grain may be imposed later.", LEVY, "en"),
    (conditions, "A levy could be imposed if the council agrees.", LEVY, "en"),
    (conditions, "The ministry spoke of a levy on grain from Norland.", LEVY, "en"),
    (conditions, "El tribunal dará su permiso si el fiscal lo solicita.", JUEZ, "es"),
    (certainty, "The envoy wants to meet the council in May.", GUEST, "en"),
    (epithets, "La policía podría citar al supuesto dueño.", CARGO, "es"),
    (scales, "A few islands have opened their ports.", FERRY, "en"),
    (scales, "The tower is said to be among the highest in Peru.", TOWER, "en"),
    (scales, "Peru is the second-largest producer of tin.", TOWER, "en"),
    (scales, "Waste heat may drive the pumps, the engineers said.", PUMPS, "en"),
    (opposites, "Prices were the same as in 2003.", ROADS, "en"),
    (direction, "Ferries of Denmark may use the ports of some islands, and Danish ferries do.", FERRY, "en"),
    (direction, "Peru comes after Chile as a producer of tin.", TOWER, "en"),
    (hedging, "The tower is said to be among the highest in Peru.", TOWER, "en"),
    (converses, "The Salda yard sold two ferries to Norvik Lines.", DEAL, "en"),
    (opposites, "The Salda yard sold two ferries to Norvik Lines.", DEAL, "en"),
    (opposites, "Ivo Brandt met an official of the port before Norvik Lines bought two ferries.", DEAL, "en"),
    (opposites, "Flats are cheaper in Orba than in Coria.", FLATS, "en"),
    (offices, "Ivo Brandt, chairman of Norvik Lines, met an official.", DEAL, "en"),
    (names, "Chairman Brandt met an official.", DEAL, "en"),
    (scales, "Most of the owners live abroad.", FLATS, "en"),
    (opposites, "The council has not decided on a tax.", FLATS, "en"),
    (denial, "The council has not decided on a tax.", FLATS, "en"),
]


@pytest.mark.parametrize(("rule", "sentence", "text", "language"), BEYOND)
def test_what_goes_beyond_a_source_is_noticed(rule: Rule, sentence: str, text: str, language: str) -> None:
    assert found(rule, sentence, text, language=language)


@pytest.mark.parametrize(("rule", "sentence", "text", "language"), WITHIN)
def test_what_says_no_more_than_a_source_passes(rule: Rule, sentence: str, text: str, language: str) -> None:
    assert found(rule, sentence, text, language=language) == []
