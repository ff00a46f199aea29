"""A tiny reader is trained end to end: data, windows, training, export, and a model that has learned."""

from __future__ import annotations

import gzip
import json
import math
import random
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
import torch

from tests.fakes import FakeEncoder
from training.__main__ import check_data
from training.claims import NEWS_CLAIMS_SOURCE, all_claims, changed, evidence_of, of_dossier_claims
from training.compared import COMPARED, compared_windows
from training.put_in import of_story
from training.train import (
    DISTILLED,
    DISTILLED_ACROSS,
    RANKED,
    ReaderTrainer,
    SupportTrainer,
    export,
    train,
)
from training.windows import (
    CAUSES,
    DOSSIER,
    FOLLOWING,
    NEWS,
    SPANISH,
    SPANISH_QUESTIONS,
    Source,
    WindowMaker,
    all_windows,
    dossier_rows,
    sentence_bounds,
    spanish_rows,
    write_rows,
)

NAMES = ("Anna Lund", "Karl Moe", "Nils Aas", "Ida Berg", "Per Dahl", "Eva Holm")
PLACES = ("Orvik", "Velm", "Torsby", "Askim", "Halden", "Lund")


def rows() -> list[dict[str, object]]:
    made = []
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
    vocabulary = {word: number for number, word in enumerate([*marks, *{word.strip("?.,") for word in words}])}
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


def test_windows_hold_their_answers_and_misleading_ones_none(data: Path) -> None:
    windows = all_windows(data, seed=3)
    assert {window.kind for window in windows} >= {"answer", "look"}
    for window in windows:
        if window.kind == "answer" and window.source in (NEWS.name, DOSSIER.name):  # on invented reports
            assert window.text[window.start : window.end].strip()
        elif window.kind == "answer":
            assert window.text[window.start : window.end] in NAMES
        else:
            assert window.start == window.end == -1
    gone = [window for window in windows if window.kind == "gone"]
    assert gone
    assert not any(name in window.text for window in gone for name in NAMES)
    assert all_windows(data, seed=3) == windows


def test_a_swapped_question_names_something_else_of_its_kind() -> None:
    source = Source("any", 1.0, 1.0)
    made = rows() * 2
    maker = WindowMaker(source, made, random.Random(5))
    swapped = [window for window in maker.windows() if window.kind == "swapped"]
    assert swapped
    places = [window.question.lower().removeprefix("who is the mayor of ").rstrip("?") for window in swapped]
    for window, place in zip(swapped, places, strict=True):
        assert window.start == -1
        assert place
        assert place not in window.text.lower()


def test_some_questions_come_behind_another_on_the_same_text() -> None:
    text = "The mayor is Anna Lund. She took office in May. Ferries leave daily."
    answers = {"Who is the mayor?": "Anna Lund", "When did she begin?": "May"}
    asked = [
        {"question": question, "context": text, "answers": [{"text": words, "start": text.index(words)}]}
        for question, words in answers.items()
    ]
    windows = list(WindowMaker(Source("any", 100.0, 0.0), asked, random.Random(5)).windows())
    following = [window for window in windows if window.question.lower().startswith("who is the mayor? when did she")]
    assert 0.005 < len(following) / len(windows) < FOLLOWING  # one of four pairs of questions counts
    assert {window.text[window.start : window.end] for window in following} == {"May"}


def test_questions_for_a_cause_are_asked_more_often() -> None:
    text = "The bridge was closed on Monday. It had cracks. Trams stop before it."
    row = {"context": text, "answers": [{"text": "It had cracks", "start": text.index("It had")}]}
    asked = [{"question": "Why was the bridge closed?", **row}, {"question": "What was closed?", **row}]
    windows = list(WindowMaker(Source("any", 1.0, 0.0), asked, random.Random(5)).windows())
    causes = [window for window in windows if "why" in window.question.lower()]
    assert len(causes) == CAUSES
    assert len(windows) == CAUSES + 1


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


def test_a_tiny_reader_learns_from_data_to_weights(data: Path, tmp_path: Path) -> None:
    from safetensors.torch import load_file

    windows = tmp_path / "windows.jsonl"
    write_rows(all_windows(data, seed=3), windows)
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


def test_what_is_not_learned_anew_holds_a_reader_to_what_it_made_of_it_before(data: Path, tmp_path: Path) -> None:
    windows = [window for window in all_windows(data, seed=3) if window.source not in (NEWS.name, DOSSIER.name)]
    rows_file = tmp_path / "rows.jsonl"
    write_rows(windows, rows_file)
    held = [json.loads(line) for line in rows_file.read_text(encoding="utf-8").splitlines()][:24]
    base = tiny_base(tmp_path / "base")
    untrained = ReaderTrainer(base, resting=0, rate=1e-3).model
    before = {name: weight.detach().clone() for name, weight in untrained.state_dict().items()}
    trainer = ReaderTrainer(base, resting=0, rate=1e-3, before=before)
    trainer.model.eval()  # without dropout
    anew = [row | {"source": COMPARED} for row in held]
    # As long as it says what it said, the right answers alone count, and for less.
    assert float(trainer.loss(held).detach()) == pytest.approx(
        DISTILLED[0] * float(trainer.loss(anew).detach()), rel=1e-3
    )
    with torch.no_grad():
        for weight in [*trainer.model.children()][-1].parameters():  # those of the output
            weight.mul_(-20)
    assert float(trainer.loss(held).detach()) > 1.1 * DISTILLED[0] * float(trainer.loss(anew).detach())


