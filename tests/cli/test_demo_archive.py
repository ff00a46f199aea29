"""The demo archive as it comes: what it holds, and the notices that are planted in it."""

from __future__ import annotations

import re
from pathlib import Path

from qa.loaders.reading import read
from qa.models.deliveries import Delivery
from qa.review.gate import missing_sentences, read_known
from tests.cli.conftest import Qa

CORPUS = Path(__file__).parents[2] / "corpus"
CORRECTED = {"2005-03-17-irish-times-five-hundred-held", "2006-03-01-edri-council-adopts-directive"}
WITHDRAWN = "undated-archive-note-withdrawn"


def test_the_planted_notices_are_named_as_demonstrations_and_the_withdrawn_one_is_not_counted(qa: Qa) -> None:
    assert qa("ingest", CORPUS / "*.md").code == 0
    listed = {one["id"]: one["status"] for one in qa("list", "--json").json}
    assert {one for one, status in listed.items() if status == "corrected"} == CORRECTED
    assert [one for one, status in listed.items() if status not in ("live", "corrected")] == [WITHDRAWN]
    assert "31 articles, 29 November 2001 to 8 April 2014." in qa("list").out
    for one in CORRECTED:
        (correction,) = qa("show", one, "--json").json["corrections"]
        assert correction["text"].startswith("Demonstration of a correction, made by this archive and not by ")
    assert qa("show", WITHDRAWN, "--json").json["withdrawn"]["reason"].startswith("Demonstration: ")
    assert WITHDRAWN not in qa("search", "note withdrawn demonstration archive", "--limit", "50").out
    assert qa("check").code == 0


def bodies() -> dict[str, str]:
    found = [one for path in CORPUS.glob("[0-9u]*.md") for one in read(path)]
    return {one.article.article_id: one.article.body for one in found if isinstance(one, Delivery)}


def test_expected_sentences_stand_in_their_articles() -> None:
    assert not missing_sentences(read_known(CORPUS / "questions.jsonl"), bodies())


def test_articles_tell_of_the_case_and_not_of_the_archive() -> None:
    """What the archive says of a report stands in its note."""
    itself = re.compile(
        r"\b(?:the|this) archive\b|\bel archivo\b|\b(?:this|este) (?:summary|note|text|resumen|texto)\b", re.I
    )
    assert len(bodies()) == 32
    assert not {article_id: body for article_id, body in bodies().items() if itself.search(body)}
