"""Discovery of the files to read: paths, folders and patterns, without what lies beside articles and is none."""

import glob
import os
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

from qa.loaders.documents import Document
from qa.loaders.encoding import path_text
from qa.loaders.front_matter import is_sidecar, partner_exists
from qa.loaders.newspaper_issue import pages_named
from qa.loaders.registry import ENDINGS, is_known
from qa.loaders.sniffing import is_companion, passed_over_text
from qa.models.deliveries import Failure, Remark

_PASSED_OVER = "passed over: a note or a list of questions beside articles; named alone, it is read as an article"
_KINDS = f"article files ({', '.join(ENDINGS)})"


def find_files(paths: Sequence[str]) -> Iterator[Path | Failure | Remark]:
    """The files that paths name, each once: files, folders with all below them, and patterns with `*`.

    In the order given, folders sorted. A Failure stands for each path that leads to nothing. In folders and patterns
    (also one that a shell expanded to several paths) hidden files, sidecars, notes such as README.md and lists of
    questions are passed over, in folders also pages that a newspaper's issue names, and files of no format known.
    """
    seen: set[str] = set()
    for path in paths:
        try:
            for file in _files_of(path, alone=len(paths) == 1):
                if not isinstance(file, Path):
                    yield file
                elif (real := os.path.realpath(file)) not in seen:
                    seen.add(real)
                    yield file
        except (OSError, ValueError) as error:
            yield Failure(path_text(Path(path)), None, reason_of(error))


def _files_of(path: str, *, alone: bool) -> Iterator[Path | Failure | Remark]:
    reason = ""
    if not path.strip():
        reason = "a path was expected, found an empty one; name a file or a folder"
    elif os.path.isdir(path):
        yield from _in_folder(Path(path))
    elif os.path.lexists(path):
        if not is_sidecar(path):
            yield Path(path) if alone else _unless_companion(Path(path))
        elif not partner_exists(Path(path)):  # beside its article a sidecar needs no word
            reason = "an article beside its metadata was expected, found none; deliver it too"
    elif not glob.has_magic(path):
        reason = "a file or folder was expected, found nothing of that name; check its spelling"
    else:
        empty = True
        for match in map(Path, sorted(glob.glob(path, recursive=True))):
            if match.is_dir():
                for file in _in_folder(match, may_be_empty=True):
                    empty = False
                    yield file
            elif not is_sidecar(match.name):
                yield (file := _unless_companion(match))
                empty = empty and isinstance(file, Remark)
        if empty:
            reason = f"{_KINDS} were expected, found none that fits the pattern; check its spelling"
    if reason:
        yield Failure(path_text(Path(path)) if path.strip() else path, None, reason)


def _unless_companion(path: Path) -> Path | Remark:
    return Remark(path_text(path), None, _PASSED_OVER) if is_companion(Document.of_file(path)) else path


def _in_folder(folder: Path, *, may_be_empty: bool = False) -> Iterator[Path | Failure | Remark]:
    failures: list[Failure] = []
    passed_over: Counter[str] = Counter()
    empty = True
    files = list(_walk(folder, failures=failures))
    listings = [path for path in files if path.name.lower().endswith(".xml")]
    pages = {path.parent / page for path in listings for page in pages_named(Document.of_file(path))}
    for path in files:
        if is_sidecar(path.name) or is_companion(Document.of_file(path)) or path in pages:
            continue
        try:
            can_be_read = path.name.lower().endswith(ENDINGS) or (path.is_file() and is_known(Document.of_file(path)))
        except OSError:
            can_be_read = True  # reading it will say why
        if can_be_read:
            empty = False
            yield path
        else:
            passed_over[path.suffix.lower() or "without an ending"] += 1
    yield from failures
    if empty and not failures and not may_be_empty:
        count = f"{passed_over.total():,} other files" if passed_over else "no files"
        yield Failure(path_text(folder), None, f"{_KINDS} were expected, found {count}; name another folder")
    elif passed_over:
        yield Remark(path_text(folder), None, passed_over_text(passed_over))


def _walk(folder: Path, *, failures: list[Failure]) -> Iterator[Path]:
    """Files below a folder, sorted, hidden ones left out; linked folders are followed once."""

    def note(error: OSError) -> None:
        failures.append(Failure(path_text(Path(str(error.filename))), None, reason_of(error)))

    entered: set[str] = set()
    for root, folders, files in os.walk(folder, followlinks=True, onerror=note):
        real = os.path.realpath(root)
        folders[:] = [] if real in entered else sorted(name for name in folders if not name.startswith("."))
        if real not in entered:
            yield from (Path(root, name) for name in sorted(files) if not name.startswith("."))
        entered.add(real)


def reason_of(error: Exception) -> str:
    """Why a file can't be read, for a Failure."""
    if isinstance(error, PermissionError):
        return "a file that may be read was expected, found no permission; allow reading it (chmod +r)"
    if isinstance(error, FileNotFoundError):
        return "a file was expected, found that it is not there any more; check the name"
    what = error.strerror if isinstance(error, OSError) else None
    return f"a file that can be read was expected, found: {what or error}; check the name and the disk"
