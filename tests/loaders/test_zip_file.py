from __future__ import annotations

import gzip
import io
import stat
import struct
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.errors import ReadError
from qa.loaders import containers, documents
from qa.loaders.containers import unpack_zip
from qa.loaders.documents import Document
from qa.loaders.metadata import RecordContext
from qa.models.deliveries import Delivery, Failure, Remark

Put = Callable[..., Path]
ReadOne = Callable[..., Delivery]
ReadAll = Callable[..., list[Delivery | Failure | Remark]]
FailOne = Callable[..., Failure]
Content = str | bytes
SAMPLE = Path(__file__).parents[2] / "corpus/formats/town-notices.zip"


def text(number: int) -> str:
    return f"Headline {number}\n\nBody {number}."


def packed(*members: tuple[str | zipfile.ZipInfo, Content], how: int = zipfile.ZIP_DEFLATED) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", how) as archive:
        for name, content in members:
            archive.writestr(name, content)
    return stream.getvalue()


def titles(outcomes: list[Delivery | Failure | Remark]) -> list[str]:
    return [one.article.source.title if isinstance(one, Delivery) else type(one).__name__ for one in outcomes]


def test_the_sample(read_all: ReadAll) -> None:
    outcomes = read_all(SAMPLE)
    assert titles(outcomes) == ["Court hears the ferry case in June", "Swimming pool closes for a week", "Remark"]
    assert "1 .png" in str(outcomes[-1])


@pytest.mark.parametrize("how", [zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_members_are_read_in_the_order_of_their_names(put: Put, read_all: ReadAll, how: int) -> None:
    path = put("a.zip", packed(("b.txt", text(2)), ("a/x.md", "# Headline 1\n\nBody."), ("c.txt", text(3)), how=how))
    outcomes = read_all(path)
    assert titles(outcomes) == ["Headline 1", "Headline 2", "Headline 3"]
    first = outcomes[0]
    assert isinstance(first, Delivery)
    assert first.original
    assert (first.original.inside, first.article.article_id) == ("a/x.md", "x")
    assert first.path.endswith("a.zip > a/x.md")


def test_what_is_no_file_of_the_archive_is_skipped(put: Put, read_all: ReadAll) -> None:
    names = ("a/", "__MACOSX/a.txt", ".hidden/a.txt", "a/.b.txt", "a.meta.yaml", "README.md", "good.txt")
    assert titles(read_all(put("a.zip", packed(*((name, text(1)) for name in names))))) == ["Headline 1"]


def test_members_of_no_known_format_are_counted_in_one_remark(put: Put, read_all: ReadAll) -> None:
    pictures = [(f"{n}.png", b"\x89PNG\r\n") for n in range(3)]
    outcomes = read_all(put("a.zip", packed(("a.txt", text(1)), *pictures, ("b", b"\0\1"))))
    assert titles(outcomes) == ["Headline 1", "Remark"]
    assert type(outcomes[1]) is Remark
    assert outcomes[1].reason.endswith("no format known: 3 .png, 1 without an ending")


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/a.txt", "etc/a.txt"),
        ("/srv/a.txt", "srv/a.txt"),
        ("C:\\Windows\\a.txt", "Windows/a.txt"),
        ("a/./../b/a.txt", "a/b/a.txt"),
        ("x\u202e/a.txt", "x/a.txt"),
    ],
)
def test_names_that_lead_elsewhere_are_only_names(put: Put, read_all: ReadAll, name: str, shown: str) -> None:
    path = put("deep/a.zip", packed((name, text(1))))
    before = sorted(path.parent.parent.rglob("*"))
    (outcome,) = read_all(path)
    assert outcome.path.endswith(f"a.zip > {shown}")
    assert sorted(path.parent.parent.rglob("*")) == before


