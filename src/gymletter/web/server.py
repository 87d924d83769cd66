"""Running the public endpoint: until a signal, which lets requests finish first."""

from __future__ import annotations

from typing import TYPE_CHECKING

import uvicorn

from gymletter.web.logs import log_to_stderr

if TYPE_CHECKING:
    from socket import socket

    from starlette.types import ASGIApp

_GRACE_SECONDS = 30
_MOST_AT_ONCE = 2000


def serve(app: ASGIApp, listening: socket, *, forwarded_allow_ips: str) -> None:
    """Serve until SIGTERM or SIGINT.

    `forwarded_allow_ips`: the proxies whose X-Forwarded-For is believed, comma separated.
    """
    log_to_stderr()
    config = uvicorn.Config(
        app,
        access_log=False,
        log_config=None,
        lifespan="on",
        proxy_headers=True,
        forwarded_allow_ips=forwarded_allow_ips,
        server_header=False,
        limit_concurrency=_MOST_AT_ONCE,
        timeout_keep_alive=20,
        timeout_graceful_shutdown=_GRACE_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listening])
