"""`gymletter members …`: the member store."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gymletter.cli.output import json_option, note, print_json, print_table

if TYPE_CHECKING:
    from gymletter.cli.context import Context


@click.group()
def members() -> None:
    """Import and list the members.

    Example: gymletter members import leden.csv
    """


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Name a column.")
@click.option(
    "--keep", multiple=True, metavar="COLUMN", help="Keep a column as merge field; '*' keeps all."
)
@click.option(
    "--consent-basis", type=click.Choice(["opt-in", "soft-opt-in"]), help="Why they may be mailed."
)
@click.option("--consent-source", metavar="TEXT", help="Where it was given, such as a form's name.")
@click.option("--consent-at", metavar="DATE", help="When it was given, if that is one day.")
@click.option("--consent-wording", metavar="TEXT", help="The sentence that was agreed to.")
@click.option("--full", is_flag=True, help="Mark members who are not in the file as left.")
@click.option("--dry-run", is_flag=True, help="Show what would change; change nothing.")
@json_option
@click.pass_obj
def import_(
    context: Context, /, file: Path, maps: tuple[str, ...], keep: tuple[str, ...], **given: Any
) -> None:
    """Import members from a CSV, XLSX or JSON file.

    Columns are found by their usual Dutch or English names. Rows that cannot be used go to
    .gymletter/rejected.csv with line and reason; the others are imported, all or none.

    Example: gymletter members import leden.csv --consent-basis soft-opt-in
    --consent-source "inschrijving in de club"
    """
    from gymletter.members.consent import PARTS
    from gymletter.members.files import Options, import_file

    options = Options(
        mapping=dict(map(_pair, maps)),
        keep=keep,
        consent={part: given[f"consent_{part}"] for part in PARTS if given[f"consent_{part}"]},
        full=given["full"],
        dry_run=given["dry_run"],
    )
    _check_maps(maps)
    report = import_file(context.workspace(), file, options)
    if given["as_json"]:
        print_json(report.as_json())
        return
    click.echo(report.summary())
    for line in report.remarks():
        note(line)


@members.command("list")
@json_option
@click.pass_obj
def list_(context: Context, as_json: bool) -> None:  # noqa: FBT001
    """List the members.

    Example: gymletter members list --json
    """
    from dataclasses import asdict

    from gymletter.database import open_database
    from gymletter.members import Members

    found = Members(open_database(context.workspace().database_url)).find()
    if as_json:
        print_json({"members": [asdict(member) for member in found]})
        return
    rows = [
        (m.email, f"{m.first_name} {m.last_name}".strip(), m.status, ", ".join(m.tags))
        for m in found
    ]
    print_table(("address", "name", "status", "tags"), rows)


def _pair(text: str) -> tuple[str, str]:
    name, equals, column = text.partition("=")
    if not equals or not name.strip() or not column.strip():
        raise click.BadParameter(f"{text!r} is not FIELD=COLUMN", param_hint="--map")
    return name.strip(), column.strip()


def _check_maps(maps: tuple[str, ...]) -> None:
    names = [_pair(text)[0] for text in maps]
    twice = next((name for name in names if names.count(name) > 1), None)
    if twice:
        raise click.BadParameter(f"{twice} is mapped twice", param_hint="--map")
