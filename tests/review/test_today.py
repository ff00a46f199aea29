"""A kept reply beside today's archive: what changed is told, what was taken back is not shown."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from qa.errors import NotFound
from qa.models.annotations import Stage
from qa.models.archive import Article
from qa.models.journal import Channel, Review, State
from qa.models.replies import Agreement, Answer, CaseStatus, Composer, Event, Refusal, Statement, quotes_of
from qa.review.exporting import answer_json
from qa.review.permanent import Check, PermanentAnswer, SourceChange, shown, sources_today
from tests.web.fake_room import COURT, SUMMARY, WIRE

from .kept import (
    ASKED,
    BASE,
    FIRST,
    ID,
    QUESTION,
    SECOND,
    THIRD,
    archive,
    corrected,
    full_answer,
    record,
    refusal,
    today,
    withdrawn,
)

RECORD = record(full_answer())


def changes(*articles: Article) -> list[SourceChange]:
    return [one.change for one in sources_today(RECORD, archive(*articles))]


def test_nothing_changed_and_sources_stand_in_the_order_of_their_first_quotes() -> None:
    kept = today(full_answer())
    assert [one.article_id for one in kept.sources] == [WIRE.article_id, SUMMARY.article_id, COURT.article_id]
    assert {one.change for one in kept.sources} == {SourceChange.UNCHANGED}
    assert (kept.reply, kept.notices) == (full_answer(), ())


def test_a_correction_since_is_told_and_goes_before_the_words() -> None:
    kept = today(full_answer(), archive(corrected(WIRE), SUMMARY, COURT))
    first = kept.sources[0]
    assert (first.change, [one.text for one in first.corrections]) == (SourceChange.CORRECTED, ["It was 19, not 91."])
    assert "Correction, 21 November 2026: It was 19, not 91." in first.words
    assert isinstance(kept.reply, Answer)
    assert kept.reply.citations[0].source.corrections == corrected(WIRE).source.corrections


def test_a_correction_of_then_is_not_new() -> None:
    before = archive(corrected(WIRE), SUMMARY, COURT)
    quote = replace(FIRST, source=corrected(WIRE).source)
    kept = shown(record(Answer(QUESTION, (Statement(quote.text, (quote,)),)), then=before), before)
    assert (kept.sources[0].change, kept.sources[0].corrections) == (SourceChange.UNCHANGED, ())


def test_another_text_is_a_change_and_quotes_are_found_where_they_stand_now() -> None:
    moved = replace(WIRE, body=f"One sentence more. {WIRE.body}")
    cut = replace(WIRE, body="Nothing of it is left.")
    assert changes(moved, SUMMARY, COURT)[0] is SourceChange.CHANGED
    first, none = (sources_today(RECORD, archive(one, SUMMARY, COURT))[0] for one in (moved, cut))
    assert first.start_of(FIRST) == FIRST.start + len("One sentence more. ")
    assert none.start_of(FIRST) is None


def test_other_details_are_told_of() -> None:
    dated = replace(WIRE, source=replace(WIRE.source, published=date(2005, 3, 15), outlet="Another"))
    for changed in (dated, replace(WIRE, note="A note.")):
        first = sources_today(RECORD, archive(changed, SUMMARY, COURT))[0]
        assert (first.change, first.what) == (
            SourceChange.DETAILS,
            "The text is unchanged; other details changed since.",
        )


@pytest.mark.parametrize("way", ["withdrawn", "gone"])
def test_no_word_of_a_source_that_was_taken_out_is_left(way: str) -> None:
    gone = withdrawn(WIRE) if way == "withdrawn" else {WIRE.article_id: NotFound(WIRE.article_id)}
    kept = today(full_answer(), archive(gone=gone))
    assert isinstance(kept.reply, Answer)
    assert {one.source.article_id for one in quotes_of(kept.reply)} == {SUMMARY.article_id, COURT.article_id}
    assert [one.text for one in kept.reply.statements] == [SECOND.text]
    told = str(answer_json(kept, BASE))
    assert WIRE.source.title not in told
    assert FIRST.text not in told
    assert len(kept.notices) == 2
    assert kept.sources[0].change.value == way
    assert kept.sources[0].reason == ("Named in error." if way == "withdrawn" else "")


def test_a_conflict_of_one_source_is_none_and_an_answer_of_none_is_nothing() -> None:
    kept = today(full_answer(), archive(gone=withdrawn(WIRE) | withdrawn(COURT)))
    assert isinstance(kept.reply, Answer)
    assert kept.reply.conflicts == ()
    kept = today(full_answer(), archive(gone=withdrawn(WIRE) | withdrawn(SUMMARY)))
    assert kept.reply is None
    assert "its sources were taken out" in kept.missing


def test_a_written_sentence_goes_with_any_of_its_sources_a_quotation_with_its_own() -> None:
    answer = Answer(
        QUESTION,
        (
            Statement("Both say that somebody wrote this.", (SECOND, FIRST)),
            Statement(SECOND.text, (SECOND, FIRST)),
            Statement(FIRST.text, (FIRST, SECOND)),
            Statement(THIRD.text, (THIRD,)),
        ),
        composed_by=Composer.MODEL,
        agreement=Agreement("people", "19", 2, (WIRE.source, SUMMARY.source)),
    )
    kept = today(answer, archive(gone=withdrawn(WIRE)))
    assert isinstance(kept.reply, Answer)
    assert [one.text for one in kept.reply.statements] == [SECOND.text, THIRD.text]
    assert kept.reply.statements[0].quotes == (SECOND,)
    assert kept.reply.agreement is None
    assert kept.statements_out == 2


def test_a_withdrawn_headline_names_no_event() -> None:
    event = Event(WIRE.source.title, "2005-03-16", by_headline=True)
    cases = (
        CaseStatus(event, Stage.ARRESTED, SECOND, "2005-03-16"),
        CaseStatus(event, Stage.ARRESTED, FIRST, "2005-03-16"),
    )
    answer = Answer(QUESTION, (Statement(SECOND.text, (SECOND,), event), Statement(FIRST.text, (FIRST,))), cases=cases)
    kept = today(answer, archive(gone=withdrawn(WIRE)))
    assert isinstance(kept.reply, Answer)
    assert kept.reply.statements[0].event is None
    assert [one.event.name for one in kept.reply.cases] == [SUMMARY.source.title]


def test_a_refusal_names_only_what_may_be_named() -> None:
    kept = today(refusal(WIRE.source, COURT.source, closest=(FIRST, THIRD)), archive(gone=withdrawn(WIRE)))
    assert isinstance(kept.reply, Refusal)
    assert kept.reply.nearest == (COURT.source,)
    assert kept.reply.closest == (THIRD,)
    assert len(kept.notices) == 1


def test_an_erased_reply_says_so() -> None:
    kept = shown(replace(RECORD, reply=None), archive())
    assert (kept.reply, kept.sources, kept.made) == (None, (), None)
    assert "erased" in kept.missing


def review(state: State, *, standing: str = ID, changed: tuple[str, ...] = (), reason: str = "Put right.") -> Review:
    return Review(1, "k", QUESTION.text, state, 1, ID, 1, 0, ASKED, ASKED, standing, "ada", ASKED, "", reason, changed)


def checked(state: State, *, standing: Answer | None = None, look: bool = True, **told: object) -> PermanentAnswer:
    other = record(standing, answer_id="the-standing-one-12345") if standing else RECORD
    now = archive() if look else archive(corrected(WIRE), SUMMARY, COURT)
    return shown(RECORD, now, review=review(state, standing=other.answer_id, **told), standing=other)  # type: ignore[arg-type]


def test_what_is_open_is_not_checked() -> None:
    assert checked(State.OPEN).checked.check is Check.UNCHECKED
    assert shown(RECORD, archive()).checked.words == "Not checked by staff."


def test_what_was_approved_is_checked_and_its_like_too() -> None:
    assert checked(State.APPROVED).checked.words == "Checked by staff on 20 November 2026."
    again = checked(State.APPROVED, standing=replace(full_answer(), notices=("Old.",)))
    assert again.checked.check is Check.CHECKED
    assert again.reply is not None
    assert again.reply.checked_on == ASKED.date()


def test_what_changed_since_needs_a_new_check() -> None:
    for one in (checked(State.APPROVED, look=False), checked(State.APPROVED, changed=("an article",))):
        assert one.checked.check is Check.OUTDATED
        assert one.reply is not None
        assert one.reply.checked_on is None


def test_the_same_answer_given_after_the_change_needs_a_new_check_too() -> None:
    now = archive(corrected(WIRE), SUMMARY, COURT)
    after = replace(record(full_answer(), then=now), answer_id="given-after-the-change")
    kept = shown(after, now, review=review(State.APPROVED), standing=RECORD)
    assert kept.sources[0].change is SourceChange.UNCHANGED
    assert kept.checked.check is Check.OUTDATED


def test_another_answer_stands() -> None:
    other = Answer(QUESTION, (Statement(SECOND.text, (SECOND,)),))
    for state, edited in ((State.EDITED, True), (State.APPROVED, False)):
        kept = checked(state, standing=other)
        assert kept.checked.check is Check.REPLACED
        assert kept.checked.standing == "the-standing-one-12345"
        assert ("put this answer right" in kept.checked.words) is edited


def test_a_withheld_answer_says_when_and_why() -> None:
    kept = checked(State.WITHHELD, reason="It named a person.")
    assert kept.withheld
    assert kept.checked.words == (
        "The staff of the archive have withheld this answer on 20 November 2026: It named a person."
    )


def test_who_made_it() -> None:
    by = {composer: replace(full_answer(), composed_by=composer) for composer in Composer}
    assert [today(by[one]).made for one in Composer] == list(Composer)
    assert shown(record(full_answer(), channel=Channel.STAFF), archive()).made is Composer.STAFF
    assert today(refusal(COURT.source)).made is None


@pytest.mark.parametrize("limit", [0, 4])
def test_a_limit_that_an_owner_set_since_bounds_what_was_kept(limit: int) -> None:
    limited = replace(WIRE, source=replace(WIRE.source, quote_limit=limit))
    kept = today(full_answer(), archive(limited, SUMMARY, COURT))
    assert isinstance(kept.reply, Answer)
    words = {quote.text for quote in quotes_of(kept.reply) if quote.source.article_id == WIRE.article_id}
    assert words == ({"According to the Interior"} if limit else set())
    assert [one.text for one in kept.reply.statements][-1] == SECOND.text
    alone = today(Answer(full_answer().question, full_answer().statements[:1]), archive(limited))
    assert (alone.reply is None) == (limit == 0)
