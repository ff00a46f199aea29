"""How each format is written: hostile words stay words, and files are whole or not there."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path

import pytest
from lxml import etree

from qa.errors import InputError
from qa.export.articles import FACTS_FIELD, KEYS, file_stem, linked_article, nitf
from qa.export.formats import csv_table, write
from qa.loaders.metadata import KNOWN
from qa.loaders.reading import read
from qa.models.archive import Article
from qa.models.deliveries import Delivery
from tests.export.articles import FULL, VARIANTS, article_of

ARTICLES = [article_of(values) for values in VARIANTS.values()]
HOSTILE = article_of(VARIANTS["hostile"])


def test_every_fact_that_is_read_is_written() -> None:
    assert set(KEYS) == KNOWN - {"correction", "redistribution"}


def test_cells_are_no_formulas() -> None:
    header, row = csv.reader(io.StringIO("".join(csv_table([HOSTILE])), newline=""))
    cells = dict(zip(header, row, strict=True))
    assert cells["title"].startswith("'=HYPERLINK")
    assert (cells["outlet"], cells["keywords"], cells["note"]) == ("'+Outlet; <i>", "'=1+1; -x", "''note")
    assert not any(cell.startswith(("=", "+", "-", "@")) for cell in row)


def test_a_table_has_the_editors_column_for_the_staff_only() -> None:
    public, staff = (next(csv.reader(csv_table([], staff=staff))) for staff in (False, True))
    assert "editor_note" not in public
    assert staff[-2:] == ["editor_note", FACTS_FIELD]


def test_hostile_words_end_no_element() -> None:
    root = etree.fromstring(nitf(HOSTILE).encode())
    assert root.findtext("body/body.head/hedline/hl1") == HOSTILE.source.title
    assert ["".join(one.itertext()) for one in root.iterfind("body/body.content/p")] == HOSTILE.body.split("\n\n")
    assert root.find("head/docdata/doc-id").get("id-string") == "a<b>&\"'"


def test_what_an_nitf_document_says() -> None:
    root = etree.fromstring(nitf(article_of({**FULL, "subjects": [{"name": "Ports", "code": "04003005"}]})).encode())
    data = root.find("head/docdata")
    assert (root.get("version"), root.get("baselang")) == ("-//IPTC//DTD NITF 3.6//EN", "en-gb")
    assert data.get("management-status") == "usable"
    assert data.find("date.issue").get("norm") == "20261102T083000Z"
    assert (data.find("du-key").get("key"), data.find("du-key").get("version")) == ("PORT-QUAY/FEES", "4")
    assert data.find("urgency").get("ed-urg") == "3"
    assert dict(data.find("doc.copyright").attrib) == {"year": "2026", "holder": "Gazette Press"}
    assert [one.get("key") for one in data.iter("keyword")] == ["port", "fees", "quays, north"]
    assert data.findtext("identified-content/person") == "Ana Ruiz"
    assert root.find("head/tobject/tobject.subject").get("tobject.subject.refnum") == "04003005"
    assert root.findtext("body/body.head/byline") == "By Ada Quill and Bo Marsh"
    assert data.find("ed-msg") is None


@pytest.mark.parametrize(
    ("name", "status"), [("withdrawn", "canceled"), ("withheld", "withheld"), ("embargoed", "embargoed")]
)
def test_the_status_of_an_nitf_document(name: str, status: str) -> None:
    data = etree.fromstring(nitf(article_of(VARIANTS[name])).encode()).find("head/docdata")
    assert data.get("management-status") == status
    assert (data.find("date.release").get("norm") == "20270101T060000Z") is (name == "embargoed")


def test_an_article_of_schema_org() -> None:
    told = linked_article(article_of(FULL))
    assert (told["@type"], told["publisher"]) == ("NewsArticle", {"@type": "Organization", "name": "Harbour Gazette"})
    assert told["correction"] == [
        {"@type": "CorrectionComment", "text": "The quay is 310 m long; not 300.", "datePublished": "2026-11-03"},
        {"@type": "CorrectionComment", "text": "A name was misspelt."},
    ]
    assert (told["copyrightNotice"], told["articleSection"]) == (FULL["copyright_notice"], "Business")
    gone = linked_article(article_of(VARIANTS["withdrawn"]))["creativeWorkStatus"]
    assert gone == {"@type": "DefinedTerm", "name": "Withdrawn", "description": "The source took it back."}


@pytest.mark.parametrize(("name", "kind"), [("a.zip", "nitf"), ("folder", "nitf"), ("a.json", "ninjs")])
def test_files_are_read_as_what_was_written(tmp_path: Path, name: str, kind: str) -> None:
    out = tmp_path / name
    write(iter(ARTICLES), kind, out, staff=True)
    files = sorted(out.iterdir()) if out.is_dir() else [out]
    records = [record for file in files for record in read(file)]
    assert all(isinstance(record, Delivery) for record in records)
    digests = {record.article.digest for record in records if isinstance(record, Delivery)}
    assert digests == {article.digest for article in ARTICLES}
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_the_same_articles_make_the_same_zip_file(tmp_path: Path) -> None:
    for name in ("a.zip", "b.zip"):
        write(ARTICLES, "nitf", tmp_path / name)
    assert (tmp_path / "a.zip").read_bytes() == (tmp_path / "b.zip").read_bytes()
    assert len(set(zipfile.ZipFile(tmp_path / "a.zip").namelist())) == len(ARTICLES)


def test_names_of_files_differ_where_case_does_not_count() -> None:
    names = [file_stem(one) for one in ("a", "A", "a-b", "a:b", "ñ", "x" * 200, "x" * 199, "con", "../up", ".")]
    assert len({name.lower() for name in names}) == len(names)
    assert not any(set(name) & set('/\\:*?"<>|.') for name in names)


@pytest.mark.parametrize(("name", "kind"), [("a.zip", "nitf"), ("folder", "nitf"), ("a.jsonl", "jsonl")])
def test_what_breaks_off_leaves_nothing(tmp_path: Path, name: str, kind: str) -> None:
    def broken() -> Iterator[Article]:
        yield ARTICLES[0]
        raise RuntimeError

    (tmp_path / "a.jsonl").write_text("as it was")
    with pytest.raises(RuntimeError):
        write(broken(), kind, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["a.jsonl"]
    assert (tmp_path / "a.jsonl").read_text() == "as it was"


def test_one_item_a_line_where_the_name_says_so(tmp_path: Path) -> None:
    write(ARTICLES, "json-ld", tmp_path / "a.jsonl")
    lines = (tmp_path / "a.jsonl").read_text(encoding="utf-8").splitlines()
    assert [json.loads(line)["identifier"] for line in lines] == [one.article_id for one in ARTICLES]


@pytest.mark.parametrize(
    ("name", "kind"), [("full", "nitf"), ("full", "csv"), ("none/a.csv", "csv"), ("none/a", "nitf")]
)
def test_a_place_that_cannot_be_written_to(tmp_path: Path, name: str, kind: str) -> None:
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "x").write_text("x")
    with pytest.raises(InputError, match="--out: "):
        write(ARTICLES, kind, tmp_path / name)
    assert [path.name for path in tmp_path.iterdir()] == ["full"]
