"""The page's gradio application, made when it is first asked for: most tests of the site never are there.

To make it takes five times as long as to make everything else of the site.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager, contextmanager
from functools import cached_property
from typing import Any

import gradio as gr
import pytest
from fastapi import FastAPI
from starlette.routing import Mount
from starlette.types import ASGIApp

from qa.web import server

_build_page, _mount = server.build_page, gr.mount_gradio_app


def beside_a_loop(make: Callable[[], Any]) -> Any:
    """What is made while an event loop runs, as it has to be: gradio leaves none open then."""

    async def making() -> Any:
        return make()

    with ThreadPoolExecutor(max_workers=1) as aside:
        return aside.submit(asyncio.run, making()).result()


class LazyPage:
    """Gradio's blocks of the page, by the arguments that make them."""

    def __init__(self, arguments: tuple[Any, ...], options: dict[str, Any]) -> None:
        self._arguments, self._options = arguments, options

    @cached_property
    def real_page(self) -> gr.Blocks:
        page: gr.Blocks = beside_a_loop(lambda: _build_page(*self._arguments, **self._options))
        page.has_launched = True
        return page

    def __getattr__(self, name: str) -> Any:
        return getattr(self.real_page, name)


class LazyApp(gr.routes.App):
    """Gradio's application, with the middleware that it was given before it was made."""

    def __init__(self, page: LazyPage, options: dict[str, Any]) -> None:
        FastAPI.__init__(self)
        self._page, self._options = page, options

    @cached_property
    def mounted(self) -> FastAPI:
        """An application that has nothing but gradio's in it."""
        page = self._page.real_page
        outer: FastAPI = beside_a_loop(lambda: _mount(FastAPI(openapi_url=None), page, **self._options))
        return outer

    def build_middleware_stack(self) -> ASGIApp:
        (made,) = (route.app for route in self.mounted.routes if isinstance(route, Mount))
        assert isinstance(made, gr.routes.App)
        for middleware in reversed(self.user_middleware):
            made.add_middleware(middleware.cls, *middleware.args, **middleware.kwargs)
        return made


def _lazily_mounted(app: FastAPI, page: LazyPage, **options: Any) -> FastAPI:
    """As gradio mounts a page; an application that is served has it from the start."""
    lazy = LazyApp(page, options)
    before = app.router.lifespan_context

    @asynccontextmanager
    async def lifespan(served: FastAPI) -> AsyncIterator[Any]:
        async with before(served) as state, lazy.mounted.router.lifespan_context(lazy.mounted):
            yield state

    app.router.lifespan_context = lifespan
    app.mount(options["path"], lazy)
    return app


@contextmanager
def lazy_gradio() -> Iterator[None]:
    """Until the block ends applications are made without gradio's, which follows on the first request to it."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(server, "build_page", lambda *arguments, **options: LazyPage(arguments, options))
        patch.setattr(gr, "mount_gradio_app", _lazily_mounted)
        yield
