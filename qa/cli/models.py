"""The command that says which language model is set, and whether it answers."""

from __future__ import annotations

import time
from typing import Annotated

import typer

from qa.archive.parts import chat_model_of
from qa.cli.output import Exit, errors, plain_errors, put_json
from qa.errors import ChatError
from qa.settings import read_settings

NONE_SET = "No language model is set: answers are quotes. QA_LLM or QA_LLM_URL names one, see docs/language-model.md."
TRIED = "Answer with the one word: ready"


def register(app: typer.Typer) -> None:
    app.command("models")(models)


def models(json: Annotated[bool, typer.Option("--json", help="Print JSON for machines.")] = False) -> None:
    """Say which language model is set, and ask it for a word."""
    with plain_errors():
        settings = read_settings()
        model = chat_model_of(settings)
        if model is None:
            put_json({"model": None, "answers": False}) if json else typer.echo(NONE_SET)
            return
        started, failure, said = time.perf_counter(), "", ""
        try:
            said = "".join(model.stream(system="You are asked whether you can be reached.", user=TRIED)).strip()
        except ChatError as error:
            failure = str(error)
        seconds = round(time.perf_counter() - started, 2)
        answers = bool(said)
        if json:
            put_json({"model": model.name, "answers": answers, "seconds": seconds, "failure": failure or None})
        elif answers:
            typer.echo(f"{model.name} answers: it wrote a text in {seconds:.1f} s.")
        else:
            errors.print(f"{model.name} does not answer: {failure or 'it wrote nothing'}.", markup=False)
        if not answers:
            raise typer.Exit(Exit.FAILED)
