"""Figures with what they count, what became of it, where, when, and who says so."""

from __future__ import annotations

from datetime import date

import pytest

from qa.models.annotations import Figure
from qa.models.annotations import FigureKind as K
from qa.models.archive import Article, Source
from qa.text.annotating import annotate

PAPER = "Harbour Post"


def read(body: str, *, language: str = "en", title: str = "Title", summarises: str | None = None) -> list[Figure]:
    kind = "summary" if summarises else "article"
    source = Source("a", title, PAPER, None, date(2012, 3, 14), language, kind, summarises=summarises)
    return list(annotate(Article(source, body)).figures)


@pytest.mark.parametrize(
    ("body", "low", "high", "kind"),
    [
        ("Five hundred people were arrested.", 500, 500, K.ARRESTED),
        ("More than 20,000 files were seized.", 20000, None, K.SEIZED),
        ("The number of files seized was put at up to 300.", None, 300, K.SEIZED),
        ("Police arrested seven people on Saturday in a raid.", 7, 7, K.ARRESTED),
        ("The ministry expected the number of arrests to reach about 80.", 80, 80, K.EXPECTED),
        ("Between six and nine people were charged.", 6, 9, K.CHARGED),
        ("Another 23 people are under investigation.", 23, 23, K.INVESTIGATED),
        ("The arrests were made in Chile (40).", 40, 40, K.ARRESTED),
        ("Ayer fueron detenidas quinientas personas.", 500, 500, K.DETAINED),
        ("La policía ha practicado 29 registros.", 29, 29, K.SEARCHED),
        ("Cerca de un centenar de personas fueron evacuadas.", 100, 100, K.DISPLACED),
        ("Two dozen people were injured.", 24, 24, K.INJURED),
        ("Thirty-two of the 60 passengers were killed.", 32, 32, K.KILLED),
        ("About 200 people are feared dead.", 200, 200, K.EXPECTED),
        ("At least 19 people were killed, but rescuers fear more deaths.", 19, None, K.KILLED),
        ("Police detained 12 suspects; more arrests are likely to follow.", 12, 12, K.DETAINED),
        ("Ten were charged; the trial is expected in May.", 10, 10, K.CHARGED),
        ("Ayer hubo 30 detenidos, y se prevén más.", 30, 30, K.DETAINED),
    ],
)
def test_value_and_kind(body: str, low: float | None, high: float | None, kind: K) -> None:
    found = read(body, language="es" if body.startswith(("Ayer", "La ", "Cerca")) else "en")
    assert (found[0].low, found[0].high, found[0].kind) == (low, high, kind)
    assert all(figure.kind is None for figure in found[1:])


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("Juan García, 34, was arrested on Monday.", []),
        ("In Spain, 34, and in Chile, 12, were arrested.", [34, 12]),
        ("In New Velm, 34, and in Oster, 12, were arrested.", [34, 12]),
        ("According to Ann Lee, 25,000 people were arrested.", [25_000]),
        ("On Monday, 34,000 people were evacuated.", [34_000]),
        ("The people at Old Oster, 34, were arrested.", [34]),
        ("At 7 p.m. police arrested five men.", [5]),
        ("Police arrested the man at 7:45 p.m. in the harbour.", []),
        ("La policía detuvo a las 19:30 a cinco hombres.", [5]),
    ],
)
def test_neither_an_age_nor_a_time_of_day_counts_people(body: str, values: list[float]) -> None:
    language = "es" if body.startswith("La") else "en"
    assert [figure.low for figure in read(body, language=language)] == values


@pytest.mark.parametrize(
    ("body", "scopes"),
    [
        ("24 people were arrested in Spain, and 108 in all countries.", [("ES",), "world"]),
        (
            "Searches in twelve countries led to 500 arrests, of which 19 took place in Spain.",
            ["world", "world", ("ES",)],
        ),
        ("A worldwide operation has left 500 people detained and has links in Chile.", ["world"]),
        ("Spain's ministry said that 19 people were arrested.", [()]),
        ("Spain: 19 arrests.", [("ES",)]),
        ("España: 19 detenidos.", [("ES",)]),
        ("Arrests: Sweden (8), Chile (40)", [("SE",), ("CL",)]),
        ("19 personas fueron arrestadas en 13 provincias de España.", [("ES",), ("ES",)]),
        ("Arrestó a 27 personas en 18 provincias y 24 localidades de España.", [("ES",), ("ES",), ("ES",)]),
    ],
)
def test_scope(body: str, scopes: list[object]) -> None:
    assert ["world" if one.worldwide else one.places for one in read(body)] == scopes


