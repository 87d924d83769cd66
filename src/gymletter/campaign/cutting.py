"""Batches: cut by the number of messages and by the bytes they will have on the wire.

Invariant: no batch holds two renderings, none is empty, and the bytes are never under-estimated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gymletter.campaign.campaign import Delivery
    from gymletter.providers.base import Capabilities
    from gymletter.rendering.email import Email

# More than this is not sent in one call even where it may be: it bounds the memory of a sender.
MOST_BYTES = 4 * 1024 * 1024
_LONGER = re.compile(r"[&<>\"'\\]")  # becomes longer in JSON or HTML
_LINK = "unsubscribe_url"
_PER_RECIPIENT = 120  # names of parameters, brackets, our own identifiers


class Cutter:
    """How one campaign's deliveries become batches for one provider."""

    def __init__(
        self, capabilities: Capabilities, emails: Mapping[str, Email], link_bytes: int
    ) -> None:
        self.most_messages = capabilities.messages_per_call
        self._most_bytes = min(capabilities.bytes_per_call, MOST_BYTES)
        self._whole = not capabilities.substitutes
        self._email_bytes = {name: _json_bytes(email) for name, email in emails.items()}
        self._link_bytes = link_bytes
        self._fixed = {name: self._fixed_bytes(email) for name, email in emails.items()}
        self._uses = {
            name: [use for use in _uses(email, whole=self._whole) if use[0] != _LINK]
            for name, email in emails.items()
        }

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
        total = self._fixed[row.variant]
        total += _encoded(f"{row.address}{row.address}{row.first_name} {row.last_name}")
        for name, times in self._uses[row.variant]:
            total += times * _encoded(_value(row, name))
        return total

    def _fixed_bytes(self, email: Email) -> int:
        """What a recipient takes whoever it is: the link, the brackets, the whole message."""
        links = sum(times for name, times in _uses(email, whole=self._whole) if name == _LINK)
        rest = _json_bytes(email) if self._whole else 0
        return rest + _PER_RECIPIENT + links * self._link_bytes


def _value(row: Delivery, name: str) -> str:
    if name == "first_name":
        return row.first_name
    if name == "email":
        return row.address
    if name in ("last_name", "language"):
        return str(getattr(row, name))
    return str((row.fields or {}).get(name, ""))


def _encoded(value: str) -> int:
    """At most so many bytes in JSON, escaped for HTML or not."""
    if value.isascii() and not _LONGER.search(value):
        return len(value)
    return 4 * len(value) + 5 * len(_LONGER.findall(value))


def _json_bytes(email: Email) -> int:
    return len(json.dumps(asdict(email), ensure_ascii=False).encode())


def _uses(email: Email, *, whole: bool) -> tuple[tuple[str, int], ...]:
    """How often a value of each name goes over the wire.

    In a whole message as often as it stands there; else once as it is, once escaped, and in each
    header.
    """
    text = json.dumps(asdict(email)) if whole else "".join(value for _, value in email.headers)
    counted: Counter[str] = Counter()
    for field in email.fields:
        counted[field.name] += text.count(field.token)
    return tuple(
        (name, count if whole else count + (1 if name == "unsubscribe_url" else 2))
        for name, count in counted.items()
    )
