"""Fits the weights of the support signals and chooses the threshold: `python -m benchmarks.calibrate FOLDER`.

FOLDER holds articles.en.jsonl and queries.en.jsonl in the shape of xquad. Each question is asked twice, with its right
paragraph in reach and with it taken away; the development half of corpus/questions.jsonl is added with a weight. The
curve is measured across two halves of the paragraphs, each judged by weights fitted on the other.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Callable, Sequence
from dataclasses import astuple, dataclass
from pathlib import Path

import numpy as np
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import roc_auc_score

from benchmarks.without import Without
from qa.answering.chain import FOUND
from qa.answering.support import SIGNALS, Asked, signals
from qa.domain.replies import Question, SentenceHit
from qa.ports import Retriever
from qa.reading.metadata import Defaults
from qa.retrieval.dense import DenseRetriever
from qa.retrieval.fusion import POOL, FusedRetriever
from qa.retrieval.late_interaction import SentenceRanker
from qa.retrieval.lexical import LexicalRetriever
from qa.settings import Settings
from qa.wiring.filling import ingest_paths
from qa.wiring.parts import encoder_of, shelf_of

OUT = Path(__file__).parent.parent / "qa" / "answering" / "calibration.json"
CORPUS = Path(__file__).parent.parent / "corpus"
DEV_WEIGHT = 3.0
"""Weight of a sentence of the demo archive against one of xquad: there are thirty times as many of the latter."""
WRONG_REFUSALS = 0.09
"""Share of answerable questions the threshold may cost, measured on xquad: the least that refuses 85% of the others."""


@dataclass(frozen=True)
class Sample:
    """The sentences found for one question: signals (n, signals) and which of them are right (n,)."""

    signals: np.ndarray
    right: np.ndarray
    half: int


Holds = Callable[[SentenceHit], bool]


def samples(paths: Sequence[str], questions: Sequence[tuple[str, Holds, int, str | None]]) -> list[Sample]:
    """A sample for each question over an archive of the paths.

    A question is its text, the test of a right sentence, its half, and the article to leave out, if any.
    """
    with tempfile.TemporaryDirectory() as home:
        settings = Settings(home=Path(home))
        ingest_paths(paths, settings=settings, defaults=Defaults(), progress=lambda count: None)
        encoder = encoder_of(settings)
        with shelf_of(settings) as shelf:
            parts: list[Retriever] = [DenseRetriever(shelf, encoder), LexicalRetriever(shelf)]
            ranker = SentenceRanker(shelf, encoder, depth=FOUND)
            collected = []
            for text, holds, half, without in questions:
                fused = FusedRetriever([Without(part, without) for part in parts])
                hits = fused.find(Question(text), limit=POOL)
                asked = Asked.of(text)
                ranked = ranker.rank(Question(text), hits)
                able = [hit for hit in ranked if not asked.demands.unmet(hit.text)]
                rows = [astuple(signals(asked, hit, shelf.rarity)) for hit in able]
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


def main(folder: Path) -> None:
    records = lines(folder / "queries.en.jsonl")
    articles = [str(folder / "articles.en.jsonl")]
    asked = [(str(r["question"]), holds_answer(r), hash_half(str(r["article_id"])), None) for r in records]
    there = samples(articles, asked)
    away = samples(
        articles, [(t, h, half, str(r["article_id"])) for (t, h, half, _), r in zip(asked, records, strict=True)]
    )
    dev = [r for r in lines(CORPUS / "questions.jsonl") if r["set"] == "dev"]
    demo = samples([str(CORPUS)], [(str(r["question"]), is_listed(r), 0, None) for r in dev])

    answerable, unanswerable = [], []
    for half in (0, 1):
        other = [([s for s in there + away if s.half != half], 1.0), (demo, DEV_WEIGHT)]
        model = fitted(other)
        answerable += [best(model, s) for s in there if s.half == half]
        unanswerable += [best(model, s) for s in away if s.half == half]
    model = fitted([(there + away, 1.0), (demo, DEV_WEIGHT)])
    threshold = float(np.quantile(answerable, WRONG_REFUSALS))
    labels = [1] * len(answerable) + [0] * len(unanswerable)
    record = {
        "fitted_on": f"{len(there)} questions of xquad, each with and without its paragraph; {len(dev)} demo questions",
        "weights": {name: round(float(w), 3) for name, w in zip(SIGNALS, model.coef_[0], strict=True)},
        "bias": round(float(model.intercept_[0]), 3),
        "threshold": round(threshold, 3),
        "auroc": round(float(roc_auc_score(labels, answerable + unanswerable)), 4),
        "curve": [
            {
                "wrong_refusals": round(share, 2),
                "threshold": round(float(np.quantile(answerable, share)), 3),
                "right_refusals": round(float(np.mean(np.array(unanswerable) < np.quantile(answerable, share))), 3),
            }
            for share in (0.02, 0.03, 0.04, 0.05, 0.06, 0.07, 0.08, 0.09, 0.1, 0.12, 0.15, 0.2)
        ],
    }
    OUT.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    print(json.dumps(record, indent=1))


def hash_half(article_id: str) -> int:
    """0 or 1, the same for all paragraphs of one article: their ids are x<article>_<paragraph>."""
    return int(article_id[1:].split("_")[0]) % 2


if __name__ == "__main__":
    main(Path(sys.argv[1]))
