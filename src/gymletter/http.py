"""The only module that imports httpx: bounded reads, checked redirects, errors by what they mean.

Invariant: no body from outside takes more memory than its caller allowed, and an error says
whether the request may have reached the server (`InDoubt`) or certainly did not (`NotSent`).
`get` is for addresses that come from outside and reaches public ones only; `call` is for the
one server that was configured.
"""

from __future__ import annotations

import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING, Self
from urllib.parse import urljoin, urlsplit, urlunsplit

import httpcore
import httpx

from gymletter import __version__
from gymletter.bodies import MEBIBYTE, in_time, inflate, joined
from gymletter.errors import InDoubt, NotSent, Refused
from gymletter.network import PublicBackend, is_private_host

if TYPE_CHECKING:
    import ssl
    from collections.abc import Collection, Iterator, Mapping

__all__ = ["MEBIBYTE", "USER_AGENT", "Client", "Response", "origin_of", "private_origins"]

USER_AGENT = f"gymletter/{__version__} (newsletter of the site's owner)"
_MOST_REDIRECTS = 5
_REDIRECTS = (301, 302, 303, 307, 308)
_LONGEST_READ = 60.0  # seconds for a whole body, however steadily it drips
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


class _PublicTransport(httpx.HTTPTransport):
    """httpx's own transport over a pool that dials checked addresses only."""

    def __init__(self, context: ssl.SSLContext, most: int) -> None:
        super().__init__(verify=context, trust_env=False)
        self._pool = httpcore.ConnectionPool(
            ssl_context=context, max_connections=most, network_backend=PublicBackend()
        )


