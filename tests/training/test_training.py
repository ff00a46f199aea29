"""A tiny reader is trained end to end: data, windows, training, export, and a model that has learned."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Sequence
from dataclasses import asdict
from itertools import islice
from pathlib import Path
from unittest.mock import ANY

import numpy as np
import pytest
import torch

from tests.fakes import FakeEncoder
from training.__main__ import TOGETHER, check_data, dossier_archives, some_of
from training.claims import NEWS_CLAIMS_SOURCE, all_claims, changed, evidence_of, of_dossier_claims
from training.put_in import of_story
from training.query import Query, QueryTrainer
from training.questions import Question, QuestionTrainer, question_rows
from training.train import RANKED, ReaderTrainer, SupportTrainer, Trainer, batches, export, remaining, train
from training.twins import LONGEST_WINDOW, ReportArchive, searched_together, twins, twins_of_archives
from training.windows import (
    ASIDE,
    ASIDES,
    CARELESS,
    FOLLOWING,
    SPANISH_QUESTIONS,
    Row,
    Window,
    as_typed,
    developing_rows,
    dossier_questions,
    dossier_rows,
    sentence_bounds,
    spanish_rows,
    spoken_rows,
    write_rows,
)

NAMES = ("Anna Lund", "Karl Moe", "Nils Aas", "Ida Berg", "Per Dahl", "Eva Holm")
PLACES = ("Orvik", "Velm", "Torsby", "Askim", "Halden", "Lund")


def rows() -> list[Row]:
    made = list[Row]()
    for number in range(60):
        name, place = NAMES[number % 6], PLACES[number // 6 % 6]
        context = f"The town is old. The mayor of {place} is {name}, who took office in May. Ferries leave daily."
        start = context.index(name)
        question = f"Who is the mayor of {place}?"
        made.append({"question": question, "context": context, "answers": [{"text": name, "start": start}]})
        made.append({"question": f"Who built the bridge of {place}?", "context": context, "answers": []})
    return made


@pytest.fixture
def data(tmp_path: Path) -> Path:
    folder = tmp_path / "data"
    folder.mkdir()
    with gzip.open(folder / "squad2_dev_noxquad.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps(row) + "\n" for row in rows())
    return folder


def tiny_base(folder: Path) -> Path:
    """A transformers folder with a model of two layers and a vocabulary of the test's own words."""
    from tokenizers import Tokenizer, models, pre_tokenizers, processors
    from transformers import BertConfig, BertForQuestionAnswering, PreTrainedTokenizerFast

    words = sorted({word for row in rows() for part in (row["question"], row["context"]) for word in str(part).split()})
    marks = ["<s>", "<pad>", "</s>", "<unk>", "?", ".", ","]
    vocabulary = {word: number for number, word in enumerate([*marks, *sorted({word.strip("?.,") for word in words})])}
    tokenizer = Tokenizer(models.WordLevel(vocabulary, unk_token="<unk>"))
    tokenizer.pre_tokenizer = pre_tokenizers.Whitespace()
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    fast = PreTrainedTokenizerFast(
        tokenizer_object=tokenizer, unk_token="<unk>", pad_token="<pad>", cls_token="<s>", sep_token="</s>"
    )
    fast.save_pretrained(folder)
    torch.manual_seed(1)
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=32, num_hidden_layers=2, num_attention_heads=2, intermediate_size=64
    )
    BertForQuestionAnswering(config).half().save_pretrained(folder)  # as the packaged encoder is kept
    return folder


def made_twins(asked: Sequence[Row], *, seeds: int = 4) -> list[Window]:
    (together,) = searched_together(asked)
    archives = (twins(together, FakeEncoder(), random.Random(seed), source="any") for seed in range(seeds))
    return [window for windows in archives for window in windows]


def test_a_window_holds_its_answer_and_its_twin_none() -> None:
    asked = [row | {"heading": "Towns. "} for row in rows()]
    windows = made_twins(asked)
    assert {window.kind for window in windows} == {"answer", "look"}
    assert {window.twin.kind for window in windows if window.twin} >= {"gone", "near", "look"}
    for window in windows:
        twin = window.twin
        assert "Towns. " in window.heading + window.text
        assert len(window.text) <= LONGEST_WINDOW
        if window.kind == "look":
            assert (window.start, window.end, twin) == (-1, -1, None)
            continue
        words = window.text[window.start : window.end]
        assert words in NAMES
        if twin:
            assert (twin.start, twin.end) == (-1, -1)
            assert (twin.text == window.text) is (twin.kind in ("look", "swapped"))
            assert (twin.question == window.question) is (twin.kind in ("gone", "near"))
            assert twin.text == window.text or words not in twin.text
    assert made_twins(asked) == windows


