"""How fast articles are read, and how fast an archive that didn't change is found to be as it was.

`python -m benchmarks.reading` makes one gzipped file of ninjs, an item a line, reads it without storing anything, and
brings an archive of as many small files in step with them twice. The encoder is a stand-in: encoding is not measured.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import resource
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from unittest.mock import patch

from qa.archive import ingesting
from qa.archive.ingesting import SourceList, sync_sources
from qa.loaders.reading import read
from qa.models.deliveries import Delivery
from qa.settings import Settings
from tests.fakes import FakeEncoder

WORDS = [
    "port",
    "council",
    "ship",
    "harbour",
    "vote",
    "minister",
    "report",
    "court",
    "week",
    "bridge",
    "city",
    "said",
    "would",
    "open",
    "shut",
    "new",
    "river",
    "plan",
]
PARAGRAPHS = 5
SENTENCES = 4


def items(count: int) -> Iterator[dict[str, object]]:
    """Items of ninjs of about 900 characters, the same each time."""
    drawn = random.Random(count)
    for number in range(count):
        paragraphs = [" ".join(_sentence(drawn) for _ in range(SENTENCES)) for _ in range(PARAGRAPHS)]
        yield {
            "uri": f"http://wire.example/{number}",
            "type": "text",
            "versionCreated": f"2005-03-{number % 28 + 1:02}T10:00:00Z",
            "pubStatus": "usable",
            "language": "en",
            "headlines": [{"role": "main", "value": _sentence(drawn)}],
            "bodies": [{"contentType": "text/html", "value": "".join(f"<p>{text}</p>" for text in paragraphs)}],
            "subjects": [{"name": "economy", "uri": "medtop:04000000"}],
            "copyrightHolder": "Wire",
        }


def reading(folder: Path, count: int) -> None:
    path = folder / "wire.jsonl.gz"
    with gzip.open(path, "wt", encoding="utf-8", compresslevel=1) as file:
        file.writelines(json.dumps(item) + "\n" for item in items(count))
    started = time.perf_counter()
    early = 0
    for number, record in enumerate(read(path), start=1):
        assert isinstance(record, Delivery), record
        if number == count // 10:
            early = _peak()
    seconds = time.perf_counter() - started
    speed = f"{count / seconds:,.0f} a second"
    print(f"reading {count:,} articles: {speed}; peak memory {early} MB after a tenth, {_peak()} MB")


def syncing_again(folder: Path, count: int) -> None:
    for number in range(count):
        path = folder / f"{number % 100:02}" / f"{number}.txt"
        path.parent.mkdir(exist_ok=True)
        path.write_text(f"Title {number}\n\nThe port is open on day {number}.\n", encoding="utf-8")
    sources = [SourceList(name="files", paths=(str(folder),))]
    settings = Settings(home=folder.parent / "archive")
    with patch.object(ingesting, "encoder_of", lambda settings: FakeEncoder()):
        for what in ("first", "again, unchanged"):
            started = time.perf_counter()
            (source,), _ = sync_sources(sources, settings=settings, prune=False, progress=lambda count: None)
            print(
                f"syncing {count:,} files {what}: {time.perf_counter() - started:.1f} s "
                f"({source.read:,} read, {source.unchanged:,} as they were)"
            )


def _sentence(drawn: random.Random) -> str:
    return " ".join(drawn.choices(WORDS, k=8)).capitalize() + "."


def _peak() -> int:
    """Megabytes that this process has held at most."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=20_000)
    count = options.parse_args().count
    with tempfile.TemporaryDirectory() as folder:
        reading(Path(folder), count)
        files = Path(folder) / "files"
        files.mkdir()
        syncing_again(files, count)


if __name__ == "__main__":
    main()