class Client:
    """Pools of connections; `transport` lets a test stand in for the network."""

    def __init__(
        self, *, transport: httpx.BaseTransport | None = None, timeout: float = 20, most: int = 32
    ) -> None:
        context = httpx.create_ssl_context(trust_env=False)
        limits = httpx.Limits(max_connections=most, max_keepalive_connections=most)
        self._transport = transport or httpx.HTTPTransport(
            verify=context, trust_env=False, limits=limits
        )
        self._configured = self._open(self._transport, timeout)
        self._timeout = httpx.Timeout(timeout).as_dict()
        self._public = self._open(transport or _PublicTransport(context, most), timeout)

    @staticmethod
    def _open(transport: httpx.BaseTransport, timeout: float) -> httpx.Client:
        return httpx.Client(
            transport=transport,
            timeout=timeout,
            headers={"User-Agent": USER_AGENT, "Accept-Encoding": "gzip"},
            trust_env=False,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close all connections."""
        self._configured.close()
        self._public.close()

    def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        limit: int = 5 * MEBIBYTE,
        private: Collection[str] = (),
    ) -> Response:
        """Read a page, following at most five redirects; the body has at most `limit` bytes.

        Each address on the way must be public, or be one of the origins in `private`
        (`origin_of`). A connection that breaks is tried once more. Raises `HttpError`.
        """
        start = url
        for _ in range(_MOST_REDIRECTS + 1):
            _require_http(url)
            client = self._configured if origin_of(url) in private else self._public
            response = _twice(client, url, headers, limit)
            if response.status not in _REDIRECTS or "location" not in response.headers:
                return response
            url = _joined(url, response.headers["location"])
        raise Refused(f"redirects more than {_MOST_REDIRECTS} times", place=_shown(start))

    def call(
        self,
        method: str,
        url: str,
        *,
        headers: Mapping[str, str] | None = None,
        content: bytes | None = None,
        limit: int = 5 * MEBIBYTE,
    ) -> Response:
        """One request to a configured server, no redirect followed.

        Raises `NotSent`, `InDoubt` or `Refused`. It goes straight to the transport: cookies,
        redirects and authentication, which httpx would see to, take a third of a call's time.
        """
        sent = {"User-Agent": USER_AGENT, "Accept-Encoding": "gzip", **(headers or {})}
        with _told(url):
            request = httpx.Request(
                method,
                _parsed(url),
                headers=sent,
                content=content,
                extensions={"timeout": self._timeout},
            )
            answer = self._transport.handle_request(request)
            answer.request = request
            try:
                body = _bounded(answer, limit, None)
            finally:
                answer.close()
        return Response(answer.status_code, _lower(answer.headers), body, url)


def origin_of(url: str) -> str:
    """`scheme://host:port` in lower case, the port always there; "" for no address."""
    try:
        parts = urlsplit(url)
        port = parts.port or {"http": 80, "https": 443}.get(parts.scheme, 0)
    except ValueError:
        return ""
    return f"{parts.scheme}://{(parts.hostname or '').rstrip('.')}:{port}"


def private_origins(*urls: str) -> frozenset[str]:
    """The origins of addresses a person configured, those that only they can mean."""
    return frozenset(
        origin_of(url) for url in urls if is_private_host(urlsplit(url).hostname or "")
    )


_parsed = lru_cache(maxsize=64)(httpx.URL)


@contextmanager
def _told(url: str) -> Iterator[None]:
    """Httpx's errors become ours, which say whether the request may have arrived."""
    try:
        yield
    except _NEVER_LEFT as error:
        raise NotSent(
            f"cannot be reached: {_words(error)}",
            place=_shown(url),
            remedy="Check the address and the network, then run it again",
        ) from error
    except UnicodeError as error:  # a host that IDNA does not allow
        raise Refused(f"is an address that cannot be used: {error}", place=_shown(url)) from error
    except (httpx.HTTPError, httpx.InvalidURL) as error:
        raise InDoubt(f"gave no usable answer: {_words(error)}", place=_shown(url)) from error


def _twice(
    client: httpx.Client, url: str, headers: Mapping[str, str] | None, limit: int
) -> Response:
    """Reading is harmless to repeat; a time-out is not worth a second wait."""
    try:
        return _ask(client, "GET", url, headers=headers, limit=limit, longest=_LONGEST_READ)
    except (NotSent, InDoubt) as error:
        if isinstance(error.__cause__, httpx.TimeoutException | httpx.InvalidURL):
            raise
        return _ask(client, "GET", url, headers=headers, limit=limit, longest=_LONGEST_READ)


def _ask(
    client: httpx.Client,
    method: str,
    url: str,
    *,
    headers: Mapping[str, str] | None,
    limit: int,
    content: bytes | None = None,
    longest: float | None = None,
) -> Response:
    until = time.monotonic() + longest if longest else None
    with _told(url), client.stream(method, url, headers=headers, content=content) as answer:
        body = _bounded(answer, limit, until)
        return Response(answer.status_code, _lower(answer.headers), body, str(answer.url))


def _require_http(url: str) -> None:
    try:
        good = urlsplit(url).scheme in ("http", "https") and bool(urlsplit(url).hostname)
    except ValueError:
        good = False
    if not good:
        raise Refused(
            "is not an http or https address",
            place=_shown(url),
            remedy="Write it whole, such as https://www.example.org/blog",
        )


def _joined(url: str, location: str) -> str:
    try:
        return urljoin(url, location)
    except ValueError as error:
        raise Refused("redirects to no address", place=_shown(url)) from error


def _shown(url: str) -> str:
    """An address as an error may show it: without a user's name and password."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return url
    return urlunsplit(parts._replace(netloc=parts.netloc.rpartition("@")[2]))


def _lower(headers: httpx.Headers) -> dict[str, str]:
    return {name.lower(): value for name, value in headers.items()}


def _words(error: Exception) -> str:
    return str(error) or type(error).__name__


def _bounded(answer: httpx.Response, limit: int, until: float | None) -> bytes:
    """The inflated body. httpx's own decoding is not used: two stacked gzips fill any memory."""
    encoding = answer.headers.get("content-encoding", "identity").strip().lower()
    place = _shown(str(answer.url))
    if encoding not in ("identity", "", "gzip", "x-gzip"):
        raise Refused(f"answers with the encoding {encoding!r}", place=place)
    chunks = in_time(answer.iter_raw(), until, place)
    if encoding in ("gzip", "x-gzip"):
        return inflate(chunks, limit, place)
    return joined(chunks, limit, place)
