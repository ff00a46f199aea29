"""Questions to ask next: each is answered when it is asked."""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import pytest

from qa.answering.suggesting import Reading, drafts, subject_of
from qa.archive import suggestions
from qa.archive.archive import MOST_SUGGESTED
from qa.archive.suggestions import MOST_PREPARED, Kept, Suggestions, made_by
from qa.cli.serving import repeated
from qa.errors import NotFound
from qa.i18n.locale import locales, use_locale
from qa.models.replies import Answer, Citation, Intent, Question, Refusal, Reply, Statement
from qa.settings import Settings
from qa.store.document_store import CatalogueStore
from qa.store.entries import adapter
from qa.text.annotating import annotate
from qa.text.entities import fold_text
from qa.text.language import language_of
from tests.archives import Archives, Prepared
from tests.fakes import FakeEncoder, article, indexed
from tests.retrieval.conftest import store

__all__ = ["store"]

DAY = date(2005, 3, 16)
STORM = (
    article("one", "In Hurricane Mitch 12 people were killed on 3 May 2005. Rosa Peña led the rescue.", published=DAY),
    article("two", "Hurricane Mitch came ashore on 3 May 2005, and Rosa Peña was there.", published=DAY),
    article("suspect", "Juan Roca was arrested. Juan Roca denied it.", published=DAY),
    article("suspect too", "Juan Roca was arrested on Friday.", published=DAY),
)


@pytest.fixture(scope="module")
def demo(archives: Archives) -> Prepared:
    prepared = archives.demo()
    prepared.archive.suggested.refresh()
    return prepared


def test_questions_are_drafted_from_what_articles_have_in_common() -> None:
    readings = [(report, annotate(report)) for report in STORM]
    questions = drafts(readings, limit=20)
    assert "What happened in Hurricane Mitch?" in questions
    assert "How many people were killed in Hurricane Mitch?" in questions
    assert "What happened on 3 May 2005?" in questions
    assert any("Rosa Peña" in question for question in questions)
    assert not any("Roca" in question for question in questions), "who was arrested isn't asked about by name"
    with use_locale("es"):
        spanish = drafts(readings, limit=20)
    assert "¿Qué sucedió en Hurricane Mitch?" in spanish
    assert not any("Rosa Peña" in question for question in spanish), "no article in that language has the name"
    assert len(drafts(readings, limit=2)) == 2
    assert drafts([], limit=20) == []


def test_each_is_answered_when_it_is_asked(demo: Prepared) -> None:
    for tag in locales():
        questions = demo.archive.suggested.first(tag, limit=MOST_PREPARED)
        assert len(questions) >= 4
        for question in questions:
            reply = demo.archive.ask(Question(question, locale=tag))
            assert isinstance(reply, Answer), question
            assert reply.clear, question


def test_the_start_page_offers_them_in_its_language(demo: Prepared) -> None:
    assert len(demo.archive.examples("en")) == 4
    assert all(question.startswith(("¿", "Hábleme")) for question in demo.archive.examples("es"))


def test_none_was_asked_before(demo: Prepared) -> None:
    asked = list[str]()
    reply: Reply = demo.archive.ask("How many people were arrested in Spain?")
    for _turn in range(4):
        offered = demo.archive.suggestions(reply, asked=asked)
        assert len(offered) == len(set(offered)) <= MOST_SUGGESTED
        assert not {fold_text(question) for question in offered} & {fold_text(q) for q in [*asked, reply.question.text]}
        asked.append(reply.question.text)
        if offered:
            reply = demo.archive.ask(offered[0])
    assert len(asked) == 4


@pytest.mark.parametrize(
    ("asked", "same"),
    [
        ("¿Qué pasó en marzo de 2005?", "¿Qué hechos hubo en marzo de 2005?"),
        ("¿Quién es José Antonio Alonso?", "Hábleme de José Antonio Alonso."),
        ("Who is Múgica?", "Tell me about Enrique Múgica."),
        ("Summarise Operation Cerbero", "What happened in Operación Cerbero?"),
        ("How many arrests did Operación Azahar lead to?", "How many people were arrested in Operación Azahar?"),
    ],
)
def test_none_asks_again_in_other_words(demo: Prepared, asked: str, same: str) -> None:
    locale = language_of(same)
    assert same in demo.archive.suggested.first(locale, limit=MOST_PREPARED)
    reply = demo.archive.ask(Question(asked, locale=locale))
    assert same not in demo.archive.suggestions(reply)
    other = demo.archive.ask(Question("How many people were arrested in Spain?", locale=locale))
    assert same not in demo.archive.suggested.after(other, asked=[asked], limit=MOST_PREPARED)


def test_the_same_is_asked_of_something_else() -> None:
    count = subject_of("How many people were arrested in Operación Azahar?", Intent.FACT)
    assert count
    assert count == subject_of("¿Cuántos detenidos hubo en la Operación Azahar?", Intent.FACT)
    others = (
        ("How many people were arrested in Operación Cerbero?", Intent.FACT),
        ("How many people were arrested in France in Operación Azahar?", Intent.FACT),
        ("How many people were convicted in Operación Azahar?", Intent.FACT),
        ("What happened in Operación Azahar?", Intent.OVERVIEW),
    )
    for question, intent in others:
        other = subject_of(question, intent)
        assert other
        assert not count.is_that_of(other), question
    assert subject_of("Where were people arrested in Operación Azahar?", Intent.FACT) is None
    assert subject_of("What is this about?", Intent.OVERVIEW) is None


