"""The ASGI middleware around both sites: Host, cross-site writes, Content-Security-Policy.

A web page elsewhere can make a browser ask any loopback address. Names that are not ours (DNS
rebinding) are refused, and so are writes that another site starts.
"""

from __future__ import annotations

from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import PlainTextResponse

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
_READS = frozenset({"GET", "HEAD", "OPTIONS"})
PAGE_POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; frame-src 'self'; font-src 'self'; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)
_HEADERS = {
    "Content-Security-Policy": PAGE_POLICY,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Cache-Control": "no-store",
}


class Guard:
    """Wraps `app`, which answers to loopback names.

    `network`: it answers to `localhost` and any numeric address, none of which can be rebound.
    """

    def __init__(self, app: ASGIApp, *, network: bool = False) -> None:
        self._app = app
        self._network = network

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Refuse, or pass on and add the headers that a response does not set itself."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        complaint = self._complaint(scope["method"], Headers(scope=scope))
        if complaint:
            await PlainTextResponse(complaint, status_code=403)(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers.setdefault(name, value)
            await send(message)

        await self._app(scope, receive, with_headers)

    def _complaint(self, method: str, headers: Headers) -> str:
        host = headers.get("host", "")
        if not self._answers_to(_host_name(host)):
            return "This site does not answer to that host name."
        if method not in _READS and _from_elsewhere(headers, host):
            return "Another site may not write here."
        return ""

    def _answers_to(self, name: str) -> bool:
        return name in LOOPBACK or (self._network and _is_address(name))


def _is_address(name: str) -> bool:
    try:
        ip_address(name)
    except ValueError:
        return False
    return True


def _host_name(host: str) -> str:
    try:
        return urlsplit(f"//{host}").hostname or ""
    except ValueError:
        return ""


def _from_elsewhere(headers: Headers, host: str) -> bool:
    origin = headers.get("origin")
    if origin is not None and urlsplit(origin).netloc != host:
        return True
    return headers.get("sec-fetch-site", "none") not in ("same-origin", "none")
