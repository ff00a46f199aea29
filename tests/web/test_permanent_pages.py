"""Permanent answers and corrections in a browser: accessible, without script, on a phone, on paper."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from qa.models.archive import Correction, Status
from qa.models.journal import Channel, Decision, Making, State
from qa.models.replies import Answer, Question
from qa.review.permanent import Recorder
from qa.store.journal.opening import Journal, opened_journal
from qa.web.context import PageTexts
from qa.web.server import create_app

from .conftest import ROOMY, served
from .fake_room import COURT, SUMMARY, WIRE, FakeRoom
from .staffed import office_over
from .test_accessibility import violations
from .test_browser import ask

pytestmark = pytest.mark.browser

NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)
QUESTIONS = ("arrested", "is he guilty?", "outcome", "weather", "evil " * 40, "written arrested", "court", "withheld")
Open = Callable[..., Any]


@pytest.fixture(scope="module")
def kept(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Journal]:
    with opened_journal(tmp_path_factory.mktemp("journal")) as journal:
        yield journal


@pytest.fixture(scope="module")
def addresses(kept: Journal) -> dict[str, str]:
    """The paths of the answers to QUESTIONS: one of them checked, one edited, one withheld."""
    room = FakeRoom()
    recorder = Recorder(kept.records, room.article, Making("0.1.0", "fake:64:0"), now=lambda: NOW)
    ids = {}
    for text in QUESTIONS:
        *_, reply = room.replies(Question(text))
        ids[text] = recorder.keep(reply, channel=Channel.PAGE, seconds=0.2)
    outcome = room.reply(Question("outcome"))
    assert isinstance(outcome, Answer)
    own = recorder.record(replace(outcome, statements=outcome.statements[:1]), channel=Channel.STAFF, seconds=0)
    states = {"court": State.APPROVED, "outcome": State.EDITED, "withheld": State.WITHHELD}
    for text, state in states.items():
        review = kept.reviews.of_answer(ids[text])
        decision = Decision(review.number, review.revision, ids[text], state, "ada", NOW, reason="It was wrong.")
        kept.reviews.decide(decision, written=own if state is State.EDITED else None)
    return {text: f"/answer/{name}" for text, name in ids.items()}


@pytest.fixture(scope="module")
def site(kept: Journal, addresses: dict[str, str]) -> Iterator[str]:
    """The pages over an archive in which an article was corrected since and another one is gone."""
    source = replace(WIRE.source, status=Status.CORRECTED, corrections=(Correction("It was 18.", date(2026, 11, 21)),))
    room = FakeRoom(articles=(replace(WIRE, source=source), COURT, FakeRoom().articles[5]))
    room.keeper = Recorder(kept.records, room.article, Making("0.1.0", "fake:64:0"))
    texts = PageTexts(help="Where to report, and where to get help", stale=lambda: date(2026, 5, 1))
    with served(create_app(room, staff=office_over(kept, room), texts=texts, limits=ROOMY)) as address:
        yield address


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_nothing_stands_in_anybodys_way(
    open_page: Open, site: str, addresses: dict[str, str], width: int, scheme: str
) -> None:
    page = open_page("/corrections", width=width, color_scheme=scheme)
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for path in ("/corrections", *addresses.values()):
        page.goto(site + path)
        assert violations(page) == [], path
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    # The data for machines is no script to the policy: a breach would be reported here.
    assert [one for one in said if "410" not in one] == []


def test_links_and_buttons_are_large_enough_to_touch(open_page: Open, addresses: dict[str, str]) -> None:
    page = open_page(addresses["arrested"], width=390)
    sizes = page.eval_on_selector_all(
        ".files a, .kinds label, .send button, .sources-today h3 a, .quoted-now a, .strip nav a",
        "all => all.map(one => [one.textContent.trim().slice(0, 30), one.getBoundingClientRect().height])",
    )
    assert len(sizes) > 10
    assert [one for one in sizes if one[1] < 43.5] == []


def test_a_report_is_sent_without_script(open_page: Open, addresses: dict[str, str], kept: Journal) -> None:
    page = open_page(addresses["weather"], java_script_enabled=False)
    page.get_by_label("It is out of date").check()
    page.get_by_label("In your own words").fill("There is an answer now.")
    page.get_by_role("button", name="Send").click()
    page.get_by_role("heading", name="Thank you").wait_for()
    name = addresses["weather"].rsplit("/", 1)[1]
    assert [one.text for one in kept.reviews.reports(kept.reviews.of_answer(name).number)] == [
        "There is an answer now."
    ]


def test_on_paper_the_answer_stands_alone(open_page: Open, addresses: dict[str, str]) -> None:
    page = open_page(addresses["arrested"])
    page.emulate_media(media="print")
    assert page.locator(".sources-today").is_visible()
    assert page.locator(".origin").is_visible()
    for away in (".report", ".export", ".strip"):
        assert not page.locator(away).is_visible()


def test_what_is_gone_has_no_link(open_page: Open, addresses: dict[str, str]) -> None:
    page = open_page(addresses["arrested"])
    gone = page.locator(".sources-today li", has_text="No longer in the archive.")
    assert gone.locator("a").count() == 0
    assert SUMMARY.source.title not in page.content()


def test_from_the_conversation_to_the_answer_that_stays(open_page: Open, site: str) -> None:
    page = open_page("/", width=390)
    ask(page, "Which court kept the proceedings?", ".answered")
    assert violations(page) == []
    address = page.locator(".actions .permanent").get_attribute("href")
    assert page.evaluate("document.querySelector('#announcer').textContent").count("Something wrong?") == 0
    page.get_by_role("link", name="Something wrong?").click()
    page.get_by_label("A source doesn’t say that").wait_for()
    assert page.url == f"{site}{address}#report"
    page.go_back()
    page.locator(".answered .actions").wait_for()


def test_a_link_can_be_copied(open_page: Open, site: str) -> None:
    page = open_page("/")
    ask(page, "Which court kept the proceedings?", ".answered")
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.get_by_role("button", name="Copy link").click()
    page.get_by_role("button", name="Copied").wait_for()
    assert page.locator(".actions .copy").count() == 2
    address = page.locator(".actions .permanent").get_attribute("href")
    assert page.evaluate("navigator.clipboard.readText()") == f"{site}{address}"


@pytest.mark.parametrize("locale", ["en", "es-ES"])
@pytest.mark.parametrize("path", ["/", "/how"])
def test_much_enlarged_no_page_is_cut_off_the_navigation(open_page: Open, path: str, locale: str) -> None:
    page = open_page(path, width=320, height=256, locale=locale)
    assert page.evaluate(
        "[...document.querySelectorAll('header nav')].every(nav => nav.scrollWidth <= nav.clientWidth)"
    )
