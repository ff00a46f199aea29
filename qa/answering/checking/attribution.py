"""What a source has from somebody, a paper too, isn't told as a fact, nor as from somebody else."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from qa.answering.checking import markers
from qa.answering.checking.finding import Finding
from qa.answering.checking.speakers import ARTICLES, LOOSE, REPORT, Speaker, speakers
from qa.answering.checking.witness import Witness
from qa.answering.checking.wording import Wording
from qa.answering.checking.words import Word


def attribution(sentence: Wording, witnesses: Sequence[Witness]) -> Iterator[Finding]:
    """Speakers that no source gives, and statements of a speaker told as facts."""
    own = speakers(sentence)
    for speaker in own:
        if not any(_allowed(speaker, one) for one in witnesses):
            name = " ".join(word.text for word in speaker.words)
            yield Finding(f"No source has it from {name}.")
            return
    for one in witnesses:
        theirs = speakers(one.said)
        reporting = [speaker for speaker in theirs if _is_own(speaker, one)]
        said_by = [speaker for speaker in theirs if not speaker.acts and speaker not in reporting]
        if any(_same(speaker, mine) for speaker in said_by for mine in own) or _mentions(sentence, said_by):
            continue
        if any(_stands_for(mine, theirs) for mine in own):
            continue
        if _SAID_IT.search(sentence.lower) and any(sentence.has(word) for who in said_by for word in who.words):
            continue
        if said_by:
            name = " ".join(word.text for word in said_by[0].words)
        elif reporting and not own and not _credits(sentence, one):
            name = one.ground.source.summarises or one.ground.source.outlet
        else:
            continue
        if _rests_on(sentence, one, witnesses):
            yield Finding(f"The source has it from {name}, and the sentence tells it as a fact.", grave=False)
            return


def _credits(sentence: Wording, witness: Witness) -> bool:
    """Whether the sentence names the outlet, or speaks of the report, without a word of saying that is known."""
    return any(
        (word.folded in REPORT and word.folded not in _OTHER_THINGS)
        or (word.is_capital and word.folded not in ARTICLES and witness.credit.has(word))
        for word in sentence.words
        if not sentence.in_date(word)
    )


_OTHER_THINGS = frozenset("site account station piece text medio fuentes sources agencia texto".split())  # noqa: SIM905
"""Names of a report that are names of other things as often."""


def _allowed(speaker: Speaker, witness: Witness) -> bool:
    """Whether a source gives a speaker: it is the report itself, or somebody whom it names as saying or doing it."""
    theirs = speakers(witness.said)
    if _stands_for(speaker, theirs) or (_is_loose(speaker) and any(witness.said.has(word) for word in speaker.words)):
        return True
    if speaker.is_report and not any(word.is_capital and not _named(word, witness) for word in speaker.words):
        return True
    if _is_own(speaker, witness):
        named = [one for one in theirs if _is_own(one, witness) and any(word.is_capital for word in one.words)]
        return not named or any(_same(speaker, one) for one in named)
    if len({one.denies for one in theirs}) > 1:  # one says it and another denies it
        theirs = [one for one in theirs if one.denies == speaker.denies]
    return (
        any(_same(speaker, one) for one in theirs)
        or (speaker.acts and _acts(speaker, witness))
        or _said_otherwise(speaker, witness)
        or _begins_with(speaker, witness)
    )


_COMMON = frozenset(
    """
    company firm group corporation organisation organization body airline maker producer owner lender insurer carrier
    empresa compañía grupo organismo organización aerolínea firma
    """.split()  # noqa: SIM905
)
"""What an organisation that has a name is called when it is named again."""


def _stands_for(speaker: Speaker, theirs: Sequence[Speaker]) -> bool:
    """Whether "the company" is the one that a source names as its only speaker."""
    common = all(word.folded in _COMMON or any(key.startswith("@") for key in word.keys) for word in speaker.words)
    return common and len(theirs) == 1 and any(word.is_capital for word in theirs[0].words)


def _is_loose(speaker: Speaker) -> bool:
    return all(word.folded in LOOSE for word in speaker.words)


def _named(word: Word, witness: Witness) -> bool:
    return witness.credit.has(word) or witness.said.has(word)


def _acts(speaker: Speaker, witness: Witness) -> bool:
    return any(witness.said.has(word) for word in speaker.words)


def _begins_with(speaker: Speaker, witness: Witness) -> bool:
    """Whether a source's sentence begins with the speaker, all words of it, before its word of saying."""
    mark = next(iter(witness.said.marks(_SAYING)), None)
    begin = [word for word in witness.said.words if mark and word.end <= mark.start]
    if not begin or not any(word.meets(begin[0]) for word in speaker.words):
        return False
    return all(any(word.meets(own) for own in begin) for word in speaker.words)


