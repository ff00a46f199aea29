"""Answers as files: each reads back, says that software answered, and lets no text of an article out of its field."""

from __future__ import annotations

import csv
import io
import json
import os
import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.models.replies import Answer, Question, Statement
from qa.review.exporting import COLUMNS, FORMATS, FORMULA, inert, marked_down, tex, web_address
from qa.review.permanent import SOFTWARE, PermanentAnswer, shown
from qa.text.cleaning import clean_line
from tests.web.fake_room import COURT, HOSTILE, SUMMARY, WIRE, quote_of

from .kept import BASE, FIRST, ID, archive, corrected, full_answer, record, refusal, today, withdrawn

ROOT = Path(__file__).parents[2]
GOLDEN = Path(__file__).parent / "golden"
KINDS = pytest.mark.parametrize("kind", sorted(FORMATS))
TEXTS = st.text(st.characters(exclude_categories=["Cs"]), max_size=80)
FEW = settings(max_examples=30)
WILD = "=cmd|' /C calc'!A0\r\n@x{y, } \\end{z} \nER  - \nTY  - JOUR\n</script> # <b> [a](http://x) | `c`"


def written(kind: str, *answers: PermanentAnswer) -> str:
    return FORMATS[kind].write(answers, BASE)


def changed_since() -> PermanentAnswer:
    """An answer of which one source was corrected and one withdrawn."""
    return today(full_answer(), archive(corrected(WIRE), SUMMARY, gone=withdrawn(COURT)))


def hostile(text: str = WILD) -> PermanentAnswer:
    """An answer all of whose texts are hostile."""
    source = replace(WIRE.source, title=text, outlet=text, url="javascript:x", language=text, kind="article")
    quote = replace(FIRST, source=source, text=text)
    article = replace(WIRE, source=source)
    answer = Answer(Question(text), (Statement(text, (quote,)),), notices=(text,))
    return today_of(answer, article)


def today_of(answer: Answer, *articles: Any) -> PermanentAnswer:
    look = archive(*articles)
    return shown(record(answer, then=look), look)


@KINDS
def test_a_file_is_as_it_was_agreed(kind: str) -> None:
    path = GOLDEN / f"answer.{kind}"
    text = written(kind, changed_since())
    if os.environ.get("QA_WRITE_GOLDEN") == "1":
        path.write_text(text, encoding="utf-8", newline="")
    assert text == path.read_bytes().decode("utf-8")


@KINDS
def test_every_file_says_who_answered_and_has_no_words_of_what_was_withdrawn(kind: str) -> None:
    text = written(kind, changed_since())
    plain = text.replace("\\", "")
    assert SOFTWARE in plain
    assert f"{BASE}/answer/{ID}" in plain
    assert "17 March 2005" in plain or "2005-03-17" in plain
    assert COURT.source.title not in text
    assert "The decision was reported" not in text
    assert ("Named in error." in text) is (kind in ("json", "csv", "md"))


def test_a_quotation_in_markdown_has_the_marks_and_corrections_of_all_its_quotes() -> None:
    quotes = (FIRST, quote_of(SUMMARY, SUMMARY.body, number=2))
    answer = Answer(Question("How many?"), (Statement(FIRST.text, quotes),))
    text = written("md", today(answer, archive(WIRE, corrected(SUMMARY), COURT)))
    assert f"> “{FIRST.text}” \\[1\\]\\[2\\]" in text
    assert text.index("**Correction, ") < text.index(FIRST.text)


def test_a_correction_of_other_words_stands_behind_the_quotation() -> None:
    answer = Answer(Question("How many?"), (Statement(FIRST.text, (FIRST,)),))
    text = written("md", today(answer, archive(corrected(WIRE, "The dateline was Vigo."))))
    assert text.index(FIRST.text) < text.index("The dateline was Vigo.")


@KINDS
def test_a_refusal_and_an_answer_of_which_nothing_is_left_are_written_too(kind: str) -> None:
    refused = today(refusal(WIRE.source, COURT.source, closest=(FIRST,)))
    nothing = today(full_answer(), archive(gone=withdrawn(WIRE) | withdrawn(SUMMARY)))
    both = written(kind, refused, nothing)
    assert FIRST.text in both
    assert "Nothing of this answer may be shown any more" in both


def test_json_keeps_to_the_schema() -> None:
    schema = json.loads((ROOT / "qa" / "web" / "api" / "reply.schema.json").read_text("utf-8"))
    for one in (changed_since(), today(refusal(WIRE.source, closest=(FIRST,))), hostile()):
        told = json.loads(written("json", one))
        jsonschema.validate(told["reply"], schema)
        assert told["answer_id"] == told["reply"]["answer_id"] == ID
    standing = {one["article_id"]: one["standing"] for one in json.loads(written("json", changed_since()))["sources"]}
    assert standing == {WIRE.article_id: "corrected", SUMMARY.article_id: "unchanged", COURT.article_id: "withdrawn"}


def rows(*answers: PermanentAnswer) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(written("csv", *answers), newline="")))


def test_csv_has_a_row_for_each_quote() -> None:
    told = rows(changed_since())
    assert [(one["part"], one["quote_number"], one["standing"]) for one in told] == [
        ("answer", "1", "corrected"),
        ("answer", "2", "unchanged"),
        ("differing", "3", "corrected"),
        ("differing", "4", "unchanged"),
        ("taken out", "", "withdrawn"),
    ]
    for row in told[:2]:
        article = {WIRE.article_id: WIRE, SUMMARY.article_id: SUMMARY}[row["article_id"]]
        assert article.body[int(row["start"]) : int(row["end"])] == row["quote"]
    assert told[0]["corrections"] == "Correction, 21 November 2026: It was 19, not 91."


