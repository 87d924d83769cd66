"""The time: the wall's, which can be set back, and the machine's since its start, which cannot."""

from __future__ import annotations

import time
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path


@dataclass(frozen=True)
class Instant:
    """A point in time by both clocks; `uptime` in seconds, comparable within one `boot`."""

    wall: datetime
    boot: str
    uptime: float


class Clock:
    """The real clocks; a test passes its own."""

    def now(self) -> Instant:
        """This instant."""
        return Instant(datetime.now(UTC), _boot(), _uptime())


def longest(since: Instant, now: Instant) -> timedelta | None:
    """The longest time that may have passed.

    None after a restart: a wall clock may have stood still while the machine did.
    """
    if now.boot != since.boot:
        return None
    return max(now.wall - since.wall, timedelta(seconds=now.uptime - since.uptime))


def shortest(since: Instant, now: Instant) -> timedelta:
    """The time that has passed at least, whichever way the wall's clock was set."""
    if now.boot == since.boot:
        return timedelta(seconds=now.uptime - since.uptime)
    return max(min(now.wall - since.wall, timedelta(seconds=now.uptime)), timedelta(0))


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())  # no such clock here: only this process can compare


def _uptime() -> float:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
