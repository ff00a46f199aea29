"""`python -m training reader|support --data FOLDER`: makes a packaged model, from the data to the file that is kept.

The folder holds the files of manifest.json, gzipped JSON lines; none of it is part of the project.
"""

import argparse
import hashlib
import random
from pathlib import Path

from qa.archive.parts import encoder_of
from qa.encoding.e5 import packaged_encoder
from qa.encoding.reader import PACKAGED_WEIGHTS, SupportClassifier
from qa.settings import PACKAGED, Settings
from training.claims import Claim, all_claims, of_extracts
from training.compared import compared_windows
from training.put_in import of_names
from training.train import LONGEST_TEXT, ReaderTrainer, SupportTrainer, Trainer, export, train
from training.windows import (
    MANIFEST,
    Window,
    all_windows,
    dossier_rows,
    invented_rows,
    news_rows,
    rows_of,
    spanish_rows,
    write_rows,
)

SEED = 11
PARAGRAPHS = ("squad_es_dev_v1_noxquad", "squad2_dev_noxquad", "squad2_dev_crossed")
"""Files of questions of which several are on each paragraph, so that paragraphs make an archive."""

RATE_ANEW, RATE = 2e-4, 1.5e-4
"""Learning rates from the encoder, or of a support model, and of a reader that goes on."""
WINDOWS, TWINS = 16, 32  # a batch of the reader, and of the support model, whose evidence is short


def check_data(folder: Path) -> None:
    """Raises SystemExit, naming every file that is missing or is not the one that the manifest describes."""
    wrong = []
    for entry in MANIFEST:
        path = folder / f"{entry['name']}.jsonl.gz"
        if not path.is_file():
            wrong.append(f"{path} is missing ({entry['origin']}, {entry['licence']})")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(f"{path} is not the file of the manifest: SHA-256 {entry['sha256']} was expected")
    if wrong:
        raise SystemExit("The training data can't be used:\n" + "\n".join(wrong))


def reader_rows(folder: Path, anew: bool) -> list[Window]:
    """Windows of what retrieval brings for a question, and half as many others; of a reader made anew all others."""
    encoder, rng = encoder_of(Settings(encoder=PACKAGED)), random.Random(SEED)
    compared: list[Window] = []
    archives = [[*news_rows(folder.parent), *invented_rows()], *dossier_rows(), spanish_rows(folder)]
    for rows in (*archives, *(rows_of(folder, name) for name in PARAGRAPHS)):
        compared += compared_windows(rows, encoder, rng)
    compared = [window for window in compared if len(window.text) <= LONGEST_TEXT]
    others = all_windows(folder, SEED)
    windows = [*compared, *(others if anew else others[: len(compared) // 2])]
    rng.shuffle(windows)
    return windows


def claim_rows(folder: Path) -> list[Claim]:
    """Every source's claims, shuffled."""
    rng = random.Random(SEED)
    claims = [*of_extracts(folder.parent, rng), *of_names(folder.parent, rng), *all_claims(folder, SEED)]
    rng.shuffle(claims)
    return claims


def main() -> None:
    """Check the data, cut windows, train, export."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("model", choices=("reader", "support"), nargs="?", default="reader")
    parser.add_argument("--data", type=Path, required=True, help="folder with the files of manifest.json")
    parser.add_argument("--out", type=Path, help="folder for windows and checkpoints (build/MODEL, build/MODEL-anew)")
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--any-data", action="store_true", help="take files that are not those of the manifest")
    parser.add_argument(
        "--anew", action="store_true", help="begin with the encoder (support: the reader), not with the packaged model"
    )
    arguments = parser.parse_args()
    if not arguments.any_data:
        check_data(arguments.data)
    folder: Path = arguments.out or Path("build") / f"{arguments.model}{'-anew' if arguments.anew else ''}"
    folder.mkdir(parents=True, exist_ok=True)
    rows, checkpoint = folder / "rows.jsonl", folder / f"{arguments.model}.pt"
    supporting = arguments.model == "support"
    if not rows.exists():
        write_rows(
            claim_rows(arguments.data) if supporting else reader_rows(arguments.data, arguments.anew),
            rows,
        )
    packaged = SupportClassifier.weights if supporting else PACKAGED_WEIGHTS
    before = None if arguments.anew else packaged.tensors()
    trainer_type: type[Trainer] = SupportTrainer if supporting else ReaderTrainer
    train(
        packaged_encoder(Settings().models),
        rows,
        checkpoint,
        trainer_type=trainer_type,
        hours=arguments.hours,
        resume=checkpoint if checkpoint.exists() else None,
        before=PACKAGED_WEIGHTS.tensors() if arguments.anew and supporting else before,
        remembering=not arguments.anew and not supporting,
        batch=TWINS if supporting else WINDOWS,
        rate=RATE_ANEW if arguments.anew or supporting else RATE,
    )
    weights = folder / f"{arguments.model}.safetensors"
    digest = export(checkpoint, weights, before=before, share=trainer_type.share_before)
    print(f"{weights}: SHA-256 {digest}, to be named in qa/encoding/reader.py")


if __name__ == "__main__":
    main()
