"""The command that serves the page."""

from __future__ import annotations

import ctypes
import os
from contextlib import ExitStack, nullcontext
from tempfile import TemporaryDirectory
from typing import Annotated

import typer

from qa.archive.archive import archive_of
from qa.archive.filling import tidy_journal
from qa.archive.office import office_of, stale_day
from qa.cli.daily import daily
from qa.cli.output import errors, plain_errors
from qa.settings import Settings, read_settings
from qa.store.opening import temporary_folder

# glibc gives each thread an arena, up to eight for a processor, and returns little of what one question took there:
# 700 MB of 2 GB were in them after a hundred. Two are enough: torch and numpy take large blocks from the system.
ARENAS = 2
_M_ARENA_MAX = -8  # malloc.h


def register(app: typer.Typer) -> None:
    app.command("serve")(serve)


def serve(
    host: Annotated[str | None, typer.Option(help="Address to bind to; unset, QA_HOST or 127.0.0.1.")] = None,
    port: Annotated[int | None, typer.Option(help="Port; unset, QA_PORT or 7860.")] = None,
) -> None:
    """Serve the page to readers."""
    with plain_errors():
        serve_archive(read_settings(host=host, port=port))


def few_arenas() -> bool:
    """Has the threads to come share the arenas of glibc; False on systems with another allocator."""
    try:
        return bool(ctypes.CDLL(None).mallopt(_M_ARENA_MAX, ARENAS))
    except (AttributeError, OSError, TypeError):  # musl and macOS have no mallopt, Windows no library of that name
        return False


def serve_archive(settings: Settings) -> None:
    """Serves until stopped. Raises StoreError, SettingsError."""
    few_arenas()
    with archive_of(settings) as archive, ExitStack() as stack:
        office = stack.enter_context(office_of(settings, archive)) if archive.recorder else None
        # gradio asks the environment, while it is imported, where its files go; unset, all users of this host see them.
        os.environ["GRADIO_TEMP_DIR"] = str(
            temporary_folder(settings.home) if office else stack.enter_context(TemporaryDirectory(prefix="archive-qa-"))
        )
        # Imported here: gradio takes seconds, and the other commands don't need it.
        import uvicorn

        from qa.web.connections import ConnectionBounds, connection_options
        from qa.web.room import Limits, PageTexts
        from qa.web.server import create_app

        archive.warm_up()
        limits = Limits(
            concurrency=settings.concurrency,
            requests_per_minute=settings.requests_per_minute,
            wait_seconds=settings.wait_seconds,
        )
        texts = PageTexts(
            title=settings.title,
            help=settings.help_text,
            model=archive.writes or "",
            translates=settings.translate,
            kept_days=settings.journal_days,
            stale=lambda: stale_day(archive.journal, settings) if archive.journal else None,
        )
        page = create_app(archive, office=office, texts=texts, limits=limits, embed_sites=settings.embed_sites)
        errors.print(f"{settings.title}: http://{settings.host}:{settings.port}  (stop with Ctrl-C)", markup=False)
        with daily(lambda: tidy_journal(settings)) if office else nullcontext():
            options = connection_options(
                bounds=ConnectionBounds(connections=settings.connections), proxies=settings.proxies
            )
            uvicorn.run(page, host=settings.host, port=settings.port, log_level="warning", access_log=False, **options)
