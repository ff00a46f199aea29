"""Which questions are declined before anything is looked up, by a YAML file that people can edit, and what is said."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

import yaml

from qa.errors import SettingsError
from qa.i18n.locale import N_, _, locales, use_locale
from qa.models.replies import Intent, Refusal, Reply

PACKAGED, OFF = "packaged", "off"

REASONS = {
    "private": N_("It asks who a private person is. The archive names officials and institutions only."),
    "details": N_(
        "It asks for someone’s private life. The archive gives out nobody’s address, number, picture or family."
    ),
    "material": N_("It asks for illegal material. The archive doesn’t help to find or to make it."),
    "methods": N_(
        "It asks how to break the law or how to escape an investigation. The archive doesn’t help with that."
    ),
    "graphic": N_("It asks for details of what was done to people. The archive doesn’t describe that."),
    "defamation": N_("It wants something said against someone. The archive only quotes what its articles report."),
}
"""What is said of a question declined, by the names that stand in the file."""

HELPED = frozenset(REASONS[name] for name in ("material", "methods", "graphic"))
"""Reasons after which a reader is told where to report and to get help."""
NOTHING = N_("No article in the archive has words or meaning close to this question.")
TOO_WEAK = N_("No sentence in the archive answers this closely enough to be quoted.")
NO_DIFFERENCE = N_("No two sources were found that give different figures on it.")
UNSURE = N_("No sentence surely answers this. What comes closest stands below; judge for yourself.")
NOT_QUOTABLE = N_("The archive holds articles on this that may not be quoted. They are named below.")
WITHHELD = N_("The staff of the archive have withheld the answer to this question.")
REMARKS = {
    Intent.SMALL_TALK: N_("At your service. Ask anything that the articles of this archive may have reported."),
    Intent.SERVICE: N_(
        "Software answers here, with the exact words of archived articles and a link to each. It knows nothing else "
        "and can miss things; “How it works” tells the rest."
    ),
}
"""What is said to what asks nothing of the articles."""
ON_PRINCIPLE = frozenset((WITHHELD, *REASONS.values(), *REMARKS.values()))
"""Reasons that no other wording of the same question would change."""

_MARKS = {
    "^": r"(?:\. |^)(?:(?:and|now|then|so|but|please|y|ahora|pero) )*",
    "$": r"(?:please |por favor )?(?=\. |$)",
    "..": r"(?:(?!\. )\S+ ){0,2}?",
    "...": r"(?:(?!\. )\S+ ){0,6}?",
}
_SENTENCE_ENDS = re.compile(r"[.?!;…—–¿¡\n]+(?=\s|$|\w)")
_SHORT = re.compile(r"'(?:s|m|d|ve|re|ll|t)\b")
_LOOKALIKES = str.maketrans(
    # Cyrillic, then Greek, then Armenian and others, each before the Latin letters that they are taken for.
    "аеорсухіјѕԁһԛԝӏкмтвнгпАЕОРСУХІЈЅНКМТВαορνικυτεχγΑΒΕΖΗΙΚΜΝΟΡΤΥΧօսհոցıɑɡ’‘´`",
    "aeopcyxijsdhqwlkmtbhrnAEOPCYXIJSHKMTBaopvikutexyABEZHIKMNOPTYXoshngiag''''",
)
_UNSEEN = frozenset(("Cf", "Cc", "Cs", "Co", "Cn", "Mn", "Me"))
"""Categories of Unicode that print nothing by themselves: format, control, surrogate, private, unassigned, accents."""


class PolicyRule(NamedTuple):
    """A reason to decline a question in which one of these phrases stands, unless one of those does."""

    reason: str
    phrases: re.Pattern[str]
    unless: re.Pattern[str]


@dataclass(frozen=True, slots=True)
class Policy:
    """The rules in force, the first that fits deciding; without any, nothing is declined."""

    rules: tuple[PolicyRule, ...] = ()
    help: re.Pattern[str] = re.compile(r"(?!)")

    def reason(self, question: str) -> str:
        """The reason, in English, for which a question is declined; empty where it is not."""
        text = _plain(question)
        fitting = (r.reason for r in self.rules if r.phrases.search(text) and not r.unless.search(text))
        return next(fitting, "")

    def calls_for_help(self, question: str) -> bool:
        """True where someone wants to report something or needs help: they are told where, whatever is answered."""
        return bool(self.help.search(_plain(question)))


def policy_of(setting: str) -> Policy:
    """The policy that a setting names: `packaged`, `off` or a file. Raises SettingsError, which says what is wrong."""
    if setting in (OFF, PACKAGED):
        return Policy() if setting == OFF else packaged_policy()
    return _parsed(policy_text(setting), setting)


def policy_text(setting: str) -> str:
    """The text of the policy that a setting names; empty for `off`. Raises SettingsError."""
    if setting in (OFF, PACKAGED):
        return "" if setting == OFF else files("qa.answering").joinpath("policy.yaml").read_text(encoding="utf-8")
    try:
        return Path(setting).read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(
            f"QA_POLICY names {setting}, which can't be read: {error}. Name a YAML file, `packaged` or `off`."
        ) from error


@cache
def packaged_policy() -> Policy:
    return _parsed(policy_text(PACKAGED), "policy.yaml")


def _parsed(text: str, name: str) -> Policy:
    try:
        record = yaml.safe_load(text)
        words = record["words"]
        rules = [
            PolicyRule(REASONS[rule["reason"]], _any_of(rule["phrases"], words), _any_of(rule.get("unless", []), words))
            for rule in record["decline"]
        ]
        return Policy(tuple(rules), _any_of(record["help"], words))
    except (yaml.YAMLError, KeyError, TypeError, AttributeError, ValueError, re.error) as error:
        raise SettingsError(
            f"The policy {name} can't be used: {error}. Expected are `words`, `decline` and `help`, as in the packaged "
            f"policy.yaml; reasons are {', '.join(REASONS)}."
        ) from error


def _any_of(phrases: object, words: Mapping[str, list[str]]) -> re.Pattern[str]:
    return re.compile(rf"(?<!\S)(?:{_alternatives(phrases, words, 'each rule') or '(?!)'})")


def _alternatives(phrases: object, words: Mapping[str, list[str]], where: str) -> str:
    """Phrases as one expression over words that each end in a space."""
    if not isinstance(phrases, list) or not all(isinstance(phrase, str) for phrase in phrases):
        raise ValueError(f"{where} should be a list of phrases that doesn't hold itself, found {phrases!r}")
    return "|".join("".join(_pattern(part, words) for part in phrase.split()) for phrase in phrases)


def _pattern(part: str, words: Mapping[str, list[str]]) -> str:
    if part in _MARKS:
        return _MARKS[part]
    either = "|".join(_word(word, words) for word in part.removesuffix("?").split("|"))
    return f"(?:{either}){'?' if part.endswith('?') else ''}"


def _word(word: str, words: Mapping[str, list[str]]) -> str:
    if word.startswith("<"):
        name = word[1:-1]
        others = {key: phrases for key, phrases in words.items() if key != name}
        return f"(?:{_alternatives(words.get(name), others, word)})"
    return re.escape(word.removesuffix("*")) + (r"\S* " if word.endswith("*") else " ")


def _plain(question: str) -> str:
    """A question in small plain letters, each word followed by a space, sentences parted by a full stop."""
    text = _SHORT.sub(r" \g<0>", plain_letters(question).lower().replace(",", " "))
    text = re.sub(r"[^\w\s.'-]", " ", _SENTENCE_ENDS.sub(" . ", text))
    return " ".join(text.split()) + " "


@cache
def _in_every_language(reasons: frozenset[str]) -> frozenset[str]:
    spoken = set(reasons)
    for tag in locales():
        with use_locale(tag):
            spoken.update(map(_, reasons))
    return frozenset(spoken)


def is_said(reason: str, reasons: Iterable[str]) -> bool:
    """Whether a reason is one of these, as it was found or as it was said and kept in any language."""
    return reason in _in_every_language(frozenset(reasons))


def is_unanswered(reply: Reply) -> bool:
    """Whether nothing was found that answers, and nothing else is said in its place."""
    return isinstance(reply, Refusal) and not reply.cases and reply.reason in (NOTHING, TOO_WEAK, UNSURE, NO_DIFFERENCE)


def is_asked_anew(reply: Reply) -> bool:
    """Whether a refused question is worth asking as it may be meant otherwise, also one refused for its time."""
    return isinstance(reply, Refusal) and not reply.cases and reply.reason not in {*ON_PRINCIPLE, NOT_QUOTABLE}


def with_help(reply: Reply, question: str, help_text: str, policy: Policy) -> Reply:
    """The reply, told first where to report and to get help if that is what the question calls for."""
    declined = isinstance(reply, Refusal) and reply.reason in HELPED
    called_for = declined or policy.calls_for_help(question)
    return replace(reply, notices=(help_text, *reply.notices)) if help_text and called_for else reply


def plain_letters(text: str) -> str:
    """The text to hold patterns against, never to show: plain Latin letters and figures, no accents, nothing unseen.

    "¿Qué cοst\u200bó?" with a Greek o is "¿Que costo?". Offsets are not kept; case is.
    """
    apart = unicodedata.normalize("NFKD", text.translate(_LOOKALIKES))
    seen = (ch for ch in apart if ch.isspace() or unicodedata.category(ch) not in _UNSEEN)
    latin = "".join(str(unicodedata.decimal(ch, ch)) for ch in seen)  # a figure of any script is 0 to 9
    return " ".join(latin.translate(_LOOKALIKES).split())
