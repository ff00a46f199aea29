"""Questions about figures want the same claims in Spanish as in English, whatever the claims' language."""

from __future__ import annotations

import pytest

from qa.answering.comparing.descriptions import Described
from qa.answering.comparing.reversals import is_yes_no
from qa.answering.comparing.sameness import same_kind
from qa.answering.comparing.wanted import Wanted
from qa.answering.cues import Cues
from qa.answering.support import Asked
from qa.language.renderings import renderings

PAIRS = [
    ("How many people were arrested in Spain?", "¿Cuántas personas fueron detenidas en España?"),
    ("How many were arrested in Sweden in Operation Koala?", "¿Cuántos detenidos hubo en Suecia en Operación Koala?"),
    ("How many searches were made in Operación Azahar?", "¿Cuántos registros se hicieron en la Operación Azahar?"),
    ("How many items were seized?", "¿Cuántos archivos se incautaron? ¿Cuántos fueron incautados?"),
    ("How many votes were there against the directive?", "¿Cuántos votos hubo en contra de la directiva?"),
    ("How many people were arrested worldwide?", "¿Cuántas personas fueron arrestadas en todo el mundo?"),
    ("How many countries were covered by the Italian operation?", "¿A cuántos países alcanzó la operación italiana?"),
    ("How many people were killed in Madrid?", "¿Cuántas personas murieron en Madrid?"),
]  # fmt: skip


@pytest.mark.parametrize(("english", "spanish"), PAIRS)
def test_the_same_claims_are_wanted(english: str, spanish: str) -> None:
    one, other = Wanted.of(Asked.of(english)), Wanted.of(Asked.of(spanish))
    assert one is not None
    assert other is not None
    assert (one.nouns & other.nouns) or not one.nouns
    assert all(any(same_kind(kind, match) for match in other.kinds) for kind in one.kinds)
    assert (one.places, one.worldwide, one.events) == (other.places, other.worldwide, other.events)


@pytest.mark.parametrize(
    ("question", "words"),
    [
        ("¿A cuántos países alcanzó la operación italiana?", {"italian", "operation"}),
        ("¿Cuántos países afectó la operación de la policía?", {"police", "operation"}),
        ("How many countries did the Italian operation reach?", {"italiana", "operacion"}),
    ],
)
def test_the_topic_is_met_in_reports_of_the_other_language(question: str, words: set[str]) -> None:
    wanted = Wanted.of(Asked.of(question))
    assert wanted is not None
    assert len(wanted.topic_in(frozenset(words))) == 2


def test_what_something_is_may_be_asked_with_its_name_first() -> None:
    described = Described.asked_by("¿Eurojust e IberRed son organismos policiales o judiciales?")
    english = Described.asked_by("Are Eurojust and IberRed police bodies or judicial ones?")
    assert described is not None
    assert english is not None
    assert described.subject == english.subject == {"eurojust", "iberred"}
    assert {"polic", "judic"} <= {word[:5] for word in described.predicate}


@pytest.mark.parametrize(
    "question", ["¿Tenía algo que ver con Cerbero?", "¿La red era una sola?", "Al final, ¿era una red?"]
)
def test_yes_or_no_in_spanish(question: str) -> None:
    assert is_yes_no(question)
    assert not is_yes_no(question.replace("¿", "¿Por qué "))


def test_names_and_ordinals_are_sought_in_both_languages() -> None:
    assert {"londres", "london"} <= set(renderings("london"))
    assert "tribunal supremo" in renderings("supreme court")
    assert set(renderings("segunda")) == {"second", "segundo", "segunda"}
    assert renderings("caldas de reis") == ("caldas de reis",)
    assert Cues.of("¿Qué se votó en el Consejo?").told == ("consejo",)
    assert "council" in renderings("consejo")