def test_compared_windows_hold_the_sentences_nearest_to_a_question_with_the_answer_or_without() -> None:
    asked = {str(row["question"]): row | {"heading": "Towns. "} for row in rows()}
    windows = list(compared_windows(list(asked.values()), FakeEncoder(), random.Random(4)))
    assert {window.kind for window in windows} == {"answer", "gone", "look"}
    assert {window.source for window in windows} == {COMPARED}
    for window in windows:
        answers: Any = asked[window.question]["answers"]
        assert window.text.startswith("Towns. ")
        if window.kind == "answer":
            assert window.text[window.start : window.end] == answers[0]["text"]
        else:
            assert window.start == window.end == -1
            assert not any(answer["text"] in window.text for answer in answers)


def test_a_report_that_answers_too_is_not_beside_the_one_that_answers() -> None:
    told, recalled = (
        "The mayor of Orvik is Anna Lund. Ferries leave daily.",
        "In Orvik the mayor is still Lund. It rained.",
    )
    row = {"question": "Who is the mayor of Orvik?", "context": told, "answers": [{"text": "Anna Lund", "start": 22}]}
    other = {"question": "Did it rain in Orvik?", "context": recalled, "answers": []}

    def texts(asked: Mapping[str, Any]) -> str:
        windows = (w for seed in range(8) for w in compared_windows([asked, other], FakeEncoder(), random.Random(seed)))
        return " ".join(window.text for window in windows if window.question == row["question"])

    assert "still Lund" in texts(row)
    assert "still Lund" not in texts(row | {"also": [recalled]})


def test_nor_is_it_taken_for_one_that_only_looks_as_if_it_answered() -> None:
    told, recalled = (
        "The mayor of Orvik is Anna Lund. Ferries leave daily.",
        "In Orvik the mayor is still she. It rained.",
    )
    row = {"question": "Who is the mayor of Orvik?", "context": told, "answers": [{"text": "Anna Lund", "start": 22}]}
    other = {"question": "Did it rain in Orvik?", "context": recalled, "answers": []}

    def texts(asked: dict[str, Any]) -> str:
        windows = WindowMaker(Source("any", 9.0, 3.0), [asked, other], random.Random(5)).windows()
        return " ".join(window.text for window in windows if window.kind in ("near", "hard"))

    assert "still she" in texts(row)
    assert "still she" not in texts(row | {"also": [recalled]})


def test_questions_in_spanish_stand_beside_the_same_ones_in_english(data: Path) -> None:
    asked = [row | {"question": f"¿{row['question']}", "parallel": str(row["question"])} for row in rows()]
    alone = list(WindowMaker(SPANISH, asked, random.Random(2)).windows())
    compared = list(compared_windows(asked, FakeEncoder(), random.Random(2)))
    assert {window.kind for window in alone} >= {"answer", "look"}
    assert "swapped" not in {window.kind for window in alone}
    assert all(window.question == f"¿{window.parallel}" for window in compared)
    following = [window for window in alone if window.question.lower().count("who ") > 1]
    assert 0 < len(following) < 2 * FOLLOWING * len(alone)
    for window in alone:
        # Behind another question it is none that anybody was asked in the language of the text.
        expected = "" if window in following else window.question.lower().strip("¿?")
        assert window.parallel.lower().strip("?") == expected


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
    for row, (place, start, end, question) in zip(asked, mine, strict=True):
        assert row["question"] == question
        assert row.get("parallel") == (None if start else f"How many are {place.rsplit(':', 1)[1]}?")
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


def test_what_is_asked_in_another_language_is_held_to_what_was_answered_in_that_of_the_text(tmp_path: Path) -> None:
    base = tiny_base(tmp_path / "base")
    weights = ReaderTrainer(base, resting=0, rate=1e-3).model.state_dict()
    before = {name: weight.detach().clone() for name, weight in weights.items()}
    trainer = ReaderTrainer(base, resting=0, rate=1e-3, before=before)
    trainer.model.eval()  # without dropout
    row = rows()[0]
    text, question = str(row["context"]), str(row["question"])
    start = text.index(NAMES[0])
    window: dict[str, Any] = {"source": COMPARED, "question": "¿Quién?", "heading": "Lund. ", "text": text}
    window |= {"start": start, "end": start + len(NAMES[0])}
    itself, other = window | {"parallel": window["question"]}, window | {"parallel": question}
    right = float(trainer.loss([window]).detach())
    assert float(trainer.loss([itself]).detach()) == pytest.approx(DISTILLED_ACROSS[0] * right, rel=1e-3)
    assert float(trainer.loss([other]).detach()) > float(trainer.loss([itself]).detach())
    _, _, part = trainer.tokenized([window["question"]] * 2, [window, window])
    logits = trainer._teacher_logits([itself, other], part)
    for number, asked in enumerate((window["question"], question)):
        encoded, _, part_before = trainer.tokenized([asked], [window])
        direct = trainer.output_before(encoded, torch.ones(1, dtype=torch.bool))
        for side, known in logits.items():
            assert torch.equal(known[number, part[number] == 1], direct[side][0, part_before[0] == 1])
            assert known[number, 0] == direct[side][0, 0]


def test_data_that_are_not_those_of_the_manifest_are_named(data: Path) -> None:
    with pytest.raises(SystemExit, match=r"squad2_dev_noxquad\.jsonl\.gz is not the file of the manifest"):
        check_data(data)
