"""XML documents: one file's faults are not another's, and what a file names outside itself is never read."""

from __future__ import annotations

import pytest

from qa.errors import ReadError
from qa.loaders.xml_tree import tree_of_bytes

PREFIXED = b'<nitf xsi:schemaLocation="nitf.xsd"><p>Text</p></nitf>'


def test_a_prefix_without_a_namespace_is_read_also_after_a_broken_file() -> None:
    with pytest.raises(ReadError):
        tree_of_bytes(b"<nitf><p>")
    assert tree_of_bytes(PREFIXED).root.tag == "nitf"


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
        tree_of_bytes(b"<!DOCTYPE nitf [" + declared + b"]><nitf>&word;</nitf>")


def test_a_dtd_that_lies_in_another_file_is_left_alone_and_lines_keep_their_numbers() -> None:
    start = b'<!DOCTYPE nitf SYSTEM "a.dtd" [\n<!ENTITY % more\n SYSTEM "more.dtd">\n%more;\n]>\n'
    tree = tree_of_bytes(start + b"<nitf>\n<p>Text</p></nitf>")
    assert tree.root[0].sourceline == 7


def test_control_characters_are_taken_out_with_a_notice() -> None:
    tree = tree_of_bytes(b"<nitf><p>Te\x0bxt&#26;</p></nitf>")
    assert tree.root[0].text == "Text"
    assert tree.notices == ("control characters, which XML forbids, are taken out",)


def test_letters_that_were_encoded_twice_are_kept_with_a_notice() -> None:
    twice = "The town’s hall".encode().decode("cp1252")
    tree = tree_of_bytes(f"<nitf><p>{twice}</p></nitf>".encode())
    assert tree.root[0].text == twice
    assert "kept as delivered" in tree.notices[0]


def test_bytes_of_two_encodings_are_refused_with_their_line() -> None:
    data = "<nitf>\n<p>Café, “dues”</p>\n<!-- ".encode() + b"\xe9 --></nitf>"
    with pytest.raises(ReadError, match="0xE9") as error:
        tree_of_bytes(data)
    assert error.value.line == 3