@FEW
@given(TEXTS)
def test_no_cell_begins_as_a_formula_and_none_leaves_its_row(text: str) -> None:
    told = rows(hostile(text))
    assert len(told) == 1
    assert set(told[0]) == set(COLUMNS)
    for cell in told[0].values():
        assert not cell.lstrip(" \u00a0").startswith(tuple(FORMULA))
    assert told[0]["quote"].removeprefix("'") == text or told[0]["quote"] == text


def test_what_is_no_formula_stays_as_it_is() -> None:
    assert [inert(one) for one in ("", "19", "“=1”", "a=b", "2005-03-17")] == ["", "19", "“=1”", "a=b", "2005-03-17"]
    for one in ("=1", " +1", "-1", "@a", "＝1", "\t=1"):
        assert inert(one) == f"'{one}"


def entries(text: str) -> Iterator[tuple[str, dict[str, str]]]:
    """BibTeX read by counting braces alone, as BibTeX does; what is left over fails."""
    at = 0
    while at < len(text):
        if text[at].isspace():
            at += 1
            continue
        head = re.compile(r"@misc\{([A-Za-z0-9-]+),\s*").match(text, at)
        assert head, text[at : at + 60]
        at, fields = head.end(), dict[str, str]()
        while text[at] != "}":
            name = re.compile(r"([a-z]+) = (?:([a-z]{3}),?\s*|\{)").match(text, at)
            assert name, text[at : at + 60]
            begin = at = name.end()
            if name[2]:
                fields[name[1]] = name[2]
                continue
            depth = 1
            while depth:
                depth += {"{": 1, "}": -1}.get(text[at], 0)
                at += 1
            fields[name[1]] = text[begin : at - 1]
            at = re.compile(r",?\s*").match(text, at).end()  # type: ignore[union-attr]
        yield head[1], fields
        at += 1


@FEW
@given(TEXTS)
def test_bibtex_stays_in_its_fields(text: str) -> None:
    told = list(entries(written("bib", hostile(text))))
    assert len(told) == 2
    assert set(told[1][1]) <= {"title", "howpublished", "year", "month", "url", "language", "note"}
    assert told[1][1]["title"] == f"{{{tex(text)}}}"


@FEW
@given(TEXTS)
def test_tex_has_no_command_but_its_own_and_braces_in_balance(text: str) -> None:
    written = tex(text)
    own = r"\\text(?:backslash|brace(?:left|right)|ascii(?:circum|tilde))\{\}|\\[$&#%_]"
    assert not re.search(r"[\\{}$&#%_^~]", re.sub(own, "", written))


def test_keys_are_unique() -> None:
    answers = [replace(today(full_answer()), record=replace(record(full_answer()), answer_id=one * 22)) for one in "aA"]
    keys = [key.lower() for key, _ in entries(written("bib", *answers))]
    assert len(keys) == len(set(keys)) == 5


def test_a_source_of_several_answers_is_one_entry_with_all_notes() -> None:
    other = replace(today(full_answer()), record=replace(record(full_answer()), answer_id="b" * 22))
    notes = [fields["note"] for key, fields in entries(written("bib", changed_since(), other)) if "reuters" in key]
    assert len(notes) == 1
    assert notes[0].count("Quoted as") == 4


@FEW
@given(TEXTS)
def test_ris_stays_in_its_lines(text: str) -> None:
    lines = written("ris", hostile(text)).split("\r\n")
    assert all(not one or re.match(r"[A-Z][A-Z0-9]  - ", one) for one in lines)
    assert all(len(one.splitlines()) <= 1 for one in lines)
    assert sum(one.startswith("TY  - ") for one in lines) == sum(one.startswith("ER  - ") for one in lines) == 2
    assert f"TI  - {clean_line(text)}" in lines


@FEW
@given(TEXTS)
def test_no_line_of_markdown_is_of_an_articles_making(text: str) -> None:
    told = marked_down(text)
    assert len(told.splitlines()) <= 1
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_{}\[\]<>#|~&$@]", told)
    assert not re.match(r"[-+=]|\d{1,9}[.)]", told)
    assert re.sub(r"\\(.)", r"\1", told) == clean_line(text)


def test_markdown_shows_the_words_as_they_are() -> None:
    assert marked_down("a*b [c](d) <e> & co.") == r"a\*b \[c\](d) \<e\> \& co."
    assert marked_down("1. one") == r"1\. one"
    assert "://" not in marked_down("http://x").replace(r"\://", "")


def test_no_address_but_of_the_web_is_written() -> None:
    for kind, opening in (("md", "<"), ("ris", "UR  - "), ("bib", "url = {")):
        assert f"{opening}javascript" not in written(kind, hostile("words"))
    for url in (None, "", "javascript:x", "data:x", "https://a b", "https://a\n", "ftp://a"):
        assert web_address(url) == ""
    assert web_address("https://a/}{<b>\\") == "https://a/%7D%7B%3Cb%3E%5C", "it can't end its field"


def test_hostile_articles_of_the_room() -> None:
    body = "A body with <script>window.pwned=1</script> inside."
    quote = quote_of(HOSTILE, body)
    text = written("md", today_of(Answer(Question("evil"), (Statement(body, (quote,)),)), HOSTILE))
    assert "<script>" not in text
    assert "\\<script\\>" in text
