"""XML of other kinds: the agencies' items in it are read, anything else is refused."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from qa.models.deliveries import Delivery, Failure

NITF = (
    "<nitf><body><body.head><hedline><hl1>Dues</hl1></hedline></body.head>"
    "<body.content><p>Boats pay {}.</p></body.content></body></nitf>"
)


def test_items_that_are_wrapped_are_read_each(put: Callable[..., Path], read_all: Callable[..., list[object]]) -> None:
    markup = (
        f'<?xml version="1.0"?><batch><entry>{NITF.format("less")}</entry><entry>{NITF.format("more")}</entry></batch>'
    )
    found = [one for one in read_all(put("batch.xml", markup)) if isinstance(one, Delivery)]
    assert [one.article.body for one in found] == ["Boats pay less.", "Boats pay more."]
    assert [one.article.source.article_id for one in found] == ["batch-1", "batch-2"]
    assert [one.original.inside for one in found if one.original] == ["1", "2"]


def test_other_xml_is_refused_by_its_name(fail_one: Callable[..., Failure]) -> None:
    reason = fail_one("a.xml", "<invoice><sum>40</sum></invoice>").reason
    assert reason == "XML of a news format was expected, found <invoice>; deliver it as NITF, NewsML, RSS or Atom"


def test_broken_xml_is_refused_with_its_line(fail_one: Callable[..., Failure]) -> None:
    assert fail_one("a.xml", "<batch>\n<entry>\n</batch>").line == 3
