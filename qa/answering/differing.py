"""What sources say differently, and that they agree, in the software's own words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from qa.domain.archive import long_date
from qa.domain.claims import ClaimKind
from qa.domain.replies import Agreement, Conflict, Party

DIFFER = "The sources differ"
ITSELF = "the report itself"
MOST = 6
"""Different sayings that the sentence names; the table has all."""

_COUNTS = ("none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")
_SAID_BY_THE_NOUN = {
    ClaimKind.VOTED.value,
    ClaimKind.SEARCHED.value,
    ClaimKind.WARRANTED.value,
    ClaimKind.ATTENDED.value,
}
"""Kinds that need no word where the thing counted says them: votes, searches."""


def conflict_sentence(conflict: Conflict) -> str:
    """Who says what, once for each thing said, in order of publication."""
    sayings: dict[str, list[Party]] = {}
    for party in conflict.parties:
        sayings.setdefault(party_words(party, conflict.about), []).append(party)
    parts = [f"{words} ({_credits(held)})" for words, held in list(sayings.items())[:MOST]]
    return f"{DIFFER}: {'; '.join(parts)}."


def party_words(party: Party, about: str) -> str:
    """What one source says, such as "about 500 expected", "29 searches" or "judicial co-operation"."""
    if isinstance(party.value, str) and party.kind is None:
        return party.said
    if party.kind is None or party.kind in _SAID_BY_THE_NOUN:
        noun = party.kind if party.kind == ClaimKind.WARRANTED.value else about
        return f"{party.said} {noun}"
    return f"{party.said} {party.kind}" if about == "people" else f"{party.said} {about} {party.kind}"


def agreement_sentence(agreement: Agreement) -> str:
    """How many independent sources say what the answer says first."""
    count = _COUNTS[agreement.independent] if agreement.independent < len(_COUNTS) else str(agreement.independent)
    return f"{count.capitalize()} independent sources say so: {agreement.said}."


def row_lines(conflict: Conflict) -> Iterator[str]:
    """The table as lines of text: date, what is said, by whom, where, and the words."""
    for party in conflict.parties:
        if party.source.correction:
            yield f"    {party.source.correction.lead}: {party.source.correction.text}"
        speaker = f"{party.speaker}, in: " if party.speaker else ""
        told = (
            f"{long_date(party.source.published)}: {party_words(party, conflict.about)}. {speaker}{party.quote.credit}"
        )
        yield f"  – {told}: “{party.quote.text}”{copies_words(party)}"


def copies_words(party: Party) -> str:
    """Which copies a row stands for; empty where it stands for itself."""
    return f" (also, as copies: {'; '.join(one.credit for one in party.copies)})" if party.copies else ""


def _credits(held: Iterable[Party]) -> str:
    first, *others = held
    credit = first.source.credit
    credit = credit[0].lower() + credit[1:] if credit.startswith("Summary") else credit
    more = f" and {len(others)} more" if others else ""
    return f"{first.speaker}, in: {credit}{more}" if first.speaker else f"{credit}{more}"
