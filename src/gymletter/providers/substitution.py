"""Merge values for providers that substitute: the email goes once, the values per recipient.

Invariant: a value that is the same in HTML and in plain text goes over the wire once; both are
sent only where a batch holds a value that must be escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import Header
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

from gymletter.rendering.merge import cut, substitute, value_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gymletter.providers.base import Recipient
    from gymletter.rendering.email import Email, MergeField
    from gymletter.rendering.merge import Part

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9:/._-]*")
_NEEDS_ESCAPE = re.compile("[&<>\"']")


@dataclass(frozen=True)
class Table:
    """The values of a batch: `rows` of them under `keys`, and what each token became: `names`.

    A name is (token, part, what is the same for all, key).
    """

    keys: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    names: tuple[tuple[str, str, str, str], ...]

    def put(self, email: Email, syntax: Callable[[str], str]) -> Email:
        """The email with `syntax(key)` in place of each token, after what is the same for all."""
        places = {(token, part): (same, key) for token, part, same, key in self.names}

        def place(field: MergeField, part: Part) -> str:
            same, key = places[field.token, part]
            return same + syntax(key)

        return substitute(email, place)


def table(fields: Sequence[MergeField], recipients: Sequence[Recipient]) -> Table:
    """The values of all fields for all recipients."""
    keys: list[str] = []
    columns: list[list[str]] = []
    names: list[tuple[str, str, str, str]] = []
    for number, (example, tokens) in enumerate(_alike(tuple(fields)).items()):
        plain = [value_of(example, recipient.values, "plain") for recipient in recipients]
        same = _same_beginning(plain)
        plain = [value[len(same) :] for value in plain]
        keys.append(f"p{number}")
        columns.append(plain)
        names += [(token, "plain", same, f"p{number}") for token in tokens]
        escaped = any(map(_NEEDS_ESCAPE.search, plain))
        if escaped:
            keys.append(f"h{number}")
            columns.append([escape(value) for value in plain])
        names += [(token, "html", same, f"{'h' if escaped else 'p'}{number}") for token in tokens]
    rows = tuple(zip(*columns, strict=True)) if columns else ((),) * len(recipients)
    return Table(tuple(keys), rows, tuple(names))


def ascii_headers(email: Email) -> dict[str, str]:
    """The email's headers; what is not ASCII in encoded words (RFC 2047)."""
    return {name: _ascii(value) for name, value in email.headers}


def split_headers(email: Email) -> tuple[dict[str, str], dict[str, str]]:
    """The email's headers that are the same for all, and those that differ per recipient."""
    same: dict[str, str] = {}
    differ: dict[str, str] = {}
    for name, value in email.headers:
        place = differ if any(field.token in value for field in email.fields) else same
        place[name] = _ascii(value)
    return same, differ


def fill_headers(
    headers: Mapping[str, str], fields: Sequence[MergeField], recipients: Sequence[Recipient]
) -> list[dict[str, str]]:
    """Headers that differ, for each recipient."""
    cuts = [(name, cut(value, fields, "plain")) for name, value in headers.items()]
    return [{name: each.fill(to.values) for name, each in cuts} for to in recipients]


def _ascii(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode(linesep="")


def _same_beginning(values: Sequence[str]) -> str:
    """What all addresses of pages begin with, up to a slash; it can stand in the email itself."""
    if not values[0].startswith("https://"):
        return ""
    same = values[0][: values[0].rfind("/") + 1]
    if not all(value.startswith(same) for value in values):
        return ""
    return same if _PLAIN_ADDRESS.fullmatch(same) else ""


@lru_cache(maxsize=8)
def _alike(fields: tuple[MergeField, ...]) -> dict[MergeField, list[str]]:
    """The tokens of fields that always have the same value, by one of these fields."""
    groups: dict[tuple[str, str | None, str], tuple[MergeField, list[str]]] = {}
    for field in fields:
        kind = (field.name, field.default, field.encoding)
        groups.setdefault(kind, (field, []))[1].append(field.token)
    return dict(groups.values())
