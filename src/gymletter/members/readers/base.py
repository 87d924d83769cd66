"""`Sheet`: what every reader makes of a member file: headings, and rows with their line."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Row = tuple[int, "Sequence[str]"]


@dataclass(frozen=True)
class Sheet:
    """`headings` as they stand in the file; `rows` are read while they are asked for.

    A row is (line, cells); the line is the one in the file, counted from 1. Cells are texts.
    """

    headings: tuple[str, ...]
    rows: Iterator[Row]
