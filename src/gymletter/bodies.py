"""Bodies from outside: joined and inflated, never larger or slower than was allowed."""

from __future__ import annotations

import time
import zlib
from typing import TYPE_CHECKING

from gymletter.errors import Refused

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MEBIBYTE = 1024 * 1024


def in_time(chunks: Iterable[bytes], until: float | None, place: str) -> Iterator[bytes]:
    """The chunks, as long as `time.monotonic()` is not past `until`."""
    for chunk in chunks:
        if until and time.monotonic() > until:
            raise Refused("takes too long", place=place)
        yield chunk


def joined(chunks: Iterable[bytes], limit: int, place: str) -> bytes:
    """All chunks as one, at most `limit` bytes; raises `Refused`."""
    body = bytearray()
    for chunk in chunks:
        body += chunk
        if len(body) > limit:
            size = f"{limit / MEBIBYTE:.3g} MiB" if limit >= MEBIBYTE else f"{limit} bytes"
            raise Refused(f"answers with more than {size}", place=place)
    return bytes(body)


def inflate(chunks: Iterable[bytes], limit: int, place: str) -> bytes:
    """Unpack gzip (all its members), never more than `limit` bytes; raises `Refused`."""
    return joined(_unpacked(chunks, limit, place), limit, place)


def _unpacked(chunks: Iterable[bytes], limit: int, place: str) -> Iterator[bytes]:
    inflater = zlib.decompressobj(31)
    empty = True
    try:
        for chunk in chunks:
            rest = chunk
            while rest:
                if inflater.eof:
                    inflater = zlib.decompressobj(31)
                empty = False
                yield inflater.decompress(rest, limit + 1)
                rest = inflater.unused_data.lstrip(b"\0")  # some pad
    except zlib.error as error:
        raise Refused("answers with broken gzip", place=place) from error
    if not empty and not inflater.eof:
        raise Refused("answers with gzip that ends too early", place=place)
