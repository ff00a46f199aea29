from __future__ import annotations

import hashlib
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from qa.loaders.reading import MAX_REASON, find_files, read
from qa.models.archive import Original
from qa.models.deliveries import Delivery, Failure, Remark

Put = Callable[..., Path]
ReadAll = Callable[..., list[Delivery | Failure]]
ARTICLE = "---\ntitle: T\n---\nBody."


def names(paths: list[str], *, under: Path) -> list[str]:
    """The files found, relative to a folder; failures and remarks in brackets."""
    return [
        found.relative_to(under).as_posix() if isinstance(found, Path) else f"[{found.reason}]"
        for found in find_files(paths)
    ]


def only_failure(*paths: str) -> Failure:
    (found,) = find_files(paths)
    assert isinstance(found, Failure)
    assert found.line is None
    assert " expected, found " in found.reason
    return found


def test_a_folder_is_walked_in_order(put: Put, tmp_path: Path) -> None:
    for name in ("b.md", "a.TXT", "sub/c.jsonl", "sub/d.jsonl.gz", "e.ndjson", "f.markdown", "g.text"):
        put(name, ARTICLE)
    for name in (".hidden.md", ".git/x.md", "a.meta.yaml", "b.md.meta.yaml", "picture.png", "data.xyz"):
        put(name, "x: y")
    expected = ["a.TXT", "b.md", "e.ndjson", "f.markdown", "g.text", "sub/c.jsonl", "sub/d.jsonl.gz"]
    expected.append("[passed over, for they are of no format known: 1 .png, 1 .xyz]")
    assert names([str(tmp_path)], under=tmp_path) == expected


def test_notes_without_front_matter_are_passed_over_in_a_folder(put: Put, tmp_path: Path) -> None:
    put("README.md", "# About\n")
    put("SOURCES.md", "\ufeff# Sources\n")
    put("NATO.md", f"\ufeff{ARTICLE}")
    put("UN.md", ARTICLE.encode("utf-16"))
    put("plain.md", "# A title\n\nBody.")
    assert names([str(tmp_path)], under=tmp_path) == ["NATO.md", "UN.md", "plain.md"]
    expanded = sorted(map(str, tmp_path.glob("*.md")))  # as a shell does it
    for paths in ([str(tmp_path / "*.md")], expanded):
        found = [Path(one.path) if type(one) is Remark else one for one in find_files(paths)]
        assert [path.name for path in found if isinstance(path, Path)] == sorted(os.listdir(tmp_path))
        assert [name for name in names(paths, under=tmp_path) if name[0] != "["] == ["NATO.md", "UN.md", "plain.md"]


def test_a_note_that_is_named_is_read(put: Put, tmp_path: Path, read_all: ReadAll) -> None:
    path = put("README.md", "No heading.\n")
    assert names([str(path)], under=tmp_path) == ["README.md"]
    assert "no headline" in str(read_all(path))
    assert "About" in str(read_all(put("SOURCES.md", "# About\n\nText.")))


def test_patterns_are_expanded(put: Put, tmp_path: Path) -> None:
    for name in ("2005/a.md", "2005/b.md", "2006/a.md", "2006/a.meta.yaml", "2005/odd.news"):
        put(name, ARTICLE)
    assert names([f"{tmp_path}/2005/*"], under=tmp_path) == ["2005/a.md", "2005/b.md", "2005/odd.news"]
    assert names([f"{tmp_path}/*/a.*"], under=tmp_path) == ["2005/a.md", "2006/a.md"]
    assert names([f"{tmp_path}/**"], under=tmp_path) == [
        "2005/a.md",
        "2005/b.md",
        "2005/odd.news",
        "2006/a.md",
    ]


def test_a_file_whose_name_has_signs_of_a_pattern_is_that_file(put: Put, tmp_path: Path) -> None:
    assert names([str(put("a[1].md", ARTICLE))], under=tmp_path) == ["a[1].md"]


