"""Merge values for providers that substitute: the email goes once, the values per recipient.

Invariant: a value that is the same in HTML and in plain text goes over the wire once; both are
sent only where a batch holds a value that must be escaped.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from email.header import Header
from functools import lru_cache
from typing import TYPE_CHECKING

from gymletter.providers.weaving import filled
from gymletter.rendering.merge import cut, escaped, substitute, values_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gymletter.providers.base import Recipients
    from gymletter.rendering.email import Email, MergeField
    from gymletter.rendering.merge import Cut, Part

_PLAIN_ADDRESS = re.compile(r"[A-Za-z0-9:/._-]*")


@dataclass(frozen=True)
class Table:
    """The values of a batch: `columns` of them by key, and what each token became: `names`.

    A name is (token, part, what is the same for all, key). `whole`: the values by token.
    """

    columns: dict[str, list[str]]
    whole: dict[str, list[str]]
    names: tuple[tuple[str, str, str, str], ...]


def put(
    email: Email, names: tuple[tuple[str, str, str, str], ...], syntax: Callable[[str], str]
) -> Email:
    """The email with `syntax(key)` in place of each token, after what is the same for all."""
    places = {(token, part): (same, key) for token, part, same, key in names}

    def place(field: MergeField, part: Part) -> str:
        same, key = places[field.token, part]
        return same + syntax(key)

    return substitute(email, place)


def table(fields: Sequence[MergeField], recipients: Recipients) -> Table:
    """The values of all fields for all recipients."""
    columns: dict[str, list[str]] = {}
    whole: dict[str, list[str]] = {}
    names: list[tuple[str, str, str, str]] = []
    for number, (example, tokens) in enumerate(_alike(tuple(fields)).items()):
        plain = values_of(example, recipients.column(example.name), "plain")
        whole |= dict.fromkeys(tokens, plain)
        same = _same_beginning(plain)
        columns[f"p{number}"] = plain = [value[len(same) :] for value in plain] if same else plain
        names += [(token, "plain", same, f"p{number}") for token in tokens]
        html, key = escaped(plain), f"p{number}"
        if html is not plain:
            key = f"h{number}"
            columns[key] = html
        names += [(token, "html", same, key) for token in tokens]
    return Table(columns, whole, tuple(names))


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


def header_columns(
    headers: Mapping[str, str], fields: Sequence[MergeField], whole: Mapping[str, list[str]]
) -> dict[str, list[str]]:
    """Headers that differ: by name, one value for each recipient."""
    return {name: _filled(cut(text, fields, "plain"), whole) for name, text in headers.items()}


def _filled(text: Cut, whole: Mapping[str, list[str]]) -> list[str]:
    return filled(text.pieces, [whole[field.token] for field in text.fields])


def _ascii(value: str) -> str:
    return value if value.isascii() else Header(value, "utf-8").encode(linesep="")


def _same_beginning(values: Sequence[str]) -> str:
    """What all addresses of pages begin with, up to a slash; it can stand in the email itself."""
    if not values[0].startswith("https://"):
        return ""
    same = values[0][: values[0].rfind("/") + 1]
    alike = min(values).startswith(same) and max(values).startswith(same)
    return same if alike and _PLAIN_ADDRESS.fullmatch(same) else ""


@lru_cache(maxsize=8)
def _alike(fields: tuple[MergeField, ...]) -> dict[MergeField, list[str]]:
    """The tokens of fields that always have the same value, by one of these fields."""
    groups: dict[tuple[str, str | None, str], tuple[MergeField, list[str]]] = {}
    for field in fields:
        kind = (field.name, field.default, field.encoding)
        groups.setdefault(kind, (field, []))[1].append(field.token)
    return dict(groups.values())
