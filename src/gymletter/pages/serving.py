"""Serving an app on loopback: in a thread for as long as it is needed, or until Ctrl-C."""

from __future__ import annotations

import errno
import signal
import socket
import threading
import webbrowser
from contextlib import contextmanager
from typing import TYPE_CHECKING

import uvicorn

from gymletter.errors import GymletterError
from gymletter.pages.listener import listener

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from starlette.types import ASGIApp

LOOPBACK = "127.0.0.1"
_BACKLOG = 256


class PortTaken(GymletterError):
    """Another program listens there."""


def listen(port: int = 0, host: str = LOOPBACK) -> socket.socket:
    """A listening socket; 0 takes any free port. Raises `GymletterError` where it is taken."""
    try:
        made = socket.create_server((host, port), backlog=_BACKLOG)
        # Connections inherit it. asyncio sets it only where the protocol number is given, and
        # without it every answer waits 40 ms for a delayed ACK.
        made.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    except OSError as error:
        if error.errno != errno.EADDRINUSE:
            raise GymletterError(
                f"cannot listen on port {port}: {error.strerror}",
                place=host,
                remedy=f"Use --port {_free_port(LOOPBACK)}"
                if isinstance(error, PermissionError)
                else "Name an address of this machine with --host",
            ) from error
        raise PortTaken(
            f"port {port} is taken{_by_whom(port)}",
            place=host,
            remedy=f"End that program, or use --port {_free_port(host)}",
        ) from error
    return made


def listen_near(port: int, host: str = LOOPBACK) -> socket.socket:
    """A listening socket on `port`, or on any free one where that is taken."""
    try:
        return listen(port, host)
    except PortTaken:
        return listen(0, host)


def address(listening: socket.socket) -> str:
    """Where a person reaches it."""
    host, port = listening.getsockname()[:2]
    return f"http://{host}:{port}"


@contextmanager
def serving(
    app: ASGIApp, listening: socket.socket, close: Callable[[], None] = lambda: None
) -> Iterator[str]:
    """Serve in a thread for as long as the context lasts; yields the address.

    `close` is called before the server ends, to end what an app streams.
    """
    server = _server(app)
    thread = threading.Thread(
        target=server.run, kwargs={"sockets": [listening]}, name="site", daemon=True
    )
    thread.start()
    try:
        yield address(listening)
    finally:
        close()
        server.should_exit = True
        thread.join()
        listening.close()


def open_page(url: str, *, wanted: bool) -> None:
    """Show `url` in the person's browser, where there is one."""
    if wanted:
        webbrowser.open(url)


def until_interrupted() -> None:
    """Wait for Ctrl-C, or for the signal that ends a service."""
    ended = threading.Event()
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM)}
    for one in before:
        signal.signal(one, lambda *_: ended.set())
    try:
        ended.wait()
    finally:
        for one, handler in before.items():
            signal.signal(one, handler)


def _by_whom(port: int) -> str:
    """The program that listens on a port, where this system tells (Linux: /proc)."""
    name = listener(port)
    return f" by {name}" if name else ""


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
