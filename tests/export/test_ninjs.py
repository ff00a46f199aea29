"""Items of ninjs: they keep the IPTC's rules, and say in its own fields what those have room for."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator

from qa.export.articles import ninjs_item
from qa.export.formats import array
from qa.text.cleaning import id_from
from tests.each import each
from tests.export.articles import FULL, VALUES, VARIANTS, article_of

RULES = Draft202012Validator(json.loads(Path(__file__).with_name("ninjs_rules.json").read_text(encoding="utf-8")))


def item(**values: object) -> dict[str, Any]:
    return json.loads(json.dumps(ninjs_item(article_of({**FULL, **values}))))


@each("values", VARIANTS.values())
def test_items_keep_the_rules(values: dict[str, object]) -> None:
    RULES.validate(ninjs_item(article_of(values)))


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(values=VALUES)
def test_any_item_keeps_the_rules(values: dict[str, object]) -> None:
    RULES.validate(ninjs_item(article_of(values)))


def test_the_rules_refuse_other_names() -> None:
    assert not RULES.is_valid({"uri": "urn:x", "keywords": ["port"]})
    assert not RULES.is_valid({"type": "text"})


def test_fields_of_an_item() -> None:
    told = item()
    assert told["uri"] == "urn:x-archive:port-2026-11"
    assert told["standard"]["version"] == "3.1"
    assert (told["contentCreated"], told["versionCreated"]) == ("2026-11-02T09:30:00+01:00", "2026-11-02T12:00:00Z")
    assert told["headlines"][0]["value"] == FULL["title"]
    body = told["bodies"][0]
    assert body == {"role": "main", "contentType": "text/plain", "charCount": len(body["value"]), "wordCount": 29,
                    "value": FULL["text"]}  # fmt: skip
    assert (told["by"], told["urgency"], told["copyrightHolder"]) == ("By Ada Quill and Bo Marsh", 3, "Gazette Press")
    assert told["subjects"][0] == {"name": "Economy", "uri": "http://cv.iptc.org/newscodes/mediatopic/20000344"}
    assert {"name": "fees", "rel": "keyword"} in told["subjects"]
    assert told["renditions"] == [{"name": "web", "href": FULL["url"], "contentType": "text/html"}]
    assert ("correction", "2026-11-03: The quay is 310 m long; not 300.") in [
        (one["role"], one["value"]) for one in told["descriptions"]
    ]


@pytest.mark.parametrize(
    ("values", "status", "until"),
    [
        ({}, "usable", None),
        ({"status": "withheld"}, "withheld", None),
        ({"withdrawn": True}, "canceled", None),
        ({"embargo": "2027-01-01"}, "usable", "2027-01-01T00:00:00Z"),
    ],
)
def test_the_standing_of_an_item(values: dict[str, object], status: str, until: str | None) -> None:
    told = item(**values)
    assert (told["pubStatus"], told.get("embargoedUntil")) == (status, until)


def test_an_item_keeps_the_uri_of_its_source() -> None:
    wire = VARIANTS["from the wire"]
    assert item(**wire)["uri"] == wire["uri"]
    assert item(**{**wire, "id": "another"})["uri"] == "urn:x-archive:another"
    long = f"urn:newsml:wire.example:{'7' * 200}"
    assert item(**{**wire, "uri": long, "id": id_from(long)})["uri"] == long


def test_no_items_are_an_empty_list() -> None:
    assert json.loads("".join(array(ninjs_item, []))) == []
