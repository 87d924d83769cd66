"""The only module that imports httpx: bounded reads, checked redirects, errors by what they mean.

Invariant: no body from outside takes more memory than its caller allowed, and an error says
whether the request may have reached the server (`InDoubt`) or certainly did not (`NotSent`).
"""

from __future__ import annotations

import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit

import httpx

from gymletter import __version__
from gymletter.errors import InDoubt, NotSent, Refused

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

MEBIBYTE = 1024 * 1024
USER_AGENT = f"gymletter/{__version__}"
_CHUNK = 65536
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_NEVER_LEFT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
)


@dataclass(frozen=True)
class Response:
    """An answer: `headers` by lower-case name, `body` whole and inflated, `url` where it was."""

    status: int
    headers: Mapping[str, str]
    body: bytes = field(repr=False)
    url: str

    @property
    def ok(self) -> bool:
        """A 2xx answer."""
        return 200 <= self.status < 300  # noqa: PLR2004

    @property
    def text(self) -> str:
        """The body as UTF-8, with replacement characters where it is not."""
        return self.body.decode(errors="replace")


class Client:
    """One pool of connections; `transport` lets a test stand in for the network."""

    def __init__(
        self, *, transport: httpx.BaseTransport | None = None, timeout: float = 20, most: int = 32
    ) -> None:
        self._client = httpx.Client(
            transport=transport,
            timeout=timeout,
            limits=httpx.Limits(max_connections=most, max_keepalive_connections=most),
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._client.close()

    def get(
        self, url: str, *, headers: Mapping[str, str] | None = None, limit: int = 5 * MEBIBYTE
    ) -> Response:
        """Read a page, following at most five redirects; the body has at most `limit` bytes."""
        for _ in range(_MOST_REDIRECTS + 1):
            _require_http(url)
            response = self.call("GET", url, headers=headers, limit=limit)
            if response.status not in _REDIRECTS or "location" not in response.headers:
                return response
            url = urljoin(url, response.headers["location"])
        raise Refused(f"redirects more than {_MOST_REDIRECTS} times", place=url)

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limit: int = 5 * MEBIBYTE,
    ) -> Response:
        """One request, no redirect followed. Raises `NotSent`, `InDoubt` or `Refused`."""
        try:
            with self._client.stream(method, url, headers=headers, content=content) as answer:
                body = _bounded(answer, limit)
                return Response(answer.status_code, _lower(answer.headers), body, str(answer.url))
        except _NEVER_LEFT as error:
            raise NotSent(f"cannot be reached: {_words(error)}", place=url) from error
        except (httpx.HTTPError, httpx.InvalidURL) as error:
            raise InDoubt(f"gave no usable answer: {_words(error)}", place=url) from error


def _require_http(url: str) -> None:
    if urlsplit(url).scheme not in ("http", "https"):
        raise Refused("is not an http or https address", place=url)


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _bounded(answer: httpx.Response, limit: int) -> bytes:
    """The inflated body. httpx's own decoding is not used: two stacked gzips fill any memory."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    place = str(answer.url)
    if encoding not in ("identity", "", "gzip"):
        raise Refused(f"answers with the encoding {encoding!r}", place=place)
    chunks = answer.iter_raw(_CHUNK)
    parts = _inflate(chunks, limit, place) if encoding == "gzip" else chunks
    body = bytearray()
    for part in parts:
        body += part
        if len(body) > limit:
            raise Refused(f"answers with more than {limit // MEBIBYTE} MiB", place=place)
    return bytes(body)


def _inflate(chunks: Iterator[bytes], limit: int, place: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(31)
    try:
        for chunk in chunks:
            yield inflater.decompress(chunk, limit + 1)
    except zlib.error as error:
        raise Refused("answers with broken gzip", place=place) from error
