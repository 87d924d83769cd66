"""A provider on loopback that keeps its own record of who was really sent what, and can fail.

Each shape says what its documented answers are; the faults are the same for all.
"""

from __future__ import annotations

import json
import socket
import struct
import threading
import time
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import TYPE_CHECKING, Any, Protocol

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence


@dataclass(frozen=True)
class Letter:
    """A message as the recipient gets it: everything filled in."""

    to: str
    subject: str
    html: str
    text: str
    headers: dict[str, str] = field(hash=False)


@dataclass(frozen=True)
class Reply:
    """What is answered: JSON, or text as it is."""

    status: int
    content: Any
    headers: dict[str, str] = field(default_factory=dict)

    @property
    def body(self) -> bytes:
        """The bytes of it."""
        if isinstance(self.content, bytes):
            return self.content
        return json.dumps(self.content).encode()


@dataclass(frozen=True)
class Call:
    """A request that was read whole; header names in lower case."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> Any:
        """The body as JSON."""
        return json.loads(self.body)


class Shape(Protocol):
    """One provider's behaviour. `take` answers a call and says which letters it accepted."""

    def take(self, call: Call) -> tuple[Reply, Sequence[Letter]]:
        """Judge a call as documented."""
        ...


#: What a fault does, before or after the call is taken.
FAULTS = (
    "reset before reading",
    "reset after reading",
    "reset after accepting",
    "reset in the middle of the answer",
    "answer truncated",
    "answer not JSON",
    "answer slow",
    "500 before accepting",
    "500 after accepting",
    "503",
    "429 Retry-After seconds",
    "429 Retry-After date",
    "429 reset seconds",
    "429 reset epoch",
    "429 words seconds",
    "429 words date",
    "429",
)


class Fake:
    """The record: `letters` in the order they were accepted, `calls` as they came."""

    def __init__(self, shape: Shape, faults: Callable[[int], str | None] = lambda _: None) -> None:
        self.shape = shape
        self.letters: list[Letter] = []
        self.calls: list[Call] = []
        self.faulty = 0
        self._sends = 0
        self._faults = faults
        self._lock = threading.Lock()
        self.url = ""

    def handle(self, handler: BaseHTTPRequestHandler) -> None:
        """Read, judge, answer, with the fault whose turn it is."""
        is_send = handler.command == "POST"
        with self._lock:
            fault = self._faults(self._sends) if is_send else None
            self._sends += is_send
            self.faulty += fault is not None
        if fault == "reset before reading":
            self._note(Call(handler.command, handler.path, {}, b""))
            return _reset(handler)
        length = int(handler.headers.get("content-length") or 0)
        headers = {name.lower(): value for name, value in handler.headers.items()}
        call = Call(handler.command, handler.path, headers, handler.rfile.read(length))
        self._note(call)
        if fault == "reset after reading":
            return _reset(handler)
        if refused := _refusal(fault):
            return _answer(handler, refused)
        with self._lock:
            reply, letters = self.shape.take(call)
            self.letters += letters
        return _break(handler, reply, fault)

    def _note(self, call: Call) -> None:
        with self._lock:
            self.calls.append(call)


@contextmanager
def running(fake: Fake) -> Iterator[str]:
    """Serve the fake on a free port of 127.0.0.1; yields its address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        wbufsize = -1
        disable_nagle_algorithm = True

        def _handle(self) -> None:
            try:
                fake.handle(self)
            except (ConnectionError, BrokenPipeError):
                self.close_connection = True

        do_GET = do_POST = _handle  # noqa: N815

        def log_message(self, *_: object) -> None:
            pass

    class Server(ThreadingHTTPServer):
        daemon_threads = True
        request_queue_size = 128

        def handle_error(self, *_: object) -> None:
            pass

    server = Server(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _refusal(fault: str | None) -> Reply | None:
    """The answers that take nothing."""
    now = datetime.now(UTC)
    soon = format_datetime(now + timedelta(seconds=1), usegmt=True)
    words = "request limit exceeded, try again after"
    return {
        "500 before accepting": Reply(500, {"message": "broken"}),
        "503": Reply(503, {"message": "down"}),
        "429": Reply(429, {"message": "too many"}),
        "429 Retry-After seconds": Reply(429, {"message": "slow"}, {"Retry-After": "1"}),
        "429 Retry-After date": Reply(429, {"message": "slow"}, {"Retry-After": soon}),
        "429 reset seconds": Reply(429, {"message": "slow"}, {"x-sib-ratelimit-reset": "1"}),
        "429 reset epoch": Reply(
            429, {"message": "slow"}, {"X-RateLimit-Reset": str(int(now.timestamp()) + 1)}
        ),
        "429 words seconds": Reply(429, {"message": f"{words} 1 seconds"}),
        "429 words date": Reply(429, {"message": f"{words} {soon}"}),
    }.get(fault or "")


def _break(handler: BaseHTTPRequestHandler, reply: Reply, fault: str | None) -> None:
    """Answer to a call that was taken, or fail to."""
    if fault == "reset after accepting":
        return _reset(handler)
    if fault == "500 after accepting":
        return _answer(handler, Reply(500, {"message": "broken"}))
    if fault == "answer not JSON":
        return _answer(handler, Reply(reply.status, b"<html>Yes</html>"))
    if fault in ("reset in the middle of the answer", "answer truncated"):
        _answer(handler, reply, only=len(reply.body) // 2)
        if fault.startswith("reset"):
            return _reset(handler)
        handler.close_connection = True
        return None
    if fault == "answer slow":
        time.sleep(0.3)
    return _answer(handler, reply)


def _answer(handler: BaseHTTPRequestHandler, reply: Reply, only: int | None = None) -> None:
    handler.send_response(reply.status)
    headers = {"Content-Type": "application/json", "Content-Length": str(len(reply.body))}
    for name, value in {**headers, **reply.headers}.items():
        handler.send_header(name, value)
    handler.end_headers()
    handler.wfile.write(reply.body[:only])
    handler.wfile.flush()


def _reset(handler: BaseHTTPRequestHandler) -> None:
    """End the connection with a reset, not with a goodbye."""
    handler.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    handler.close_connection = True
    handler.connection.shutdown(socket.SHUT_RD)
    handler.connection.close()
