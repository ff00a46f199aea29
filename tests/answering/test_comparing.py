"""What sources say differently becomes a table of who says what, and nothing else does."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from qa.answering.analysis import ConversationTurn
from qa.answering.conflicts import AskedCount, compare, conflicts_in, said_in
from qa.answering.rendering import reply_json, reply_text
from qa.answering.reported_figures import Report, copied, given_by_others
from qa.answering.steps import opening_sentences
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.ingestion.ingest import encode_articles
from qa.models.archive import Article, Passage, Source, Span
from qa.models.dates import ALWAYS
from qa.models.deliveries import Notice, NoticeKind
from qa.models.replies import Answer, Hit, Question, SentenceHit
from qa.pipeline import verified
from qa.retrieval.ranking import DenseRetriever, HybridRetriever, LexicalRetriever
from qa.store.document_store import CatalogueStore
from qa.store.notices import NoticeStore
from qa.text.annotating import annotate
from tests.fakes import FakeGenerations, delivered, packaged_rank, pipeline_of

NOW = datetime(2026, 5, 3, tzinfo=UTC)


def report(article_id: str, outlet: str, day: date, body: str, *, derived_from: str | None = None) -> Article:
    return Article(Source(article_id, f"Mine accident at Halden, {outlet}", outlet, published=day), body,
                   derived_from=derived_from)  # fmt: skip


FIRST = report(
    "first", "Harbour Post", date(2010, 5, 4),
    "Twelve people were killed in the accident at the Halden mine on Monday, the police said. Teams came from Orvik.",
)  # fmt: skip
SECOND = report(
    "second", "City Herald", date(2010, 5, 5),
    "The accident at the Halden mine on Monday killed 15 people, according to the mayor. Orvik has sent teams.",
)  # fmt: skip
WIRE = report(
    "wire", "Evening Mail", date(2010, 5, 5),
    "Twelve people were killed in the accident at the Halden mine, the police said. Rescue teams came from Orvik.",
    derived_from="Harbour Post",
)  # fmt: skip
COPY = replace(WIRE, source=replace(WIRE.source, article_id="copy", outlet="Morning Mail"), derived_from="first")
THIRD = replace(
    SECOND, source=replace(SECOND.source, article_id="third"),
    body="At the Halden mine 12 people were killed in an accident on Monday. Orvik has sent doctors, too.",
)  # fmt: skip
EARLIER = report(
    "earlier", "City Herald", date(2003, 1, 8),
    "Thirty people were killed in an accident at the Halden mine in January 2003, the police said.",
)  # fmt: skip
ASKED = Question("How many people were killed in the accident at the Halden mine?", date(2009, 1, 1))


@pytest.fixture
def store(tmp_path: Path, encoder: SentenceEncoder) -> Iterator[CatalogueStore]:
    made = CatalogueStore(tmp_path / "c.sqlite3", FakeGenerations())
    made.put(encode_articles([delivered(one) for one in (FIRST, SECOND, COPY, EARLIER)], encoder))
    yield made
    made.close()


@pytest.fixture
def book(store: CatalogueStore, tmp_path: Path) -> Iterator[NoticeStore]:
    made = NoticeStore(tmp_path / "c.sqlite3")
    yield made
    made.close()


def ask(store: CatalogueStore, encoder: SentenceEncoder, question: Question = ASKED) -> Answer:
    fused = HybridRetriever(DenseRetriever(store, encoder), LexicalRetriever(store))
    reply = pipeline_of(retriever=fused, rank=packaged_rank(store, encoder), store=store).invoke(
        ConversationTurn(question)
    )
    assert isinstance(reply, Answer)
    return reply


def test_a_conflict_names_who_says_what_in_order_of_time(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    (conflict,) = ask(store, encoder).conflicts
    assert [(party.value, party.kind, party.speaker) for party in conflict.parties] == [
        (12, "killed", "police"),
        (15, "killed", "mayor"),
    ]
    assert [party.source.article_id for party in conflict.parties] == ["first", "second"]


def test_a_copy_is_folded_into_the_row_it_copies(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    (conflict,) = ask(store, encoder).conflicts
    assert [source.article_id for source in conflict.parties[0].copies] == ["copy"]


def test_another_event_of_the_same_place_is_not_mixed_in(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    reply = ask(store, encoder, replace(ASKED, published_from=None))
    assert all(party.source.article_id != "earlier" for party in reply.parties)


def test_a_report_without_any_date_needs_more_in_common(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    body = (
        "Forty people were killed in an accident at the Halden mine. Miners from Orvik, Velm, Torsby, Lund and Askim"
        " recall it in the Digest, as do Karl Moe and Nils Aas of the Miners' Chapel."
    )
    undated = Article(Source("undated", "Miners of Halden recall", "Digest"), body)
    store.put(encode_articles([delivered(undated)], encoder))
    reply = ask(store, encoder, replace(ASKED, published_from=None))
    assert {party.source.article_id for party in reply.parties} == {"first", "second"}


def test_text_and_json_say_it(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    reply = ask(store, encoder)
    text = reply_text(reply)
    assert (
        "The sources differ: 12 killed (police, in: Harbour Post, 4 May 2010); 15 killed (mayor, in: City Herald"
        in text
    )
    (conflict,) = json.loads(json.dumps(reply_json(reply, id=None, seconds=0)))["conflicts"]
    first = conflict["claims"][0]
    assert set(first) == {
        "value", "said", "approx", "kind", "speaker", "article_id", "published", "quote", "start", "end",
    }  # fmt: skip
    assert FIRST.body[first["start"] : first["end"]] == first["quote"]
    assert (first["value"], first["approx"], first["published"]) == (12, False, "2010-05-04")


def test_a_correction_stands_before_the_row_it_corrects(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore
) -> None:
    book.add(Notice("second", NoticeKind.CORRECTION, "It was twelve.", "ana", NOW, date(2010, 5, 6)))
    lines = reply_text(ask(store, encoder)).splitlines()
    at = next(number for number, line in enumerate(lines) if line.strip() == "Correction, 6 May 2010: It was twelve.")
    following = [line for line in lines[at:] if "15 killed" in line or "killed 15 people" in line]
    assert following


def test_a_withdrawn_article_is_in_no_table(store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore) -> None:
    before = ask(store, encoder)
    book.add(Notice("second", NoticeKind.WITHDRAWAL, "why", "ana", NOW))
    assert not verified(before, store.article)
    after = ask(store, encoder)
    assert after.conflicts == ()
    assert "City Herald" not in reply_text(after)


def test_a_row_that_does_not_stand_in_its_article_is_noticed(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    reply = ask(store, encoder)
    assert verified(reply, store.article)
    (conflict,) = reply.conflicts
    party = conflict.parties[0]
    altered = replace(party, quote=replace(party.quote, text=party.quote.text.replace("Twelve", "Twenty")))
    broken = replace(reply, conflicts=(replace(conflict, parties=(altered, *conflict.parties[1:])),))
    assert not verified(broken, store.article)
    outside = replace(party, quote=replace(party.quote, marked=Span(10_000, 10_001)))
    assert not verified(replace(reply, conflicts=(replace(conflict, parties=(outside,)),)), store.article)


def test_agreement_counts_copies_once(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    store.remove("second")
    assert ask(store, encoder).agreement is None
    store.put(encode_articles([delivered(THIRD)], encoder))
    agreement = ask(store, encoder).agreement
    assert agreement is not None
    assert (agreement.said, agreement.independent, len(agreement.sources)) == ("12", 2, 3)


@pytest.mark.parametrize(
    ("number", "agree"), [("more than 12", True), ("up to 12", False), ("between ten and 14", False)]
)
def test_bounds_on_different_sides_are_no_agreement(
    store: CatalogueStore, encoder: SentenceEncoder, number: str, agree: bool
) -> None:
    first = replace(FIRST, body=FIRST.body.replace("Twelve", "More than twelve"))
    third = replace(THIRD, body=THIRD.body.replace("12", number))
    store.put(encode_articles([delivered(first), delivered(third)], encoder))
    passages = {found.source.article_id: found for found in store.passages(store.numbers(), between=ALWAYS).values()}
    hits = [Hit(passages[name], 1.0) for name in ("first", "third")]
    counting = passages["first"].sentences[0]
    count = SentenceHit(hits[0], counting, 3.0, likelihood=0.9, answer=Span(0, len("More than twelve people")))
    assert (compare(ASKED.text, [count], hits, store)[1] is not None) is agree


def test_agreement_is_told_of_the_words_on_top_alone(store: CatalogueStore, encoder: SentenceEncoder) -> None:
    store.put(encode_articles([delivered(THIRD)], encoder))
    passages = {found.source.article_id: found for found in store.passages(store.numbers(), between=ALWAYS).values()}
    hit, other = Hit(passages["first"], 1.0), Hit(passages["third"], 0.9)
    counting, arriving = passages["first"].sentences
    count = SentenceHit(hit, counting, 3.0, likelihood=0.9, answer=Span(0, len("Twelve people")))
    teams = SentenceHit(hit, arriving, 3.0, likelihood=0.9)
    assert compare(ASKED.text, [count, teams], [hit, other], store)[1] is not None
    assert compare(ASKED.text, [teams, count], [hit, other], store)[1] is None


def test_a_shortened_reprint_is_a_copy_and_another_report_is_not() -> None:
    reprint = FIRST.body.replace(" on Monday", "").replace("Teams came", "Help came")
    assert copied(FIRST.body, reprint)
    assert not copied(FIRST.body, SECOND.body)
    assert not copied("", FIRST.body)


@pytest.mark.parametrize(
    ("body", "words"),
    [
        ("Hundreds of people were arrested in Chile.", "Hundreds"),
        ("Nearly 20 people were arrested in Chile.", "nearly 20"),
        ("At least 20 people were arrested in Chile.", "at least 20"),
        ("The firm lost 20 pct of its people.", "20%"),
    ],
)
def test_a_figure_is_shown_as_exact_as_it_is_given(body: str, words: str) -> None:
    (figure,) = annotate(Article(FIRST.source, body)).figures
    assert said_in(figure, body) == words


@pytest.mark.parametrize(
    ("body", "given"),
    [
        (
            "The march drew 900 people, said those who had called for it. The police put it at 350.",
            [(350, "The police")],
        ),
        ("Los convocantes hablaron de 1.800 asistentes; la policía, de 1.100.", [(1100, "la policía")]),
        ("The union said that 58 drivers had joined. Only one bus left. TransTarna spoke of 49.", [(49, "TransTarna")]),
        ("El Ayuntamiento registró 312 quejas. La Agencia (AIA), en cambio, solo reconoce 47.", [(47, "La Agencia")]),
        ("There were 4 buses. The operator, Gull, said that they would run at once.", []),
        ("The board voted nine to one. The bank set a six to seven per cent range.", []),
        ("A jury gave Ana Lobo 30 months in prison. The judge gave Julian Sax 14.", []),
        ("Operation Heron led to 40 arrests. Operation Gull reported 12.", []),
        ("There were 300 complaints in May. The council counted 450 in June.", []),
        ("The town bought 64 buses. The workshop said 21 had been taken apart.", []),
        ("21 buses are off the road. There have been two breakdowns. The union has counted five.", []),
        ("There have been two breakdowns, the authority said. It has counted five.", []),  # the same voice
        ("There were 900 people at the march. The police said that 40 buses had come.", []),
        ("The deal is worth 900 million dollars. The union said 350 million.", []),
        ("They had aimed at 90,000 tonnes, against provisionally estimated exports of 75,000 tonnes.", []),
        ("The club has 900 members. The police station lies at Harbour Street 350.", []),
    ],
)
def test_what_another_voice_gives_right_behind_a_count(body: str, given: list[tuple[int, str]]) -> None:
    article = Article(Source("a", "March", "Post", published=date(2010, 5, 4)), body)
    told = Report(article, annotate(article))
    first = next(figure for figure in told.figures if figure.figure.counted)
    assert [(other.figure.low, other.figure.speaker) for other in given_by_others(first)] == given


@pytest.mark.parametrize(
    ("body", "values"),
    [
        ("Iris Roe said that 19 of the 41 buses were out of service. The authority put the figure at 11.", [19, 11]),
        ("The council says it has 312 complaints in five weeks. The agency admits only 47.", [312, 47]),
    ],
)
def test_what_another_voice_gives_disputes_the_nearest_number_before_it(
    store: CatalogueStore, encoder: SentenceEncoder, body: str, values: list[float]
) -> None:
    one = report("count", "Post", date(2010, 5, 4), body)
    store.put(encode_articles([delivered(one)], encoder))
    told = [replace(hit, likelihood=1.0) for hit in opening_sentences(one)]
    (conflict,) = conflicts_in(told, (), store)
    assert [party.value for party in conflict.parties] == values


def test_two_likely_answers_of_a_few_weeks_are_compared_without_a_name_or_a_date_of_the_event(
    store: CatalogueStore, encoder: SentenceEncoder
) -> None:
    def read(article_id: str, day: date, body: str, likelihood: float) -> SentenceHit:
        article = Article(Source(article_id, f"Bus {article_id}", "Post", published=day), body)
        store.put(encode_articles([delivered(article)], encoder))
        whole, number = Span(0, len(body)), body.index("buses") - 5
        hit = Hit(Passage(article.source, 0, len(body), body, (whole,)), 1.0)
        return SentenceHit(hit, whole, 1.0, answer=Span(number, number + 10), likelihood=likelihood)

    first = read("early", date(2021, 7, 18), "The fire at Calder Street destroyed five buses, Curtis Lam said.", 0.9)
    same = "At Calder Street only three buses had to be scrapped, Curtis Lam said."
    elsewhere = "Three buses slid off a road near Kember, Ida Roe said."
    question = "How many buses were destroyed?"
    for article_id, day, body, likelihood, parties in (
        ("late", date(2021, 7, 23), same, 0.8, [5, 3]),
        ("unsure", date(2021, 7, 23), same, 0.5, []),
        ("another", date(2022, 7, 23), same, 0.8, []),
        ("elsewhere", date(2021, 7, 23), elsewhere, 0.8, []),
    ):
        second = read(article_id, day, body, likelihood)
        conflicts, _ = compare(question, [first], [], store, read=[first, second])
        assert [party.value for conflict in conflicts for party in conflict.parties] == parties


def test_a_conflict_is_called_by_the_thing_asked_for_and_never_by_a_form_of_being() -> None:
    assert AskedCount("How many buses were destroyed?").thing == "buses"
    assert AskedCount("How many were evacuated?").thing == ""
    assert AskedCount("¿Cuántos fueron evacuados?").thing == ""


def test_no_agreement_on_a_figure_that_was_corrected(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore
) -> None:
    store.put(encode_articles([delivered(THIRD)], encoder))
    store.remove("second")
    agreement = ask(store, encoder).agreement
    assert agreement is not None
    for name in ("first", "third"):
        book.add(Notice(name, NoticeKind.CORRECTION, "The dead were 13, not 12.", by="desk", at=NOW))
    assert ask(store, encoder).agreement is None  # a copy alone is left


def test_what_takes_a_figure_back_is_no_second_source_of_it(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore
) -> None:
    words = "We said that twelve people were killed in the accident at the Halden mine."
    right = "In the accident at the Halden mine 13 people were killed, and not 12."
    printed = report("printed", "Harbour Post", date(2010, 5, 6), f"{words} {right}")
    store.put(encode_articles([delivered(printed)], encoder))
    store.remove("second")
    quoted = {quote.source.article_id for quote in ask(store, encoder).citations}
    assert "printed" in quoted
    book.add(Notice("first", NoticeKind.CORRECTION, printed.body, by="desk", at=NOW))
    reply = ask(store, encoder)
    assert words not in {quote.text for quote in reply.citations}
    assert right in {quote.text for quote in reply.citations}
    assert reply.agreement is None


def test_no_outlet_takes_back_what_another_says(
    store: CatalogueStore, encoder: SentenceEncoder, book: NoticeStore
) -> None:
    said = report("vague", "Blog", date(2010, 5, 3), "There was a fall of rock at Halden, with 12 people killed there.")
    store.put(encode_articles([delivered(said)], encoder))
    book.add(Notice("vague", NoticeKind.CORRECTION, f"{FIRST.body} Nobody was killed.", by="desk", at=NOW))
    store.remove("copy")
    assert {"first", "vague"} <= {quote.source.article_id for quote in ask(store, encoder).citations}