def test_a_link_is_refused_alone(put: Put, read_all: ReadAll) -> None:
    link = zipfile.ZipInfo("a.txt")
    link.create_system = 3
    link.external_attr = (stat.S_IFLNK | 0o777) << 16
    outcomes = read_all(put("a.zip", packed((link, "/etc/hostname"), ("b.txt", text(2)))))
    assert titles(outcomes) == ["Failure", "Headline 2"]
    assert "found a link" in str(outcomes[0])


def test_an_encrypted_member_is_refused_alone(put: Put, read_all: ReadAll) -> None:
    data = bytearray(packed(("a.txt", text(1)), ("b.txt", text(2))))
    data[6] |= 1
    data[data.index(b"PK\x01\x02") + 8] |= 1
    outcomes = read_all(put("a.zip", bytes(data)))
    assert titles(outcomes) == ["Failure", "Headline 2"]
    assert "found an encrypted one" in str(outcomes[0])


def test_a_member_that_breaks_fails_alone(put: Put, read_all: ReadAll) -> None:
    data = bytearray(packed(("a.txt", text(1)), ("b.txt", text(2)), how=zipfile.ZIP_STORED))
    data[data.index(b"Headline 1")] ^= 1
    outcomes = read_all(put("a.zip", bytes(data)))
    assert titles(outcomes) == ["Failure", "Headline 2"]
    assert "a whole file was expected, found that gzip or ZIP breaks here" in str(outcomes[0])


def test_an_unknown_way_of_packing_fails_alone(put: Put, read_all: ReadAll) -> None:
    data = bytearray(packed(("a.txt", text(1)), ("b.txt", text(2))))
    data[8] = 97
    data[data.index(b"PK\x01\x02") + 10] = 97
    assert titles(read_all(put("a.zip", bytes(data)))) == ["Failure", "Headline 2"]


@pytest.mark.parametrize("cut", [10, 60, 150, 200])
def test_a_file_that_breaks_off_is_refused(fail_one: FailOne, cut: int) -> None:
    data = packed(("a.txt", text(1)), ("b.txt", text(2)))
    failure = fail_one("a.zip", data[:cut])
    assert "a whole ZIP file was expected" in failure.reason
    assert "\n" not in failure.reason


def test_an_empty_one_is_refused(fail_one: FailOne) -> None:
    assert "found no files" in fail_one("a.zip", packed()).reason


def test_where_a_name_stands_twice_the_later_counts(put: Put, read_all: ReadAll) -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        data = packed(("a.txt", text(1)), ("a.txt", text(2)))
    assert titles(read_all(put("a.zip", data))) == ["Headline 2", "Remark"]


def test_members_that_share_bytes_are_refused(put: Put, read_all: ReadAll) -> None:
    data = bytearray(packed(("a.txt", text(1)), ("b.txt", text(2)), ("c.txt", text(3))))
    second = data.index(b"PK\x01\x02", data.index(b"PK\x01\x02") + 4)
    struct.pack_into("<L", data, second + 42, 0)
    assert titles(read_all(put("a.zip", bytes(data)))) == ["Failure", "Failure", "Headline 3"]


