"""Answers at their permanent addresses: without scripts, from the record, and what was taken back is not shown."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from urllib.parse import quote_plus

import pytest
from starlette.testclient import TestClient

from qa.answering.quoting import with_quotes
from qa.errors import StoreError
from qa.models.archive import Article, Correction, Status
from qa.models.journal import Channel, Decision, Making, Record, ReportKind, State
from qa.models.replies import Answer, Citation, Composer, Event, Inference, Limit, Question
from qa.review.permanent import Recorder
from qa.store.journal.opening import Journal, opened_journal
from qa.store.journal.reviews import MOST_OPEN
from qa.web.answers import TimelinePart, timeline_part, turn_html
from qa.web.context import PageTexts
from qa.web.limits import VIEWS_PER_REQUEST, Limits
from qa.web.server import create_app

from .conftest import ROOMY, create_pages
from .fake_room import ARRESTED, COURT, HOSTILE, SUMMARY, WIRE, FakeRoom
from .staffed import office_over
from .test_turns import Elements

HERE = {"Sec-Fetch-Site": "same-origin"}
NOW = datetime(2026, 11, 20, 9, 30, tzinfo=UTC)


@pytest.fixture
def journal(tmp_path: Path) -> Iterator[Journal]:
    with opened_journal(tmp_path) as opened:
        yield opened


@pytest.fixture
def client(room: FakeRoom, journal: Journal) -> TestClient:
    app = create_pages(room, staff=office_over(journal, room), limits=ROOMY)
    return TestClient(app, raise_server_exceptions=False, follow_redirects=False)


@pytest.fixture
def recorder(room: FakeRoom, journal: Journal) -> Recorder:
    return Recorder(journal.records, room.article, Making("0.1.0", "fake:64:0"), now=lambda: NOW)


@pytest.fixture
def ask(room: FakeRoom, recorder: Recorder) -> Callable[[str], str]:
    """Asks and keeps; gives the answer's id."""

    def asked(text: str) -> str:
        *_, reply = room.replies(Question(text))
        return recorder.keep(reply, channel=Channel.PAGE, seconds=0.2)

    return asked


@pytest.fixture
def decide(journal: Journal) -> Callable[..., None]:
    def decided(answer_id: str, state: State, *, reason: str = "", written: Record | None = None) -> None:
        review = journal.reviews.of_answer(answer_id)
        decision = Decision(review.number, review.revision, answer_id, state, "ada", NOW, reason=reason)
        journal.reviews.decide(decision, written=written)

    return decided


Ask = Callable[[str], str]
Decide = Callable[..., None]


def taken_out(room: FakeRoom, article: Article) -> None:
    room.articles = tuple(one for one in room.articles if one is not article)


