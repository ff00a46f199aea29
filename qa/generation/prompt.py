"""What a language model is told: the rules in `prompts.toml`, and the archive's words as data."""

import re
import tomllib
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from importlib.resources import files

from qa.answering.quoting import fragments
from qa.i18n.forms import lead, quote_credit
from qa.i18n.locale import ENGLISH, use_locale
from qa.models.archive import Source
from qa.models.replies import Citation, Intent

NOT_ANSWERED = "NOT ANSWERED"  # what the model is to write where its passages don't answer
_TEXTS = tomllib.loads(files("qa.generation").joinpath("prompts.toml").read_text(encoding="utf-8"))


def _rules(head: str, shape: str, *last: str) -> str:
    """A head, and the rules below it, numbered: what is asked for, what holds of every text, and the last."""
    numbered = (f"{number}. {rule}" for number, rule in enumerate((shape, *_TEXTS["true"], *last), start=1))
    return "\n".join((head, *numbered, ""))


_ANSWER, _NOTES = (_TEXTS["heads"][name] + _TEXTS["given"] for name in ("answer", "notes"))
RULES = _rules(_ANSWER, _TEXTS["shapes"]["fact"], _TEXTS["no_answer"])
WIDE: Mapping[Intent, str] = {
    Intent(name): _rules(_ANSWER, shape, _TEXTS["no_answer"]) for name, shape in _TEXTS["wide"].items()
}  # the rules for what no single sentence answers
NOTES = _rules(_NOTES, _TEXTS["shapes"]["notes"], _TEXTS["no_note"])  # the rules for one part of many passages
ONCE_MORE = _rules(_TEXTS["heads"]["once_more"], _TEXTS["shapes"]["once_more"])  # for a sentence that the check stopped
JUDGING, REWRITING, TRANSLATING = (_TEXTS["whole"][name] for name in ("judging", "rewriting", "translating"))
PROMPTS = (RULES, *WIDE.values(), NOTES, ONCE_MORE, JUDGING, REWRITING, TRANSLATING)  # all it is told besides data

LONGEST = 1_200  # characters of one passage, or of any other text, that are given
_BRACKETS = str.maketrans({"<": "‹", ">": "›", "[": "(", "]": ")", "⟨": "(", "⟩": ")"})
_ANGLES = str.maketrans({"‹": "<", "›": ">"})
_SPACED = re.compile(r" (?=[,.;:!?])")
_CHAT_TOKENS = re.compile(r"‹\|[^|]{0,40}\|›|\(/?INST\)|‹‹/?SYS››|#{2,}")


def material_text(question: str, passages: Sequence[Citation]) -> str:
    """The question and the passages, numbered from 1 and delimited, each with its credit, headline and correction."""
    return _material(question, (_passage(number, passage) for number, passage in enumerate(passages, start=1)))


def notes_text(question: str, notes: Sequence[tuple[Source, str]]) -> str:
    """The same of notes in the place of passages, each with the source of what it rests on."""
    lines = (_line(n, source, source.credit, as_data(note)) for n, (source, note) in enumerate(notes, start=1))
    return _material(question, lines)


def once_more_text(question: str, passages: Mapping[int, Citation], sentence: str, reasons: Iterable[str]) -> str:
    """The question, the passages cited by their numbers, a sentence that the check stopped, and why it did."""
    material = _material(question, (_passage(number, passage) for number, passage in passages.items()))
    why = as_data(" ".join(reasons))
    return f"{material}\n\n<sentence>{as_data(sentence)}</sentence>\n\n<reason>{why}</reason>"


def judging_text(sentence: str, sources: Iterable[str]) -> str:
    """A sentence and what it is said to rest on, delimited."""
    lines = "\n".join(f"[{number}] {as_data(text)}" for number, text in enumerate(sources, start=1))
    return f"<sources>\n{lines}\n</sources>\n\n<sentence>{as_data(sentence)}</sentence>"


def rewriting_text(question: str, history: Sequence[str]) -> str:
    """A question and those before it, delimited."""
    earlier = "\n".join(as_data(turn) for turn in history)
    return f"<questions>\n{earlier}\n</questions>\n\n<new>{as_data(question)}</new>"


def translating_text(quote: str, language: str) -> str:
    """A quote, delimited, and the language that it is to be said in."""
    return f"<quote>{as_data(quote)}</quote>\n\nTranslate the quote into {language}."


def as_data(text: str) -> str:
    """Text that can't be taken for a delimiter, a mark or a turn of the chat: other brackets, nothing unseen."""
    seen = "".join(filter(str.isprintable, " ".join(text.split())))
    return " ".join(_CHAT_TOKENS.sub(" ", seen.translate(_BRACKETS)).split())[:LONGEST]


def as_in_source(text: str, source: str) -> str:
    """What was copied from data, with the angle brackets that its source has; the source's own others stay."""
    return text if {"‹", "›"} & set(source) else text.translate(_ANGLES)


def _material(question: str, lines: Iterable[str]) -> str:
    passages = "\n".join(lines)
    return f"<question>{as_data(question)}</question>\n\n<passages>\n{passages}\n</passages>"


def _passage(number: int, passage: Citation) -> str:
    """The passage's words as data, the archive's notes on its dates in the brackets that only they have."""
    pieces = ((as_data(fragment.text), fragment.gloss) for fragment in fragments(replace(passage, marked=None)))
    joined = " ".join(f"⟨{text}⟩" if is_note else text for text, is_note in pieces if text)
    with use_locale(ENGLISH):  # the language of the rules
        credited = quote_credit(passage)
    return _line(number, passage.source, credited, _SPACED.sub("", joined))


def _line(number: int, source: Source, credit: str, words: str) -> str:
    correction = source.correction
    with use_locale(ENGLISH):
        note = f" {lead(correction)}: {as_data(correction.text)}" if correction else ""
    return f"[{number}] {as_data(credit)}, “{as_data(source.title)}”.{note} It says: {words}"
