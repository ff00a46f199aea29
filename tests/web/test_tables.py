"""A conflict as a table."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

from qa.answering.rendering import reply_json
from qa.answering.view import different_figures
from qa.models.archive import Correction
from qa.models.replies import Agreement, Conflict, Intent, Party, Question
from qa.web.answers import turn_html

from .fake_room import ARRESTED, HOSTILE, SUMMARY, WIRE, answer_to, quote_of
from .test_turns import Elements

WORDS = "Según El País, ayer fueron arrestadas 19 personas en 13 provincias de España."
TWENTY = Party(20.0, "about 20", True, "arrested", "the ministry", quote_of(WIRE, ARRESTED, number=2, marked="19"))
NINETEEN = Party(
    19.0, "19", False, "arrested", None, quote_of(SUMMARY, WORDS, number=3, marked="19"), copies=(WIRE.source,)
)
ANSWER = replace(
    answer_to(Question("How many?"), quote_of(WIRE, ARRESTED)),
    conflicts=(Conflict("people", "ES", (TWENTY, NINETEEN)),),
)


def page(answer=ANSWER) -> Elements:  # type: ignore[no-untyped-def]
    return Elements(turn_html(1, answer, places={1: 2, 2: 2, 3: 2}))


def test_the_table_can_be_read_by_ear() -> None:
    shown = page()
    (table,) = shown.all("table")
    assert table["role"] == "table"
    assert shown.all("caption")
    assert [head["scope"] for head in shown.all("th")] == ["col"] * 4 + ["row"] * 2
    for words in ("People, Spain", "about 20 arrested", "the ministry", "the report itself", "also, as a copy"):
        assert words in shown.words
    assert "The sources differ (2)" in shown.words
    assert "open" not in shown.all("details", "differing")[0]
    asked = page(replace(ANSWER, intent=Intent.DISAGREEMENT))
    assert "open" in asked.all("details", "differing")[0]


def test_of_one_figure_it_is_told_what_became_of_it() -> None:
    assert different_figures(Conflict("people", None, (TWENTY, NINETEEN))) == "about 20 or 19"
    found, seized = (replace(TWENTY, kind=kind) for kind in ("found", "seized"))
    words = different_figures(Conflict("items", None, (found, seized)))
    assert words == "about 20 items found or about 20 items seized"


def test_every_row_opens_its_article_at_the_sentence() -> None:
    links = [link["href"] for link in page().all("a") if "cite" not in (link.get("class") or "")]
    assert links[:2] == ["/article/2005-03-16-reuters?quoted=2#s2", "/article/2005-03-17-el-pais?quoted=2#s2"]


def test_a_correction_stands_in_the_row() -> None:
    source = replace(SUMMARY.source, corrections=(Correction("It was 20.", date(2005, 3, 20)),))
    party = replace(NINETEEN, quote=replace(NINETEEN.quote, source=source))
    words = page(replace(ANSWER, conflicts=(Conflict("people", None, (TWENTY, party)),))).words
    assert words.index("Correction, 20 March 2005:") < words.index(WORDS)


def test_nothing_from_an_article_becomes_markup() -> None:
    quote = quote_of(HOSTILE, "A body with <script>window.pwned=1</script> inside.", marked="<script>")
    party = Party("<b>x</b>", "<b>x</b>", False, None, "<i>who</i>", quote)
    shown = page(replace(ANSWER, conflicts=(Conflict("<u>thing</u>", None, (party, NINETEEN)),)))
    assert not {tag for tag, _ in shown.elements} & {"script", "b", "i", "u"}


def test_agreement_is_said_in_a_sentence() -> None:
    agreed = replace(ANSWER, conflicts=(), agreement=Agreement("people", "19", 3, (WIRE.source, SUMMARY.source)))
    shown = page(agreed)
    assert "Three independent sources say so: 19." in shown.words
    assert not shown.all("table")


def test_the_line_counts_those_who_agree_for_programs_and_readers() -> None:
    marked = quote_of(WIRE, ARRESTED, marked="19 people")
    agreed = replace(
        answer_to(Question("How many?"), marked, quote_of(SUMMARY, WORDS, number=2, marked="19 personas")),
        agreement=Agreement("people", "19", 3, (WIRE.source, SUMMARY.source)),
    )
    for answer, count, words in ((agreed, 2, "2 more say so"), (replace(agreed, agreement=None), 0, "")):
        direct = reply_json(answer, id=None, seconds=0.1)["direct"]
        assert direct == {"text": "19 people", "sure": True, "citation": 1, "others": count}
        assert words in page(answer).words
