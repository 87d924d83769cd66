"""Printing: results to standard output, errors to standard error, JSON when asked for."""

from __future__ import annotations

import json
import os
import sys
from typing import TYPE_CHECKING, Any, TextIO

import click

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from rich.console import Console

_ENDLESS = 1 << 16

json_option: Callable[[Any], Any] = click.option(
    "--json", "as_json", is_flag=True, help="Print the result as JSON."
)


def print_json(value: object) -> None:
    """Print one JSON document."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=2, default=str))


def note(line: str) -> None:
    """A line for the person, on standard error, so that results can be piped."""
    click.echo(line, err=True)


def private_file(path: Path, encoding: str = "utf-8") -> TextIO:
    """Open `path` for writing, readable by the owner alone; an error names it."""
    from gymletter.errors import not_written

    try:
        handle = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    except OSError as error:
        raise not_written(path, error, "Name another file") from error
    return os.fdopen(handle, "w", encoding=encoding, newline="")


def console() -> Console:
    """A rich console on standard output, which is plain where it is no terminal."""
    from rich.console import Console

    return Console(highlight=False, width=_width())


def _width() -> int | None:
    """The terminal's; lines of any length where nobody set one, so that a pipe loses nothing."""
    return None if sys.stdout.isatty() or os.environ.get("COLUMNS") else _ENDLESS


def print_wrapped(text: str, *, indent: int, first: str = "") -> None:
    """A text in lines that begin at column `indent` and fit the terminal; `first` hangs before."""
    import textwrap

    margin = " " * indent
    lines = textwrap.wrap(
        text,
        max(console().width, 2 * indent),
        initial_indent=first or margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    click.echo("\n".join(lines))


def print_table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """A table; where it is wider than the terminal, each row is a block of `heading  value` lines.

    Cells are text, never markup, and never cut.
    """
    from rich.measure import Measurement
    from rich.table import Table
    from rich.text import Text

    table = Table(*headings, box=None, pad_edge=False, header_style="bold")
    for row in rows:
        table.add_row(*(Text(cell, overflow="fold") for cell in row))
    out = console()
    unbound = out.options.update(width=_ENDLESS)
    if Measurement.get(out, unbound, table).maximum <= out.width:
        out.print(table)
    else:
        _print_blocks(headings, rows)


def _print_blocks(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    wide = max(map(len, headings[1:]))
    for number, row in enumerate(rows):
        click.echo(("\n" if number else "") + row[0])
        for heading, cell in zip(headings[1:], row[1:], strict=True):
            click.echo(f"  {heading:{wide}}  {cell}".rstrip())
