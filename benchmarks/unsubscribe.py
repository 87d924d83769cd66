"""Fifty thousand unsubscribes in a burst on SQLite, the server killed in the middle and restarted.

What was answered 200 before the kill, and after, must be stored: `lost` counts what is not.
The baseline is the same process answering its health check, which writes nothing.
"""

from __future__ import annotations

import asyncio
import os
import signal
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import httpx

from benchmarks.members import CONFIG
from gymletter.members.unsubscribe import Ticket, make_token

if TYPE_CHECKING:
    from collections.abc import Iterator

COUNT = 50_000
_CONNECTIONS = 100
_KEY = "a-key-for-the-benchmark-only"


def measure() -> dict[str, object]:
    """Requests per second, their ratio to requests that write nothing, and what was lost."""
    with tempfile.TemporaryDirectory() as folder:
        return asyncio.run(_measure(Path(folder)))


async def _measure(folder: Path) -> dict[str, object]:
    _fill(folder)
    port = 8799
    tokens = [make_token((_KEY,), Ticket(n, "2025-08")) for n in range(1, COUNT + 1)]
    answered: set[int] = set()
    server = await _start(folder, port)
    idle = await _rate_of_health(port)
    began = time.perf_counter()
    killer = asyncio.create_task(_kill_at(server, answered, COUNT // 2))
    await _burst(port, tokens, answered)
    killer.cancel()
    server.kill()
    server.wait()
    until_kill, first = time.perf_counter() - began, len(answered)
    lost = _lost(folder, answered)
    server = await _start(folder, port)
    await _burst(port, tokens, answered)
    server.send_signal(signal.SIGTERM)
    server.wait()
    rate = first / until_kill
    return {
        "unsubscribes": COUNT,
        "answered_before_kill": first,
        "lost_at_kill": lost,
        "answered_in_all": len(answered),
        "lost": _lost(folder, answered),
        "per_second": round(rate),
        "health_checks_per_second": round(idle),
        "ratio": round(rate / idle, 2),
    }


def _fill(folder: Path) -> None:
    (folder / "gymletter.toml").write_text(CONFIG)
    (folder / ".env").write_text(f"GYMLETTER_SECRET_KEY={_KEY}\n")
    lines = (f"lid{n}@x.example,opt-in,formulier\n" for n in range(COUNT))
    (folder / "leden.csv").write_text("email,consent_basis,consent_source\n" + "".join(lines))
    command = [sys.executable, "-m", "gymletter", "-C", str(folder), "members", "import"]
    subprocess.run([*command, "leden.csv"], check=True, stdout=subprocess.DEVNULL)


async def _start(folder: Path, port: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "gymletter", "-C", str(folder), "serve", f"--port={port}"]
    server = subprocess.Popen(
        command, stderr=subprocess.DEVNULL, env={**os.environ, "PYTHONUTF8": "1"}
    )
    async with httpx.AsyncClient(trust_env=False) as client:
        for _ in range(200):
            try:
                await client.get(f"http://127.0.0.1:{port}/healthz")
            except httpx.TransportError:
                await asyncio.sleep(0.1)
            else:
                return server
    raise RuntimeError("the server did not start")


async def _rate_of_health(port: int) -> float:
    asked = 3000

    async def ask(connection: _Connection, numbers: Iterator[int]) -> None:
        for _ in numbers:
            await connection.ask("GET", "/healthz", b"")

    began = time.perf_counter()
    numbers = iter(range(asked))
    await asyncio.gather(*(ask(_Connection(port), numbers) for _ in range(_CONNECTIONS)))
    return asked / (time.perf_counter() - began)


async def _kill_at(server: subprocess.Popen[bytes], answered: set[int], count: int) -> None:
    while len(answered) < count:
        await asyncio.sleep(0.005)
    server.kill()


async def _burst(port: int, tokens: list[str], answered: set[int]) -> None:
    """Post every link that has not been answered, on many connections, until the server goes."""
    left = iter([n for n in range(1, len(tokens) + 1) if n not in answered])

    async def post(connection: _Connection) -> None:
        for number in left:
            try:
                path = f"/u/{tokens[number - 1]}"
                status = await connection.ask("POST", path, b"List-Unsubscribe=One-Click")
            except (OSError, EOFError):
                return
            if status == 200:
                answered.add(number)

    await asyncio.gather(*(post(_Connection(port)) for _ in range(_CONNECTIONS)))


class _Connection:
    """A kept-alive HTTP connection that costs less than the server it measures."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def ask(self, method: str, path: str, body: bytes) -> int:
        """The status of the answer; raises `OSError` or `EOFError` where there is none."""
        if self._streams is None:
            self._streams = await asyncio.open_connection("127.0.0.1", self._port)
        reader, writer = self._streams
        head = f"{method} {path} HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n"
        head += "Content-Type: application/x-www-form-urlencoded\r\n\r\n"
        writer.write(head.encode() + body)
        answer = await reader.readuntil(b"\r\n\r\n")
        length = answer.lower().partition(b"content-length:")[2].split(b"\r\n")[0]
        await reader.readexactly(int(length))
        return int(answer[9:12])


def _lost(folder: Path, answered: set[int]) -> int:
    with sqlite3.connect(folder / ".gymletter" / "gymletter.db") as connection:
        stored = connection.execute(
            "SELECT m.id FROM members m JOIN suppressions s ON s.address_key = m.address_key"
            " WHERE m.status = 'unsubscribed'"
        )
        ids = {row[0] for row in stored}
    connection.close()
    return len(answered - ids)
