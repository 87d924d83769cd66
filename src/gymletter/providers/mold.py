"""A whole message as JSON bytes, encoded once and cut at its merge fields.

Invariant: filling is joining: what is the same for all is neither rendered nor encoded again.
"""

from __future__ import annotations

import json
import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.rendering.merge import substitute, value_of

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.providers.base import Recipient
    from gymletter.rendering.email import Email, MergeField
    from gymletter.rendering.merge import Part


@dataclass(frozen=True)
class Mold:
    """`pieces` of JSON with a slot between each two: a merge field in its part, or an extra."""

    pieces: tuple[bytes, ...]
    slots: tuple[int, ...]
    fields: tuple[tuple[MergeField, Part], ...]

    def fill(self, recipient: Recipient, *extras: object) -> bytes:
        """The message for one recipient; each of `extras` is put in as JSON."""
        values = [_inside(value_of(field, recipient.values, part)) for field, part in self.fields]
        values += map(encode, extras)
        joined = [self.pieces[0]]
        for slot, piece in zip(self.slots, self.pieces[1:], strict=True):
            joined += (values[slot], piece)
        return b"".join(joined)


def cast(email: Email, extras: int, shape: Callable[..., object]) -> Mold:
    """Make a mold.

    `shape(email, *marks)` is the message as JSON values; each of the `extras` marks stands as a
    value where that extra goes.
    """
    places: dict[tuple[MergeField, Part], int] = {}
    word = f"gl{secrets.token_hex(12)}x"

    def put(field: MergeField, part: Part) -> str:
        return f"{word}{places.setdefault((field, part), len(places))}x"

    marks = [f"{word}e{n}x" for n in range(extras)]
    text = encode(shape(substitute(email, put), *marks))
    parts = re.split(rf'"{word}e(\d+)x"|{word}(\d+)x'.encode(), text)
    slots = tuple(
        int(field) if extra is None else len(places) + int(extra)
        for extra, field in zip(parts[1::3], parts[2::3], strict=True)
    )
    return Mold(tuple(parts[::3]), slots, tuple(places))


def encode(value: object) -> bytes:
    """Compact JSON in UTF-8."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":")).encode()


def _inside(value: str) -> bytes:
    """A string as it stands between the quotes of JSON."""
    return json.dumps(value, ensure_ascii=False)[1:-1].encode()