def test_a_swapped_question_names_something_else_of_its_kind() -> None:
    asked = [row for row in rows() if row["answers"]]
    swapped = [window.twin for window in made_twins(asked) if window.twin and window.twin.kind == "swapped"]
    assert swapped
    for twin in swapped:
        places = [place for place in PLACES if place.lower() in twin.question.lower()]
        assert any(place not in twin.text for place in places)
    crossed = made_twins([row | {"crossed": True} for row in asked])
    assert not [window for window in crossed if window.twin and window.twin.kind == "swapped"]


def test_archives_are_made_twins_of_in_processes_of_their_own() -> None:
    (together,) = searched_together([row for row in rows() if row["answers"]])
    first, *_ = made = list(twins_of_archives([("one", together), ("other", together)], seed=1))
    assert {window.source for window in made} == {"one", "other"}
    assert first.twin is not None
    assert list(twins_of_archives([("one", together)], seed=1)) == [row for row in made if row.source == "one"]


def test_some_questions_come_behind_another_on_the_same_text_and_some_as_people_type() -> None:
    text = "The mayor is Anna Lund. She took office in May. Ferries leave daily."
    answers = {"Who is the mayor?": "Anna Lund", "When did she begin?": "May"}
    asked: list[Row] = [
        {"question": question, "context": text, "answers": [{"text": words, "start": text.index(words)}]}
        for question, words in answers.items()
    ]
    windows = made_twins(asked, seeds=400)
    following = [window for window in windows if window.question.lower().startswith("who is the mayor? when did she")]
    assert 0.005 < len(following) / len(windows) < FOLLOWING  # one of four pairs of questions counts
    assert {window.text[window.start : window.end] for window in following} == {"May"}
    typed = [window for window in windows if window.question.islower()]
    assert 0.5 * CARELESS < len(typed) / len(windows) < 2 * CARELESS


def test_some_questions_come_with_an_aside_in_their_language() -> None:
    lines = [line.split("\t") for line in ASIDES.read_text(encoding="utf-8").splitlines()]
    assert {(language, place) for language, place, _ in lines} == {
        (language, place) for language in ("en", "es") for place in ("before", "after")
    }
    spanish = {words.lower() for language, _, words in lines if language == "es"}
    question, rng = "¿Quién es el alcalde de la ciudad?", random.Random(3)
    typed = [as_typed(question, rng)[0].lower() for _ in range(400)]
    around = [text.replace(question.lower().strip("¿?"), "").strip("¿? ") for text in typed]
    asides = [text for text in around if text]
    assert 0.7 * ASIDE < len(asides) / len(typed) < 1.3 * ASIDE
    assert all(any(text in words or words.strip("¿? ") in text for words in spanish) for text in asides)


def test_where_a_question_stands_among_its_asides_is_known() -> None:
    question, rng = "¿Quién es el alcalde de la ciudad?", random.Random(3)
    for text, (first, last) in (as_typed(question, rng) for _ in range(100)):
        assert text[first:last].lower().strip("¿? ") == question.lower().strip("¿? ")


def test_questions_that_several_reports_answer_ask_for_all() -> None:
    several, single = dossier_questions()
    assert len(several) > 1_500
    assert len(single) > 10_000
    assert not set(several) & set(single)
    known = {row.question: row for row in question_rows(random.Random(1))}
    assert known[several[0]].classes == ("list", "alone", None)
    assert known["And where do the reports differ?"].classes[1] == "leans"
    assert all(len(row.weights) == len(row.classes) for row in known.values())
    pairs = [pair for row in known.values() for pair in zip(row.classes, row.weights, strict=True)]
    assert all((weight > 0) is bool(name) for name, weight in pairs)


def test_a_tiny_model_of_questions_learns_what_is_known_of_each(tmp_path: Path) -> None:
    asked = [Question("any", "fact", "Who is the mayor of Orvik?", ("fact", "alone", None), (1.0, 1.0, 0.0)),
             Question("any", "list", "Ferries leave daily.", ("list", None, "verdict"), (1.0, 0.0, 1.0))]  # fmt: skip
    write_rows(asked, tmp_path / "rows.jsonl")
    batch = [json.loads(line) for line in (tmp_path / "rows.jsonl").read_text(encoding="utf-8").splitlines()]
    trainer = QuestionTrainer(tiny_base(tmp_path / "base"), resting=0, rate=3e-3)
    losses = [trainer.step(batch, 0.0) for _ in range(60)]
    assert sum(losses[-10:]) / 10 < 0.5 * losses[0]


