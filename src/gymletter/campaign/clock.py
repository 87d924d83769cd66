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


def elapsed(since: Instant, now: Instant) -> timedelta | None:
    """The longer of what both clocks say has passed; None where that cannot be known."""
    wall = now.wall - since.wall
    if now.boot == since.boot:
        return max(wall, timedelta(seconds=now.uptime - since.uptime))
    return wall if wall >= timedelta(0) else None


@cache
def _boot() -> str:
    try:
        return Path("/proc/sys/kernel/random/boot_id").read_text(encoding="ascii").strip()
    except OSError:
        return str(uuid.uuid4())  # no such clock here: only this process can compare


def _uptime() -> float:
    clock = getattr(time, "CLOCK_BOOTTIME", None)
    return time.monotonic() if clock is None else time.clock_gettime(clock)
