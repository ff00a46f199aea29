"""`python -m training.languages --data FOLDER`: finds the directions by which the encoder tells languages apart.

The difference of the mean vectors of paragraphs in English and of the same paragraphs in Spanish, and that of questions
on them. With them left in, a question finds paragraphs in its own language first, whatever they are about.
"""

import argparse
import random
from functools import partial
from pathlib import Path

import numpy as np

from qa.encoding.e5 import LANGUAGES, NAME, packaged_encoder
from qa.encoding.sentence_encoder import SentenceEncoder
from qa.protocols import Vectors
from qa.settings import Settings
from training.windows import rows_of

ENGLISH, SPANISH = "squad2_dev_noxquad", "squad_es_dev_v1_noxquad"
DRAWN = 300
PACKAGED = Path(__file__).parent.parent / "qa" / "encoding" / LANGUAGES


def drawn(folder: Path, name: str, field: str) -> list[str]:
    """Paragraphs or questions of a file."""
    texts = sorted({row[field] for row in rows_of(folder, name)})
    if not texts:
        raise SystemExit(
            f"Rows of {name} were expected in {folder}, found none. Name the folder of training/manifest.json."
        )
    return random.Random(7).sample(texts, min(DRAWN, len(texts)))


def directions(differences: Vectors) -> Vectors:
    """Unit vectors at right angles that span some differences of means, both (directions, dimension)."""
    return np.linalg.qr(differences.T)[0].T.astype(np.float32)


def make(folder: Path, out: Path, encoder: SentenceEncoder) -> None:
    """Writes the directions; `encoder` is one whose vectors have them still."""
    paragraphs = [encoder.encode(drawn(folder, name, "context")).mean(0) for name in (ENGLISH, SPANISH)]
    questions = [
        np.stack([encoder.encode_question(text) for text in drawn(folder, name, "question")]).mean(0)
        for name in (ENGLISH, SPANISH)
    ]
    differences = [english - spanish for english, spanish in (paragraphs, questions)]
    np.save(out, directions(np.stack(differences)))


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m training.languages", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the files of manifest.json")
    make(parser.parse_args().data, PACKAGED, SentenceEncoder(partial(packaged_encoder, Settings().models), name=NAME))
    print(f"{PACKAGED} written; archives are encoded anew with `qa reencode`")
