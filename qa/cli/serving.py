"""Commands that serve the archive: as a page, and to programs over the Model Context Protocol."""

from __future__ import annotations

import asyncio
import ctypes
import logging
import os
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, nullcontext, suppress
from dataclasses import asdict
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any

import typer
from typer import Option

from qa.archive.ingesting import tidy_journal
from qa.archive.parts import archive_of, chat_model_of, prices_of, staff_context, stale_day
from qa.cli.output import Exit, Json, errors, put
from qa.errors import ChatError, SettingsError, StoreError
from qa.i18n.staff import usage_words
from qa.llm.usage import Meter, with_meter
from qa.models.support import Usage
from qa.settings import Settings, read_settings
from qa.store.document_store import temporary_folder

if TYPE_CHECKING:
    from fastapi import FastAPI
    from mcp.server.lowlevel import Server

    from qa.archive.archive import Archive

MISSING = "`qa mcp` needs the package mcp, which isn't installed. Install it with: pip install 'archive-qa[mcp]'"
MODEL_SETTINGS = (
    *("llm_seconds", "llm_tokens", "llm_retries", "llm_concurrency", "llm_tokens_per_day"),
    *("llm_judge", "translate"),
)
_log = logging.getLogger(__name__)
commands = typer.Typer()


@commands.command()
def serve(
    host: str | None = Option(None, help="Address to bind to; unset, QA_HOST or 127.0.0.1."),
    port: int | None = Option(None, help="Port; unset, QA_PORT or 7860."),
) -> None:
    """Serve the page to readers."""
    settings = read_settings(host=host, port=port)
    few_arenas()
    from qa.web.requests import logged

    with ExitStack() as stack:
        stack.enter_context(logged(settings.log_format))
        archive = stack.enter_context(archive_of(settings))
        staff = stack.enter_context(staff_context(settings, archive)) if archive.recorder else None
        # gradio asks the environment, while it is imported, where its files go; unset, all users of this host see them.
        os.environ["GRADIO_TEMP_DIR"] = str(
            stack.enter_context(temporary_folder(settings.home) if staff else TemporaryDirectory(prefix="archive-qa-"))
        )
        # Imported here: gradio takes seconds, and the other commands don't need it.
        from qa.web.context import PageTexts
        from qa.web.limits import Limits
        from qa.web.server import create_app

        texts = PageTexts(
            title=settings.title,
            help=settings.help_on_pages,
            model=archive.writes or "",
            translates=settings.translate,
            kept_days=settings.journal_days,
            stale=lambda: stale_day(archive.journal, settings) if archive.journal else None,
        )
        each, seconds = settings.requests_per_minute, settings.wait_seconds
        loaded = threading.Event()
        page = create_app(
            archive,
            staff=staff,
            texts=texts,
            limits=Limits(settings.concurrency, requests_per_minute=each, wait_seconds=seconds),
            embed_sites=settings.embed_sites,
            metrics=settings.metrics,
            is_loaded=loaded.is_set,
        )
        _run(page, archive, settings, loaded=loaded, keeps_journal=staff is not None)


def few_arenas() -> bool:
    """Has the threads to come share the arenas of glibc; False on systems with another allocator.

    It gives each thread an arena, up to eight for a processor, and returns little of what one question took there:
    700 MB of 2 GB were in them after a hundred. Two are enough: torch and numpy take large blocks from the system.
    """
    arenas_max = -8  # M_ARENA_MAX of malloc.h
    with suppress(AttributeError, OSError, TypeError):  # musl and macOS have no mallopt, Windows no such library
        return bool(ctypes.CDLL(None).mallopt(arenas_max, 2))
    return False


