from __future__ import annotations

import tracemalloc
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from qa.errors import ReadError
from qa.loaders.documents import Document
from qa.loaders.metadata import RecordContext
from qa.loaders.reading import read
from qa.loaders.records import read_csv
from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[Delivery | Failure]]
FailOne = Callable[..., Failure]
SAMPLE = Path(__file__).parents[2] / "corpus/formats/council-notices.csv"


def test_the_sample(read_all: ReadAll) -> None:
    first, second = read_all(SAMPLE)
    assert isinstance(first, Delivery)
    assert isinstance(second, Delivery)
    source = first.article.source
    assert source.title == "El ayuntamiento amplía el horario de la biblioteca"
    assert (source.published, source.outlet) == (date(2019, 9, 3), "La Gaceta del Puerto")
    assert source.url == "https://gaceta.example/biblioteca"
    assert first.article.metadata.byline == "Redacción"
    assert first.article.body.endswith('\n\n"Lo pedían los estudiantes", dijo la concejala de Cultura.')
    assert first.article.extra == {"Página": "7"}
    assert (first.line, second.line) == (2, 5)
    assert second.article.source.published is None
    assert second.article.extra["published (column)"] == "04/09/2019"
    assert any("04/09/2019" in notice for notice in second.notices)


@pytest.mark.parametrize(
    ("delimiter", "encoding"), [(",", "utf-8"), (";", "utf-8-sig"), ("\t", "utf-16"), ("|", "cp1252")]
)
def test_delimiters_and_encodings(read_one: ReadOne, delimiter: str, encoding: str) -> None:
    table = f"Titular{delimiter}FECHA{delimiter}Texto\nAño nuevo{delimiter}17.3.2005{delimiter}Empieza el año\n"
    source = read_one("a.csv", table.encode(encoding)).article.source
    assert (source.title, source.published) == ("Año nuevo", date(2005, 3, 17))


@pytest.mark.parametrize("name", ["Publication_Date", "publication date", "FECHA DE PUBLICACIÓN", "pubDate", "date"])
def test_names_of_a_column(read_one: ReadOne, name: str) -> None:
    assert read_one("a.csv", f"title,{name},text\nT,2005-03-17,Body.\n").article.source.published == date(2005, 3, 17)


def test_a_table_is_recognised_by_its_columns(read_one: ReadOne) -> None:
    assert read_one("export", "id;Headline;Date;Body\n1;Ferries;2005-03-17;They sail.\n").article.article_id == "1"


@pytest.mark.parametrize("first", ["Ferries, trains and buses", "title, or no title", "Text; and then more text"])
def test_a_text_with_commas_is_no_table(read_one: ReadOne, first: str) -> None:
    assert read_one("a.txt", f"{first}\n\nBody of it.").article.source.title == first


def test_bad_rows_fail_alone(put: Put, read_all: ReadAll) -> None:
    table = 'title,text\nOne,Body one.\nTwo\nThree,"Body\nthree.",more\n"Fo"ur,x\nFive,Body five.,\n,\n'
    outcomes = read_all(put("a.csv", table))
    lines = [(one.line, isinstance(one, Delivery)) for one in outcomes]
    assert lines == [(2, True), (3, False), (4, False), (6, False), (7, True)]
    reasons = [one.reason for one in outcomes if isinstance(one, Failure)]
    assert "2 cells as in the header were expected, found 1" in reasons[0]
    assert "quotes match" in reasons[2]


def test_a_quote_that_is_never_closed_takes_no_rows_with_it_unseen(put: Put, read_all: ReadAll) -> None:
    outcomes = read_all(put("a.csv", 'title,text\nOne,Body one.\nTwo,"Body two.\nThree,Body three.\n'))
    assert [isinstance(one, Delivery) for one in outcomes] == [True, False]


def test_a_byte_of_another_encoding_fails_its_row_alone(put: Put, read_all: ReadAll) -> None:
    table = "title,text\nÑandú,Corre.\nAño,Empieza.\n".encode() + b"Oto\xf1o,Acaba.\n" + "Día,Es.\n".encode()
    assert [isinstance(one, Delivery) for one in read_all(put("a.csv", table))] == [True, True, False, True]