def linked(page: str) -> dict[str, Any]:
    (data,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', page, re.DOTALL)
    told: dict[str, Any] = json.loads(data)
    return told


def test_the_page_shows_the_answer_as_it_was_given(client: TestClient, ask: Ask) -> None:
    for question in ["arrested", "is he guilty?", "outcome", "weather", "court", "background"]:
        reply = client.get(f"/answer/{ask(question)}")
        assert reply.status_code == 200
        page = Elements(reply.text)
        assert question in page.words
        assert "Automatic " in page.words
        assert "Asked20 November 2026, 09:30 UTC" in page.words
        assert "Not checked by staff." in page.words
        assert "noindex" in reply.text
        assert reply.headers["x-robots-tag"] == "noindex"


def test_it_is_never_derived_again(client: TestClient, ask: Ask, room: FakeRoom) -> None:
    name, asked = ask("arrested"), len(room.asked)
    assert ARRESTED in client.get(f"/answer/{name}").text.replace("<mark>", "").replace("</mark>", "")
    assert len(room.asked) == asked


def test_a_link_to_it_can_choose_the_language_of_what_is_around_the_answer(client: TestClient, ask: Ask) -> None:
    address = f"/answer/{ask('Who was arrested?')}"
    for tag, word in (("es", "Pregunte al archivo"), ("en", "Ask the archive")):
        reply = client.get(f"{address}?lang={tag}", headers={"accept-language": "fr"})
        page = Elements(reply.text)
        assert page.all("html")[0]["lang"] == reply.headers["content-language"] == tag
        assert word in page.words
        assert ARRESTED in page.words


def test_quotes_lead_to_their_sentences_and_name_their_sources(client: TestClient, ask: Ask) -> None:
    page = Elements(client.get(f"/answer/{ask('arrested')}").text)
    links = {link.get("href") for link in page.all("a")}
    assert "/article/2005-03-16-reuters?quoted=2#s2" in links
    assert "https://elpais.example/2005/03/17/defensor.html" in links
    assert "Summary of a report in El País, 17 March 2005" in page.words
    assert page.words.count("Unchanged since.") == 2


def test_a_page_works_without_script_and_its_policy_allows_none(client: TestClient, ask: Ask) -> None:
    reply = client.get(f"/answer/{ask('arrested')}")
    scripts = Elements(reply.text).all("script")
    assert [one.get("type") for one in scripts] == ["application/ld+json"]
    assert all("src" not in one for one in scripts)
    assert "script-src" not in reply.headers["content-security-policy"]
    assert "form-action 'self'" in reply.headers["content-security-policy"]


def test_a_correction_since_stands_before_the_words(client: TestClient, ask: Ask, room: FakeRoom) -> None:
    name = ask("arrested")
    source = replace(WIRE.source, status=Status.CORRECTED, corrections=(Correction("It was 18.", date(2026, 11, 21)),))
    taken_out(room, WIRE)
    room.articles = (replace(WIRE, source=source), *room.articles)
    page = Elements(client.get(f"/answer/{name}").text)
    assert "Corrected since; the text is unchanged." in page.words
    assert "Correction, 21 November 2026, after this answer: It was 18." in page.words
    assert page.words.index("It was 18.") < page.words.index("According to the Interior Ministry")


def test_a_changed_article_is_opened_where_the_words_stand_now(client: TestClient, ask: Ask, room: FakeRoom) -> None:
    name = ask("court")
    taken_out(room, COURT)
    room.articles = (replace(COURT, body=f"A sentence was put before it. {COURT.body}"), *room.articles)
    text = client.get(f"/answer/{name}").text
    assert "/article/2007-01-02-court?quoted=2#s2" in text
    taken_out(room, room.articles[0])
    room.articles = (replace(COURT, body="Something else altogether."), *room.articles)
    text = client.get(f"/answer/{name}").text
    assert "these words do not stand in it any more" in text
    assert "Its headline or text was changed since." in text


def test_what_was_taken_out_of_the_archive_is_not_shown(client: TestClient, ask: Ask, room: FakeRoom) -> None:
    name = ask("arrested")
    taken_out(room, WIRE)
    text = client.get(f"/answer/{name}").text
    assert "had been arrested so far" not in text
    assert WIRE.source.title not in text
    assert "1 sentence of this answer is not shown any more" in text
    assert "No longer in the archive." in text
    assert "fueron arrestadas" in text
    taken_out(room, SUMMARY)
    text = client.get(f"/answer/{name}").text
    assert "fueron arrestadas" not in text
    assert "Nothing of this answer may be shown any more" in text


def test_an_erased_answer_says_so(client: TestClient, ask: Ask, journal: Journal) -> None:
    name = ask("arrested")
    journal.records.forget_articles([WIRE.article_id])
    reply = client.get(f"/answer/{name}")
    assert reply.status_code == 200
    assert "An article that this answer quoted was erased" in reply.text
    assert "arrestadas" not in reply.text
    assert [client.get(f"/answer/{name}.{kind}").status_code for kind in ("json", "csv", "md", "bib", "ris")] == [
        200
    ] * 5


def test_with_an_erased_article_goes_what_it_put_right_in_another(
    client: TestClient, recorder: Recorder, journal: Journal, room: FakeRoom
) -> None:
    printed = Correction("It was 18, we print.", printed_in=COURT.article_id)
    corrected = replace(WIRE, source=replace(WIRE.source, status=Status.CORRECTED, corrections=(printed,)))
    taken_out(room, WIRE)
    room.articles = (corrected, *room.articles)
    *_, made = room.replies(Question("arrested"))
    shown = with_quotes(made, lambda quote: replace(quote, source=corrected.source), first_suffices=True)
    assert shown is not None
    name = recorder.keep(shown, channel=Channel.PAGE, seconds=0.2)
    assert "It was 18, we print." in client.get(f"/answer/{name}").text
    assert journal.records.telling_of(COURT.article_id) == 1
    journal.records.forget_articles([COURT.article_id])
    kept = journal.records.get(name)
    assert kept is not None
    assert kept.reply is None
    assert "It was 18" not in client.get(f"/answer/{name}").text


def test_what_a_model_wrote_of_a_corrected_source_goes_with_the_article_that_corrects_it(
    client: TestClient, recorder: Recorder, room: FakeRoom
) -> None:
    printed = Correction("It was 18, we print.", printed_in=COURT.article_id)
    corrected = replace(WIRE, source=replace(WIRE.source, status=Status.CORRECTED, corrections=(printed,)))
    taken_out(room, WIRE)
    room.articles = (corrected, *room.articles)
    *_, made = room.replies(Question("written arrested"))
    assert isinstance(made, Answer)
    assert made.composed_by is Composer.MODEL

    def as_corrected(quote: Citation) -> Citation:
        return replace(quote, source=corrected.source) if quote.source.article_id == WIRE.article_id else quote

    shown = with_quotes(made, as_corrected, first_suffices=True)
    assert shown is not None
    name = recorder.keep(shown, channel=Channel.PAGE, seconds=0.2)
    words = made.citations[0].text
    assert words in client.get(f"/answer/{name}").text
    taken_out(room, COURT)
    assert words not in client.get(f"/answer/{name}").text


def test_an_approved_answer_says_so_and_may_be_found(client: TestClient, ask: Ask, decide: Decide) -> None:
    name = ask("court")
    decide(name, State.APPROVED)
    reply = client.get(f"/answer/{name}")
    assert "Checked by staff on 20 November 2026." in reply.text
    assert "noindex" not in reply.text
    assert "x-robots-tag" not in reply.headers
    assert "acceptedAnswer" in linked(reply.text)["mainEntity"]


def test_what_changed_after_the_check_needs_a_new_one(
    client: TestClient, ask: Ask, decide: Decide, room: FakeRoom
) -> None:
    name = ask("court")
    decide(name, State.APPROVED)
    taken_out(room, COURT)
    room.articles = (replace(COURT, note="A note"), *room.articles)
    reply = client.get(f"/answer/{name}")
    assert "it needs a new check" in reply.text
    assert "noindex" in reply.text


def test_an_edited_answer_leads_to_the_one_that_stands(
    client: TestClient, ask: Ask, decide: Decide, recorder: Recorder, room: FakeRoom
) -> None:
    name = ask("outcome")
    reply = room.reply(Question("outcome"))
    own = recorder.record(replace(reply, statements=reply.statements[:1]), channel=Channel.STAFF, seconds=0)  # type: ignore[union-attr]
    decide(name, State.EDITED, reason="One was <i>wrong</i>.", written=own)
    text = client.get(f"/answer/{name}").text
    assert text.index(f'href="/answer/{own.answer_id}"') < text.index("As first given")
    assert "One was &lt;i&gt;wrong&lt;/i&gt;." in text
    stands = client.get(f"/answer/{own.answer_id}").text
    assert "Written by the staff of the archive." in stands
    assert "Checked by staff on 20 November 2026." in stands
    assert "digitalSourceType" not in stands


def test_a_withheld_answer_shows_no_word(client: TestClient, ask: Ask, decide: Decide) -> None:
    name = ask("How many were arrested by name?")
    decide(name, State.WITHHELD, reason="It named <b>a person</b>.")
    reply = client.get(f"/answer/{name}")
    assert reply.status_code == 410
    assert "withheld this answer on 20 November 2026: It named &lt;b&gt;a person&lt;/b&gt;." in reply.text
    for words in ("by name", "arrested", WIRE.source.title, "ld+json"):
        assert words not in reply.text
    for kind in ("json", "csv", "md", "bib", "ris"):
        assert client.get(f"/answer/{name}.{kind}").status_code == 410
    assert client.get("/answers/export", params={"ids": f"{ask('court')},{name}"}).status_code == 410
    assert client.post(f"/answer/{name}/report", data={"kind": "wrong"}, headers=HERE).status_code == 410


def test_hostile_text_is_text(client: TestClient, ask: Ask) -> None:
    name = ask("evil </script><script>window.pwned=2</script> <img src=x onerror=window.pwned=2> question")
    text = client.get(f"/answer/{name}").text
    page = Elements(text)
    assert [one.get("type") for one in page.all("script")] == ["application/ld+json"]
    assert page.all("img") == []
    told = linked(text)
    assert told["mainEntity"]["text"].startswith("evil </script><script>")
    assert told["mainEntity"]["name"] == "<img src=x onerror=window.pwned=1>"
    assert HOSTILE.source.title in json.dumps(told)
    assert "javascript:" not in text


def test_linked_data_tells_of_question_answer_and_sources(client: TestClient, ask: Ask) -> None:
    name = ask("written court arrested")
    told = linked(client.get(f"/answer/{name}").text)
    assert (told["@type"], told["url"]) == ("QAPage", f"http://testserver/answer/{name}")
    answer = told["mainEntity"]["suggestedAnswer"]
    assert answer["digitalSourceType"].endswith("/trainedAlgorithmicMedia")
    assert [one["@type"] for one in answer["citation"]] == ["CreativeWork", "CreativeWork"]
    summary = answer["citation"][1]
    assert summary["datePublished"] == "2005-03-17"
    assert summary["isBasedOn"] == "https://elpais.example/2005/03/17/defensor.html"
    court = linked(client.get(f"/answer/{ask('court')}").text)["mainEntity"]["suggestedAnswer"]
    assert court["citation"] == [
        {
            "@type": "NewsArticle",
            "headline": COURT.source.title,
            "url": "https://voz.example/court",
            "inLanguage": "en",
            "datePublished": "2007-01-02",
            "publisher": {"@type": "Organization", "name": "La Voz de Galicia"},
        }
    ]
    assert court["digitalSourceType"].endswith("/algorithmicMedia")
    assert linked(client.get(f"/answer/{ask('weather')}").text)["mainEntity"]["answerCount"] == 0


def test_an_unknown_address_says_how_long_answers_are_kept(client: TestClient) -> None:
    for path in [
        "/answer/unknown-unknown-unknow",
        "/answer/short",
        "/answer/%2e%2e",
        "/answer/....",
        "/answer/unknown-unknown-unknow.json",
        "/answer/unknown-unknown-unknow.exe",
        "/answer/unknown-unknown-unknow/report",
        "/answer/" + "a" * 60,
    ]:
        reply = client.get(path)
        assert reply.status_code == 404
        assert "Answers are kept for 365 days" in reply.text


def test_no_other_address_is_open(client: TestClient) -> None:
    for path in [
        "/answer/../../etc/passwd",
        "/answer/..%2f..%2fetc%2fpasswd",
        "/answer/%00",
        "/answer/a%0aSet-Cookie:x",
        "/answer/" + "a" * 61,
        "/answer/é",
        "/answers/",
        "/answers/export/x",
        "/corrections/x",
        "/answer/a/b/report",
    ]:
        reply = client.get(path)
        assert reply.status_code == 404
        assert "root:" not in reply.text


def test_without_a_journal_there_are_no_such_pages(room: FakeRoom) -> None:
    client = TestClient(create_pages(room, limits=ROOMY), raise_server_exceptions=False)
    for path in ("/corrections", "/answers/export", "/answer/unknown-unknown-unknow"):
        assert client.get(path).status_code == 404
    assert "/corrections" not in client.get("/how").text


@pytest.mark.parametrize("path", ["/corrections", f"/versions/{WIRE.article_id}"])
def test_pages_that_take_work_are_counted_like_questions(room: FakeRoom, journal: Journal, path: str) -> None:
    pages = create_pages(room, staff=office_over(journal, room), limits=replace(ROOMY, requests_per_minute=2))
    client = TestClient(pages)
    assert [client.get(path).status_code for _ in range(3)] == [200, 200, 429]


@pytest.mark.parametrize(
    "path", [f"/article/{WIRE.article_id}", "/answer/none", "/answer/none.csv", "/answer/none/report"]
)
def test_pages_that_are_only_read_are_counted_apart_from_questions(room: FakeRoom, journal: Journal, path: str) -> None:
    pages = create_pages(room, staff=office_over(journal, room), limits=replace(ROOMY, requests_per_minute=2))
    client = TestClient(pages)
    *read, refused = [client.get(path) for _ in range(2 * VIEWS_PER_REQUEST + 1)]
    assert 429 not in {reply.status_code for reply in read}
    assert refused.status_code == 429
    assert int(refused.headers["Retry-After"]) > 0
    assert client.get("/corrections").status_code == 200


def test_with_one_every_masthead_leads_to_the_corrections(client: TestClient, room: FakeRoom, journal: Journal) -> None:
    whole = TestClient(create_app(room, staff=office_over(journal, room), limits=ROOMY))
    assert 'href="/corrections"' in whole.get("/").text
    for path in ("/how", "/search"):
        assert 'href="/corrections"' in client.get(path).text
    assert "Answers are kept for 365 days" in client.get("/how").text


def test_files_for_other_programs(client: TestClient, ask: Ask) -> None:
    for kind, media in [
        ("json", "application/json"),
        ("csv", "text/csv; charset=utf-8"),
        ("md", "text/markdown; charset=utf-8"),
        ("bib", "application/x-bibtex; charset=utf-8"),
        ("ris", "application/x-research-info-systems; charset=utf-8"),
    ]:
        first, second = ask("arrested"), ask("court")
        one = client.get(f"/answer/{first}.{kind}")
        assert (one.status_code, one.headers["content-type"]) == (200, media)
        assert f"http://testserver/answer/{first}" in one.text
        assert one.headers["x-robots-tag"] == "noindex"
        both = client.get("/answers/export", params={"ids": f"{second},{first},{second}", "format": kind}).text
        assert both.index(second) < both.index(first)


def test_a_dossier_has_every_quote_that_still_stands_by_its_date(client: TestClient, ask: Ask, room: FakeRoom) -> None:
    name, other = ask("arrested"), ask("court")
    text = client.get(f"/answer/{name}.dossier.md").text
    assert text.startswith("# arrested\n\n*Quotes from an archive of articles, word for word, put together by software")
    assert text.index("## 16 March 2005") < text.index("> “Según El País") < text.index(f"> “{ARRESTED}” \\[2\\]")
    assert "<http://testserver/article/2005-03-16-reuters#s2>" in text
    assert text.count(SUMMARY.source.title) == text.count(WIRE.source.title) == 1
    both = {"ids": f"{name},{other}", "format": "dossier.html"}
    page = client.get("/answers/export", params=both)
    assert page.headers["content-disposition"] == 'attachment; filename="answers.dossier.html"'
    assert len(Elements(page.text).all("blockquote")) == 3
    changed = replace(WIRE, body=WIRE.body.replace("19 people", "18 people"))
    room.articles = [SUMMARY, changed]
    for kind in ("md", "html"):
        later = client.get(f"/answer/{name}.dossier.{kind}").text
        assert ("19 personas" in later, "19 people" in later) == (True, False)
    assert "dossier" not in client.get(f"/answer/{ask('weather')}").text


def test_a_hostile_dossier_is_text(client: TestClient, ask: Ask) -> None:
    name = ask("evil")
    assert not re.search(r"(?<!\\)<(?!http://testserver/)", client.get(f"/answer/{name}.dossier.md").text)
    page = Elements(client.get(f"/answer/{name}.dossier.html").text)
    assert not {tag for tag, _ in page.elements} & {"script", "img", "b", "i"}
    assert all(str(a["href"]).startswith("http://testserver/") for a in page.all("a"))


def test_a_selection_is_bounded(client: TestClient, ask: Ask) -> None:
    name = ask("court")
    for query in ({"ids": ""}, {"ids": ",".join([name] * 51)}, {"ids": name, "format": "exe"}, {}):
        assert client.get("/answers/export", params=query).status_code == 400
    assert client.get("/answers/export", params={"ids": f"{name},../../x"}).status_code == 404


def test_a_report_is_kept(client: TestClient, ask: Ask, journal: Journal) -> None:
    name = ask("court")
    text = "  The <b>court</b>\r\nwas another. "
    sent = client.post(f"/answer/{name}/report", data={"kind": "wrong", "text": text}, headers=HERE)
    assert (sent.status_code, sent.headers["location"]) == (303, f"/answer/{name}/report")
    assert "Thank you" in client.get(f"/answer/{name}/report").text
    (report,) = journal.reviews.reports(journal.reviews.of_answer(name).number)
    assert (report.kind, report.text) == (ReportKind.WRONG, "The <b>court</b>\nwas another.")


def test_a_thumb_is_kept_as_reports_are(client: TestClient, ask: Ask, journal: Journal) -> None:
    name = ask("court")
    sent = client.post(f"/answer/{name}/report", data={"kind": "unhelpful"}, headers=HERE)
    assert sent.status_code == 303
    review = journal.reviews.of_answer(name)
    assert (review.dislikes, review.reports) == (1, 0)


def test_a_preview_of_the_link_says_what_was_asked_and_what_answers(client: TestClient, ask: Ask) -> None:
    html = client.get(f"/answer/{ask('arrested')}").text
    assert '<meta property="og:type" content="article">' in html
    assert '<meta property="og:description" content="19 people. “According to' in html


def test_a_bad_report_is_refused_and_what_was_typed_stays(client: TestClient, ask: Ask, journal: Journal) -> None:
    for data, words in [
        ({}, "Choose what is wrong."),
        ({"kind": "nonsense"}, "Choose what is wrong."),
        ({"kind": "other", "text": " "}, "Say in a few words"),
        ({"kind": "wrong", "text": "x" * 1_001}, "1,001 characters"),
    ]:
        name = ask("court")
        reply = client.post(f"/answer/{name}/report", data=data, headers=HERE)
        assert reply.status_code == 400
        assert words in reply.text
        assert data.get("text", "").strip()[:1_000] in reply.text
        assert journal.reviews.reports(journal.reviews.of_answer(name).number) == []


def test_a_form_of_another_site_is_refused(client: TestClient, ask: Ask) -> None:
    for headers in [
        {},
        {"Sec-Fetch-Site": "cross-site"},
        {"Sec-Fetch-Site": "same-site"},
        {"Sec-Fetch-Site": "none"},
        {"Origin": "https://elsewhere.example"},
        {"Origin": "null"},
        {"Origin": "http://testserver.elsewhere.example"},
        {"Sec-Fetch-Site": "cross-site", "Origin": "http://testserver"},
    ]:
        reply = client.post(f"/answer/{ask('court')}/report", data={"kind": "wrong"}, headers=headers)
        assert reply.status_code == 403


def test_an_older_browser_is_known_by_its_origin(client: TestClient, ask: Ask) -> None:
    headers = {"Origin": "http://testserver"}
    assert client.post(f"/answer/{ask('court')}/report", data={"kind": "wrong"}, headers=headers).status_code == 303


def test_reports_are_rate_limited(room: FakeRoom, journal: Journal, ask: Ask) -> None:
    app = create_pages(room, staff=office_over(journal, room), limits=Limits(requests_per_minute=2))
    client = TestClient(app, follow_redirects=False)
    name = ask("court")
    sent = [client.post(f"/answer/{name}/report", data={"kind": "wrong"}, headers=HERE) for _ in range(3)]
    assert [one.status_code for one in sent] == [303, 303, 429]
    assert 1 <= int(sent[2].headers["retry-after"]) <= 30


def test_many_reports_on_one_answer_are_thanked_for_and_not_kept(
    client: TestClient, ask: Ask, journal: Journal
) -> None:
    name = ask("court")
    for _ in range(MOST_OPEN + 1):
        assert client.post(f"/answer/{name}/report", data={"kind": "wrong"}, headers=HERE).status_code == 303
    assert len(journal.reviews.reports(journal.reviews.of_answer(name).number)) == MOST_OPEN


def test_a_report_on_no_answer(client: TestClient) -> None:
    for name in ("unknown-unknown-unknow", "short"):
        assert client.post(f"/answer/{name}/report", data={"kind": "wrong"}, headers=HERE).status_code == 404


def corrected_pages(room: FakeRoom, journal: Journal, corrections: Sequence[Correction]) -> TestClient:
    source = replace(SUMMARY.source, status=Status.CORRECTED, corrections=tuple(corrections))
    return TestClient(create_pages(room, staff=replace(office_over(journal, room), sources=lambda: [source])))


def test_the_corrections_are_public_texts(
    room: FakeRoom, journal: Journal, ask: Ask, decide: Decide, recorder: Recorder
) -> None:
    withheld, edited = ask("How many were arrested by name?"), ask("court")
    decide(withheld, State.WITHHELD, reason="It named a person.")
    own = recorder.record(room.reply(Question("court")), channel=Channel.STAFF, seconds=0)
    decide(edited, State.EDITED, reason="The <b>court</b> was another.", written=own)
    text = corrected_pages(room, journal, [Correction("It was <b>18</b>.", NOW.date())]).get("/corrections").text
    assert "An answer was withheld" in text
    assert "by name" not in text
    assert f'href="/answer/{own.answer_id}"' in text
    assert "The &lt;b&gt;court&lt;/b&gt; was another." in text
    assert "It was &lt;b&gt;18&lt;/b&gt;." in text
    assert SUMMARY.source.title in text


def test_the_corrections_are_paged(room: FakeRoom, journal: Journal) -> None:
    corrections = [Correction(f"Number {n}.", date(2026, 1, 1) + timedelta(days=n)) for n in range(55)]
    client = corrected_pages(room, journal, corrections)
    first, second = client.get("/corrections").text, client.get("/corrections?page=2").text
    assert "Number 54." in first
    assert "Number 4." not in first
    assert "Number 4." in second
    assert "Nothing so far." in corrected_pages(room, journal, []).get("/corrections").text


def test_an_archive_that_cannot_be_read(ask: Ask, journal: Journal) -> None:
    class ClosedRoom(FakeRoom):
        def article(self, article_id: str) -> Article:
            raise StoreError("the disk is gone")

    name = ask("court")
    client = TestClient(create_pages(ClosedRoom(), staff=office_over(journal, ClosedRoom())))
    for path in (f"/answer/{name}", f"/answer/{name}.json"):
        reply = client.get(path)
        assert reply.status_code == 503
        assert "disk" not in reply.text


def test_a_stale_archive_says_so_on_every_page(room: FakeRoom) -> None:
    texts = PageTexts(stale=lambda: date(2026, 5, 1))
    client = TestClient(create_app(room, texts=texts, limits=ROOMY))
    for path in ("/", "/how", "/search", "/article/2006-headline"):
        assert "Last filled on 1 May 2026." in client.get(path).text
    fresh = TestClient(create_pages(room, limits=ROOMY))
    assert "Last filled" not in fresh.get("/how").text


@pytest.mark.parametrize(
    ("question", "words", "address"),
    [
        ("An overview?", "All 31 articles of the archive on the timeline", "/timeline"),
        ("¿Un overview?", "Los 31 artículos del archivo en la cronología", "/timeline"),
        (
            "The overview of 2005?",
            "All 2 articles within these limits on the timeline",
            "/timeline?from=2005-01-01&until=2005-12-31",
        ),
    ],
)
def test_what_tells_steps_leads_to_all_on_the_timeline(
    client: TestClient, room: FakeRoom, recorder: Recorder, question: str, words: str, address: str
) -> None:
    locale = "es" if "¿" in question else "en"
    name = recorder.keep(room.reply(Question(question, locale=locale)), channel=Channel.PAGE, seconds=0.2)
    for path in (f"/ask?question={question}&lang={locale}", f"/answer/{name}"):
        page = Elements(client.get(path).text)
        assert words in page.words
        assert address in [link["href"] for link in page.all("a", "alone")]
    assert not Elements(client.get("/ask?question=Who+was+arrested").text).all("p", "whole")
    assert not Elements(client.get("/ask?question=An+overview%3F&from=2006").text).all("p", "whole")
    listed = Elements(client.get("/timeline?from=2005-01-01&until=2005-12-31&lang=en").text)
    assert "2 articles" in listed.words


def test_what_tells_one_event_leads_to_those_that_name_it_on_the_timeline() -> None:
    named = replace(COURT, body=f"{COURT.body} Operación Cerbero ended.")
    room = FakeRoom(articles=[named, WIRE])
    answer = room.reply(Question("An overview?"))
    assert isinstance(answer, Answer)
    (statement,) = answer.statements

    def part_of(event: Event) -> TimelinePart | None:
        limits = (Limit(Inference.EVENT, event.name),)
        return timeline_part(room, replace(answer, statements=(replace(statement, event=event),), limits=limits))

    address = f"/timeline?event={quote_plus('Operación Cerbero')}"
    assert part_of(Event("Operación Cerbero", "2005-03-16")) == TimelinePart(address, 1, True, "Operación Cerbero")
    told = replace(answer, statements=(replace(statement, event=Event("Operación Cerbero")),))
    html = turn_html(1, told, places={}, whole=timeline_part(room, told))
    assert "1 article that names Operación Cerbero on the timeline" in Elements(html).words
    assert part_of(Event("Operación Azahar", "2006-02-24")) is None
    assert part_of(Event("The court keeps Operación Cerbero", by_headline=True)) is None
    assert timeline_part(room, replace(answer, limits=(Limit(Inference.EVENT, "Operación Cerbero"),))) is None
