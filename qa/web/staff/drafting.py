"""What a checker's forms send, read into plain values."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Annotated

from fastapi import Depends, Request

from qa.errors import InputError
from qa.i18n.locale import N_, _
from qa.loaders.cleaning import clean_line
from qa.models.archive import Span
from qa.models.journal import Judged, Judgement, State
from qa.models.replies import Answer, Citation
from qa.review.drafts import MOST_STATEMENTS, Place, StatementDraft
from qa.review.service import ReviewVerdict
from qa.web.anchors import sentence_number
from qa.web.asking import typed

_PLACE = re.compile(r"(?P<name>\S.*?)\s+(?P<first>\d{1,6})(?:\s*[-–]\s*(?P<last>\d{1,6}))?")


async def _form(request: Request) -> Mapping[str, str]:
    form = await request.form(max_files=0, max_fields=200)
    return {name: value for name, value in form.multi_items() if isinstance(value, str)}


Sent = Annotated[Mapping[str, str], Depends(_form)]
"""The fields of a form that was sent."""


def verdict_of(form: Mapping[str, str]) -> ReviewVerdict:
    """What was decided. Raises InputError."""
    revision = form.get("revision", "")
    if not (revision.isascii() and revision.isdigit() and len(revision) < 10) or form.get("state") not in set(State):
        raise InputError(_("The form came incomplete. Open the question anew, then decide."))
    return ReviewVerdict(
        form.get("answer_id", ""),
        int(revision),
        State(form["state"]),
        tuple(_judged(form)),
        clean_line(typed(form.get("note", ""))),
        clean_line(typed(form.get("reason", ""))),
    )


def _judged(form: Mapping[str, str]) -> Iterator[Judged]:
    for number in range(MOST_STATEMENTS):
        if (chosen := form.get(f"judged-{number}")) in set(Judgement):
            yield Judged(number, Judgement(chosen))


def drafts_of(form: Mapping[str, str]) -> list[StatementDraft]:
    """The statements that were written, those without text and place left out. Raises InputError."""
    drafts: list[StatementDraft] = []
    for number in range(MOST_STATEMENTS):
        text, places = typed(form.get(f"text-{number}", "")), form.get(f"places-{number}", "")
        if text or places.strip():
            drafts.append(StatementDraft(text, tuple(_places(places, len(drafts) + 1))))
    return drafts


def _places(text: str, statement: int) -> Iterator[Place]:
    for line in filter(None, map(typed, text.split("\n"))):
        found = _PLACE.fullmatch(line)
        if found is None:
            expected = N_(
                "Statement {number}: a line such as “2005-03-17-el-pais 3” or “2005-03-17-el-pais 3-4” was expected, "
                "the article's id and the numbers of its sentences; found “{line}”."
            )
            raise InputError(_(expected, number=statement, line=line[:60]))
        yield Place(found["name"], int(found["first"]), int(found["last"] or found["first"]))


@dataclass(frozen=True, slots=True)
class Row:
    """A statement in the editing form: its text, empty where it is verbatim, places, a line each, and their words."""

    text: str = ""
    places: str = ""
    quotes: tuple[Citation, ...] = ()

    @property
    def empty(self) -> bool:
        return not (self.text.strip() or self.places.strip())


def rows_of(answer: Answer | None, spans: Mapping[str, Sequence[Span]]) -> list[Row]:
    """An answer as it stands in the editing form at first."""
    if answer is None:
        return []
    return [
        Row(
            "" if one.verbatim and len(one.quotes) == 1 else one.text,
            "\n".join(_place(quote, spans) for quote in one.quotes),
            one.quotes,
        )
        for one in answer.statements
    ]


def rows_sent(form: Mapping[str, str]) -> list[Row]:
    """The form's statements as they were sent."""
    numbers = (number for number in range(MOST_STATEMENTS) if f"places-{number}" in form)
    return [Row(form.get(f"text-{number}", ""), form[f"places-{number}"]) for number in numbers]


def _place(quote: Citation, spans: Mapping[str, Sequence[Span]]) -> str:
    name = quote.source.article_id
    first = sentence_number(spans.get(name, ()), quote.start)
    last = sentence_number(spans.get(name, ()), quote.end - 1)
    if first is None or last is None:
        return f"{name} ?"
    return f"{name} {first}" if first == last else f"{name} {first}-{last}"
