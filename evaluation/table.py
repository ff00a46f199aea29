"""The rows of an evaluation and their table."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Row:
    """One measure over one set: `part` of `whole` where it is a share, else a plain `figure` with its unit.

    Of a measure named in `LOWER_IS_BETTER` less is better, of every other more.
    """

    dataset: str
    measure: str
    part: int = 0
    whole: int = 0
    figure: float | None = None
    unit: str = ""

    @property
    def value(self) -> float:
        """The share, 0 to 1, or the figure; an empty share is 0."""
        if self.figure is not None:
            return self.figure
        return self.part / self.whole if self.whole else 0.0

    @property
    def text(self) -> str:
        if self.figure is not None:
            return f"{self.figure:,.3g} {self.unit}".strip()
        return f"{self.value:.1%} ({self.part}/{self.whole})"


LOWER_IS_BETTER = frozenset(
    {
        "wrong answers",
        "wrong refusals",
        "false conflicts",
        "question, median",
        "question, 95th percentile",
        "peak memory",
    }
)


def share(dataset: str, measure: str, results: Iterable[bool]) -> Row:
    """How many of the results are true."""
    results = list(results)
    return Row(dataset, measure, sum(results), len(results))


def markdown(rows: Iterable[Row], *, beside: dict[tuple[str, str], str] | None = None) -> str:
    """A Markdown table; `beside` adds the column of an earlier run, by data set and measure."""
    head = ["set", "measure", *(["before"] if beside else []), "now" if beside else "figure"]
    cells = [head, ["---", "---", *["---:"] * (len(head) - 2)]]
    for row in rows:
        measure = f"{row.measure} ↓" if row.measure in LOWER_IS_BETTER else row.measure
        earlier = [beside.get((row.dataset, row.measure), "–")] if beside else []
        cells.append([row.dataset, measure, *earlier, row.text])
    return "\n".join(f"| {' | '.join(line)} |" for line in cells)


def read_markdown(text: str) -> dict[tuple[str, str], str]:
    """The last column of such a table, by data set and measure."""
    lines = [line.strip("|").split("|") for line in text.splitlines() if line.startswith("|")]
    fields = [[cell.strip() for cell in line] for line in lines[2:]]
    return {(line[0], line[1].removesuffix(" ↓")): line[-1] for line in fields}
