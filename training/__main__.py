"""`python -m training --data FOLDER`: makes the packaged reader, from the data to the file that the package keeps.

The folder holds the files of manifest.json, gzipped JSON lines; none of it is part of the project.
"""

import argparse
import hashlib
import json
from pathlib import Path

from qa.encoding.e5 import packaged_encoder
from qa.encoding.reader import PACKAGED_WEIGHTS
from qa.settings import Settings
from training.export import export
from training.train import train
from training.windows import all_windows, write_windows

MANIFEST = Path(__file__).with_name("manifest.json")


def check_data(folder: Path) -> None:
    """Raises SystemExit, naming every file that is missing or is not the one that the manifest describes."""
    wrong = []
    for entry in json.loads(MANIFEST.read_text(encoding="utf-8")):
        path = folder / f"{entry['name']}.jsonl.gz"
        if not path.is_file():
            wrong.append(f"{path} is missing ({entry['origin']}, {entry['licence']})")
        elif hashlib.sha256(path.read_bytes()).hexdigest() != entry["sha256"]:
            wrong.append(f"{path} is not the file of the manifest: SHA-256 {entry['sha256']} was expected")
    if wrong:
        raise SystemExit("The training data can't be used:\n" + "\n".join(wrong))


def main() -> None:
    """Check the data, cut windows, train, export."""
    parser = argparse.ArgumentParser(prog="python -m training", description=__doc__)
    parser.add_argument("--data", type=Path, required=True, help="folder with the files of manifest.json")
    parser.add_argument("--out", type=Path, default=Path("build/reader"), help="folder for windows and checkpoints")
    parser.add_argument("--hours", type=float, default=2.0)
    parser.add_argument("--any-data", action="store_true", help="take files that are not those of the manifest")
    parser.add_argument("--anew", action="store_true", help="begin with the encoder, not with the packaged reader")
    arguments = parser.parse_args()
    if not arguments.any_data:
        check_data(arguments.data)
    arguments.out.mkdir(parents=True, exist_ok=True)
    windows, checkpoint = arguments.out / "windows.jsonl", arguments.out / "reader.pt"
    if not windows.exists():
        write_windows(all_windows(arguments.data, seed=11), windows)
    train(
        packaged_encoder(Settings().models),
        windows,
        checkpoint,
        hours=arguments.hours,
        resume=checkpoint if checkpoint.exists() else None,
        packaged=not arguments.anew,
    )
    weights = arguments.out / "reader.safetensors"
    digest = export(checkpoint, weights, before=None if arguments.anew else PACKAGED_WEIGHTS.tensors())
    print(f"{weights}: SHA-256 {digest}, to be named in qa/encoding/reader.py")


if __name__ == "__main__":
    main()
