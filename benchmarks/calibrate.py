"""Fits the weights of the support signals and chooses the threshold: `python -m benchmarks.calibrate FOLDER [PAIR …]`.

FOLDER holds articles.en.jsonl and queries.en.jsonl in the shape of xquad. Each question is asked twice, with its right
paragraph in reach and with it taken away; the development half of corpus/questions.jsonl is added with a weight. The
curve is measured across two halves of the paragraphs, each judged by weights fitted on the other.

A PAIR names the language of the questions, then that of the articles: es-es, es-en, en-es. Those alone are fitted
then, with the files of both languages.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from functools import partial
from pathlib import Path
from typing import Any, Literal

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.without import Without
from qa.answering.chain import FOUND
from qa.answering.support import SIGNALS, Asked, signals
from qa.archive.finding import finding_of
from qa.archive.ingesting import ingest_paths
from qa.archive.parts import encoder_of, multilingual_of, store_of
from qa.loaders.metadata import Defaults
from qa.models.replies import Question, SentenceHit
from qa.retrieval.fusion import POOL
from qa.settings import Settings

OUT = Path(__file__).parent.parent / "qa" / "answering" / "calibration.json"
CORPUS = Path(__file__).parent.parent / "corpus"
DEV_WEIGHT = 3.0
"""Weight of a sentence of the demo archive against one of xquad: there are thirty times as many of the latter."""
WRONG_REFUSALS = 0.09
"""Share of answerable questions the threshold may cost, measured on xquad: the least that refuses 85% of the others."""

RIGHT_REFUSALS = 0.82
"""Share of unanswerable questions that the threshold of another pair of languages refuses: some 4 points less than in
English."""
ENGLISH = "en-en"


@dataclass(frozen=True)
class Sample:
    """The sentences found for one question: signals (n, signals) and which of them are right (n,)."""

    signals: np.ndarray
    right: np.ndarray
    half: int


Holds = Callable[[SentenceHit], bool]


Asking = tuple[str, Holds, int, str | None]
"""A question, the test of a right sentence, its half, and the article to leave out, if any."""


def samples(
    paths: Sequence[str],
    questions: Sequence[Asking],
    *,
    multilingual: Literal["always", "never"] = "never",
    pair: str = "",
) -> list[Sample]:
    """A sample for each question over an archive of the paths: the sentences that are compared in those languages."""
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home), multilingual=multilingual)
        ingest_paths(paths, settings=settings, defaults=Defaults(), progress=lambda count: None)
        encoder = encoder_of(settings)
        with store_of(settings) as store:
            finding = finding_of(store, encoder, multilingual_of(settings))
            collected = []
            for text, holds, half, without in questions:
                fused = finding.fused(partial(Without, article_id=without))
                hits = fused.find(Question(text), limit=POOL)[:FOUND]
                asked = Asked.of(text)
                ranked = finding.ranker.rank(Question(text), hits)
                able = [hit for hit in ranked if hit.pair == pair and not asked.demands.unmet(hit.text)]
                rows = [astuple(signals(asked, hit, store.idf)) for hit in able]
                found = np.array(rows).reshape(len(rows), len(SIGNALS))
                collected.append(Sample(found, np.array([holds(hit) for hit in able], dtype=bool), half))
            return collected


def holds_answer(record: dict[str, object]) -> Holds:
    starts, answers = record["answer_start"], record["answers"]
    spans = [(start, start + len(text)) for start, text in zip(starts, answers, strict=True)]  # type: ignore[call-overload]
    return lambda hit: (
        hit.source.article_id == record["article_id"]
        and any(hit.span.start <= start and end <= hit.span.end for start, end in spans)
    )


def is_listed(record: dict[str, object]) -> Holds:
    listed = [(a["article_id"], a["sentence"]) for a in record.get("answers", [])]  # type: ignore[attr-defined]
    return lambda hit: any(hit.source.article_id == i and (s in hit.text or hit.text in s) for i, s in listed)


def fitted(groups: Sequence[tuple[Sequence[Sample], float]]) -> LogisticRegression:
    x = np.concatenate([s.signals for group, _ in groups for s in group])
    y = np.concatenate([s.right for group, _ in groups for s in group])
    weights = np.concatenate([np.full(len(s.right), w) for group, w in groups for s in group])
    return LogisticRegression(C=10, max_iter=5000).fit(x, y, sample_weight=weights)


def best(model: LogisticRegression, sample: Sample) -> float:
    return float(model.predict_proba(sample.signals)[:, 1].max()) if len(sample.signals) else 0.0


def lines(path: Path) -> list[dict[str, object]]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def both_ways(folder: Path, pair: str) -> tuple[list[Sample], list[Sample]]:
    """Samples of every question with its paragraph, and of every one without it."""
    asked_in, _, told_in = pair.partition("-")
    records = lines(folder / f"queries.{told_in}.jsonl")
    texts = {r["id"]: str(r["question"]) for r in lines(folder / f"queries.{asked_in}.jsonl")}
    articles = [str(folder / f"articles.{told_in}.jsonl")]
    multilingual: Literal["always", "never"] = "never" if pair == ENGLISH else "always"

    def asked(*, away: bool) -> list[Asking]:
        return [
            (texts[r["id"]], holds_answer(r), hash_half(str(r["article_id"])), str(r["article_id"]) if away else None)
            for r in records
        ]

    compared = "" if pair == ENGLISH else pair
    there = samples(articles, asked(away=False), multilingual=multilingual, pair=compared)
    return there, samples(articles, asked(away=True), multilingual=multilingual, pair=compared)


def fit(
    there: Sequence[Sample], away: Sequence[Sample], demo: Sequence[Sample] = (), *, refused: float | None = None
) -> dict[str, Any]:
    """Weights, threshold and curve; the threshold refuses that share of what can't be answered, else by its cost."""
    extra = [(demo, DEV_WEIGHT)] if demo else []
    answerable, unanswerable, first = [], [], 0
    for half in (0, 1):
        model = fitted([([s for s in [*there, *away] if s.half != half], 1.0), *extra])
        answerable += [best(model, s) for s in there if s.half == half]
        unanswerable += [best(model, s) for s in away if s.half == half]
        first += sum(
            bool(s.right[model.decision_function(s.signals).argmax()]) for s in there if s.half == half and len(s.right)
        )
    model = fitted([([*there, *away], 1.0), *extra])
    by_cost = float(np.quantile(answerable, WRONG_REFUSALS))
    threshold = by_cost if refused is None else max(by_cost, float(np.quantile(unanswerable, refused)))
    labels = [1] * len(answerable) + [0] * len(unanswerable)
    return {
        "fitted_on": f"{len(there)} questions of xquad, each with and without its paragraph"
        + (f"; {sum(len(s.right) > 0 for s in demo)} demo questions" if demo else ""),
        "weights": {name: round(float(w), 3) for name, w in zip(SIGNALS, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": round(threshold, 3),
        "auroc": round(float(roc_auc_score(labels, answerable + unanswerable)), 4),
        "first_right": round(first / len(there), 3),
        "within_reach": round(float(np.mean([s.right.any() for s in there])), 3),
        "curve": [
            {
                "wrong_refusals": round(share, 2),
                "threshold": round(float(np.quantile(answerable, share)), 3),
                "right_refusals": round(float(np.mean(np.array(unanswerable) < np.quantile(answerable, share))), 3),
            }
            for share in (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2)
        ],
    }


def main(folder: Path, pairs: Sequence[str]) -> None:
    record = json.loads(OUT.read_text(encoding="utf-8"))
    dev = [r for r in lines(CORPUS / "questions.jsonl") if r["set"] == "dev"]
    known: list[Asking] = [(str(r["question"]), is_listed(r), 0, None) for r in dev]
    if pairs:
        for pair in pairs:
            demo = samples([str(CORPUS)], known, multilingual="always", pair=pair)
            record["pairs"][pair] = fit(*both_ways(folder, pair), demo, refused=RIGHT_REFUSALS)
    else:
        record = fit(*both_ways(folder, ENGLISH), samples([str(CORPUS)], known)) | {"pairs": record["pairs"]}
    OUT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps({pair: record["pairs"][pair] for pair in pairs} if pairs else record, indent=1))


def hash_half(article_id: str) -> int:
    """0 or 1, the same for all paragraphs of one article: their ids are x<article>_<paragraph>."""
    return int(article_id[1:].split("_")[0]) % 2


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
