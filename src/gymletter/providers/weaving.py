"""Texts for many recipients at once: what is the same for all, between columns of what is not.

Invariant: a value becomes a JSON string or stands in a header's text; never markup of its own.
"""

from __future__ import annotations

import json
from email.utils import formataddr
from itertools import chain, repeat
from typing import TYPE_CHECKING, AnyStr

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from gymletter.providers.base import Recipients


as_json = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode


_in_lines = json.JSONEncoder(ensure_ascii=False, separators=("\n", ":")).encode


def quoted(values: Sequence[str]) -> list[str]:
    """Each as a JSON string: no line ends within one, so that many are encoded at once."""
    return _in_lines(values)[1:-1].split("\n") if values else []


def objects(columns: Mapping[str, Sequence[str]]) -> list[str]:
    """A JSON object per row, of columns that are JSON already."""
    heads = [f"{',' if n else '{'}{as_json(name)}:" for n, name in enumerate(columns)]
    return filled((*heads, "}"), list(columns.values()))


def filled(pieces: Sequence[str], columns: Sequence[Sequence[str]]) -> list[str]:
    """A text per row: the pieces, with the row's values between them."""
    template = "%s".join(piece.replace("%", "%%") for piece in pieces)
    return [template % row for row in zip(*columns, strict=True)]


def woven(pieces: Sequence[AnyStr], columns: Sequence[Sequence[AnyStr]]) -> Iterator[AnyStr]:
    """For each row the pieces, with the row's values between them, one after another."""
    woven = chain.from_iterable(
        (repeat(piece), column) for piece, column in zip(pieces, columns, strict=False)
    )
    return chain.from_iterable(zip(*woven, repeat(pieces[-1]), strict=False))


def mailboxes(recipients: Recipients) -> list[str]:
    """Each as a header has it (RFC 5322): name and address."""
    return [
        _mailbox(name, address)
        for name, address in zip(recipients.names, recipients.addresses, strict=True)
    ]


def _mailbox(name: str, address: str) -> str:
    """`formataddr` is slow, and not needed for a name of plain words."""
    if name.isascii() and name.replace(" ", "").isalnum():
        return f"{name} <{address}>"
    return formataddr((name, address))