_SAYING = markers.any_of(markers.SAYING)
_OTHER_SAYING = markers.any_of(
    r"\w*(?:asked|ask|asks|stressed|added|recommended|recommends|proposed|proposes|wanted|wants|expected|expects|called|decided|agreed|announced|offered|"
    r"ofreció|explicó|recomend\w+|propus\w+|pid\w+|acord\w+|expect\w*|statement|led|leads|comunicado|replied|answered|provides|held|suspects?|suspected)"
)


def _said_otherwise(speaker: Speaker, witness: Witness) -> bool:
    """Whether a source names the speaker right before another word by which something is uttered."""
    for mark in witness.said.marks(_OTHER_SAYING):
        near = witness.said.before(mark, most=3)
        if any(word.meets(other) for word in speaker.words for other in near):
            return True
    return False


def _is_own(speaker: Speaker, witness: Witness) -> bool:
    """Whether the report itself, its outlet or the publication that it sums up, is meant."""
    capitals = [word for word in speaker.words if word.is_capital and word.folded not in ARTICLES]
    if not capitals or not any(witness.credit.has(word) for word in capitals):
        return speaker.is_report and all(any(key.startswith("@") for key in word.keys) for word in capitals)
    strange = [word for word in capitals if not witness.credit.has(word)]
    return len(strange) <= len(capitals) // 3


def _same(one: Speaker, other: Speaker) -> bool:
    own, theirs = _names_of(one), _names_of(other)
    if own and theirs and not any(word.meets(another) for word in own for another in theirs):
        return False
    shared = [word for word in one.words if any(word.meets(own) for own in other.words)]
    telling, others = ([word for word in who.words if word.folded not in LOOSE] for who in (one, other))
    return bool(shared) and (not telling or not others or any(word in telling for word in shared))


def _names_of(speaker: Speaker) -> list[Word]:
    """The words of a speaker that are no common ones, nor a country's."""
    kept = [word for word in speaker.words if word.is_capital and word.folded not in _KINDS_OF_FIRM]
    return [word for word in kept if not any(key[0] in "@=" for key in word.keys)]


_KINDS_OF_FIRM = frozenset("inc corp co ltd plc sa ag group holding holdings".split())  # noqa: SIM905


_SAID_IT = markers.any_of(rf"(?:it|he|she|they|él|ella|ellos) (?:{markers.SAYING})")
"""Said by whom the sentence names elsewhere."""
_CHARGES = markers.any_of(
    r"figures|data|statistics|surveys?|polls?|study|studies|cifras|datos|encuesta|estudio|charges?|claims?|allegations?|accusations?|statements?|views?|accounts?|warnings?|forecasts?|opinions?"
    r"|acusaci[oó]n|denuncia|declaraci[oó]n|versi[oó]n|opini[oó]n"
)


def _mentions(sentence: Wording, said_by: Sequence[Speaker]) -> bool:
    """Whether the sentence gives it as somebody's claim: "the villagers' charge"."""
    for mark in sentence.marks(_CHARGES):
        near = sentence.around(mark, most=3)
        if any(word.meets(own) for speaker in said_by for word in speaker.words for own in near):
            return True
    return False


def _rests_on(sentence: Wording, witness: Witness, witnesses: Sequence[Witness]) -> bool:
    """Whether something of the sentence stands in this source and in none that tells it by itself."""
    others = [one for one in witnesses if one is not witness and not _has_speaker(one)]
    own = [word for word in sentence.content if witness.said.has(word)]
    return any(not any(one.said.has(word) for one in others) for word in own)


def _has_speaker(witness: Witness) -> bool:
    return any(not speaker.acts or _is_own(speaker, witness) for speaker in speakers(witness.said))