def test_columns_named_outright(put: Put) -> None:
    document = Document.of_file(put("a.csv", "x,y,date\nFerries,They sail.,2005-03-17\n"))
    (delivery,) = read_csv(RecordContext(replace(document, columns={"title": "X", "text": "y"}), {}))
    assert isinstance(delivery, Delivery)
    assert (delivery.article.source.title, delivery.article.body) == ("Ferries", "They sail.")
    (hooked,) = read(put("a.csv", "x,y,date\nFerries,They sail.,2005-03-17\n"), columns={"title": "x"})
    assert isinstance(hooked, Delivery)
    assert hooked.article.source.title == "Ferries"
    with pytest.raises(ReadError, match='a column "z" for text was expected, found x, y, date'):
        list(read_csv(RecordContext(replace(document, columns={"text": "z"}), {})))


def test_without_a_column_for_headlines_the_first_words_stand_in(read_one: ReadOne) -> None:
    assert read_one("a.csv", "text,date\nFerries sail.,2005-03-17\n").article.source.title == "Ferries sail."


def test_a_no_withdraws_nothing(put: Put, read_all: ReadAll) -> None:
    outcomes = read_all(put("a.csv", "title,text,withdrawn\nA,B.,no\nC,D.,yes\nE,F.,Wrong quay\n"))
    statuses = [one.article.source.status for one in outcomes if isinstance(one, Delivery)]
    assert statuses == ["live", "withdrawn", "withdrawn"]


@pytest.mark.parametrize(
    ("content", "found"),
    [
        ("name,age\nx,1\n", "found name, age"),
        ("title,text\n", "found none"),
        ("\n\n", "empty file"),
        ("", "empty file"),
    ],
)
def test_what_is_no_table_of_articles_is_refused(fail_one: FailOne, content: str, found: str) -> None:
    assert found in fail_one("a.csv", content).reason


def test_a_table_whose_text_has_an_unknown_name_is_refused_and_told_how(put: Put, read_all: ReadAll) -> None:
    body = "They sail at nine. " * 20
    table = put("a.csv", f"Titular;CuerpoX;Nota\nFerries;{body};short\n")
    (failure,) = read(table)
    assert isinstance(failure, Failure)
    assert (failure.line, "--column text=CuerpoX" in failure.reason) == (2, True)
    (named,) = read(table, columns={"text": "CuerpoX"})
    assert isinstance(named, Delivery)
    (headlines,) = read_all(put("b.csv", "Titular;Nota\nFerries;short\n"))
    assert isinstance(headlines, Delivery)


def test_columns_of_the_same_name_are_all_kept(read_one: ReadOne) -> None:
    extra = read_one("a.csv", "title,title,page,page,text\nA,B,1,2,T.\n").article.extra
    assert extra == {"title (column)": "B", "page": "1", "page (2)": "2"}


def test_memory_stays_constant(tmp_path: Path) -> None:
    path = tmp_path / "a.csv"
    row = "Ferries sail," + "They sail at nine. " * 50 + "\n"
    path.write_text("title,text\n" + row * 2_000)
    tracemalloc.start()
    records: Iterator[object] = read_csv(RecordContext(Document.of_file(path), {}))
    assert sum(1 for _ in records) == 2_000
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 1_500_000 < path.stat().st_size


@pytest.mark.parametrize(
    ("language", "said", "day"),
    [
        ("es", "04/09/2019", date(2019, 9, 4)),
        ("es-mx", "4.9.2019", date(2019, 9, 4)),
        ("es", "2019-09-04", date(2019, 9, 4)),
        ("es", "31/12/2019", date(2019, 12, 31)),
        ("es", "31/12/2019 08:15", date(2019, 12, 31)),
        ("en", "04/09/2019", None),
        ("en", "24/09/2019", date(2019, 9, 24)),
    ],
)
def test_only_in_english_may_the_month_come_first(
    put: Put, read_all: ReadAll, language: str, said: str, day: date | None
) -> None:
    table = f"titular;fecha;texto\nPuente;{said};El puente abre.\n"
    for path, defaults in (
        (put("a.csv", table), {"language": language}),
        (put("b.csv", table.replace("texto", "texto;idioma").replace("abre.", f"abre.;{language}")), {}),
    ):
        (read,) = read_all(path, **defaults)
        assert isinstance(read, Delivery)
        assert read.article.source.published == day


def test_where_a_row_names_no_language_the_stated_one_counts(read_one: ReadOne) -> None:
    table = "titular;fecha;texto;idioma\nPuente;04/09/2019;El puente abre.; \n"
    assert read_one("a.csv", table, language="es").article.source.published == date(2019, 9, 4)
