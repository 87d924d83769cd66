"""Which encoding a text file has, told from all of its bytes.

Invariant: no guess by likelihood. A byte order mark, zero bytes as UTF-16 makes them, valid UTF-8,
or Windows-1252; a file that mixes the last two is refused with the line.
"""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING

from gymletter.errors import MemberError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_BLOCK = 1 << 20
# A letter outside ASCII as UTF-8 has it; read as Windows-1252 it would be Ã«, which nobody means.
_UTF8 = re.compile(rb"\xc3[\x80-\xbf]")
_UNDEFINED = re.compile(rb"[\x81\x8d\x8f\x90\x9d]")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NO_TABLE = "Export the members as CSV (UTF-8) or XLSX"


def encoding_of(path: Path, *, long_lines: bool = False) -> str:
    """The name of the codec; raises `MemberError` where the file is no text table."""
    with path.open("rb") as file:
        start = file.read(4096)
    marked = next((codec for mark, codec in _MARKS if start.startswith(mark)), None)
    encoding = marked or _utf16(start) or _eight_bits(path, start)
    if not long_lines:
        _check_lines(path)
    return encoding


def _utf16(start: bytes) -> str | None:
    """UTF-16 without a mark: nearly every second byte of its first letters is zero."""
    sample = start[:256]
    if sample[1::2].count(0) * 10 > len(sample) * 4:
        return "utf-16-le"
    return "utf-16-be" if sample[0::2].count(0) * 10 > len(sample) * 4 else None


def _eight_bits(path: Path, start: bytes) -> str:
    decoder = codecs.getincrementaldecoder("utf-8")()
    saw_utf8 = False
    line = 1
    for block in _blocks(path):
        try:
            text = decoder.decode(block)
        except UnicodeDecodeError as error:
            if b"\0" in start:
                raise MemberError(
                    "is not a table but binary data", place=str(path), remedy=_NO_TABLE
                ) from error
            return _windows(path, line + block.count(b"\n", 0, error.start), mixed=saw_utf8)
        saw_utf8 = saw_utf8 or not text.isascii()
        line += block.count(b"\n")
    return "utf-8"


def _windows(path: Path, line: int, *, mixed: bool) -> str:
    """Windows-1252, unless letters before or after are UTF-8, or a byte has no meaning in it."""
    for block in _blocks(path):
        mixed = mixed or _UTF8.search(block) is not None
        if mixed or _UNDEFINED.search(block):
            raise MemberError(
                "mixes encodings: this line is not UTF-8, others are",
                place=f"{path}:{line}",
                remedy="Save the file again with the encoding UTF-8",
            )
    return "cp1252"


def _check_lines(path: Path) -> None:
    """A block without a line end is one line that no table has."""
    line = 1
    for block in _blocks(path):
        ends = block.count(b"\n") or block.count(b"\r")
        if not ends and len(block) == _BLOCK:
            raise MemberError(
                "is not a table: a line is longer than 1 MiB",
                place=f"{path}:{line}",
                remedy=_NO_TABLE,
            )
        line += ends


def _blocks(path: Path) -> Iterator[bytes]:
    with path.open("rb") as file:
        while block := file.read(_BLOCK):
            yield block