def test_a_file_is_found_once_whatever_leads_to_it(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = put("a.md", ARTICLE)
    (tmp_path / "z-link.md").symlink_to(path)
    for loop in ("loop", "another"):  # together they would be walked for ever
        (tmp_path / loop).symlink_to(tmp_path)
    monkeypatch.chdir(tmp_path)
    routes = [str(path), "a.md", "./a.md", str(tmp_path), "*.md"]
    assert [os.path.realpath(found) for found in find_files(routes) if isinstance(found, Path)] == [str(path.resolve())]


def test_a_linked_folder_is_walked(put: Put, tmp_path: Path) -> None:
    put("elsewhere/a.md", ARTICLE)
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "linked").symlink_to(tmp_path / "elsewhere")
    assert names([str(tmp_path / "archive")], under=tmp_path) == ["archive/linked/a.md"]


def test_a_path_that_is_not_there(tmp_path: Path) -> None:
    failure = only_failure(str(tmp_path / "none.md"))
    assert failure.path == str(tmp_path / "none.md")
    assert "nothing of that name" in failure.reason


@pytest.mark.parametrize("path", ["", " ", "x\0y", "x" * 5000])
def test_paths_that_cannot_be(path: str) -> None:
    assert only_failure(path)


def test_a_pattern_that_fits_nothing(tmp_path: Path, put: Put) -> None:
    assert "fits the pattern" in only_failure(f"{tmp_path}/*.md").reason
    put("README.md", "# Note")
    passed_over, failure = names([f"{tmp_path}/*.md"], under=tmp_path)
    assert "named alone" in passed_over
    assert "fits the pattern" in failure


def test_a_folder_without_articles(tmp_path: Path, put: Put) -> None:
    assert "found no files" in only_failure(str(tmp_path)).reason
    put("picture.png", "x")
    put("README.md", "# Note")
    failure = only_failure(str(tmp_path))
    assert "found 1 other files" in failure.reason
    assert ".jsonl" in failure.reason
    assert failure.path == str(tmp_path)


def test_one_bad_path_does_not_stop_the_rest(put: Put, tmp_path: Path) -> None:
    path = put("a.md", ARTICLE)
    first, second = find_files([str(tmp_path / "none"), str(path)])
    assert isinstance(first, Failure)
    assert second == path