def test_a_bomb_is_defused(put: Put, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("qa.loaders.documents.FREE", 1_000_000)
    monkeypatch.setattr("qa.loaders.documents.MAX_RATIO", 100)
    outcomes = read_all(put("a.zip", packed(("a.txt", b"a " * 5_000_000), ("b.txt", text(2)))))
    assert titles(outcomes) == ["Failure", "Headline 2"]
    assert "expected to come out of it" in str(outcomes[0])


def test_the_sum_and_the_number_of_members_are_bounded(
    put: Put, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = put("a.zip", packed(*((f"{n}.txt", text(n)) for n in range(5))))
    monkeypatch.setattr(documents, "MAX_UNPACKED", 50)
    assert titles(read_all(path)) == ["Headline 0", "Headline 1", "Failure"]
    monkeypatch.setattr(containers, "MAX_MEMBERS", 4)
    assert titles(read_all(path)) == ["Failure"]
    monkeypatch.setattr(containers, "MAX_DIRECTORY", 100)
    assert "found a longer list" in str(read_all(path))


def test_the_sum_is_bounded_over_archives_within_archives(
    put: Put, read_all: ReadAll, monkeypatch: pytest.MonkeyPatch
) -> None:
    data = packed(("0.txt", text(0)))
    for depth in range(3):
        data = packed((f"a{depth}.zip", data), (f"b{depth}.zip", data))
    monkeypatch.setattr(documents, "MAX_UNPACKED", 10 * len(data))
    assert titles(read_all(put("a.zip", data))) == ["Headline 0"] * 8
    monkeypatch.setattr(documents, "MAX_UNPACKED", 2 * len(data))  # each of the archives holds less
    assert titles(read_all(put("b.zip", data))).count("Headline 0") < 8
    assert "expected to come out of it" in str(read_all(put("b.zip", data)))


def test_archives_in_archives_and_packed_members(put: Put, read_all: ReadAll) -> None:
    inner = packed(("a.txt", text(1)), ("b.txt.gz", gzip.compress(text(2).encode())))
    outer = packed(("x/inner.zip", inner), ("y.txt", text(3)))
    outcomes = read_all(put("a.zip.gz", gzip.compress(outer)))
    assert titles(outcomes) == ["Headline 1", "Headline 2", "Headline 3"]
    assert [one.original.inside for one in outcomes if isinstance(one, Delivery) and one.original] == [
        "x/inner.zip > a.txt",
        "x/inner.zip > b.txt.gz",
        "y.txt",
    ]


def test_archives_nested_without_end_are_refused(put: Put, read_all: ReadAll) -> None:
    data = packed(("a.txt", text(1)))
    for _ in range(10):
        data = packed(("a.zip", data))
    assert "packed at most 6 times" in str(read_all(put("a.zip", data)))


@pytest.mark.parametrize(
    ("name", "content"),
    [("[Content_Types].xml", "<Types/>"), ("mimetype", "application/vnd.oasis.opendocument.text")],
)
def test_an_office_document_is_refused(fail_one: FailOne, name: str, content: str) -> None:
    failure = fail_one("a.docx", packed((name, content), ("content.xml", "<a/>")))
    assert failure.reason == "articles were expected, found an Office document; save it as PDF or text"


def test_only_the_records_of_a_packed_crawl_are_members(put: Put) -> None:
    names = ("datapackage.json", "pages/pages.jsonl", "indexes/index.cdx", "archive/data.warc.gz")
    document = Document.of_file(put("a.wacz", packed(*((name, "WARC/1.0\r\n{}") for name in names))))
    members = unpack_zip(RecordContext(document, {}))
    assert [one.inside for one in members if isinstance(one, Document)] == ["archive/data.warc.gz"]


def test_a_member_can_be_moved_in(put: Put) -> None:
    digits = "0123456789" * 10_000
    members = unpack_zip(RecordContext(Document.of_file(put("a.zip", packed(("a.txt", digits)))), {}))
    member = next(members)  # the archive is open while its members are read
    assert isinstance(member, Document)
    with member.open() as stream:
        assert stream.seek(0, io.SEEK_END) == len(digits)
        assert stream.read() == b""
        stream.seek(70_003)
        assert stream.read(3) == b"345"
        stream.seek(1)
        assert stream.read(3) == b"123"
        assert stream.tell() == 4


def test_a_neighbour_is_found_within_the_archive_only(put: Put) -> None:
    document = Document.of_file(put("a.zip", packed(("x/a.txt", text(1)), ("x/b/c.txt", text(2)))))
    members = unpack_zip(RecordContext(document, {}))
    member = next(members)
    assert isinstance(member, Document)
    assert member.sibling is not None
    assert member.sibling("file://./b/c.txt").read() == text(2).encode()
    for href in ("../x/a.txt", "/etc/hostname", "http://x.example/a", "c:\\a.txt", "b/none.txt", ""):
        with pytest.raises(ReadError):
            member.sibling(href)
