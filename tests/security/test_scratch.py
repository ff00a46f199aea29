"""The folder for temporary files of the page."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from qa.errors import StoreError
from qa.store.document_store import TEMPORARY, temporary_folder

from .serving import Served


def test_a_served_archive_keeps_its_own(archive: Served) -> None:
    folder = archive.home / TEMPORARY
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert archive.files_in_scratch() == []
    assert archive.files_outside() == []


def test_what_an_earlier_version_left_is_taken_away(tmp_path: Path) -> None:
    folder = tmp_path / TEMPORARY
    (folder / "copied").mkdir(parents=True, mode=0o777)
    (folder / "copied" / "journal.sqlite3").write_text("hashes")
    folder.chmod(0o777)
    with temporary_folder(tmp_path) as mine:
        assert list(folder.iterdir()) == [mine]
        assert list(mine.iterdir()) == []
    assert list(folder.iterdir()) == []
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


@pytest.mark.parametrize("mask", [0o000, 0o022, 0o077])
def test_it_is_private_whatever_the_user_allows_others(tmp_path: Path, mask: int) -> None:
    before = os.umask(mask)
    try:
        with temporary_folder(tmp_path) as folder:
            for private in (folder, folder.parent):
                assert stat.S_IMODE(private.stat().st_mode) == 0o700
    finally:
        os.umask(before)


def test_each_of_several_pages_has_its_own(tmp_path: Path) -> None:
    with temporary_folder(tmp_path) as first:
        (first / "upload").write_text("of a reader")
        with temporary_folder(tmp_path) as second:
            assert second != first
            assert (first / "upload").read_text() == "of a reader"
        assert not second.exists()
        assert (first / "upload").exists()


def test_a_link_is_refused_and_what_it_leads_to_left_alone(tmp_path: Path) -> None:
    elsewhere, home = tmp_path / "elsewhere", tmp_path / "home"
    elsewhere.mkdir()
    home.mkdir()
    (elsewhere / "precious").write_text("kept")
    (home / TEMPORARY).symlink_to(elsewhere)
    refused = pytest.raises(StoreError, match=r"home/scratch was expected to be a folder.*Remove it")
    with refused, temporary_folder(home):
        pass
    assert (elsewhere / "precious").read_text() == "kept"


def test_a_file_of_that_name_is_refused(tmp_path: Path) -> None:
    (tmp_path / TEMPORARY).write_text("mine")
    with pytest.raises(StoreError, match="Remove it"), temporary_folder(tmp_path):
        pass
    assert (tmp_path / TEMPORARY).read_text() == "mine"


def test_what_links_inside_lead_to_stays(tmp_path: Path) -> None:
    (tmp_path / "precious").write_text("kept")
    (tmp_path / TEMPORARY).mkdir()
    (tmp_path / TEMPORARY / "link").symlink_to(tmp_path / "precious")
    with temporary_folder(tmp_path):
        pass
    assert (tmp_path / "precious").read_text() == "kept"
