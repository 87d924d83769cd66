"""Batches: cut by the number of messages and by the bytes they will have on the wire.

Invariant: no batch holds two renderings, none is empty, and the bytes are never under-estimated.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from dataclasses import asdict
from itertools import groupby
from operator import attrgetter
from typing import TYPE_CHECKING

from gymletter.campaign.audience import LINK
from gymletter.campaign.recipients import by_column, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from gymletter.campaign.campaign import Delivery
    from gymletter.providers.base import Capabilities
    from gymletter.rendering.email import Email

# More than this is not sent in one call even where it may be: it bounds the memory of a sender.
MOST_BYTES = 4 * 1024 * 1024
_LONGER = re.compile(r"[&<>\"'\\]")  # becomes longer in JSON or HTML
_WIDEST = 4  # bytes of a sign in UTF-8
_LONGEST = 6  # of one that is escaped: &quot;
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
            name: [use for use in _uses(email, whole=self._whole) if use[0] != LINK]
            for name, email in emails.items()
        }

    def cut(self, rows: Sequence[Delivery]) -> list[Sequence[Delivery]]:
        """The rows in batches, in their order."""
        if self.most_messages == 1:
            return [[row] for row in rows]
        groups: list[Sequence[Delivery]] = []
        for chunk in self._chunks(rows):
            groups += [chunk] if self._weight(chunk) <= self._most_bytes else self._by_weight(chunk)
        return groups

    def _chunks(self, rows: Sequence[Delivery]) -> Iterator[Sequence[Delivery]]:
        """As many of one rendering as a call may hold."""
        for alike in _by_variant(rows):
            for first in range(0, len(alike), self.most_messages):
                yield alike[first : first + self.most_messages]

    def _by_weight(self, rows: Sequence[Delivery]) -> list[Sequence[Delivery]]:
        empty = 0 if self._whole else self._email_bytes[rows[0].variant]
        groups: list[list[Delivery]] = [[]]
        size = empty
        for row in rows:
            more = self._bytes([row])
            if groups[-1] and size + more > self._most_bytes:
                groups.append([])
                size = empty
            groups[-1].append(row)
            size += more
        return [*groups]

    def _weight(self, rows: Sequence[Delivery]) -> int:
        """What a call takes at most: roughly, and exactly where that would be too much."""
        empty = 0 if self._whole else self._email_bytes[rows[0].variant]
        roughly = empty + self._bytes(rows, _roughly)
        return roughly if roughly <= self._most_bytes else empty + self._bytes(rows)

    def _bytes(
        self, rows: Sequence[Delivery], encoded: Callable[[Sequence[str]], int] | None = None
    ) -> int:
        """What recipients of one rendering take at most."""
        count = encoded or _encoded
        variant = rows[0].variant
        columns = by_column(rows)
        total = len(rows) * (self._fixed[variant] + 1)
        total += 2 * count(columns["address"])
        total += count(columns["first_name"]) + count(columns["last_name"])
        for name, times in self._uses[variant]:
            total += times * count(values_of(name, columns))
        return total

    def _fixed_bytes(self, email: Email) -> int:
        """What a recipient takes whoever it is: the link, the brackets, the whole message."""
        links = sum(times for name, times in _uses(email, whole=self._whole) if name == LINK)
        rest = _json_bytes(email) if self._whole else 0
        return rest + _PER_RECIPIENT + links * self._link_bytes


def _by_variant(rows: Sequence[Delivery]) -> list[Sequence[Delivery]]:
    """Deliveries come ordered by rendering: where the ends are alike, all are."""
    if not rows or rows[0].variant == rows[-1].variant:
        return [rows]
    return [list(alike) for _, alike in groupby(rows, attrgetter("variant"))]


def _encoded(values: Sequence[str]) -> int:
    """At most so many bytes in JSON, escaped for HTML or not."""
    text = "".join(values)
    plain = len(text) if text.isascii() else _WIDEST * len(text)
    return plain + (_LONGEST - 1) * len(_LONGER.findall(text))


def _roughly(values: Sequence[str]) -> int:
    """The same, as if every sign had to be escaped."""
    return _LONGEST * sum(map(len, values))


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
        (name, count if whole else count + (1 if name == LINK else 2))
        for name, count in counted.items()
    )
