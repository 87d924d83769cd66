"""CSV: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252.

Invariant: however long the file or its lines are, at most a few MiB of it are in memory.
"""

from __future__ import annotations

import csv
from contextlib import contextmanager
from typing import TYPE_CHECKING

from gymletter.errors import MemberError
from gymletter.members.readers.base import Row, Sheet
from gymletter.members.readers.encoding import encoding_of

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path
    from typing import TextIO

_DELIMITERS = ",;\t|"


@contextmanager
def open_csv(path: Path) -> Iterator[Sheet]:
    """Yields the sheet; raises `MemberError` with file and line where it is no table."""
    with path.open(encoding=encoding_of(path), newline="") as file:
        delimiter = _delimiter(file)
        rows = _rows(path, file, delimiter)
        _, headings = next(rows, (0, ()))
        yield Sheet(tuple(headings), rows)


def _delimiter(file: TextIO) -> str:
    """The one that the first line with text holds most of, outside quotes."""
    line = next((line for line in file if line.strip()), "")
    file.seek(0)
    outside = "".join(line.split('"')[::2])
    return max(_DELIMITERS, key=outside.count)


def _rows(path: Path, file: TextIO, delimiter: str) -> Iterator[Row]:
    """Every row that is not blank."""
    reader = csv.reader(file, delimiter=delimiter, skipinitialspace=True)
    try:
        for cells in reader:
            if any(cells):
                yield reader.line_num, cells
    except csv.Error as error:
        raise MemberError(
            f"is not a table: {error}",
            place=f"{path}:{reader.line_num}",
            remedy="Look for a quote that is never closed",
        ) from error
