"""A whole message as JSON bytes, encoded once and cut at its merge fields.

Invariant: filling is joining: what is the same for all is neither rendered nor encoded again.
"""

from __future__ import annotations

import re
import secrets
from dataclasses import dataclass
from typing import TYPE_CHECKING

from gymletter.providers.weaving import as_json, woven
from gymletter.rendering.merge import substitute, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from gymletter.providers.base import Recipients
    from gymletter.rendering.email import Email, MergeField
    from gymletter.rendering.merge import Part


@dataclass(frozen=True)
class Mold:
    """`pieces` of JSON with a slot between each two: a merge field in its part, or an extra."""

    pieces: tuple[bytes, ...]
    slots: tuple[int, ...]
    fields: tuple[tuple[MergeField, Part], ...]

    def fill(self, recipients: Recipients, *extras: Sequence[bytes]) -> Iterator[bytes]:
        """The messages for all recipients, in parts to be joined, with commas between them.

        Each of `extras` holds JSON, one per recipient.
        """
        columns = [
            _inside(values_of(field, recipients.column(field.name), part))
            for field, part in self.fields
        ]
        columns += map(list, extras)
        commas = [b"", *[b","] * (len(recipients) - 1)]
        return woven((b"", *self.pieces), [commas, *(columns[slot] for slot in self.slots)])


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
    return as_json(value).encode()


def _inside(values: Sequence[str]) -> list[bytes]:
    """Strings as they stand between the quotes of JSON."""
    return [as_json(value)[1:-1].encode() for value in values]
