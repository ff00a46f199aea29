"""What is written is read as the same article again."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from itertools import product
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings

from qa.export.articles import linked_article, ninjs_item, nitf, own_item
from qa.export.formats import array, csv_table, lines
from qa.loaders.reading import read
from qa.models.archive import Article, Status
from qa.models.deliveries import Delivery, Failure
from tests.each import each
from tests.export.articles import VALUES, VARIANTS, article_of
from tests.fakes import article

FORMATS: dict[str, Callable[[Iterable[Article]], Iterator[str]]] = {
    "own.jsonl": partial(lines, own_item),
    "table.csv": partial(csv_table, staff=True),
    "items.jsonl": partial(lines, ninjs_item),
    "items.json": partial(array, ninjs_item),
    "linked.jsonl": partial(lines, linked_article),
    "linked.json": partial(array, linked_article),
    "item.nitf.xml": lambda articles: map(nitf, articles),
}
ALONE = [name for name in FORMATS if name not in ("items.jsonl", "linked.jsonl")]
"""One of each way in which an article is written."""


def read_back(folder: Path, name: str, articles: list[Article]) -> list[Article]:
    path = folder / name
    path.write_text("".join(FORMATS[name](articles)), encoding="utf-8")
    records = list(read(path))
    assert all(isinstance(record, Delivery) for record in records), records
    return [record.article for record in records if isinstance(record, Delivery)]


@each(("name", "values"), product(FORMATS, VARIANTS.values()))
def test_hand_made_articles(tmp_path: Path, name: str, values: dict[str, object]) -> None:
    article = article_of(values)
    assert read_back(tmp_path, name, [article]) == [article]


@pytest.mark.parametrize("name", [name for name in FORMATS if not name.endswith(".xml")])
def test_many_articles(tmp_path: Path, name: str) -> None:
    articles = [article_of(values) for values in VARIANTS.values()]
    read_again = read_back(tmp_path, name, articles)
    assert [one.digest for one in read_again] == [one.digest for one in articles]


@pytest.mark.parametrize("name", ALONE)
@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=VALUES)
def test_any_article(name: str, values: dict[str, object]) -> None:
    article = article_of(values)
    with tempfile.TemporaryDirectory() as folder:
        assert read_back(Path(folder), name, [article]) == [article]


@pytest.mark.parametrize(
    ("name", "before", "after"),
    [
        ("items.json", '"pubStatus": "usable"', '"pubStatus": "canceled"'),
        ("linked.json", '"headline"', '"creativeWorkStatus": "Withdrawn", "headline"'),
        ("item.nitf.xml", 'management-status="usable"', 'management-status="canceled"'),
    ],
)
def test_an_item_that_was_withdrawn_after_it_was_given_back_is(
    tmp_path: Path, name: str, before: str, after: str
) -> None:
    text = "".join(FORMATS[name]([article_of(VARIANTS["full"])]))
    assert text.count(before) == 1
    (tmp_path / name).write_text(text.replace(before, after), encoding="utf-8")
    (record,) = read(tmp_path / name)
    assert isinstance(record, Delivery)
    assert record.article.source.status is Status.WITHDRAWN


@pytest.mark.parametrize("value", ["", "[]", "{", "[" * 100_000, '{"kind": 1}', '{"kind": "article", "text": null}'])
def test_what_an_item_carries_may_be_anything(tmp_path: Path, value: str) -> None:
    item = {"uri": "urn:x:1", "headlines": [{"value": "A title"}], "bodies": [{"role": "main", "value": "A text."}],
            "descriptions": [{"role": "x-archive-facts", "value": value}]}  # fmt: skip
    (tmp_path / "a.json").write_text(json.dumps(item), encoding="utf-8")
    records = list(read(tmp_path / "a.json"))
    assert [type(record) for record in records] in ([Delivery], [Failure])


@pytest.mark.parametrize("name", ALONE)
def test_a_headline_that_is_a_mark_alone_is_read_back(name: str, tmp_path: Path) -> None:
    made = article("0", "")
    marked = replace(made, source=replace(made.source, title="&#1;"))
    (read_again,) = read_back(tmp_path, name, [marked])
    assert read_again.source.title == "&#1;"
