"""Brings the catalogues of messages in step with the code and the templates: `make messages`.

What is new is added without words, what is gone is dropped, and nothing is guessed. With --check it only says what is
stale. A language is begun with: python docs/messages.py --add TAG
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import read_po, write_po

from qa.answering.reported_figures import NAMES
from qa.dates.finding import LATER, NO_DAY, UNFINISHED
from qa.i18n.locale import LOCALES
from qa.i18n.staff import CONTEXTS
from qa.models.annotations import OF_PERSONS
from qa.models.annotations import FigureKind as Kind

QA = LOCALES.parent.parent
METHODS = [("web/templates/**.html", "jinja2"), ("**.py", "python")]
WITH_CONTEXT = ((1, "c"), 2)
KEYWORDS = {
    "_": None, "gettext": None, "ngettext": (1, 2), "pgettext": WITH_CONTEXT, "N_": None, "pgettext_noop": WITH_CONTEXT,
    "_c": WITH_CONTEXT, "Message": None,
}  # fmt: skip
"""The calls whose words are messages, and which of their arguments."""

HEADER = "# The words of Archive Q&A in another language. English is what they are written in.\n"
WIDTH = 120
UNTOLD = (
    '"Project-Id', '"Report-Msgid', '"POT-Creation', '"PO-Revision', '"Last-Translator', '"Language-Team',
    '"Generated-By',
)  # fmt: skip
"""Lines of the header that are left out."""


INFLECTED = (
    *(Kind.ARRESTED, Kind.DETAINED, Kind.EXPECTED, Kind.IMPLICATED, Kind.CHARGED, Kind.CONVICTED, Kind.ACQUITTED),
    *(Kind.RELEASED, Kind.SEARCHED, Kind.FOUND, Kind.SEIZED, Kind.DISTRIBUTED, Kind.DISPLACED, Kind.RESCUED),
)
"""Kinds that agree with what they are said of: there are words for feminine and for unknown things as well."""


def values() -> Iterator[tuple[str | None, str, str]]:
    """Values that readers see and the code writes nowhere as messages: context, words, and where they are from."""
    for kind, context in CONTEXTS.items():
        yield from ((context, value.value.replace("_", " "), "i18n/staff.py") for value in kind)
    yield from ((None, kind.value, "models/annotations.py") for kind in Kind)
    of_people = (OF_PERSONS - {Kind.WARRANTED}) | {Kind.SEARCHED, Kind.FOUND, Kind.VOTED, Kind.ATTENDED}
    yield from (("people", kind.value, "models/annotations.py") for kind in of_people)
    yield from ((context, kind.value, "models/annotations.py") for kind in INFLECTED for context in ("f", "unknown"))
    things = (name for name in NAMES.values() if name not in ("people", "figures"))
    yield from (("gender", name, "answering/reported_figures.py") for name in things)
    yield from ((None, flaw, "dates/finding.py") for flaw in (LATER, UNFINISHED, NO_DAY))


def messages() -> Catalog:
    """All messages, without words in any language."""
    found = Catalog(project="archive-qa", header_comment=HEADER, fuzzy=False)
    for file, _, message, _, context in extract_from_dir(QA, METHODS, keywords=KEYWORDS):
        if message:
            found.add(message, locations=[(f"qa/{file}", None)], context=context)
    for context, words, file in values():
        found.add(words, locations=[(f"qa/{file}", None)], context=context)
    return found


def renewed(path: Path, found: Catalog) -> str:
    """A catalogue as it should be."""
    tag = path.parent.parent.name
    held = Catalog(locale=tag, header_comment=HEADER, fuzzy=False)
    if path.exists():
        with path.open("rb") as file:
            held = read_po(file, locale=tag)
    held.update(found, no_fuzzy_matching=True, update_creation_date=False)
    held.obsolete.clear()
    held.header_comment = HEADER
    written = io.BytesIO()
    write_po(written, held, width=WIDTH, sort_output=True, include_lineno=False)
    # Who wrote a file and when is in its history, not in itself.
    return "\n".join(line for line in written.getvalue().decode().split("\n") if not line.startswith(UNTOLD))


def main(arguments: Sequence[str]) -> int:
    if "--add" in arguments:
        path = LOCALES / arguments[-1] / "LC_MESSAGES" / "messages.po"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(renewed(path, messages()), encoding="utf-8")
    found = messages()
    stale = 0
    for path in sorted(LOCALES.glob("*/LC_MESSAGES/messages.po")):
        text = renewed(path, found)
        if text != path.read_text(encoding="utf-8"):
            stale += 1
            if "--check" not in arguments:
                path.write_text(text, encoding="utf-8")
            print(f"{path.relative_to(QA.parent)}{' is stale: run `make messages`' if '--check' in arguments else ''}")
    return stale if "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
