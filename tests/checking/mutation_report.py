"""Prints how many faithful sentences the check passes and how many altered ones it catches.

python -m tests.checking.mutation_report [--all] [--wrong N] [--row ROW] [--xquad FOLDER] [--reuters FILE]
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Sequence
from pathlib import Path

from tests.checking.measuring import Case, archive_cases, measure, sampled, table
from tests.checking.mutating import CATEGORIES
from tests.checking.outside import reuters_cases, xquad_cases


def main() -> None:
    options = _options()
    cases = _cases(options)
    if not options.all:
        cases = sampled(cases, dict.fromkeys(CATEGORIES, options.most))
    began = time.perf_counter()
    tally = measure(cases)
    print(table(tally))
    print(f"\n{sum(tally.all.values())} sentences in {time.perf_counter() - began:.1f} s")
    shown = [one for one in tally.wrong if options.row in ("", one[1])][: options.wrong]
    for part, row, text, support in shown:
        print(f"\n{part}, {row}: {support.verdict} {'; '.join(support.reasons)}\n  {text}")


def _cases(options: argparse.Namespace) -> Sequence[Case]:
    if not options.xquad and not options.reuters:
        return archive_cases()
    cases = xquad_cases(options.xquad, most=options.sentences) if options.xquad else list[Case]()
    return cases + (reuters_cases(options.reuters, most=options.sentences) if options.reuters else [])


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--xquad", type=Path, help="a folder with articles.en.jsonl and articles.es.jsonl")
    parser.add_argument("--reuters", type=Path, help="articles.jsonl.gz, one dated story a line")
    parser.add_argument("--sentences", type=int, default=200, help="of each outside source and language")
    parser.add_argument("--all", action="store_true", help="every mutant, not a sample of each category")
    parser.add_argument("--most", type=int, default=100, help="mutants of a category in each part")
    parser.add_argument("--wrong", type=int, default=0, help="how many misjudged sentences to show")
    parser.add_argument("--row", default="", help="show misjudged ones of this row only")
    return parser.parse_args()


if __name__ == "__main__":
    main()
