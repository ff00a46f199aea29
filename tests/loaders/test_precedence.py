from __future__ import annotations

from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from qa.models.deliveries import Delivery, Failure

Put = Callable[..., Path]
ReadAll = Callable[..., list[Delivery | Failure]]


def test_defaults_supply_and_never_override(put: Put, read_all: ReadAll) -> None:
    defaults = {
        "published": date(2001, 1, 1),
        "outlet": "Default Post",
        "url": "https://default.org",
        "language": "es",
        "kind": "wire",
    }
    (bare,) = read_all(put("a.txt", "Title\n\nBody."), **defaults)
    (full,) = read_all(
        put(
            "a.jsonl",
            '{"title": "T", "date": "2005-03-17", "source": "Own", "url": "http://own.org", "lang": "en", "kind": "x"}',
        ),
        **defaults,
    )
    assert isinstance(bare, Delivery)
    assert isinstance(full, Delivery)
    source = bare.article.source
    assert (source.published, source.outlet, source.url) == (
        date(2001, 1, 1),
        "Default Post",
        "https://default.org",
    )
    assert (source.language, source.kind) == ("es", "wire")
    source = full.article.source
    assert (source.published, source.outlet, source.url) == (date(2005, 3, 17), "Own", "http://own.org")
    assert (source.language, source.kind) == ("en", "x")


@pytest.mark.parametrize("sidecar", ["a.meta.yaml", "a.txt.meta.yaml"])
def test_a_sidecar_beats_defaults(put: Put, read_all: ReadAll, sidecar: str) -> None:
    put(sidecar, "id: x-1\noutlet: Sidecar Post\npublished: 2005-03-17\npage: 3\n")
    (delivery,) = read_all(put("a.txt", "Title\n\nBody."), outlet="Default Post", language="es")
    assert isinstance(delivery, Delivery)
    source = delivery.article.source
    assert (source.article_id, source.outlet, source.published) == ("x-1", "Sidecar Post", date(2005, 3, 17))
    assert (source.language, source.title, delivery.article.extra) == ("es", "Title", {"page": 3})
    assert not delivery.id_is_derived


def test_the_file_beats_its_sidecar(put: Put, read_all: ReadAll) -> None:
    put("a.meta.yaml", "title: Other\noutlet: Sidecar Post\nkind: wire\npage: 3\n")
    (delivery,) = read_all(put("a.md", "---\ntitle: Own\noutlet: Own Post\npage: 4\n---\nBody."))
    assert isinstance(delivery, Delivery)
    source = delivery.article.source
    assert (source.title, source.outlet, source.kind, delivery.article.extra) == (
        "Own",
        "Own Post",
        "wire",
        {"page": 4},
    )


def test_a_plain_text_beats_the_text_of_its_sidecar(put: Put, read_all: ReadAll) -> None:
    put("a.meta.yaml", "text: Another text.\ndateline: Somewhere")
    (delivery,) = read_all(put("a.txt", "Title\n\nSPAIN: The body."))
    assert isinstance(delivery, Delivery)
    assert (delivery.article.body, delivery.article.extra) == ("The body.", {"dateline": "SPAIN"})


def test_the_sidecar_of_the_whole_name_comes_first(put: Put, read_all: ReadAll) -> None:
    put("a.meta.yaml", "outlet: Both\nkind: wire")
    put("a.txt.meta.yaml", "outlet: Text")
    (delivery,) = read_all(put("a.txt", "Title\n\nBody."))
    assert isinstance(delivery, Delivery)
    assert (delivery.article.source.outlet, delivery.article.source.kind) == ("Text", "wire")


def test_the_title_of_a_sidecar_leaves_the_text_whole(put: Put, read_all: ReadAll) -> None:
    put("a.meta.yaml", "title: Bridge closed")
    (delivery,) = read_all(put("a.txt", "It was closed yesterday.\n\nFerries run."))
    assert isinstance(delivery, Delivery)
    assert delivery.article.source.title == "Bridge closed"
    assert delivery.article.body == "It was closed yesterday.\n\nFerries run."
    (again,) = read_all(put("a.txt", "BRIDGE CLOSED\n\nFerries run."))
    assert isinstance(again, Delivery)
    assert (again.article.source.title, again.article.body) == ("Bridge closed", "Ferries run.")


def test_a_wrong_sidecar_is_named_with_its_line(put: Put, read_all: ReadAll) -> None:
    path = put("a.txt", "Title\n\nBody.")
    for content in ("outlet: P\npublished: 2005-02-30\n", "outlet: P\nnote: a: b\n"):
        put("a.meta.yaml", content)
        (failure,) = read_all(path)
        assert isinstance(failure, Failure)
        assert (Path(failure.path).name, failure.line) == ("a.meta.yaml", 2)


def test_a_sidecar_of_many_articles(put: Put, read_all: ReadAll) -> None:
    path = put("a.jsonl", '{"title": "A"}\n{"title": "B", "outlet": "Own"}')
    put("a.meta.yaml", "outlet: Wire")
    outlets = [one.article.source.outlet for one in read_all(path) if isinstance(one, Delivery)]
    assert outlets == ["Wire", "Own"]
    put("a.meta.yaml", "outlet: Wire\nid: x")
    (failure,) = read_all(path)
    assert isinstance(failure, Failure)
    assert (Path(failure.path).name, failure.line) == ("a.meta.yaml", 2)
