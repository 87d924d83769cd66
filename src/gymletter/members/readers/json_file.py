"""JSON: a list of objects, the same below "members" or another name, or one object per line.

Invariant: objects are read one by one, so that a large file takes no more memory than a small one.
"""

from __future__ import annotations

import json
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from gymletter.errors import MemberError
from gymletter.members.readers.base import Row, Sheet
from gymletter.members.readers.encoding import encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_BLOCK = 1 << 16
_MOST_OBJECT = 1 << 20
_MOST_KEYS = 1000
# What may stand before the first member: `[`, or `{"members": [`.
_OPENING = re.compile(r'\s*(?:\{\s*"[^"\\]*"\s*:\s*)?\[')
_BETWEEN = re.compile(r"[\s,]*")


@contextmanager
def open_json(path: Path) -> Iterator[Sheet]:
    """Yields the sheet; its headings are the keys of all objects; raises `MemberError`."""
    encoding = encoding_of(path, long_lines=True)
    with path.open(encoding=encoding) as file:
        headings = _headings(path, file)
    with path.open(encoding=encoding) as file:
        yield Sheet(headings, _rows(path, file, headings))


def _headings(path: Path, file: TextIO) -> tuple[str, ...]:
    keys: dict[str, None] = {}
    for _, value in _objects(path, file):
        keys |= dict.fromkeys(value)
        if len(keys) > _MOST_KEYS:
            raise MemberError(f"has more than {_MOST_KEYS} different keys", place=str(path))
    return tuple(keys)


def _rows(path: Path, file: TextIO, headings: tuple[str, ...]) -> Iterator[Row]:
    for number, value in _objects(path, file):
        yield number, [_text(value.get(heading)) for heading in headings]


def _objects(path: Path, file: TextIO) -> Iterator[tuple[int, dict[str, Any]]]:
    """Each object with its line of beginning, flattened by one level."""
    decode = json.JSONDecoder().raw_decode
    buffer = file.read(_BLOCK)
    start = _OPENING.match(buffer)
    at, number = (start.end() if start else 0), 0
    while True:
        at = _between(buffer, at)
        if at < len(buffer) and buffer[at] in "]}":
            return
        try:
            value, at = decode(buffer, at)
        except (ValueError, RecursionError) as error:
            more = file.read(_BLOCK)
            buffer, at = buffer[at:] + more, 0
            if not buffer.strip():
                return
            if not more or len(buffer) > _MOST_OBJECT:
                raise _no_members(path, number + 1) from error
            continue
        if not isinstance(value, dict):
            raise _no_members(path, number + 1)
        number += 1
        yield number, _flat(value)


def _between(buffer: str, at: int) -> int:
    found = _BETWEEN.match(buffer, at)
    return found.end() if found else at


def _flat(value: dict[str, Any]) -> dict[str, Any]:
    """`{"fields": {"club": "Noord"}}` as `{"club": "Noord"}`, as `members list --json` has it."""
    fields = value.pop("fields", None)
    return {**value, **fields} if isinstance(fields, dict) else value


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, list):
        return ";".join(map(_text, value))
    if isinstance(value, bool):
        return "true" if value else "false"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def _no_members(path: Path, number: int) -> MemberError:
    return MemberError(
        f"is not a list of members: object {number} cannot be read",
        place=str(path),
        remedy='Make it [{"email": "…"}, …]',
    )
