"""What is told of a case to who asks about one of several people in it."""

from __future__ import annotations

from datetime import date

import pytest

from qa.answering.view import ReplyView
from qa.archive.archive import Archive
from qa.models.annotations import Stage
from qa.models.replies import Answer, Refusal
from tests.archives import Archives

REPORTS = {
    "2010-03-02": "In Operation Heron police arrested Pablo Garza, the head of the port, and Marta Lobo, a broker.",
    "2010-09-10": "The court in Velm convicted Marta Lobo of fraud in Operation Heron. Pablo Garza awaits his trial.",
}


@pytest.fixture(scope="module")
def archive(archives: Archives, tmp_path_factory: pytest.TempPathFactory) -> Archive:
    folder = tmp_path_factory.mktemp("heron")
    for day, body in REPORTS.items():
        assert date.fromisoformat(day)
        front = f"---\ntitle: Operation Heron, {day}\noutlet: Post\ndate: {day}\n---\n"
        (folder / f"{day}.md").write_text(front + body + "\n", encoding="utf-8")
    return archives.open("heron", [str(folder / "*.md")]).archive


def test_a_verdict_on_somebody_else_is_none_on_who_is_asked_about(archive: Archive) -> None:
    reply = archive.ask("Was Pablo Garza convicted?")
    assert isinstance(reply, Refusal)
    assert ReplyView(reply).verdict
    assert all(not case.stage.is_verdict for case in reply.cases)


def test_a_verdict_on_who_is_asked_about_is_told(archive: Archive) -> None:
    reply = archive.ask("Was Marta Lobo convicted?")
    assert isinstance(reply, Answer)
    assert [case.stage for case in reply.cases] == [Stage.CONVICTED]
