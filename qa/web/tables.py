"""What sources say differently, as tables a screen reader can read and a phone can show."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from qa.answering.conflicts.naming import caption
from qa.answering.differing import DIFFER, ITSELF, conflict_sentence, party_words
from qa.i18n.locale import _
from qa.i18n.sources import credit, quote_credit
from qa.models.archive import Source
from qa.models.replies import Answer, Conflict, Party
from qa.web.anchors import article_link
from qa.web.quoting import Piece, pieces


@dataclass(frozen=True, slots=True)
class Row:
    """What one source says: in a few words, and in its own, which `href` opens in their place."""

    says: str
    who: str
    source: Source
    credit: str
    pieces: tuple[Piece, ...]
    href: str
    copies: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """A conflict as shown: that sources differ, in a sentence, and who says what."""

    lead: str
    sentence: str
    caption: str
    rows: tuple[Row, ...]


def tables(answer: Answer, places: Mapping[int, int]) -> Iterator[Table]:
    """One for each conflict; `places` gives the sentence of its article for each quote's number."""
    for conflict in answer.conflicts:
        rows = tuple(_row(party, conflict, places) for party in conflict.parties)
        differ = _(DIFFER)
        sentence = conflict_sentence(conflict).removeprefix(differ)
        yield Table(differ, sentence, caption(conflict.about, conflict.scope), rows)


def _row(party: Party, conflict: Conflict, places: Mapping[int, int]) -> Row:
    quote = party.quote
    place = places.get(quote.number)
    href = article_link(quote.source.article_id, quoted=[] if place is None else [place], at=place)
    copies = tuple(map(credit, party.copies))
    words = party_words(party, conflict.about)
    who = party.speaker or _(ITSELF)
    return Row(words, who, quote.source, quote_credit(quote), tuple(pieces(quote)), href, copies)
