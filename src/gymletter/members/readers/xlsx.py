"""XLSX: the first sheet that is shown, read row by row.

Invariant: a workbook that would unpack to more than its limit is refused before it is unpacked.
"""

from __future__ import annotations

import warnings
import zipfile
from contextlib import contextmanager
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from gymletter.errors import MemberError
from gymletter.members.readers.base import Row, Sheet

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from openpyxl.worksheet.worksheet import Worksheet

_MEBIBYTE = 1 << 20
# openpyxl keeps the shared texts in memory and streams the rest.
_MOST_STRINGS = 40 * _MEBIBYTE
_MOST_UNPACKED = 1024 * _MEBIBYTE
_BROKEN = (zipfile.BadZipFile, KeyError, ValueError, IndexError, TypeError, ParseError, SyntaxError)


@contextmanager
def open_xlsx(path: Path) -> Iterator[Sheet]:
    """Yields the sheet; raises `MemberError` where it is no workbook."""
    from openpyxl import load_workbook

    try:
        _check_size(path)
        with warnings.catch_warnings(action="ignore"):
            book = load_workbook(path, read_only=True, data_only=True, keep_links=False)
    except _BROKEN as error:
        raise _no_workbook(path) from error
    try:
        shown = [sheet for sheet in book.worksheets if sheet.sheet_state == "visible"]
        if not shown:
            raise _no_workbook(path)
        rows = _rows(path, shown[0])
        _, headings = next(rows, (0, ()))
        yield Sheet(tuple(headings), rows)
    finally:
        book.close()


def _check_size(path: Path) -> None:
    with zipfile.ZipFile(path) as archive:
        sizes = {entry.filename: entry.file_size for entry in archive.infolist()}
    strings = sum(size for name, size in sizes.items() if name.endswith("sharedStrings.xml"))
    if strings > _MOST_STRINGS or sum(sizes.values()) > _MOST_UNPACKED:
        raise MemberError(
            "is a workbook too large to be opened safely",
            place=str(path),
            remedy="Save it as CSV (UTF-8); that may have any size",
        )


def _rows(path: Path, sheet: Worksheet) -> Iterator[Row]:
    try:
        for line, values in enumerate(sheet.iter_rows(values_only=True), 1):
            cells = [_text(value) for value in values]
            while cells and not cells[-1]:
                cells.pop()
            if cells:
                yield line, cells
    except _BROKEN as error:
        raise _no_workbook(path) from error


def _text(value: object) -> str:
    """Whole numbers without a fraction, dates in ISO, the rest as Excel shows it."""
    if value is None:
        return ""
    if isinstance(value, datetime) and not (value.hour or value.minute or value.second):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)


def _no_workbook(path: Path) -> MemberError:
    return MemberError(
        "is not a workbook that can be read", place=str(path), remedy="Save it as XLSX or CSV again"
    )