def test_a_question_knows_which_sentences_of_its_archive_answer_and_which_may() -> None:
    (together,) = searched_together(rows()[:24])
    archive = ReportArchive(together, FakeEncoder(), random.Random(3), source="any")
    answered, unanswered = rows()[:2]
    question, answering, perhaps = archive.query(answered) or ("", [], [])
    assert "who is the mayor of orvik" in question.lower()
    assert answering == [1]  # the second of the three sentences of the first report
    # Others have the same name, of another place.
    assert perhaps == [1 + 3 * number for number in range(1, 12) if number % 6 == 0]
    assert archive.query(unanswered) == (ANY, [], [])
    assert len(archive.vectors) == 36


def test_a_tiny_query_encoder_learns_to_lie_near_what_answers(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr("training.query.packaged_languages", lambda: np.zeros((1, 32), dtype=np.float32))
    vectors = np.eye(32, dtype=np.float16)[:6]
    np.save(tmp_path / "0.npy", vectors)
    made = [
        Query("any", "answer", f"mayor {place}", str(tmp_path / "0.npy"), (number,), ((number + 1) % 6,))
        for number, place in enumerate(PLACES)
    ]
    made.append(Query("any", "none", "bridge", str(tmp_path / "0.npy"), (), ()))
    trainer = QueryTrainer(tiny_base(tmp_path), resting=0, rate=1e-3)
    learned = [asdict(query) for query in made]
    first = float(trainer.loss(learned).detach())
    for _ in range(60):
        trainer.step(learned, 0.0)
    assert float(trainer.loss(learned).detach()) < first / 2
    trainer.save(tmp_path / "query.pt")
    learning = torch.load(tmp_path / "query.pt", weights_only=True)["state"]
    assert not any("pooler" in name for name in learning)  # nothing but what the package has


def test_what_is_exported_is_the_mean_with_the_weights_of_before(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    torch.save({"state": {"bias": torch.tensor([3.0, 0.0])}, "seen": 1}, tmp_path / "reader.pt")
    export(tmp_path / "reader.pt", tmp_path / "out", before={"bias": torch.tensor([0.0, 3.0])}, share=0.7)
    assert load_file(tmp_path / "out")["bias"].tolist() == pytest.approx([0.9, 2.1], abs=1e-3)


def claims_data(folder: Path) -> Path:
    with gzip.open(folder / "fever_dev_rte.jsonl.gz", "wt", encoding="utf-8") as file:
        for number in range(60):
            name, other, place = NAMES[number % 6], NAMES[(number + 1) % 6], PLACES[number // 6 % 6]
            evidence = f"The town is old. The mayor of {place} is {name}, who took office in May. Ferries leave daily."
            for who, label in ((name, "supported"), (other, "not_supported")):
                claim = {"claim": f"The mayor of {place} is {who}.", "evidence": evidence, "label": label}
                file.write(json.dumps(claim) + "\n")
    with gzip.open(folder / "squadshifts_new_wiki.jsonl.gz", "wt", encoding="utf-8") as file:
        file.writelines(json.dumps({"context": str(row["context"])}) + "\n" for row in rows())
    return folder


def test_an_altered_claim_says_where_it_was_altered(data: Path) -> None:
    (data / "squad2_dev_noxquad.jsonl.gz").unlink()
    claims = [claim for claim in all_claims(claims_data(data), seed=3) if claim.source != NEWS_CLAIMS_SOURCE]
    altered = [claim.twin for claim in claims if claim.twin]
    assert {"name", "date", "negation"} <= {twin.kind for twin in altered}
    for twin in altered:
        assert not twin.supported
        wrong = [twin.claim[start:end] for start, end in twin.wrong or ()]
        assert any(words not in twin.text for words in wrong) or twin.kind in ("role", "name", "negation"), twin
    assert all(claim.supported and claim.wrong == () for claim in claims if claim.twin)
    assert all(claim.text == claim.twin.text for claim in claims if claim.twin)
    assert [claim for claim in claims if claim.wrong is None]


def test_what_was_written_on_dossiers_comes_as_twins() -> None:
    claims = list(of_dossier_claims(random.Random(3)))
    assert len(claims) > 10_000
    for claim in claims:
        assert claim.supported
        assert claim.twin
        assert not claim.twin.supported
        assert (claim.twin.heading, claim.twin.text) == (claim.heading, claim.text)
        assert claim.twin.claim != claim.claim


def test_words_left_out_are_marked_by_the_word_behind_them() -> None:
    assert changed("It did not open.", "It did open.") == ((7, 11),)
    assert changed("It opened in May.", "It opened in June.") == ((13, 17),)
    assert changed("It opened.", "It opened.") == ()


def test_a_name_is_put_in_for_what_refers_to_it_rightly_and_wrongly() -> None:
    story = {
        "id": "1", "title": "Harbour", "date": "2010-05-04",
        "text": "John Larsen met Anna Holm at the harbour. Larsen said the quay would open on Friday at last.",
    }  # fmt: skip
    claims = [claim for seed in range(8) for claim in of_story(story, random.Random(seed), most=1)]
    assert {claim.twin and claim.twin.kind for claim in claims} == {"name", "date"}
    for claim in claims:
        first, last = claim.text.split(". ")
        assert first.startswith("John Larsen met Anna Holm"), "whom it is about is named"
        assert not last.startswith("Larsen")
        assert claim.supported
        assert claim.claim.startswith("Larsen said")
        assert "on 7 May 2010 at last" in claim.claim
        twin = claim.twin
        assert twin
        assert not twin.supported
        assert twin.claim.startswith("Larsen said") is (twin.kind != "name")
        assert ("on 7 May 2010 at last" in twin.claim) is (twin.kind != "date")
        assert all(twin.claim[start:end] for start, end in twin.wrong or ())


def test_evidence_holds_the_cited_sentence_alone_or_with_some_around_it() -> None:
    text = " ".join(f"Sentence number {n} is here." for n in range(9))
    bounds = sentence_bounds(text)
    drawn = {evidence_of(text, [bounds[6]], random.Random(seed)) for seed in range(60)}
    assert all("number 6" in evidence for evidence in drawn)
    assert "Sentence number 6 is here." in drawn
    assert any(evidence.startswith("Sentence number 2") for evidence in drawn), "whom it is about is named before it"
    assert any("number 7" in evidence for evidence in drawn)
    assert not any("number 1 " in evidence or "number 8" in evidence for evidence in drawn)


def test_a_tiny_support_model_learns_which_of_two_twins_is_borne_out(data: Path, tmp_path: Path) -> None:
    rows_file = tmp_path / "claims.jsonl"
    claims = all_claims(claims_data(data), seed=3)
    write_rows([claim for claim in claims if claim.source != NEWS_CLAIMS_SOURCE and claim.twin][:24], rows_file)
    twins = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines()]
    trainer = SupportTrainer(tiny_base(tmp_path / "base"), resting=0, rate=3e-3)
    losses = [trainer.step(twins, 0.0) for _ in range(50)]
    assert sum(losses[-10:]) / 10 < 0.7 * losses[0]
    trainer.model.eval()
    for row in twins:
        row["twin"] = row["twin"] | {"claim": row["claim"], "wrong": None}  # as likely as it, whatever was learned
    alone = [claim for row in twins for claim in (row | {"twin": None}, row["twin"])]
    more = float(trainer.loss(twins).detach()) - float(trainer.loss(alone).detach())
    assert more == pytest.approx(RANKED * math.log(2), rel=1e-3)


def test_a_tiny_reader_learns_from_data_to_weights(tmp_path: Path) -> None:
    from safetensors.torch import load_file

    windows = tmp_path / "windows.jsonl"
    write_rows(made_twins(rows()), windows)
    base = tiny_base(tmp_path / "base")
    losses = []
    for hours in (0.5 / 3600, 1.5 / 3600):
        train(base, windows, tmp_path / "reader.pt", hours=hours, resting=0, rate=3e-3, batch=8,
              resume=tmp_path / "reader.pt" if losses else None)  # fmt: skip
        losses.append(torch.load(tmp_path / "reader.pt", weights_only=True)["seen"])
    assert losses[1] > losses[0] > 0
    digest = export(tmp_path / "reader.pt", tmp_path / "reader.safetensors")
    assert len(digest) == 64
    kept, state = load_file(tmp_path / "reader.safetensors"), torch.load(tmp_path / "reader.pt")["state"]
    for name, tensor in state.items():
        read = kept[name].float() * (kept[f"{name}.scale"][:, None] if f"{name}.scale" in kept else 1)
        assert (read - tensor.float()).abs().max() <= 0.01 * tensor.float().abs().max() + 1e-3


def test_training_that_goes_on_reads_what_it_has_not_read_yet() -> None:
    drawn = [{"question": str(number), "heading": "", "text": "text"} for number in range(40)]
    first, second = (batches(list(drawn), 4, random.Random(1)) for _ in range(2))
    every = [row["question"] for group in islice(first, 10) for row in group]
    later = [row["question"] for group in islice(remaining(second, 16), 6) for row in group]
    assert sorted(every, key=int) == [str(number) for number in range(40)]
    assert later == every[16:]


def test_a_tiny_reader_learns_which_of_two_twins_answers(tmp_path: Path) -> None:
    rows_file = tmp_path / "windows.jsonl"
    write_rows([window for window in made_twins(rows()) if window.twin][:24], rows_file)
    pairs = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines()]
    trainer = ReaderTrainer(tiny_base(tmp_path / "base"), resting=0, rate=3e-3)
    losses = [trainer.step(pairs, 0.0) for _ in range(80)]
    assert sum(losses[-10:]) / 10 < 0.7 * losses[0]
    alone = [window for row in pairs for window in (row | {"twin": None}, row["twin"])]
    assert 0 < ranked_part(trainer, pairs, alone) < RANKED * math.log(2), "told apart better than by chance"
    as_likely = [row | {"twin": {**row, "twin": None}} for row in pairs]
    alone = [window for row in as_likely for window in (row | {"twin": None}, row["twin"])]
    assert ranked_part(trainer, as_likely, alone) == pytest.approx(RANKED * math.log(2), rel=1e-3)


def ranked_part(trainer: Trainer, pairs: Sequence[Row], alone: Sequence[Row]) -> float:
    """What the loss of twins has beside that of the same rows one by one."""
    trainer.model.eval()
    return float(trainer.loss(pairs).detach()) - float(trainer.loss(alone).detach())


def test_a_report_that_answers_too_is_no_twin() -> None:
    told, recalled = (
        "The mayor of Orvik is Anna Lund. Ferries leave daily.",
        "In Orvik the mayor is still she. It rained.",
    )
    row = {"question": "Who is the mayor of Orvik?", "context": told, "answers": [{"text": "Anna Lund", "start": 22}]}
    other: Row = {"question": "Did it rain in Orvik?", "context": recalled, "answers": []}

    def texts(asked: Row) -> str:
        answered = [w for w in made_twins([asked, other], seeds=40) if "mayor" in w.question.lower() and w.twin]
        return " ".join(f"{window.text} {window.twin.text}" for window in answered if window.twin)

    assert "still she" in texts(row)
    assert "still she" not in texts(row | {"also": [recalled]})


def test_another_sentence_of_the_report_that_answers_is_no_twin() -> None:
    context = "The ferry was late. Waves broke its engine. Crews blamed its old engine. The harbour was full."
    told = [("Waves broke", 20), ("old engine", context.index("old engine"))]
    asked = [{"question": "Why so late?", "context": context, "answers": [{"text": words, "start": at}],
              "answering": [(context, *other) for other in told]} for words, at in told]  # fmt: skip
    made = [window.twin for window in made_twins(asked, seeds=40) if window.twin]
    assert made
    assert not any("broke" in twin.text or "blamed" in twin.text for twin in made)


def test_archives_are_of_whole_texts_and_of_some_dossiers_together() -> None:
    asked = rows()
    chosen = some_of(asked, 10, random.Random(1))
    contexts = {row["context"] for row in chosen}
    assert 10 <= len(chosen) < len(asked)
    assert chosen == sorted(chosen, key=lambda row: [r["context"] for r in chosen].index(row["context"]))
    assert len(chosen) == sum(row["context"] in contexts for row in asked)
    dossiers = [[{"context": str(number)}] for number in range(24)]
    archives = dossier_archives(dossiers)
    assert [len(archive) for archive in archives] == [TOGETHER, TOGETHER, 2, *[1] * 12]


def test_questions_in_spanish_are_on_the_rows_that_they_name(tmp_path: Path) -> None:
    lines = [line.split("\t") for line in SPANISH_QUESTIONS.read_text("utf-8").splitlines()]
    places = [line[0].rsplit(":", 1) for line in lines]
    count = 1 + max(int(number) for name, number in places if name == "nq_open_gold")
    context = " ".join(f"word{number}" for number in range(2_000))
    with gzip.open(tmp_path / "nq_open_gold.jsonl.gz", "wt", encoding="utf-8") as file:
        for number in range(count):
            row = {"question": f"How many are {number}?", "context": context, "answers": []}
            file.write(json.dumps(row) + "\n")
    asked = spanish_rows(tmp_path)
    mine = [line for line in lines if line[0].startswith("nq_open_gold:")]
    assert len(asked) == len(mine)
    for row, (_, start, end, question) in zip(asked, mine, strict=True):
        assert row["question"] == question
        assert row["crossed"]
        assert [answer["text"] for answer in row["answers"]] == (
            [context[int(start) : int(end)]] if start > "-1" else []
        )


def test_dossiers_hold_what_answers_and_which_other_reports_do() -> None:
    dossiers = dossier_rows()
    assert len(dossiers) == 220
    assert any("? " in row["question"] for row in dossiers[-1]), "follow-ups stand behind what was asked before"
    for dossier in dossiers:
        texts = {row["context"] for row in dossier}
        assert len(texts) == 10
        for row in dossier:
            assert set(row["also"]) <= texts - {row["context"]}
            for answer in row["answers"]:
                assert row["context"][answer["start"] :].startswith(answer["text"])


def test_spoken_questions_hold_what_answers_them_within_one_dossier() -> None:
    of_dossiers, asked = [{row["context"] for row in dossier} for dossier in dossier_rows()], spoken_rows()
    assert len(asked) == 220
    assert 600 < sum(not row["answers"] for rows in asked for row in rows) < 1000
    for texts, rows in zip(of_dossiers, asked, strict=True):
        for row in rows:
            assert {row["context"], *row["also"]} <= texts
            assert row["context"] not in row["also"]
            assert all(row["context"][answer["start"] :].startswith(answer["text"]) for answer in row["answers"])


def test_developing_matters_hold_what_answers_and_what_held_before() -> None:
    matters = developing_rows()
    assert len(matters) == 110
    for matter in matters:
        texts = {row["context"] for row in matter}
        for row in matter:
            assert set(row["also"]) <= texts - {row["context"]} if row["answers"] else "also" not in row
            assert all(row["context"][answer["start"] :].startswith(answer["text"]) for answer in row["answers"])
            assert all(text[start:].startswith(words) for text, words, start in row["outdated"])
            assert not row["answers"] or row["context"] in {text for text, *_ in row["answering"]}
    assert sum(bool(row["outdated"]) for rows in matters[:70] for row in rows) >= 490, "seven questions of each archive"
    assert all(any(row["outdated"] for row in rows) for rows in matters)
    assert any(len(row.get("answering", ())) > 1 for rows in matters for row in rows), "two sentences of one report"


def test_what_holds_now_is_read_beside_what_held_before_and_never_called_no_answer() -> None:
    texts = [f"Report {number} on the bridge. The toll stands at {number} crowns. Rain fell." for number in range(1, 5)]
    at = texts[0].index("1 crowns")
    now = {"question": "What does it cost to cross?", "context": texts[3], "heading": "Day 4\n"}
    now["answers"] = [{"text": "4 crowns", "start": at}]
    now["outdated"] = [(text, f"{number} crowns", at) for number, text in enumerate(texts[:3], 1)]
    others = [{"question": f"Report {n}?", "context": text, "answers": []} for n, text in enumerate(texts[:3], 1)]
    told = [
        window
        for seed in range(60)
        for window in twins({text: [row] for text, row in zip(texts, [*others, now], strict=True)}, FakeEncoder(),
                            random.Random(seed), source="any")
        if "cost to cross" in window.question.lower()
    ]  # fmt: skip
    answered = [window.text[window.start : window.end] for window in told if window.start >= 0]
    assert "4 crowns" in answered
    assert "3 crowns" in answered, "the newest of what is there, where what holds now isn't"
    beside = [window for window in told if "toll stands at 4" in window.text and "toll stands at 2" in window.text]
    assert beside
    assert all(window.text[window.start : window.end] == "4 crowns" for window in beside)
    assert not any("crowns" in window.twin.text for window in told if window.twin and window.twin.kind != "swapped")


def test_data_that_are_not_those_of_the_manifest_are_named(data: Path) -> None:
    with pytest.raises(SystemExit, match=r"squad2_dev_noxquad\.jsonl\.gz is not the file of the manifest"):
        check_data(data)
