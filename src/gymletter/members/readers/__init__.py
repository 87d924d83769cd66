"""Member files, one module per format; the content tells which, not the name."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from gymletter.errors import MemberError
from gymletter.members.readers.base import Sheet

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

__all__ = ["Sheet", "open_sheet"]

_REFUSED = {
    b"\xd0\xcf\x11\xe0": "is an old Excel file (.xls)",
    b"%PDF": "is a PDF",
    b"\x89PNG": "is a picture",
    b"\xff\xd8\xff": "is a picture",
    b"<": "is a web page or XML",
}


@contextmanager
def open_sheet(path: Path) -> Iterator[Sheet]:
    """Open a CSV, XLSX or JSON file; raises `MemberError` where it is none of them."""
    try:
        start = _start(path)
        with _reader(start)(path) as sheet:
            yield sheet
    except OSError as error:
        raise MemberError(
            f"cannot be read: {error.strerror}", place=str(path), remedy="Name a member file"
        ) from error
    except UnicodeError as error:
        raise MemberError("is not the text it looks like", place=str(path)) from error


def _start(path: Path) -> bytes:
    with path.open("rb") as file:
        start = file.read(4096).removeprefix(b"\xef\xbb\xbf").lstrip()
    if not start:
        raise MemberError("is empty", place=str(path), remedy="Export the members again")
    for mark, what in _REFUSED.items():
        if start.startswith(mark):
            raise MemberError(what, place=str(path), remedy="Export the members as CSV or XLSX")
    return start


def _reader(start: bytes) -> Callable[[Path], AbstractContextManager[Sheet]]:
    from gymletter.members.readers.csv_file import open_csv
    from gymletter.members.readers.json_file import open_json
    from gymletter.members.readers.xlsx import open_xlsx

    if start.startswith(b"PK\x03\x04"):
        return open_xlsx
    return open_json if start[:1] in (b"[", b"{") else open_csv
