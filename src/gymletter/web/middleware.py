"""Around every answer: security headers, and one log line by route."""

from __future__ import annotations

from time import perf_counter
from typing import TYPE_CHECKING

from starlette.datastructures import MutableHeaders

from gymletter.web.logs import logger

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Message, Receive, Scope, Send

_HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex",
    # The token stands in the address: it goes to no other site, and into no cache.
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "interest-cohort=()",
    "Strict-Transport-Security": "max-age=31536000",
}


class Outside:
    """Wraps `app`; `policy` is the Content-Security-Policy."""

    def __init__(self, app: ASGIApp, *, policy: str) -> None:
        self._app = app
        self._headers = {"Content-Security-Policy": policy, **_HEADERS}

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass on, add the headers, log."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        began = perf_counter()
        status = 500

        async def noting(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message).update(self._headers)
            await send(message)

        try:
            await self._app(scope, receive, noting)
        finally:
            _log(scope, status, perf_counter() - began)


def _log(scope: Scope, status: int, seconds: float) -> None:
    route = scope.get("route")
    data = {
        "method": scope["method"],
        "route": getattr(route, "name", None) or "none",
        "status": status,
        "ms": round(seconds * 1000, 1),
    }
    logger.info("request", extra={"data": data})
