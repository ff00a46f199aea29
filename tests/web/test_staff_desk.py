"""The queue and the check by raw HTTP, with somebody signed in."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from starlette.testclient import TestClient

from qa.generation.facts import NUMBER_ELSE
from qa.models.journal import Channel, ReaderReport, ReportKind, Role, State
from qa.models.replies import Answer, Question
from qa.models.support import CheckStep, Stopped, Support, Verdict

from .fake_room import ARRESTED as ARRESTED_WORDS
from .fake_room import COURT, SUMMARY, WIRE
from .staffed import NOW, Staffed

ARRESTED = "How many were arrested?"


@pytest.fixture
def staff(tmp_path: Path) -> Iterator[Staffed]:
    made = Staffed(tmp_path)
    yield made
    made.journal.close()


@pytest.fixture
def pages(staff: Staffed) -> TestClient:
    return TestClient(staff.app(), follow_redirects=False)


def fields(html: str) -> dict[str, str]:
    """The hidden fields of the form that a page holds."""
    found = re.findall(r'<input type="hidden" name="([\w-]+)" value="([^"]*)">', html)
    return dict(found)


def test_the_queue_puts_what_readers_reported_first(staff: Staffed, pages: TestClient) -> None:
    staff.asked("What is nowhere?")
    reported = staff.asked(ARRESTED)
    staff.journal.reviews.report(ReaderReport(reported.latest, ReportKind.WRONG, "No.", NOW))
    html = pages.get("/staff").text
    assert html.index(ARRESTED) < html.index("What is nowhere?")
    assert "1 reader reported it" in html
    assert "<strong>2</strong> to check" in html


def test_a_thumb_down_is_a_reason_to_look_and_a_thumb_up_is_none(staff: Staffed, pages: TestClient) -> None:
    liked, disliked = staff.asked("What is nowhere?"), staff.asked(ARRESTED)
    for review, kind in ((liked, ReportKind.HELPFUL), (disliked, ReportKind.UNHELPFUL)):
        staff.journal.reviews.report(ReaderReport(review.latest, kind, "", NOW))
    html = pages.get("/staff").text
    assert html.index(ARRESTED) < html.index("What is nowhere?")
    assert html.count("thumbs down once") == 1
    assert "<strong>0</strong> reported by readers" in html
    assert "0 found it helpful, 1 unhelpful" in pages.get(f"/staff/review/{disliked.number}").text


def test_a_row_says_in_plain_words_why_it_stands_there_or_nothing(staff: Staffed, pages: TestClient) -> None:
    differing = staff.asked(ARRESTED)
    for _ in range(2):
        staff.journal.reviews.report(ReaderReport(differing.latest, ReportKind.UNHELPFUL, "", NOW))
    staff.asked("Which court kept it?")
    for _ in range(5):
        staff.asked("What is nowhere?")
    unsure = staff.room.reply(Question("Which arrested?"))
    assert isinstance(unsure, Answer)
    for question, likelihood in (("Possibly arrested?", 0.8), ("Which arrested?", 0.344)):
        statements = tuple(replace(statement, likelihood=likelihood) for statement in unsure.statements)
        reply = replace(unsure, statements=statements, question=Question(question))
        answer_id = staff.recorder.keep(reply, channel=Channel.PAGE, seconds=0.1)
    number = staff.journal.reviews.of_answer(answer_id).number
    reasons = re.findall(r'<span class="why">(.*?)</span>', pages.get("/staff").text)
    assert reasons == ["thumbs down twice", "may not answer (0.34)", "may not answer (0.8)", "refused, asked 5 times"]
    assert "Software: may not answer (0.34)" in pages.get(f"/staff/review/{number}").text


def test_the_queue_is_narrowed_and_paged(staff: Staffed, pages: TestClient) -> None:
    for number in range(120):
        staff.asked(f"Question number {number}?")
    assert "120 questions, 1 to 50" in pages.get("/staff").text
    last = pages.get("/staff?show=all&page=3").text
    assert "101 to 120" in last
    assert "Next page" not in last
    assert "Question number 77?" in pages.get("/staff?q=number+77").text
    assert "1 question<" in pages.get("/staff?q=number+77").text
    assert "There is none." in pages.get("/staff?show=withheld").text
    assert pages.get("/staff?show=%3Cscript%3E&order=drop&page=-7&q=%00").status_code == 200


def test_a_statement_stands_beside_its_source(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    html = pages.get(f"/staff/review/{review.number}").text
    assert html.count('<fieldset class="beside"') == 2
    assert '<span class="around">Reuters reports that searches took place' in html
    assert "<mark>According to the Interior Ministry, 19 people" in html
    assert 'lang="es"' in html


STOPPED = (
    Stopped("All were <b>convicted</b>.", (1, 3), Support(Verdict.CONTRADICTED, (NUMBER_ELSE,), CheckStep.FACTS)),
    Stopped("It was raining.", (), Support(Verdict.UNSUPPORTED, ("Why.",), CheckStep.SUPPORT, 0.071)),
    Stopped("Nobody knew.", (2,), Support(Verdict.UNSUPPORTED, ("Why.",), CheckStep.JUDGE, 0.93)),
)


@pytest.mark.parametrize("question", [ARRESTED, "What is nowhere?"])
def test_what_the_check_stopped_is_shown_with_why(staff: Staffed, pages: TestClient, question: str) -> None:
    review = staff.gave(replace(staff.room.reply(Question(question)), stopped=STOPPED))
    html = pages.get(f"/staff/review/{review.number}").text
    assert html.count("stopped by the check") == 1
    stopped = re.findall(r'<p class="statement" lang="en">(.*?)</p>\s*<p class="software">(.*?)</p>', html)
    assert stopped == [
        (
            "All were &lt;b&gt;convicted&lt;/b&gt;.",
            f"Stopped where numbers, dates, names and stages are compared. {NUMBER_ELSE} It named the passages 1, 3 of "
            "those that the model was given.",
        ),
        (
            "It was raining.",
            "Stopped by the model that weighs what sources say. Why. Its source: probably not borne out (0.07). It "
            "named no passage.",
        ),
        (
            "Nobody knew.",
            "Stopped by the language model itself, asked again without the question. Why. Its source: probably borne "
            "out (0.93). It named passage 2 of those that the model was given.",
        ),
    ]


def test_what_the_check_thinks_of_a_written_sentence_is_shown_with_its_likelihood(
    staff: Staffed, pages: TestClient
) -> None:
    answer = staff.room.reply(Question("written arrested"))
    assert isinstance(answer, Answer)
    (first, *others), support = answer.statements, Support(Verdict.SUPPORTED, likelihood=0.974)
    review = staff.gave(replace(answer, statements=(replace(first, support=support), *others)))
    assert "Software: supported, probably borne out (0.97)" in pages.get(f"/staff/review/{review.number}").text


def test_a_queue_is_cleared(staff: Staffed, pages: TestClient) -> None:
    for text in (ARRESTED, "What is nowhere?", "Which court kept it?"):
        staff.asked(text)
    cleared = []
    address = pages.get("/staff/next").headers["location"]
    while address.startswith("/staff/review/"):
        form = fields(pages.get(address).text) | {"state": "approved", "judged-0": "supported", "note": "seen"}
        kept = {name: value for name, value in form.items() if value}
        after = pages.post(address, data=kept)
        assert after.status_code in (303, 422), after.text
        if after.status_code == 422:  # a refusal has no statement 0
            after = pages.post(address, data={name: value for name, value in kept.items() if name != "judged-0"})
        cleared.append(address)
        address = pages.get(after.headers["location"]).headers["location"]
    assert len(cleared) == 3
    assert staff.journal.reviews.counts()["to_check"] == 0
    assert staff.journal.audit.count() == 3


def test_who_comes_second_is_told_and_loses_nothing_typed(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}"
    form = fields(pages.get(address).text)
    assert pages.post(address, data={**form, "state": "approved"}).status_code == 303
    second = pages.post(address, data={**form, "state": "approved", "judged-1": "partly", "note": "my own note"})
    assert second.status_code == 409
    assert "ada decided this while you had it open" in second.text
    assert "my own note" in second.text
    assert re.search(r'name="judged-1" value="partly" checked', second.text)
    assert staff.journal.audit.count() == 1


def test_a_withholding_needs_its_public_reason(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}"
    form = fields(pages.get(address).text)
    assert pages.post(address, data={**form, "state": "withheld"}).status_code == 422
    assert pages.post(address, data={**form, "state": "withheld", "reason": "Named wrongly."}).status_code == 303
    assert staff.journal.reviews.get(review.number).state is State.WITHHELD


def test_an_answer_is_edited(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}/edit"
    html = pages.get(address).text
    assert 'name="place-0-0" value="2005-03-16-reuters 2-2" checked' in html
    assert f">{ARRESTED_WORDS}</q>" in html
    form = fields(html) | {
        "text-0": "The ministry told of 19 arrests & more.",
        "place-0-0": "2005-03-16-reuters 2-2",
        "place-0-3": "2005-03-17-el-pais 2-2",
        "text-1": "",
        "place-1-0": "2005-03-16-reuters 3-4",
        "text-2": "",
        "reason": "Said more clearly.",
    }
    seen = pages.post(address, data={**form, "do": "preview"})
    assert seen.status_code == 200
    assert "The ministry told of 19 arrests &amp; more." in seen.text
    assert "Software: partly. No source says &lt;b&gt;that&lt;/b&gt;." in seen.text
    assert staff.journal.reviews.get(review.number).state is State.OPEN
    assert pages.post(address, data={**form, "do": "publish"}).status_code == 303
    settled = staff.overrides.settled(Question(ARRESTED))
    assert isinstance(settled, Answer)
    assert [len(one.quotes) for one in settled.statements] == [2, 1]


@pytest.mark.parametrize(
    ("places", "told"),
    [
        ("nothing", "it rests on 1 to 5 quotes, found 0"),
        ("nothing 1-1", "readers can&#39;t see an article"),
        ("2005-03-16-reuters 999-999", "has sentences"),
    ],
)
def test_what_is_amiss_in_an_edition_is_said_and_kept(
    staff: Staffed, pages: TestClient, places: str, told: str
) -> None:
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}/edit"
    form = fields(pages.get(address).text) | {"text-0": "Mine.", "place-0-0": places, "do": "publish", "reason": "Why"}
    answer = pages.post(address, data=form)
    assert answer.status_code == 422
    assert told in answer.text
    assert "Mine." in answer.text


def test_sentences_are_picked_from_the_article_that_was_looked_for(staff: Staffed, pages: TestClient) -> None:
    address = f"/staff/review/{staff.asked(ARRESTED).number}/edit"
    html = pages.get(address).text
    assert re.findall(r'class="pick" name="article" value="(.*?)"', html) == [WIRE.article_id, SUMMARY.article_id]
    form = {**fields(html), "text-0": "Mine.", "text-1": "", "find": "caldas", "do": "find"}
    listed = pages.post(address, data=form).text
    assert re.findall(r'class="pick" name="article" value="(.*?)"', listed)[0] == COURT.article_id
    assert 'type="radio" name="sentence"' not in listed
    opened = pages.post(address, data={**form, "do": "", "article": COURT.article_id}).text
    assert opened.count('type="radio" name="sentence"') == 2
    assert "Mine.</textarea>" in opened
    add = {**form, "article": COURT.article_id, "do": "add", "to": "0", "count": "4"}
    assert "Choose a sentence first." in pages.post(address, data=add).text
    added = pages.post(address, data={**add, "sentence": "1"}).text
    assert f'name="place-0-0" value="{COURT.article_id} 1-2" checked' in added
    assert "has no room" in pages.post(address, data={**add, "sentence": "1", "to": "7"}).text
    full = {f"place-0-{number}": f"{COURT.article_id} 1-1" for number in range(5)}
    assert "has no room" in pages.post(address, data={**add, **full, "sentence": "1"}).text
    assert pages.post(address, data={**add, "sentence": "1", "article": "gone"}).status_code == 404


def test_verdicts_go_along_into_the_edition(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}"
    form = fields(pages.get(address).text) | {"judged-0": "not", "note": "wrong day"}
    begun = pages.post(f"{address}/edit", data={**form, "do": "begin"}).text
    assert fields(begun)["judged-0"] == "not"
    edited = fields(begun) | {"text-0": "", "place-0-0": "2005-03-16-reuters 3-3", "reason": "Another day."}
    assert pages.post(f"{address}/edit", data={**edited, "do": "publish"}).status_code == 303
    assert [one.article_id for one in staff.journal.reviews.rejected()] == ["2005-03-16-reuters"]


def test_an_answer_is_written_to_a_question_nobody_asked(staff: Staffed, pages: TestClient) -> None:
    asked = pages.post("/staff/ask", data={"question": "Who coordinated it?"})
    address = asked.headers["location"]
    form = fields(pages.get(f"{address}/edit").text) | {
        "text-0": "", "place-0-0": "2005-03-17-el-pais 3-3", "reason": "Written.", "do": "publish",
    }  # fmt: skip
    assert pages.post(f"{address}/edit", data=form).status_code == 303
    assert isinstance(staff.overrides.settled(Question("who coordinated it")), Answer)


def test_a_question_is_asked_anew(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked("Which court is it?")
    address = pages.post(f"/staff/review/{review.number}/ask").headers["location"]
    again = staff.journal.reviews.get(review.number)
    assert address == f"/staff/review/{review.number}"
    assert (again.asks, again.latest != review.latest) == (2, True)


def test_hostile_words_are_shown_as_words(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked('evil <script>alert(1)</script>"')
    staff.journal.reviews.report(ReaderReport(review.latest, ReportKind.OTHER, "<img src=x onerror=alert(1)>", NOW))
    for address in ("/staff", f"/staff/review/{review.number}", f"/staff/review/{review.number}/edit"):
        html = pages.get(address).text
        assert "<script>" not in html
        assert "<img" not in html


def test_what_is_not_there(staff: Staffed, pages: TestClient) -> None:
    review = staff.asked(ARRESTED)
    assert pages.get("/staff/review/999").status_code == 404
    assert pages.get(f"/staff/review/{review.number}?answer=nothing").status_code == 404
    assert pages.post("/staff/review/999", data={"state": "approved", "revision": "0"}).status_code == 404
    assert pages.post(f"/staff/review/{review.number}", data={"state": "approved"}).status_code == 422
    assert pages.post(f"/staff/review/{review.number}", data={"state": "gone", "revision": "0"}).status_code == 422
    assert pages.post("/staff/ask", data={"question": " "}).status_code == 422


def test_a_checker_does_not_edit_or_withhold(staff: Staffed, pages: TestClient) -> None:
    staff.member = replace(staff.member, account=replace(staff.member.account, role=Role.CHECKER))
    review = staff.asked(ARRESTED)
    address = f"/staff/review/{review.number}"
    html = pages.get(address).text
    assert "Withhold" not in html
    assert "formaction" not in html
    form = {**fields(html), "state": "withheld", "reason": "Why"}
    assert pages.post(address, data=form).status_code == 403