def test_a_folder_that_may_not_be_read(put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Tests may run as root, whom no permission stops: the refusal is played."""
    put("open/a.md", ARTICLE)
    put("shut/b.md", ARTICLE)
    scandir = os.scandir

    def guarded(path: str) -> object:
        if "shut" in str(path):
            raise PermissionError(13, "Permission denied", str(path))
        return scandir(path)

    monkeypatch.setattr(os, "scandir", guarded)
    found, failure = find_files([str(tmp_path)])
    assert found == tmp_path / "open" / "a.md"
    assert isinstance(failure, Failure)
    assert failure.path == str(tmp_path / "shut")
    assert "no permission" in failure.reason


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.jsonl", "a.odd"])
def test_a_file_that_may_not_be_read(put: Put, name: str, monkeypatch: pytest.MonkeyPatch, read_all: ReadAll) -> None:
    """Tests may run as root, whom no permission stops: the refusal is played."""
    path = put(name, ARTICLE)

    def refuse(*_: object, **__: object) -> None:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "open", refuse)
    (failure,) = read_all(path)
    assert isinstance(failure, Failure)
    assert failure.path == str(path)
    assert "no permission" in failure.reason
    assert "allow reading" in failure.reason


@pytest.mark.parametrize("name", ["a.md", "a.txt", "a.jsonl", "a.jsonl.gz"])
@pytest.mark.parametrize("content", [b"", b" \n\n ", bytes(range(256)) * 20])
def test_nothing_and_binary_data_fail_in_every_format(
    fail_one: Callable[..., Failure], name: str, content: bytes
) -> None:
    failure = fail_one(name, content)
    assert failure.path.endswith(name)
    assert "expected, found" in failure.reason


def test_a_file_that_may_not_be_looked_at_does_not_stop_the_rest(
    put: Put, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    put("a", "Words."), put("b.txt", "Words.")

    def refused(path: Path) -> bool:
        raise PermissionError(13, "Permission denied", str(path))

    monkeypatch.setattr(Path, "is_file", refused)
    assert [path.name for path in find_files([str(tmp_path)]) if isinstance(path, Path)] == ["a", "b.txt"]


def test_what_is_no_file_fails(tmp_path: Path, read_all: ReadAll) -> None:
    os.mkfifo(tmp_path / "pipe.txt")
    for path in (tmp_path, tmp_path / "pipe.txt", tmp_path / "gone.md"):
        (failure,) = read_all(path)
        assert isinstance(failure, Failure)


def test_an_unknown_ending_is_read_as_plain_text(read_one: Callable[..., Delivery]) -> None:
    assert read_one("a.news", "Title\n\nBody.").article.body == "Body."


@pytest.mark.parametrize("content", ["<?xml version='1.0'?>", "<?xml version='1.0'?><invoice/>", " <svg></svg>"])
def test_markup_of_no_known_kind_is_no_plain_text(fail_one: Callable[..., Failure], content: str) -> None:
    failure = fail_one("a.xyz", content)
    assert failure.line == 1
    assert "expected, found" in failure.reason
    assert "; deliver it " in failure.reason


@pytest.mark.parametrize("name", ["a.txt", "a.dat", "a"])
def test_the_content_says_the_format_and_not_the_name(read_one: Callable[..., Delivery], name: str) -> None:
    assert read_one(name, '{"id": "x", "title": "Bridge", "text": "Open."}\n').article.article_id == "x"
    assert read_one(name, '{\n"id": "y", "title": "Bridge", "text": "Open."}').article.article_id == "y"
    assert read_one(name, "---\nid: z\ntitle: Bridge\n---\nOpen.").article.article_id == "z"


def test_the_format_may_be_named(put: Put, tmp_path: Path) -> None:
    path = put("a.txt", '{"title": "Bridge", "text": "Open."}\n')
    (delivery,) = read(path, format="text")
    assert isinstance(delivery, Delivery)
    assert delivery.article.source.title.startswith("{")


def test_the_original_is_named_by_its_digest(read_one: Callable[..., Delivery]) -> None:
    line = '{"title": "Bridge", "text": "Open."}'
    for name, content, own in (("a.txt", "Title\n\nBody.", "Title\n\nBody."), ("a.jsonl", line + "\n", line)):
        original = read_one(name, content).original
        assert original == Original(hashlib.sha256(own.encode()).hexdigest())


def test_a_file_name_that_is_not_utf8_can_be_printed(tmp_path: Path) -> None:
    path = Path(os.fsdecode(os.fsencode(tmp_path) + b"/espa\xf1a.txt"))
    path.write_text("Title\n\nBody.")
    (delivery,) = read(path)
    assert isinstance(delivery, Delivery)
    delivery.path.encode("utf-8")
    delivery.article.article_id.encode("utf-8")


def test_a_sidecar_that_is_named_is_no_article(put: Put, tmp_path: Path) -> None:
    sidecar = put("a.meta.yaml", "outlet: P")
    assert "beside its metadata" in only_failure(str(sidecar)).reason
    put("a.txt", "Title")
    assert names([str(sidecar)], under=tmp_path) == []


def test_no_prologue_makes_recognising_slow(fail_one: Callable[..., Failure]) -> None:
    """Each would take a search that goes back for ever."""
    for before in ("<!DOCTYPE x [<!ENTITY a 'b'>]" * 200, "<?x" * 9_000, "<!--" * 9_000, "<!DOCTYPE " + "[] " * 9_000):
        assert "expected, found" in fail_one("a.xml", f"<?xml version='1.0'?>{before}").reason


def test_a_failure_repeats_only_so_much_of_what_it_found(fail_one: Callable[..., Failure]) -> None:
    failure = fail_one("b.xml", f"<nitf><{'b' * 9_000}></c></nitf>")
    assert len(failure.reason) <= MAX_REASON + 3
    assert failure.reason.endswith("deliver it again")
