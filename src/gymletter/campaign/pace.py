"""Not faster than agreed: one bucket of tokens for all calls, and a provider's own pauses."""

from __future__ import annotations

import threading
import time
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable


class Pace:
    """`per_second` messages on average, at most one second's worth at once.

    A call of many messages is let through when the bucket is not empty and leaves a debt.
    """

    def __init__(
        self, per_second: float, stop: threading.Event, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._per_second = per_second
        self._most = max(per_second, 1.0)
        self._tokens = self._most
        self._clock = clock
        self._filled = clock()
        self._closed_until = self._filled
        self._lock = threading.Lock()
        self._stop = stop

    def allowance(self) -> tuple[int, float]:
        """How many messages may go now; and, when none may, how many seconds to wait."""
        with self._lock:
            wait = self._refill()
            return (0, wait) if wait > 0 else (int(self._tokens), 0.0)

    def spend(self, messages: int) -> None:
        """Note that so many go out now; more than allowed leaves a debt."""
        with self._lock:
            self._tokens -= messages

    def pause(self, seconds: float) -> None:
        """Let nobody through for `seconds`."""
        with self._lock:
            self._closed_until = max(self._closed_until, self._clock() + seconds)

    def wait(self) -> bool:
        """Wait for one's turn; False when told to stop instead."""
        while not self._stop.is_set():
            _, seconds = self.allowance()
            if seconds <= 0:
                return True
            self._stop.wait(seconds)
        return False

    def _refill(self) -> float:
        now = self._clock()
        self._tokens = min(self._most, self._tokens + (now - self._filled) * self._per_second)
        self._filled = now
        return max(self._closed_until - now, (1 - self._tokens) / self._per_second)