@pytest.mark.parametrize(
    ("body", "speaker"),
    [
        ("According to the Interior Ministry, 19 people were arrested.", "the Interior Ministry"),
        ("The ministry said that 19 people were arrested.", "ministry"),
        ("Nineteen people were arrested, the newspaper reports.", None),
        ("19 people were arrested.", None),
    ],
)
def test_who_says_so(body: str, speaker: str | None) -> None:
    assert [one.speaker for one in read(body)] == [speaker]


def test_of_several_publications_each_speaks_for_itself() -> None:
    body = "The Daily Star says that 40 people were arrested. City News gives the number of arrests as 46."
    assert [one.speaker for one in read(body, summarises="The Daily Star and City News")] == [
        "The Daily Star",
        "City News",
    ]
    alone = read("The Daily Star says that 40 people were arrested.", summarises="The Daily Star, 3 May 2012")
    assert [one.speaker for one in alone] == [None]


def test_of_several_publications_the_report_is_the_one_that_spoke_last() -> None:
    of_several = "reports by the BBC, El País and ABC"
    body = "The BBC said 30 were arrested. The report adds that 12 were charged."
    assert [one.speaker for one in read(body, summarises=of_several)] == ["The BBC", "The BBC"]
    body = "ABC said 30 were arrested. El País said more. The report adds that 12 were charged."
    assert [one.speaker for one in read(body, summarises=of_several)] == ["ABC", "El País"]


def test_dates_events_periods_and_places_in_the_body() -> None:
    body = "Nothing new. On 12 March, 43 people were arrested in Operation Lark over five months. 50 were released."
    first, _, second = read(body)
    assert (first.as_of, first.event, first.period) == ("2012-03-12", "lark", "five months")
    assert (second.as_of, second.event) == ("2012-03-14", "lark")
    assert body[first.span.start : first.span.end] == "43"
    assert body[second.sentence.start : second.sentence.end] == "50 were released."


@pytest.mark.parametrize(
    "body", ["Article 12 was not applied.", "On 17 and 18 October he spoke.", "One measure was proposed."]
)
def test_numbers_that_count_nothing_are_no_figures(body: str) -> None:
    assert read(body) == []


@pytest.mark.parametrize(
    "body",
    [
        "No deaths were reported but 12 people were taken to hospital.",
        "The 19 people were not charged.",
        "Sin detenidos, la policía identificó a 30 personas.",
    ],
)
def test_what_is_denied_is_said_of_no_figure(body: str) -> None:
    found = read(body, language="es" if body.startswith("Sin") else "en")
    assert [one.kind for one in found if one.low] == [None]


def test_a_figure_belongs_to_the_event_that_its_sentence_names() -> None:
    body = "Operation Heron began in May. It ended with 12 arrests. Another 30 people were held in Operation Egret."
    assert [(one.low, one.event) for one in read(body)] == [(12, "heron"), (30, "egret")]


@pytest.mark.parametrize(
    ("body", "events"),
    [
        ("12 people were held in Operation Icebreaker and 30 in Operation Landmark.", ["icebreaker", "landmark"]),
        (
            "Operation Landmark was not alone: 12 people were held in Operation Icebreaker and 30 were held in"
            " Operation Landmark.",
            ["icebreaker", "landmark"],
        ),
        ("Operation Landmark led to 30 arrests and Operation Cerbero to 12.", ["landmark", "cerbero"]),
        (
            "La Operación Cerbero dejó 19 detenidos, cuatro años después de la Operación Landmark.",
            ["cerbero", "landmark"],
        ),
        ("The first Covid case in Spain was found in May. Police later held 25 people.", [None]),
    ],
)
def test_several_events_in_one_sentence(body: str, events: list[str | None]) -> None:
    assert [one.event for one in read(body) if one.low and one.low > 1] == events


def test_the_event_of_the_headline_is_that_of_a_body_that_names_none() -> None:
    (figure,) = read("Police arrested 30 people.", title="Operation Landmark: 30 arrested")
    assert figure.event == "landmark"


@pytest.mark.parametrize(
    ("body", "unit"),
    [
        ("Eighty-one pct of the members voted.", "%"),
        ("Votó el 81 por ciento de los socios.", "%"),
        ("The firm paid $30 million.", "$"),
    ],
)
def test_a_share_or_a_sum_of_money_counts_nothing_else(body: str, unit: str) -> None:
    assert [figure.counted[0] for figure in read(body)] == [unit]


def test_what_is_counted_ends_before_the_next_number() -> None:
    locals_, workers = read("The three locals cover about 2,600 production workers.")
    assert "product" not in locals_.counted
    assert "worker" in workers.counted


def test_a_list_of_names_is_read_in_time_that_grows_with_it() -> None:
    """Quadratic reading of this list would take minutes."""
    assert read("John Smith\n" * 20_000 + "Police held 25 people.")[-1].low == 25
