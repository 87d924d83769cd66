"""Serving an app on loopback: in a thread for as long as it is needed, or until Ctrl-C."""

from __future__ import annotations

import errno
import socket
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from gymletter.errors import GymletterError

if TYPE_CHECKING:
    from collections.abc import Iterator

    from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
_BACKLOG = 256


def listen(port: int = 0, host: str = LOOPBACK) -> socket.socket:
    """A listening socket; 0 takes any free port. Raises `GymletterError` where it is taken."""
    try:
        made = socket.create_server((host, port), backlog=_BACKLOG)
        # Connections inherit it. asyncio sets it only where the protocol number is given, and
        # without it every answer waits 40 ms for a delayed ACK.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise GymletterError(f"cannot listen: {error.strerror}", place=host) from error
        raise GymletterError(
            f"port {port} is taken",
            place=host,
            remedy=f"End that program, or use --port {_free_port(host)}",
        ) from error
    return made


def address(listening: socket.socket) -> str:
    """Where a person reaches it."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


@contextmanager
def serving(app: ASGIApp, listening: socket.socket) -> Iterator[str]:
    """Serve in a thread for as long as the context lasts; yields the address."""
    server = _server(app)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="site", daemon=True
    )
    thread.start()
    try:
        yield address(listening)
    finally:
        server.should_exit = True
        thread.join()
        listening.close()


def _server(app: ASGIApp) -> uvicorn.Server:
    return uvicorn.Server(
        uvicorn.Config(
            app,
            access_log=False,
            log_config=None,
            lifespan="on",
            server_header=False,
            timeout_graceful_shutdown=1,
        )
    )


def _free_port(host: str) -> int:
    with socket.create_server((host, 0)) as free:
        port: int = free.getsockname()[1]
        return port
