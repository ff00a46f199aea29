"""Every catalogue has every message, with the same values in it."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.pofile import read_po

from qa.i18n.locale import ENGLISH, LOCALES, locale_of, locales, native_name, translations

ROOT = Path(__file__).parents[2]
VALUE = re.compile(r"%\((\w+)\)s|\{(\w*)\}|%|<[^>]+>")
TAGS = re.compile(r"</?(\w+)")
CATALOGUES = sorted(LOCALES.glob("*/LC_MESSAGES/messages.po"))
EACH = pytest.mark.parametrize("path", CATALOGUES, ids=lambda path: path.parent.parent.name)


@pytest.fixture(scope="module")
def tool() -> ModuleType:
    spec = importlib.util.spec_from_file_location("messages_tool", ROOT / "docs" / "messages.py")
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def found(tool: ModuleType) -> Catalog:
    return tool.messages()  # type: ignore[no-any-return]


def held(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=path.parent.parent.name)


def words(message: Message) -> list[str]:
    return [message.string] if isinstance(message.string, str) else list(message.string)


def originals(message: Message) -> tuple[str, ...]:
    return message.id if isinstance(message.id, tuple) else (message.id,)


@EACH
def test_it_is_in_step_with_the_code(path: Path, tool: ModuleType, found: Catalog) -> None:
    assert path.read_text(encoding="utf-8") == tool.renewed(path, found), "run `make messages`"


@EACH
def test_nothing_is_left_without_words_or_half_sure(path: Path) -> None:
    told = [message for message in held(path) if message.id]
    assert told
    assert [message.id for message in told if not all(words(message))] == []
    assert [message.id for message in told if message.fuzzy] == []


@EACH
def test_the_words_hold_the_same_values_and_marks(path: Path) -> None:
    for message in held(path):
        if message.id:
            for own in words(message):
                values = {found[1] or found[2] for found in VALUE.finditer(own) if not found[0].startswith("<")}
                wanted = {
                    found[1] or found[2] for found in VALUE.finditer(originals(message)[-1]) if found[0][0] != "<"
                }
                assert values == wanted, message.id
                assert sorted(TAGS.findall(own)) == sorted(TAGS.findall(originals(message)[-1])), message.id


@EACH
def test_it_begins_and_ends_as_the_message_does(path: Path) -> None:
    """A space at the end joins it to what follows; a full stop ends a sentence."""
    for message in held(path):
        if message.id and not message.context:
            for own in words(message):
                original = originals(message)[-1]
                assert (own[0] == " ", own[-1] in " .:") == (original[0] == " ", original[-1] in " .:"), message.id


def test_a_language_is_there_as_soon_as_its_file_is() -> None:
    assert locales() == (ENGLISH, *(path.parent.parent.name for path in CATALOGUES))
    assert "es" in locales()
    assert (native_name("en"), native_name("es")) == ("English", "Español")


@pytest.mark.parametrize(
    ("tag", "language"), [("es", "es"), ("es-MX", "es"), ("ES_ar", "es"), ("xx", "en"), ("", "en")]
)
def test_of_a_tag_the_language_counts(tag: str, language: str) -> None:
    assert locale_of(tag) == language


def test_what_no_catalogue_knows_stays_as_it_is() -> None:
    assert translations("es").gettext("Harbour Post") == "Harbour Post"
