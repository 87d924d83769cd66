"""Member files as they come: encodings, formats, and what is no table."""

from __future__ import annotations

import json
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import openpyxl
import pytest

from gymletter.errors import MemberError
from gymletter.members.columns import find_columns
from gymletter.members.files import Options, import_file
from gymletter.members.readers import open_sheet
from tests.members.helpers import CONSENT, store, write

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.workspace import Workspace


def read(path: Path) -> tuple[tuple[str, ...], list[Sequence[str]]]:
    """Headings and cells."""
    with open_sheet(path) as sheet:
        return sheet.headings, [tuple(cells) for _, cells in sheet.rows]


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "cp1252"])
def test_a_csv_is_read_in_any_usual_encoding(tmp_path: Path, encoding: str, delimiter: str) -> None:
    """With and without byte order mark; the delimiter is told from the first row."""
    text = f'email{delimiter}naam\r\n\r\nzoe@x.example{delimiter}"Zoë{delimiter} é"\r\n'
    headings, rows = read(write(tmp_path, text, encoding=encoding))
    assert headings == ("email", "naam")
    assert rows == [("zoe@x.example", f"Zoë{delimiter} é")]


def test_a_workbook_is_read_with_its_dates_and_numbers(tmp_path: Path) -> None:
    """Dates are ISO, whole numbers whole; hidden sheets are passed over."""
    book = openpyxl.Workbook()
    book.worksheets[0].sheet_state = "hidden"
    sheet = book.create_sheet("Leden")
    for row in (["E-mail", "Lid sinds", "Nummer"], [], ["a@x.example", date(2024, 3, 1), 12.0]):
        sheet.append(row)
    book.save(tmp_path / "leden.xlsx")
    assert read(tmp_path / "leden.xlsx") == (
        ("E-mail", "Lid sinds", "Nummer"),
        [("a@x.example", "2024-03-01", "12")],
    )


@pytest.mark.parametrize(
    "text",
    [
        '[{"email": "a@x.example", "tags": ["yoga", "kracht"]}, {"email": "b@x.example"}]',
        '{"members": [{"email": "a@x.example", "tags": ["yoga", "kracht"]},'
        ' {"email": "b@x.example"}]}',
        '{"email": "a@x.example", "tags": ["yoga", "kracht"]}\n{"email": "b@x.example"}\n',
    ],
    ids=["list", "members", "lines"],
)
def test_json_is_read_as_a_list_or_as_lines(tmp_path: Path, text: str) -> None:
    """Lists become cells with semicolons; a missing key is an empty cell."""
    assert read(write(tmp_path, text, "leden.json")) == (
        ("email", "tags"),
        [("a@x.example", "yoga;kracht"), ("b@x.example", "")],
    )


def test_a_long_json_file_is_read_in_pieces(tmp_path: Path) -> None:
    """An object that lies across two reads is whole."""
    rows = [{"email": f"lid{n}@x.example", "club": "N" * 90} for n in range(3000)]
    assert len(read(write(tmp_path, json.dumps(rows), "leden.json"))[1]) == 3000


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b"\n \n", "is empty"),
        (b"\x89PNG\r\n\x1a\n123", "is a picture"),
        (b"%PDF-1.7", "is a PDF"),
        (b"\xd0\xcf\x11\xe0abc", "old Excel file"),
        (b"<html><table>", "web page"),
        (b"PK\x03\x04 no zip", "not a workbook"),
        (bytes(range(256)) * 40, "binary data"),
        (b"email,naam\n" + b"x" * (3 << 20), "longer than 1 MiB"),
        (b'email,naam\na@x.example,"' + b"open\n" * 60_000, "field larger than"),
        (b"email,naam\na@x.example,Zo\xc3\xab\nb@x.example,Zo\xeb\n", "leden.csv:3: mixes"),
        (b"[1, 2]", "object 1 cannot be read"),
        (b'[{"email": "a@x.example"}, {"email"', "object 2 cannot be read"),
        (b"naam;club\nJan;Noord\n", "no e-mail column"),
        (b"E-mail;e-mail\na@x.example;b@x.example\n", "2 columns"),
    ],
)
def test_what_is_no_member_table_is_one_clear_line(
    workspace: Workspace, content: bytes, says: str
) -> None:
    """Nothing is imported, and the line names the file."""
    path = workspace.root / "leden.csv"
    path.write_bytes(content)
    with pytest.raises(MemberError) as caught:
        import_file(workspace, path, Options(consent=CONSENT))
    assert says in str(caught.value)
    assert "leden.csv" in str(caught.value)
    assert store(workspace).count() == 0


def test_a_workbook_that_unpacks_too_large_is_refused(tmp_path: Path) -> None:
    """Some kilobytes can unpack to gigabytes."""
    with zipfile.ZipFile(tmp_path / "bom.xlsx", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/sharedStrings.xml", b"\0" * (41 << 20))
    with pytest.raises(MemberError, match="too large"):
        read(tmp_path / "bom.xlsx")


def test_columns_are_mapped_and_kept_by_name() -> None:
    """A mapping goes before a guess; kept columns become merge fields."""
    headings = ("Mail", "Roepnaam", "Voornaam", "Lid sinds", "Geboortedatum")
    columns = find_columns(headings, {"first_name": "Voornaam"}, ["Lid sinds"], "x")
    assert columns.roles == {"email": 0, "first_name": 2}
    assert columns.fields == {"lid_sinds": 3}
    assert columns.dropped == ("Roepnaam", "Geboortedatum")
    kept = find_columns(headings, {}, ["*"], "x").fields
    assert kept == {"voornaam": 2, "lid_sinds": 3, "birth_date": 4}


def test_a_column_mapped_twice_or_not_there_is_an_error() -> None:
    """The message names both wishes, or the columns that are there."""
    with pytest.raises(MemberError, match="mapped twice, to first_name and to last_name"):
        find_columns(("e-mail", "Naam"), {"first_name": "Naam", "last_name": "Naam"}, [], "x")
    with pytest.raises(MemberError, match=r"no column 'Voornam'. It has: e-mail, Naam"):
        find_columns(("e-mail", "Naam"), {"first_name": "Voornam"}, [], "x")
