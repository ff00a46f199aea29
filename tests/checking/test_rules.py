"""Each rule by itself: what it lets pass, and what it notices."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import pytest

from qa.answering.checking.agents import agents
from qa.answering.checking.attribution import attribution
from qa.answering.checking.calendar import calendar
from qa.answering.checking.causes import causes
from qa.answering.checking.check import Rule
from qa.answering.checking.contrast import opposites, quantities
from qa.answering.checking.denial import denial
from qa.answering.checking.figures import figures
from qa.answering.checking.finding import Finding
from qa.answering.checking.hedging import hedging
from qa.answering.checking.identifiers import identifiers
from qa.answering.checking.names import names
from qa.answering.checking.offices import offices
from qa.answering.checking.order import order
from qa.answering.checking.quoted import quoted
from qa.answering.checking.status import status
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from tests.checking.conftest import ground

TRAM = "At least 14 people were injured when a tram left the rails in Lisbon on Friday morning, the fire service said."
BANK = "The Finance Ministry expects the deficit to fall to 3.2 percent of output next year, from 4.5 percent in 2004."
COURT = (
    "The appeal court upheld the sentence of six years against the former mayor, Paul Dorn, and acquitted Ines Roth."
)
BRIDGE = "The bridge, built between 1931 and 1934, is the longest in the country and carries some 60,000 cars a day."
MERCADO = "El alcalde de Villanueva, Tomás Ibarra, anunció ayer que el ayuntamiento invertirá 2,5 millones de euros."
AUDIENCIA = "La Audiencia de Sevilla condenó a tres empresarios a cuatro años de cárcel y absolvió a otros dos."


def found(rule: Rule, sentence: str, *texts: str, language: str = "en") -> list[Finding]:
    witnesses: Sequence[Witness] = [
        Witness(number, ground(text, language=language)) for number, text in enumerate(texts, start=1)
    ]
    results: Iterator[Finding] = rule(Wording.of(sentence), witnesses)
    return list(results)


FITTING = [
    (figures, "The field yields 420,000 barrels a day.", "The field yields 420,000 barrels per day.", "en"),
    (figures, "It joined the two tribes.", "It joined their respective tribes.", "en"),
    (calendar, "They would meet the following week.", "They will meet next week.", "en"),
    (hedging, "Explicó su idea.", "Explicó su teoría de la idea.", "es"),
    (causes, "Because the law applies, it closed.", "It closed since the law applies to the coast.", "en"),
    (attribution, "It gave the figure as a forecast.", "It gave that figure.", "en"),
    (figures, "The fire service said that no fewer than fourteen people were hurt.", TRAM, "en"),
    (figures, "Around 60,000 cars use the bridge every day.", BRIDGE, "en"),
    (figures, "El ayuntamiento invertirá dos millones y medio de euros.", MERCADO, "es"),
    (figures, "Two and a half million euros will be invested.", MERCADO, "es"),
    (figures, "The sentence of six years stands.", COURT, "en"),
    (figures, "Data are kept for a year.", "Data are kept for 12 months.", "en"),
    (figures, "The total was 20,000 items.", "Fueron 20.000 archivos en total.", "es"),
    (figures, "Hundreds of people were held.", "In all 512 people were held.", "en"),
    (identifiers, "Law 34/2002 applies.", "The case turns on Law 34/2002.", "en"),
    (calendar, "On 11 March 2005 a tram left the rails.", TRAM, "en"),
    (calendar, "In March 2005 a tram left the rails.", TRAM, "en"),
    (calendar, "The Post reported on 17 March 2005 that a tram had left the rails.", TRAM, "en"),
    (calendar, "El 16 de marzo de 2005 lo anunció el alcalde.", MERCADO, "es"),
    (names, "In Lisbon a tram left the rails.", TRAM, "en"),
    (names, "A Spanish court heard it.", "A court in Spain heard it.", "en"),
    (names, "The EU agreed.", "The European Union agreed.", "en"),
    (offices, "Former mayor Paul Dorn lost the case.", COURT, "en"),
    (offices, "Tomás Ibarra, alcalde de Villanueva, lo anunció.", MERCADO, "es"),
    (quoted, "They called it “left the rails”.", TRAM, "en"),
    (status, "Ines Roth was acquitted.", COURT, "en"),
    (status, "Tres empresarios fueron condenados.", AUDIENCIA, "es"),
    (denial, "No deal was signed.", "The two sides did not sign a deal.", "en"),
    (denial, "The bank had not been in talks.", "Ana Keller denied that the bank had been in talks.", "en"),
    (denial, "La ley no entrará en vigor.", "Aseguró que la ley no entrará en vigor.", "es"),
    (hedging, "The deficit is forecast to fall.", BANK, "en"),
    (hedging, "El ayuntamiento va a invertir 2,5 millones.", MERCADO, "es"),
    (opposites, "The deficit should drop.", BANK, "en"),
    (opposites, "The council did not accept it.", "The council rejected it.", "en"),
    (quantities, "Every country took part.", "All countries took part.", "en"),
    (quantities, "The biggest bridge was closed.", "The largest bridge was closed.", "en"),
    (causes, "The road closed because of the flood.", "The flood led to the road being closed.", "en"),
    (causes, "Cerró debido a la lluvia.", "Cerró a causa de la lluvia.", "es"),
    (agents, "The sentence was upheld by the appeal court.", COURT, "en"),
    (agents, "Egypt was attacked by Israel.", "Israel attacked Egypt.", "en"),
    (order, "From 4.5 percent in 2004 it is to fall to 3.2 percent.", BANK, "en"),
    (attribution, "According to the fire service, a tram left the rails.", TRAM, "en"),
    (attribution, "Tomás Ibarra anunció una inversión.", MERCADO, "es"),
]


@pytest.mark.parametrize(("rule", "sentence", "text", "language"), FITTING)
def test_what_says_no_more_passes(rule: Rule, sentence: str, text: str, language: str) -> None:
    assert found(rule, sentence, text, language=language) == []


ALTERED = [
    (figures, "The fire service said that 40 people were hurt.", TRAM, "en"),
    (figures, "The fire service said that 14 people were hurt.", TRAM, "en"),
    (figures, "Up to 14 people were hurt.", TRAM, "en"),
    (figures, "The deficit is expected to fall to 3.2 euros.", BANK, "en"),
    (figures, "El ayuntamiento invertirá 25 millones de euros.", MERCADO, "es"),
    (figures, "In all 14 trams were hurt, and 15 people.", TRAM, "en"),
    (figures, "More than 500 countries took part.", "More than 500 people took part.", "en"),
    (identifiers, "Law 34/2003 applies.", "The case turns on Law 34/2002.", "en"),
    (calendar, "On 12 March 2005 a tram left the rails.", TRAM, "en"),
    (calendar, "A tram left the rails on 17 March 2005.", TRAM, "en"),
    (calendar, "It was built between 1921 and 1934.", BRIDGE, "en"),
    (calendar, "El 15 de marzo de 2005 lo anunció el alcalde.", MERCADO, "es"),
    (names, "In Porto a tram left the rails.", TRAM, "en"),
    (names, "Germany agreed to it.", "France agreed to it.", "en"),
    (names, "Una empresa italiana lo compró.", "Una empresa francesa lo compró.", "es"),
    (offices, "Former minister Paul Dorn lost the case.", COURT, "en"),
    (offices, "El portavoz de Villanueva, Tomás Ibarra, lo anunció.", MERCADO, "es"),
    (quoted, "They called it “off the rails”.", TRAM, "en"),
    (quoted, "They called it “left the rails.", TRAM, "en"),
    (status, "Ines Roth was convicted.", COURT, "en"),
    (status, "Tres empresarios fueron detenidos.", AUDIENCIA, "es"),
    (denial, "The two sides signed a deal.", "The two sides did not sign a deal.", "en"),
    (denial, "The tram did not leave the rails.", TRAM, "en"),
    (denial, "La ley entrará en vigor.", "Aseguró que la ley no entrará en vigor.", "es"),
    (hedging, "The deficit fell to 3.2 percent.", BANK, "en"),
    (hedging, "A tram may have left the rails.", TRAM, "en"),
    (hedging, "El autor fue detenido.", "El presunto autor fue detenido.", "es"),
    (opposites, "The deficit is expected to rise.", BANK, "en"),
    (opposites, "Los sindicatos aceptaron la oferta.", "Los sindicatos rechazaron la oferta.", "es"),
    (quantities, "All passengers went on by bus.", "Most of the passengers went on by bus.", "en"),
    (quantities, "It is the oldest bridge.", BRIDGE, "en"),
    (quantities, "Ireland voted for the law.", "Ireland voted against the law.", "en"),
    (causes, "The tram left the rails because people were injured.", TRAM, "en"),
    (causes, "El mercado cerró debido a la huelga.", "El mercado cerró. Hubo una huelga.", "es"),
    (agents, "Egypt attacked Israel.", "Israel attacked Egypt.", "en"),
    (agents, "La Audiencia de Sevilla absolvió a tres empresarios.", AUDIENCIA, "es"),
    (order, "It is to fall to 4.5 percent from 3.2 percent in 2004.", BANK, "en"),
    (attribution, "At least 14 people were injured when a tram left the rails.", TRAM, "en"),
    (attribution, "The police said that a tram left the rails.", TRAM, "en"),
]


@pytest.mark.parametrize(("rule", "sentence", "text", "language"), ALTERED)
def test_what_says_something_else_is_noticed(rule: Rule, sentence: str, text: str, language: str) -> None:
    reasons = found(rule, sentence, text, language=language)
    assert reasons
    assert all((one.reason.endswith(".") and one.reason[0].isupper()) or one.reason[0] == "“" for one in reasons)


def test_a_summary_is_told_with_its_paper_and_not_by_another() -> None:
    about = ground("Reuters reports that homes were searched in France.", summarises="Reuters, 16 March 2005")
    one = [Witness(1, about)]
    assert not list(attribution(Wording.of("Homes were searched in France, Reuters reports."), one))
    assert [found.grave for found in attribution(Wording.of("Homes were searched in France."), one)] == [False]
    assert not list(attribution(Wording.of("Homes were searched in France, according to Reuters."), one))
    assert list(attribution(Wording.of("Homes were searched in France, according to the ministry."), one))


def test_a_name_from_the_words_before_needs_a_word_that_points_back() -> None:
    he = Witness(1, ground("He asked for stricter rules.", before="The ombudsman, Enrique Ruiz, spoke in Madrid."))
    assert not list(names(Wording.of("The ombudsman, Enrique Ruiz, asked for stricter rules."), [he]))
    plain = Witness(1, ground("Europol has no executive powers.", before="Eurojust is a body of the EU."))
    (found_one,) = names(Wording.of("Eurojust has no executive powers."), [plain])
    assert not found_one.grave