def _run(page: FastAPI, archive: Archive, settings: Settings, *, loaded: threading.Event, keeps_journal: bool) -> None:
    """Serves the page, loading the models beside it and doing what is to be done again and again."""
    import uvicorn

    from qa.web.limits import ConnectionBounds, connection_options

    # A log of JSON has no line that is none.
    announce = _log.info if settings.log_format == "json" else errors.print
    announce(f"{settings.title}: http://{settings.host}:{settings.port}  (stop with Ctrl-C)")
    announce("Loading the models; a question waits until they are there …")
    options = connection_options(bounds=ConnectionBounds(connections=settings.connections), proxies=settings.proxies)
    options |= {"log_config": None, "log_level": "warning", "access_log": False}
    server = uvicorn.Server(uvicorn.Config(page, host=settings.host, port=settings.port, **options))
    failures = list[Exception]()
    with (
        ExitStack() as asking,
        repeated(lambda over: archive.follow(), every=5),  # unasked, it lets go of what the archive has replaced
        repeated(lambda over: tidy_journal(settings), every=86_400, awaited=True) if keeps_journal else nullcontext(),
    ):

        def load() -> None:
            try:
                with suppress(StoreError):  # as it may be busy; they are taken once the models are there
                    archive.suggested.restore()
                archive.warm_up()
                loaded.set()
                if not server.should_exit:
                    announce("The models are loaded.")
                    asking.enter_context(repeated(archive.suggested.refresh, every=60))
            except Exception as error:
                failures.append(error)
                server.should_exit = True

        loading = threading.Thread(target=load, name="loading", daemon=True)
        loading.start()
        with suppress(KeyboardInterrupt):
            server.run()
        loading.join(10)  # libraries don't bear being ended while they load
    if failures:
        raise failures[0]
    if not server.started:
        raise typer.Exit(Exit.UNAVAILABLE)  # uvicorn has said why


@contextmanager
def repeated(work: Callable[[threading.Event], object], *, every: float, awaited: bool = False) -> Iterator[None]:
    """Does the work, which is told when that ends, in a thread every so many seconds until the block ends.

    With `awaited` the block begins once it was tried. A failure is logged once, until the work succeeds again.
    """
    over, tried = threading.Event(), threading.Event()

    def run() -> None:
        failure = ""
        while True:
            try:
                work(over)
                failure = ""
            except Exception as error:
                if repr(error) != failure:
                    _log.exception("what is done by itself could not be done")
                failure = repr(error)
            tried.set()
            if over.wait(every):
                return

    thread = threading.Thread(target=run, name="repeated", daemon=True)
    thread.start()
    try:
        if awaited:
            tried.wait()
        yield
    finally:
        over.set()
        thread.join()


@commands.command()
def mcp() -> None:
    """Offer the archive to a program that speaks the Model Context Protocol, over standard input and output.

    Its tools are ask, search and article; they only read. Such programs start the command themselves.
    """
    try:
        from mcp.server.stdio import stdio_server

        from qa.cli.mcp_server import server_of
    except ImportError:
        raise SettingsError(MISSING) from None

    async def serve(server: Server[Any]) -> None:
        async with stdio_server() as (incoming, outgoing):
            await server.run(incoming, outgoing, server.create_initialization_options())

    with archive_of(read_settings()) as archive:
        asyncio.run(serve(server_of(archive)))


@commands.command()
def models(json: Json = False) -> None:
    """Say which language model is set, its limits and prices, and ask it for a word."""
    settings = read_settings()
    model, prices = chat_model_of(settings), prices_of(settings)
    if model is None:
        none = "No language model is set: answers are quotes. QA_LLM or QA_LLM_URL names one (docs/language-model.md)."
        put({"model": None, "answers": False}, [none], json=json)
        return
    meter, failure, text = Meter(), "", ""
    try:
        user = "Answer with the one word: ready"
        pieces = model.stream(system="You are asked whether you can be reached.", user=user)
        text = "".join(with_meter(meter, pieces)).strip()
    except ChatError as error:
        failure = str(error)
    used, answers = meter.usage or Usage(), bool(text)
    values = {"model": model.name, "answers": answers, "seconds": round(used.seconds, 2), "failure": failure or None}
    values["settings"] = {name: getattr(settings, name) for name in MODEL_SETTINGS}
    values["prices"] = asdict(prices) if prices else None
    costs = "No prices are set: QA_LLM_PRICE_READ and QA_LLM_PRICE_WRITTEN."
    if prices:
        cached = "the same" if prices.cached is None else f"{prices.cached:g}"
        costs = f"A million tokens cost {prices.read:g} read, {cached} from the cache, {prices.written:g} written."
    lines = [
        f"A text has {settings.llm_seconds:g} s and {settings.llm_tokens:,} tokens, and {settings.llm_retries} "
        f"further tries where it can't begin; {settings.llm_concurrency} questions at a time, "
        f"{settings.llm_tokens_per_day:,} tokens a day.",
        costs,
    ]
    wrong = [] if answers else [f"{failure or 'it wrote nothing'}."]
    lines += [f"{model.name} answers: {usage_words(used)}."] if answers else []
    put(values, lines, json=json, problems=wrong, label=f"{model.name} does not answer")
