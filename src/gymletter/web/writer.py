"""Group commit: requests hand in changes, one thread stores all that wait in one transaction.

Invariant: `store` returns after the change is durable, or raises; it never says yes too early.
A burst costs one commit per few hundred changes instead of one each.
"""

from __future__ import annotations

import asyncio
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Callable, Sequence

    from gymletter.members.leaving import Change

_MOST_WAITING = 20_000
_MOST_AT_ONCE = 500


class Busy(Exception):
    """More changes wait than could be stored in good time."""


class Writer:
    """Stores changes with `apply`, which runs in a thread and may fail."""

    def __init__(self, apply: Callable[[Sequence[Change]], None]) -> None:
        self._apply = apply
        self._queue: asyncio.Queue[tuple[Change, asyncio.Future[None]]] = asyncio.Queue(
            _MOST_WAITING
        )

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Store for as long as the context lasts; at its end what waits is stored first."""
        task = asyncio.create_task(self._run())
        try:
            yield
        finally:
            await self._queue.join()
            task.cancel()

    async def store(self, change: Change) -> None:
        """Wait until `change` is stored. Raises `Busy`, or what `apply` raised."""
        done: asyncio.Future[None] = asyncio.get_running_loop().create_future()
        try:
            self._queue.put_nowait((change, done))
        except asyncio.QueueFull as error:
            raise Busy from error
        await done

    async def _run(self) -> None:
        while True:
            waiting = [await self._queue.get()]
            while len(waiting) < _MOST_AT_ONCE and not self._queue.empty():
                waiting.append(self._queue.get_nowait())
            error = await self._attempt([change for change, _ in waiting])
            for _, done in waiting:
                _settle(done, error)
                self._queue.task_done()

    async def _attempt(self, changes: Sequence[Change]) -> Exception | None:
        try:
            await asyncio.to_thread(self._apply, changes)
        except Exception as error:
            return error
        return None


def _settle(done: asyncio.Future[None], error: Exception | None) -> None:
    if done.done():  # the client went away
        return
    if error is None:
        done.set_result(None)
    else:
        done.set_exception(error)
