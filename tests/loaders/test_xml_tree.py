"""XML documents: one file's faults are not another's, and what a file names outside itself is never read."""

from __future__ import annotations

import pytest

from qa.errors import ReadError
from qa.loaders.xml_tree import tree_of

PREFIXED = b'<nitf xsi:schemaLocation="nitf.xsd"><p>Text</p></nitf>'


def test_a_prefix_without_a_namespace_is_read_also_after_a_broken_file() -> None:
    with pytest.raises(ReadError):
        tree_of(b"<nitf><p>")
    assert tree_of(PREFIXED)[0].tag == "nitf"


@pytest.mark.parametrize(
    "declared",
    [
        b'<!ENTITY word "text">',
        b'<!ENTITY word SYSTEM "file:///etc/hostname">',
        b'<!ENTITY % all "x"><!ENTITY word "y">',
    ],
)
def test_entities_of_a_file_are_refused(declared: bytes) -> None:
    with pytest.raises(ReadError, match="without entities of its own"):
        tree_of(b"<!DOCTYPE nitf [" + declared + b"]><nitf>&word;</nitf>")


def test_a_dtd_that_lies_in_another_file_is_left_alone_and_lines_keep_their_numbers() -> None:
    start = b'<!DOCTYPE nitf SYSTEM "a.dtd" [\n<!ENTITY % more\n SYSTEM "more.dtd">\n%more;\n]>\n'
    root, _ = tree_of(start + b"<nitf>\n<p>Text</p></nitf>")
    assert root[0].sourceline == 7


def test_control_characters_are_taken_out_with_a_notice() -> None:
    root, notices = tree_of(b"<nitf><p>Te\x0bxt&#26;</p></nitf>")
    assert root[0].text == "Text"
    assert notices == ("control characters, which XML forbids, are taken out",)


def test_a_byte_of_another_encoding_does_not_lose_the_item() -> None:
    root, notices = tree_of("<nitf>\n<p>Café, “dues”</p>\n<p>".encode() + b"\xe9</p></nitf>")
    assert [paragraph.text for paragraph in root] == ["Café, “dues”", "\ufffd"]
    assert notices == ("1 bytes are no UTF-8; they are shown as \ufffd",)
