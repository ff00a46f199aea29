"""`python -m evaluation`: how well questions are answered, on the project's own probes and on public sets, as a table.

The public sets are read from the folder of `--data`: `xquad/`, `qamr/articles.jsonl`, `reuters/articles.jsonl.gz`.
Without it the probes alone are run. `--only` takes names of parts; `--before` sets an earlier table beside this one.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

from evaluation import developing, lists, paragraphs, speed, wording, written
from evaluation.probes import ARCHIVES, PROBES
from evaluation.program import opened
from evaluation.table import Row, markdown, read_markdown

PARTS, SHUT = ("open", "held", "described", "asked", *wording.INVENTED), ("shut", "fresh", "wires", "typed")
INVENTED = {"lists": lists.evaluate, "developing": developing.evaluate}
PUBLIC = ("xquad", "wording", "written", "speed")


def main() -> None:
    options = _options()
    rows = []
    for row in _rows(options):
        print(f"{row.dataset}: {row.measure} {row.text}", file=sys.stderr, flush=True)
        rows.append(row)
    before = read_markdown(options.before.read_text(encoding="utf-8")) if options.before else None
    print(markdown(rows, beside=before))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m evaluation", description=__doc__)
    parser.add_argument("--data", type=Path, metavar="FOLDER", help="folder of the public sets")
    parser.add_argument("--only", nargs="+", choices=(*PROBES, *INVENTED, *PUBLIC), help="these parts alone")
    parser.add_argument("--count", type=int, default=300, metavar="N", help="xquad: questions of each pair (300)")
    parser.add_argument("--stories", type=int, default=1_000, metavar="N", help="speed: stories ingested (1,000)")
    parser.add_argument("--shut", action="store_true", help="free wording: totals of the shut parts too")
    parser.add_argument("--before", type=Path, metavar="FILE", help="an earlier table to set beside this one")
    return parser.parse_args()


def _rows(options: argparse.Namespace) -> Iterator[Row]:
    wanted = options.only or [*PROBES, *INVENTED, *(PUBLIC if options.data else ())]
    if options.data is None and (missing := sorted({*wanted} & {*PUBLIC})):
        raise SystemExit(f"--data FOLDER is needed for {', '.join(missing)}.")
    probes = [probe for name, probe in PROBES.items() if name in wanted]
    if probes:
        with ExitStack() as stack:
            scratch = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="qa-evaluation-")))
            programs = {
                name: stack.enter_context(opened([paths], home=scratch / name)) for name, paths in ARCHIVES.items()
            }
            for probe in probes:
                yield from probe(programs)
    for name, evaluate in INVENTED.items():
        if name in wanted:
            yield from evaluate()
    if "xquad" in wanted:
        yield from paragraphs.evaluate(options.data / "xquad", count=options.count)
    if "wording" in wanted:
        yield from wording.evaluate(options.data, parts=PARTS + SHUT * options.shut)
    if "written" in wanted:
        yield from written.evaluate(options.data)
    if "speed" in wanted:
        yield from speed.evaluate(options.data / "reuters" / "articles.jsonl.gz", count=options.stories)


if __name__ == "__main__":
    main()
