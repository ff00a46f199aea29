"""The forms of English verbs, as far as questions are turned about: "Who proposed it?", "When was it proposed?"."""

from __future__ import annotations

from functools import cache

_IRREGULAR = """
    be was been, become became become, begin began begun, break broke broken, bring brought brought, build built
    built, buy bought bought, catch caught caught, choose chose chosen, come came come, cost cost cost, cut cut
    cut, deal dealt dealt, do did done, draw drew drawn, drive drove driven, fall fell fallen, find found found,
    fly flew flown, forbid forbade forbidden, get got got, give gave given, go went gone, grow grew grown, have
    had had, hear heard heard, hide hid hidden, hit hit hit, hold held held, keep kept kept, know knew known, lay
    laid laid, lead led led, leave left left, lend lent lent, let let let, lose lost lost, make made made, mean
    meant meant, meet met met, pay paid paid, put put put, read read read, rise rose risen, run ran run, say said
    said, see saw seen, seek sought sought, sell sold sold, send sent sent, set set set, show showed shown, shut
    shut shut, sit sat sat, speak spoke spoken, spend spent spent, spread spread spread, stand stood stood, steal
    stole stolen, strike struck struck, take took taken, teach taught taught, tell told told, think thought
    thought, throw threw thrown, understand understood understood, uphold upheld upheld, win won won, withdraw
    withdrew withdrawn, write wrote written
"""
"""Base, past and participle."""

_REGULAR = """
    abolish abstain accept accuse acquit act add address adopt agree allow amend announce annul appeal apply
    appoint approve arrest ask attack attend authorise authorize back ban belong blame block book call carry cause
    challenge change charge check cite claim clear close collapse compare complain complete concern contain condemn
    conduct confirm convict cooperate count cover create criticise criticize damage decide declare defend delay
    demand deny depend describe destroy detain develop die direct discover discuss dismiss distribute earn elect
    employ end enter establish estimate examine exchange expect explain express face fail file fine follow force
    found fund happen help identify impose include inform injure inspect interfere introduce investigate involve
    issue join judge jail last launch link live locate look lower monitor move name need notify object oblige
    observe obtain occur offer open operate oppose order organise organize oversee own participate pass permit
    persuade plan play police possess prevent propose prosecute prove provide publish punish raid raise reach
    receive recommend record refer refuse regulate reject release remain remove repeal replace report represent
    request require resign respond return review ruin rule save search seem seize sentence serve settle share sign
    start stay stop store stress suffer suggest supervise support surround suspect suspend tighten trace transfer
    transpose travel treat try turn use visit vote want warn watch work
"""

_NO_VERB = frozenset(["hundred", "indeed", "need", "speed", "red", "united", "alleged", "so-called", "bed"])


def _forms() -> list[tuple[str, str, str]]:
    return [(base, past, participle) for base, past, participle in (line.split() for line in _IRREGULAR.split(","))]


@cache
def _pasts() -> dict[str, str]:
    """Base to past."""
    return {base: past for base, past, _ in _forms()} | {base: _with_ed(base) for base in _REGULAR.split()}


@cache
def _participles() -> dict[str, str]:
    """Base to participle."""
    return {base: participle for base, _, participle in _forms()} | {base: _with_ed(base) for base in _REGULAR.split()}


@cache
def _bases() -> dict[str, str]:
    """Past or participle to base."""
    return {form: base for table in (_participles(), _pasts()) for base, form in table.items()}


def _with_ed(base: str) -> str:
    if base.endswith("e"):
        return f"{base}d"
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ied"
    doubled = base in ("ban", "stop", "plan", "permit", "refer", "acquit", "transfer", "occur")
    return f"{base}{base[-1]}ed" if doubled else f"{base}ed"


def is_base(word: str) -> bool:
    return word.lower() in _pasts()


def is_past(word: str) -> bool:
    """Whether a word may be a verb in the past; any word in -ed but those known to be none."""
    plain = word.lower()
    return (plain in _bases() and plain in _pasts().values()) or _ends_so(plain)


def is_third(word: str) -> bool:
    """Whether a word may be a verb of the present, in -s."""
    plain = word.lower()
    return plain not in _pasts() and plain not in _bases() and base_of(plain) is not None


def is_participle(word: str) -> bool:
    plain = word.lower()
    return plain in _participles().values() or _ends_so(plain)


def _ends_so(plain: str) -> bool:
    return len(plain) > 4 and plain.endswith("ed") and plain.isalpha() and plain not in _NO_VERB


def base_of(form: str) -> str | None:
    """The base of a past, a participle or a form in -s; None for verbs that aren't known here."""
    plain = form.lower()
    if plain in _pasts():
        return plain
    endings = (plain.removesuffix("s"), plain.removesuffix("es"), f"{plain.removesuffix('ies')}y")
    return _bases().get(plain) or next((base for base in endings if base in _pasts()), None)


def participle_of(form: str) -> str | None:
    """The participle of any form; None for verbs that aren't known here."""
    base = base_of(form)
    return _participles()[base] if base else (form.lower() if _ends_so(form.lower()) else None)


def inflected(base: str, auxiliary: str) -> str | None:
    """What "did find" and "does find" are without their auxiliary; None for verbs that aren't known here."""
    if base.lower() not in _pasts():
        return None
    if auxiliary.lower() == "did":
        return _pasts()[base.lower()]
    if auxiliary.lower() == "do":
        return base.lower()
    if base.endswith("y") and base[-2] not in "aeiou":
        return f"{base[:-1]}ies"
    return {"have": "has", "be": "is"}.get(base) or base + ("es" if base.endswith(("s", "sh", "ch", "x", "o")) else "s")
