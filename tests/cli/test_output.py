"""Printing for people: nothing is cut, whatever the width."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.cli.output import print_table, print_wrapped, private_file
from gymletter.errors import GymletterError

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

HEADINGS = ("address", "name", "status")
ROWS = (("anna.devries@post.example", "Anna de Vries", "active"), ("b@post.example", "", "left"))


def printed(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    columns: str,
    rows: Sequence[Sequence[str]] = ROWS,
) -> list[str]:
    """The lines of the table at this width; "" is a pipe of no width."""
    monkeypatch.setenv("COLUMNS", columns)
    print_table(HEADINGS, rows)
    return [line.rstrip() for line in capsys.readouterr().out.splitlines()]


@pytest.mark.parametrize("columns", ["60", "80", ""])
def test_a_table_that_fits_is_a_table(
    columns: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """One line per row, below the headings."""
    assert printed(monkeypatch, capsys, columns) == [
        "address                    name           status",
        "anna.devries@post.example  Anna de Vries  active",
        "b@post.example                            left",
    ]


def test_a_pipe_of_no_width_gets_whole_lines(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A row is one line however long it is, so that `grep` finds it whole."""
    lines = printed(monkeypatch, capsys, "", [("a@post.example", "Anna " * 60, "active")])
    assert len(lines) == 2
    assert lines[1].endswith("active")


def test_a_table_that_does_not_fit_is_blocks(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A line per cell, an empty line between rows, no cell cut."""
    assert printed(monkeypatch, capsys, "40") == [
        "anna.devries@post.example",
        "  name    Anna de Vries",
        "  status  active",
        "",
        "b@post.example",
        "  name",
        "  status  left",
    ]


def test_cells_are_no_markup(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A member called `[red]` is called that."""
    assert "[red]x" in printed(monkeypatch, capsys, "80", [("a", "[red]x", "b")])[1]


def test_a_wrapped_text_keeps_its_addresses_whole(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """A link can be clicked, though it is wider than the terminal."""
    monkeypatch.setenv("COLUMNS", "20")
    print_wrapped("https://dekade.example/blog/een-lang-adres", indent=2)
    assert capsys.readouterr().out == "  https://dekade.example/blog/een-lang-adres\n"


def test_a_private_file_is_the_owners_alone(tmp_path: Path) -> None:
    """And where it cannot be made, the error names it."""
    with private_file(tmp_path / "who.csv") as file:
        file.write("é")
    assert (tmp_path / "who.csv").stat().st_mode & 0o777 == 0o600
    with pytest.raises(GymletterError, match=r"nowhere/who\.csv: cannot be written"):
        private_file(tmp_path / "nowhere" / "who.csv")
