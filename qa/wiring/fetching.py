"""The bytes of a feed, from the address that the archive's own configuration names."""

from __future__ import annotations

from qa.reading.encoding import MAX_FILE_BYTES

SECONDS = 30
AGENT = "archive-qa (news archive)"


class NotFetched(Exception):
    """The feed did not come; says why."""


def fetched(address: str) -> bytes:
    """The body of the answer. Raises NotFetched."""
    import httpx  # it takes a tenth of a second, and only who has feeds needs it

    data = bytearray()
    try:
        with (
            httpx.Client(timeout=SECONDS, follow_redirects=True, headers={"User-Agent": AGENT}) as client,
            client.stream("GET", address) as answer,
        ):
            answer.raise_for_status()
            for piece in answer.iter_bytes():
                data += piece
                if len(data) > MAX_FILE_BYTES:
                    raise NotFetched(f"a feed of at most {MAX_FILE_BYTES // 1_000_000} MB was expected, found more")
    except httpx.HTTPStatusError as error:
        raise NotFetched(f"the feed was expected, found the answer {error.response.status_code}") from None
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise NotFetched(f"the feed was expected, found: {error or type(error).__name__}") from None
    return bytes(data)
