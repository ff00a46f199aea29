"""HTTP over a network that is held to public addresses."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from typing import cast

import httpcore
import httpx

from qa.archive.public_network import PublicNetwork


def transport_of(*, intranet_hosts: Collection[str], seconds: float) -> httpx.BaseTransport:
    """What carries the requests of one client. Beside errors of httpcore it raises ConnectionRefused."""
    return _Transport(PublicNetwork(intranet_hosts=intranet_hosts, seconds=seconds))


class _Transport(httpx.BaseTransport):
    def __init__(self, network: PublicNetwork) -> None:
        self._pool = httpcore.ConnectionPool(ssl_context=httpx.create_ssl_context(), network_backend=network)

    def handle_request(self, request: httpx.Request) -> httpx.Response:
        url = request.url
        answer = self._pool.handle_request(
            httpcore.Request(
                method=request.method,
                url=httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path),
                headers=request.headers.raw,
                content=request.stream,
                extensions=request.extensions,
            )
        )
        return httpx.Response(answer.status, headers=answer.headers, stream=_Body(answer), extensions=answer.extensions)

    def close(self) -> None:
        self._pool.close()


class _Body(httpx.SyncByteStream):
    def __init__(self, answer: httpcore.Response) -> None:
        self._answer = answer

    def __iter__(self) -> Iterator[bytes]:
        yield from cast(Iterable[bytes], self._answer.stream)

    def close(self) -> None:
        self._answer.close()
