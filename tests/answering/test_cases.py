"""What is told of a case to who asks about one of several people in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from qa.answering.cases import persons_in
from qa.answering.view import ReplyView
from qa.archive.archive import Archive
from qa.models.annotations import Stage
from qa.models.replies import Answer, Refusal
from tests.archives import Archives

REPORTS = {
    "2010-03-02": "In Operation Heron police arrested Pablo Garza, of the port, Marta Lobo, a broker, and Ana Rey.",
    "2010-09-10": "The High Court in Velm convicted Lobo of fraud in Operation Heron. Garza awaits his trial.",
    "2010-10-11": "Of those held in Operation Heron the broker Ana Rey was acquitted by a judge at the Old Assizes.",
}


@pytest.fixture(scope="module")
def archive(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("heron")
    for day, body in REPORTS.items():
        front = f"---\ntitle: Operation Heron, {day}\noutlet: Post\ndate: {day}\n---\n"
        (folder / f"{day}.md").write_text(front + body + "\n", encoding="utf-8")
    return archives.open("heron", [str(folder / "*.md")]).archive


@pytest.mark.parametrize(
    "question",
    [
        "Was Pablo Garza convicted?",
        "Was Mr Garza found guilty?",
        "was pablo garza convicted?",
        "Did the High Court convict Pablo Garza?",
        "¿Condenaron a Pablo Garza?",
    ],
)
def test_a_verdict_on_somebody_else_is_none_on_who_is_asked_about(archive: Archive, question: str) -> None:
    reply = archive.ask(question)
    assert isinstance(reply, Refusal)
    assert ReplyView(reply).verdict
    assert all(not case.stage.is_verdict for case in reply.cases)


@pytest.mark.parametrize(
    ("question", "stage"),
    [
        ("Was Marta Lobo convicted?", Stage.CONVICTED),
        ("Was Lobo found guilty?", Stage.CONVICTED),
        ("Was Ana Rey convicted?", Stage.ACQUITTED),
    ],
)
def test_a_verdict_on_who_is_asked_about_is_told_by_the_surname_too(
    archive: Archive, question: str, stage: Stage
) -> None:
    reply = archive.ask(question)
    assert isinstance(reply, Answer)
    assert [case.stage for case in reply.cases] == [stage]


def test_who_was_convicted_of_one_thing_and_acquitted_of_another_is_told_of_both(
    archives: Archives, tmp_path: Path
) -> None:
    body = "On Wednesday Velm's court convicted Luis Ibarra of misuse of office. He was acquitted of bribery."
    front = "---\ntitle: Verdict on the bridge contract\noutlet: Post\ndate: 2023-11-09\n---\n"
    (tmp_path / "verdict.md").write_text(f"{front}{body}\n", encoding="utf-8")
    reply = archives.open("bridge", [str(tmp_path / "*.md")]).archive.ask("Was Luis Ibarra found guilty of bribery?")
    assert isinstance(reply, Answer)
    assert " ".join(quote.text for quote in reply.citations) == body
    (case,) = reply.cases
    assert (case.stage, *case.beside) == (Stage.CONVICTED, Stage.ACQUITTED), (
        "an undated stage is of the day that is given"
    )


def test_an_acquittal_is_not_of_the_day_of_the_conviction_that_its_report_recalls(
    archives: Archives, tmp_path: Path
) -> None:
    body = "The Supreme Court has acquitted Luis Ibarra of fraud. In May 2019 he had been convicted by a court in Velm."
    front = "---\ntitle: Ibarra cleared\noutlet: Post\ndate: 2021-03-02\n---\n"
    (tmp_path / "cleared.md").write_text(f"{front}{body}\n", encoding="utf-8")
    reply = archives.open("cleared", [str(tmp_path / "*.md")]).archive.ask("Was Luis Ibarra convicted?")
    (case,) = reply.cases
    assert (case.stage, case.as_of) == (Stage.ACQUITTED, "2021-03-02")


def test_who_was_acquitted_is_told_first_where_that_is_asked(archives: Archives, tmp_path: Path) -> None:
    body = (
        "The court in Velm sentenced Ana Rey to two years on Friday. Tom Berg was convicted of theft."
        " Gil Witt was acquitted. Ida Lund was convicted of fraud. Pia Roe was convicted of arson."
    )
    front = "---\ntitle: Verdicts in the harbour trial\noutlet: Post\ndate: 2023-11-09\n---\n"
    (tmp_path / "verdicts.md").write_text(f"{front}{body}\n", encoding="utf-8")
    ask = archives.open("harbour", [str(tmp_path / "*.md")]).archive.ask
    told = [quote.text for quote in ask("Was anyone acquitted in the harbour trial?").citations]
    assert "Gil Witt was acquitted." in told[:2]


def test_who_is_named_is_told_by_form() -> None:
    text = "In Operation Heron the clerk Pablo de Garza y Marta Lobo met Mr Rey at the High Court in Peru."
    assert persons_in(text) == {frozenset({"garza"}), frozenset({"lobo"}), frozenset({"rey"})}
    assert persons_in("La jueza condenó a Marisol Tejeda.") == {frozenset({"tejeda"})}
    assert persons_in("Police said that García was held.") == frozenset()
