"""`python -m benchmarks`: ingestion, questions, memory and start-up beside the plain LangChain recipe, as Markdown.

Both are measured in one run, on the same articles, with the same model, each stage in a process of its own.
"""

from __future__ import annotations

import argparse
import importlib
import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.articles import articles, questions, write
from benchmarks.measures import Figures, machine
from benchmarks.starting import QA, seconds_of, seconds_to_page
from benchmarks.table import markdown

ASKED = 100


def main() -> None:
    options = _options()
    if options.stage:
        who, what, home, given = options.stage
        print(json.dumps(_stage(who, what, Path(home), Path(given))))
        return
    with tempfile.TemporaryDirectory(prefix="qa-bench-") as folder:
        print(_compared(Path(folder), options))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("--articles", type=Path, metavar="FILE", help="JSON Lines, gzip or not; unset, generated ones")
    parser.add_argument("--count", type=int, metavar="N", help="the first N articles only")
    parser.add_argument("--questions", type=int, default=ASKED, metavar="N", help="questions to ask")
    parser.add_argument("--stage", nargs=4, help=argparse.SUPPRESS)
    return parser.parse_args()


def _compared(folder: Path, options: argparse.Namespace) -> str:
    records = articles(options.articles, options.count)
    lines, asked = folder / "articles.jsonl", folder / "questions.json"
    write(records, lines)
    asked.write_text(json.dumps(questions(records, options.questions)), encoding="utf-8")
    figures: dict[str, Figures] = {}
    for who in ("recipe", "house"):
        home = folder / who
        figures[f"{who}.fill"] = _apart(who, "fill", home, lines)
        figures[f"{who}.ask"] = _apart(who, "ask", home, asked)
    home = folder / "house"
    one = json.loads(asked.read_text(encoding="utf-8"))[0]
    figures["house.start"] = {
        "help": seconds_of([*QA, "--help"]),
        "first": seconds_of([*QA, "ask", one], home=home),
        "page": seconds_to_page(home),
    }
    figures["recipe.start"] = {"first": seconds_of(_command("recipe", "first", folder / "recipe", asked))}
    return f"{machine()}. {len(records):,} articles, {options.questions} questions.\n\n{markdown(figures)}"


def _apart(who: str, what: str, home: Path, given: Path) -> Figures:
    """A stage in a process of its own."""
    print(f"{who}: {what} …", file=sys.stderr)
    done = subprocess.run(_command(who, what, home, given), check=True, stdout=subprocess.PIPE, text=True)
    figures: Figures = json.loads(done.stdout.splitlines()[-1])
    return figures


def _command(who: str, what: str, home: Path, given: Path) -> list[str]:
    return [sys.executable, "-m", "benchmarks", "--stage", who, what, str(home), str(given)]


def _stage(who: str, what: str, home: Path, given: Path) -> Figures:
    module = importlib.import_module(f"benchmarks.{who}")
    subject = given if what == "fill" else json.loads(given.read_text(encoding="utf-8"))
    figures: Figures = getattr(module, what)(home, subject)
    return figures


if __name__ == "__main__":
    main()