def test_the_nearest_come_first(demo: Prepared) -> None:
    offered = demo.archive.suggestions(demo.archive.ask("How many people were arrested in Operación Azahar?"))
    assert "Azahar" in offered[0]
    reply = demo.archive.ask("How many were arested in operacion azahr?")
    assert "How many people were arrested in Operación Azahar?" not in demo.archive.suggestions(reply)


def test_a_refusal_is_followed_by_none(demo: Prepared) -> None:
    reply = demo.archive.ask("What is the price of a pound of pears in Tonga?")
    assert isinstance(reply, Refusal)
    assert demo.archive.suggestions(reply) == ()
    assert demo.archive.reply_json(reply, id="q", seconds=0.1)["suggestions"] == []


def test_none_is_left_without_its_articles(store: CatalogueStore) -> None:
    store.put(indexed(STORM))

    suggested = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question))
    suggested.refresh()
    before = suggested.first("en", limit=MOST_PREPARED)
    assert any("Mitch" in question for question in before)
    for name in ("one", "two"):
        store.remove(name)
        with pytest.raises(NotFound):
            store.article(name)
    assert suggested.first("en", limit=MOST_PREPARED) == []


def test_what_is_kept_is_offered_and_nothing_is_asked(store: CatalogueStore) -> None:
    store.put(indexed(STORM))
    made = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question), made_by="this version")
    kept = made.made(seconds=60, progress=lambda count: None)
    store.keep_questions(adapter(Kept).dump_json(kept).decode(), state=kept.state)
    served = Suggestions(store, FakeEncoder(), ask=unasked, made_by="this version")
    assert served.first("en", limit=4) == []
    served.refresh()
    for tag in locales():
        assert len(served.first(tag, limit=4)) == 4
    assert served.after(quoting_one(store, Question("Who led the rescue?")), asked=(), limit=1)
    assert restored(store, made_by="this version")
    assert not restored(store, made_by="another")
    store.set_meta(questions="{")
    assert not restored(store, made_by="this version")


def restored(store: CatalogueStore, *, made_by: str) -> list[str]:
    suggested = Suggestions(store, FakeEncoder(), ask=unasked, made_by=made_by)
    suggested.restore()
    return suggested.first("en", limit=4)


def test_what_is_kept_of_another_state_is_offered_until_others_are_made(store: CatalogueStore) -> None:
    store.put(indexed(STORM[:2]))
    suggested = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question))
    kept = suggested.made(seconds=60, progress=lambda count: None)
    store.keep_questions(adapter(Kept).dump_json(kept).decode(), state=kept.state)
    store.put(indexed([article("koala", "Operation Koala began.", published=DAY), article("k", "Operation Koala.")]))
    suggested.restore()
    of_former = suggested.first("en", limit=MOST_PREPARED)
    assert of_former
    assert not any("Koala" in question for question in of_former)
    suggested.refresh()
    assert any("Koala" in question for question in suggested.first("en", limit=MOST_PREPARED))
    suggested.restore()
    assert suggested.first("en", limit=MOST_PREPARED) != of_former


def test_what_is_made_depends_on_the_words_of_the_policy_and_on_the_models(tmp_path: Path) -> None:
    policy = tmp_path / "policy.yaml"
    policy.write_text("decline: []")
    settings = Settings(policy=str(policy))
    before = made_by(settings, encoder="e5")
    assert before == made_by(settings, encoder="e5")
    others = (made_by(settings, encoder="another"), made_by(Settings(policy="off"), encoder="e5"))
    assert before not in (*others, made_by(Settings(policy=str(policy), precision="float32"), encoder="e5"))
    policy.write_text("decline: [all]")
    assert before != made_by(settings, encoder="e5")


def test_a_language_that_there_was_no_time_for_is_made_where_the_archive_is_served(store: CatalogueStore) -> None:
    store.put(indexed(STORM))
    suggested = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question))
    kept = suggested.made(seconds=0, progress=lambda count: None)
    assert kept.questions == {}
    store.keep_questions(adapter(Kept).dump_json(kept).decode(), state=kept.state)
    suggested.refresh()
    assert suggested.first("en", limit=1)
    assert suggested.first("es", limit=1)


def test_reading_and_drafting_take_no_time_from_asking(store: CatalogueStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.put(indexed(STORM))
    clock = [0.0]

    def slowly(readings: Sequence[Reading], *, limit: int) -> list[str]:
        clock[0] += 100
        return drafts(readings, limit=limit)

    monkeypatch.setattr(suggestions, "drafts", slowly)
    monkeypatch.setattr(suggestions.time, "thread_time", lambda: clock[0])
    suggested = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question))
    questions = suggested.made(seconds=60, progress=lambda count: None).questions
    assert questions["en"]
    assert questions["es"]


def unasked(question: Question) -> Reply:
    raise AssertionError(f"{question.text} was asked")


def quoting_one(store: CatalogueStore, question: Question) -> Reply:
    """An answer that quotes the first report."""
    source = store.article("one").source
    text = "Rosa Peña led the rescue."
    start = store.article("one").body.index(text)
    return Answer(question, (Statement(text, (Citation(1, source, start, start + len(text), text),)),))


def test_they_are_prepared_in_the_background_and_anew_as_articles_come(store: CatalogueStore) -> None:
    store.put(indexed(STORM[:1]))
    suggested = Suggestions(store, FakeEncoder(), ask=lambda question: quoting_one(store, question))
    with repeated(suggested.refresh, every=0.05):
        store.put(indexed(STORM))
        until = time.monotonic() + 20
        while not suggested.first("es", limit=1) and time.monotonic() < until:
            time.sleep(0.05)
        assert suggested.first("es", limit=1)
