"""Batches: cut by the number of messages and by the bytes they will have on the wire.

Invariant: no batch holds two renderings, none is empty, and the bytes are never under-estimated.
"""

from __future__ import annotations

import json
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gymletter.campaign.campaign import Delivery
    from gymletter.providers.base import Capabilities
    from gymletter.rendering.email import Email

# More than this is not sent in one call even where it may be: it bounds the memory of a sender.
MOST_BYTES = 4 * 1024 * 1024
_LONG_LINK = "x" * 250
_PER_RECIPIENT = 200  # names of parameters, brackets, our own identifiers


class Cutter:
    """How one campaign's deliveries become batches for one provider."""

    def __init__(self, capabilities: Capabilities, emails: Mapping[str, Email]) -> None:
        self.most_messages = capabilities.messages_per_call
        self._most_bytes = min(capabilities.bytes_per_call, MOST_BYTES)
        self._whole = not capabilities.substitutes
        self._email_bytes = {name: _json_bytes(email) for name, email in emails.items()}
        self._uses = {name: _uses(email) for name, email in emails.items()}

    def cut(self, rows: Sequence[Delivery]) -> list[list[Delivery]]:
        """The rows in batches, in their order."""
        if self.most_messages == 1:
            return [[row] for row in rows]
        groups: list[list[Delivery]] = []
        size = 0
        for row in rows:
            more = self._bytes(row)
            if not groups or self._is_full(groups[-1], row, size + more):
                groups.append([])
                size = 0 if self._whole else self._email_bytes[row.variant]
            groups[-1].append(row)
            size += more
        return groups

    def _is_full(self, group: list[Delivery], row: Delivery, size: int) -> bool:
        return (
            len(group) >= self.most_messages
            or size > self._most_bytes
            or group[0].variant != row.variant
        )

    def _bytes(self, row: Delivery) -> int:
        values = _PER_RECIPIENT + self._value_bytes(row)
        return values + self._email_bytes[row.variant] if self._whole else values

    def _value_bytes(self, row: Delivery) -> int:
        total = 2 * _encoded(row.address) + _encoded(row.first_name) + _encoded(row.last_name)
        for name, times in self._uses[row.variant]:
            total += times * _encoded(value_of(row, name))
        return total


def value_of(row: Delivery, name: str) -> str:
    """A delivery's value for a merge field; a link is given a length that none has."""
    if name == "unsubscribe_url":
        return _LONG_LINK
    if name == "email":
        return row.address
    if name in ("first_name", "last_name", "language"):
        return str(getattr(row, name))
    return str((row.fields or {}).get(name, ""))


def _encoded(value: str) -> int:
    """At most so many bytes in JSON, escaped for HTML or not."""
    return (len(value) if value.isascii() else 4 * len(value)) + 5 * sum(
        map(value.count, "&<>\"'\\")
    )


def _json_bytes(email: Email) -> int:
    return len(json.dumps(asdict(email), ensure_ascii=False).encode())


def _uses(email: Email) -> tuple[tuple[str, int], ...]:
    """How often a value of each name is written in a whole message."""
    text = json.dumps(asdict(email))
    return tuple((field.name, text.count(field.token)) for field in email.fields)
