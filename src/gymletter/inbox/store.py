"""Messages as files: `.gymletter/inbox/BUCKET/ID.eml`, readable by the owner alone.

Invariant: a file that bears the name of a message is whole, and never changes. An id begins with
the time of arrival, so that names alone tell the order; a bucket holds about one second of mail.
"""

from __future__ import annotations

import os
import re
import secrets
import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_DIGITS = "0123456789abcdefghjkmnpqrstvwxyz"
_TIME, _BUCKET, _LENGTH = 11, 7, 19
_ID = re.compile(f"[{_DIGITS}]{{{_LENGTH}}}")
_SUFFIX = ".eml"
_SETTLED_NS = 1_000_000_000  # a folder untouched for so long has no change its mtime could hide


@dataclass
class Store:
    """The messages below `folder`. Several processes may add at the same time."""

    folder: Path
    _names: dict[str, tuple[int, tuple[str, ...]]] = field(default_factory=dict, repr=False)

    def add(self, message: bytes) -> str:
        """Keep a message; returns its id. A kill leaves the whole file or none."""
        new = _new_id()
        path = self._path(new)
        part = path.with_suffix(".part")
        try:
            _write(part, message)
        except FileNotFoundError:
            path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            _write(part, message)
        part.rename(path)
        return new

    def read(self, message_id: str) -> bytes | None:
        """The message, or None where there is none of that id."""
        if not _ID.fullmatch(message_id):
            return None
        try:
            return self._path(message_id).read_bytes()
        except FileNotFoundError:
            return None

    def count(self) -> int:
        """How many messages there are."""
        return sum(len(self._ids_of(bucket)) for bucket in self._buckets())

    def page(self, start: int, limit: int) -> list[str]:
        """`limit` ids, newest first, from the `start`-th on; only these buckets are looked into."""
        found: list[str] = []
        for bucket in self._buckets():
            names = self._ids_of(bucket)
            found += names[start : start + limit - len(found)]
            start = max(0, start - len(names))
            if len(found) >= limit:
                break
        return found

    def _path(self, message_id: str) -> Path:
        return self.folder / message_id[:_BUCKET] / f"{message_id}{_SUFFIX}"

    def _buckets(self) -> list[str]:
        names = (entry.name for entry in _entries(self.folder))
        return sorted((name for name in names if len(name) == _BUCKET), reverse=True)

    def _ids_of(self, bucket: str) -> tuple[str, ...]:
        """The ids in a bucket, newest first; remembered once the bucket has come to rest."""
        path = self.folder / bucket
        changed = path.stat().st_mtime_ns
        known = self._names.get(bucket)
        if known and known[0] == changed:
            return known[1]
        names = (entry.name for entry in _entries(path))
        stems = (name.removesuffix(_SUFFIX) for name in names if name.endswith(_SUFFIX))
        ids = tuple(sorted(filter(_ID.fullmatch, stems), reverse=True))
        if time.time_ns() - changed > _SETTLED_NS:
            self._names[bucket] = (changed, ids)
        return ids


def arrived(message_id: str) -> float:
    """When a message arrived, in seconds since 1970."""
    micros = 0
    for digit in message_id[:_TIME]:
        micros = micros * 32 + _DIGITS.index(digit)
    return micros / 1_000_000


def _new_id() -> str:
    micros = time.time_ns() // 1000
    when = "".join(_DIGITS[(micros >> shift) & 31] for shift in range(5 * _TIME - 5, -1, -5))
    return when + "".join(secrets.choice(_DIGITS) for _ in range(_LENGTH - _TIME))


def _entries(folder: Path) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from entries
    except FileNotFoundError:
        return


def _write(path: Path, content: bytes) -> None:
    handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "wb") as file:
        file.write(content)
