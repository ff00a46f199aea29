"""The evaluation finds what it reads, counts as it says, and sets an earlier table beside a new one."""

from __future__ import annotations

import json
from pathlib import Path

from evaluation import probes, wording
from evaluation.table import Row, markdown, read_markdown, share
from training.windows import DOSSIERS, NEWS_INVENTED, NEWS_QUESTIONS


def test_probes_that_ask_no_archive_find_their_sentences() -> None:
    rows = list(probes.dates({}))
    assert [row.measure for row in rows] == ["recall", "precision"] * 2
    assert all(row.whole > 50 and row.value > 0.9 for row in rows)


def test_every_file_that_a_probe_reads_is_there() -> None:
    for names in probes.FILES:
        assert probes.records(*names)


def test_news_questions_are_told_apart_by_their_stories() -> None:
    parts = ("open", "held", "shut", "described", "asked", "fresh", "wires", "typed")
    halves = {part: list(wording.questions(part)) for part in parts}
    stories = set(json.loads((wording.SETS / "articles.json").read_text(encoding="utf-8")))
    asked = {half: {question.article_id for question in questions} for half, questions in halves.items()}
    assert not asked["open"] & asked["shut"]
    assert asked["open"] | asked["shut"] <= stories
    assert not (asked["held"] | asked["described"]) & stories
    assert not asked["fresh"] & asked["asked"]
    assert not asked["wires"] & set().union(*(asked[part] for part in parts if part not in ("wires", "typed")))
    assert asked["typed"] <= asked["fresh"] | asked["wires"]
    trained = {line.split("\t")[0] for line in NEWS_QUESTIONS.read_text(encoding="utf-8").splitlines()}
    assert not trained & set().union(stories, *asked.values())
    for questions in halves.values():
        assert 0.25 < sum(not question.sentences for question in questions) / len(questions) < 0.45


def test_of_invented_reports_those_that_are_evaluated_were_not_trained_on() -> None:
    def stretches(path: Path) -> set[str]:
        """All that stands in the reports of a file, a dozen words at a time."""
        texts = [json.loads(line)["text"].split() for line in path.read_text(encoding="utf-8").splitlines()]
        return {" ".join(text[at : at + 12]) for text in texts for at in range(len(text) - 11)}

    trained = stretches(NEWS_INVENTED) | stretches(DOSSIERS)
    assert len(trained) > 100_000
    for part in wording.INVENTED:
        if (path := wording.SETS / f"{part}.jsonl").exists():  # the follow-ups stand with the dossiers
            assert not trained & stretches(path)
        questions = list(wording.questions(part))
        assert len(questions) > 100
        assert 0.25 < sum(not question.sentences for question in questions) / len(questions) < 0.45


def test_each_dossier_is_an_archive_of_its_own() -> None:
    archives = wording.archives(Path("nowhere"), "dossiers")
    assert [len(stories) for stories in archives] == [10] * 20
    assert all(len({story["id"].rsplit("r", 1)[0] for story in stories}) == 1 for stories in archives)
    assert len(wording.archives(Path("nowhere"), "reports")) == 1


def test_each_question_for_a_list_is_answered_by_several_reports_of_one_dossier() -> None:
    texts = {
        story["id"]: story["text"] for stories in wording.archives(Path("nowhere"), "dossiers") for story in stories
    }
    asked = [json.loads(line) for line in (wording.SETS / "lists.jsonl").read_text(encoding="utf-8").splitlines()]
    assert len(asked) == 40
    for question in asked:
        assert len({name for name, _ in question["answers"]}) == len(question["answers"]) >= 3
        assert all(name.startswith(question["dossier"]) for name, _ in question["answers"])
        assert all(words in texts[name] for name, words in question["answers"])


def test_a_quote_is_right_that_covers_half_of_an_answering_sentence() -> None:
    question = wording.NewsQuestion("When?", "a", ((100, 200),))
    assert question.is_answered_by("a", 100, 200)
    assert question.is_answered_by("a", 120, 180)
    assert not question.is_answered_by("a", 190, 300)
    assert not question.is_answered_by("b", 100, 200)


def test_a_table_is_read_back_and_set_beside_a_new_one() -> None:
    rows = [share("demo", "wrong answers", [True, False]), Row("speed", "peak memory", figure=900.0, unit="MB")]
    earlier = read_markdown(markdown(rows))
    assert earlier == {("demo", "wrong answers"): "50.0% (1/2)", ("speed", "peak memory"): "900 MB"}
    assert "| demo | wrong answers ↓ | 50.0% (1/2) | 0.0% (0/1) |" in markdown(
        [share("demo", "wrong answers", [False])], beside=earlier
    )


def test_what_answers_spoken_questions_stands_in_the_dossiers() -> None:
    texts = {story["id"]: story["text"] for stories in wording.archives(Path(), "dossiers") for story in stories}
    lines = (wording.SETS / "spoken.jsonl").read_text(encoding="utf-8").splitlines()
    questions = [json.loads(line) for line in lines]
    assert all(words in texts[name] for question in questions for name, words in question["answers"])
    unanswered = [question for question in questions if not question["answers"]]
    assert (len(questions), len(unanswered)) == (160, 40)
    assert all(question["near"] in texts for question in unanswered)
