"""`gymletter members …`: the member store."""

from __future__ import annotations

import contextlib
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from gymletter.cli.output import json_option, note, print_json
from gymletter.errors import MemberError

if TYPE_CHECKING:
    from gymletter.cli.context import Context


def _basis(_context: click.Context, _option: click.Parameter, value: str | None) -> str | None:
    """The basis in the spellings that a column may have too."""
    from gymletter.members.consent import read_basis

    try:
        return None if value is None else read_basis(value)
    except MemberError as error:
        raise click.BadParameter(error.message) from error


@click.group()
def members() -> None:
    """Import, list, export, suppress and forget members.

    Example: gymletter members import leden.csv
    """


@members.command("import")
@click.argument("file", type=click.Path(path_type=Path))
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Name a column.")
@click.option(
    "--keep", multiple=True, metavar="COLUMN", help="Keep a column as merge field; '*' keeps all."
)
@click.option(
    "--consent-basis",
    metavar="opt-in|soft-opt-in",
    callback=_basis,
    help="Why they may be mailed.",
)
@click.option("--consent-source", metavar="TEXT", help="Where it was given, such as a form's name.")
@click.option("--consent-at", metavar="DATE", help="When it was given, if that is one day.")
@click.option("--consent-wording", metavar="TEXT", help="The sentence that was agreed to.")
@click.option("--full", is_flag=True, help="Mark members who are not in the file as left.")
@click.option("--yes", is_flag=True, help="Do not ask, however many --full marks as left.")
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
    from gymletter.members.importing import ManyLeave

    options = Options(
        mapping=dict(map(_pair, maps)),
        keep=keep,
        consent={part: given[f"consent_{part}"] for part in PARTS if given[f"consent_{part}"]},
        full=given["full"],
        dry_run=given["dry_run"],
        sure=given["yes"],
    )
    _check_maps(maps)
    workspace = context.workspace()
    try:
        report = import_file(workspace, file, options)
    except ManyLeave as many:
        _confirm(many)
        report = import_file(workspace, file, replace(options, sure=True))
    if given["as_json"]:
        print_json(report.as_json())
        return
    click.echo(report.summary())
    for line in report.remarks():
        note(line)


@members.command("list")
@click.option("--segment", metavar="EXPR", help="Only these, such as 'club = \"Noord\"'.")
@click.option("--mailable", "only_mailable", is_flag=True, help="Only who may be mailed now.")
@click.option("--count", "only_count", is_flag=True, help="Print how many.")
@json_option
@click.pass_obj
def list_(
    context: Context, *, segment: str | None, only_mailable: bool, only_count: bool, as_json: bool
) -> None:
    """List the members.

    Example: gymletter members list --segment 'club = "Noord" and not tag:proefles' --count
    """
    from gymletter.cli import member_output

    workspace = context.workspace()
    store, where = member_output.select(workspace, segment, only_mailable=only_mailable)
    if only_count:
        count = store.count(where)
        print_json({"count": count}) if as_json else click.echo(count)
    elif as_json:
        member_output.print_members_json(store.find(where))
    else:
        member_output.print_members(store.find(where), some=where is not None)


@members.command()
@click.option("--segment", metavar="EXPR", help="Only these members.")
@click.option(
    "-o",
    "--output",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write to FILE instead of standard output.",
)
@click.pass_obj
def export(context: Context, *, segment: str | None, output: Path | None) -> None:
    """Write the members as CSV, safe to open in a spreadsheet.

    Example: gymletter members export -o leden-export.csv
    """
    from gymletter.cli import member_output

    count = member_output.export_to(context.workspace(), segment, output)
    note(f"{count} member{'s' * (count != 1)}" + (f" in {output}" if output else ""))


@members.command()
@click.argument("address")
@click.pass_obj
def show(context: Context, *, address: str) -> None:
    """Show all that is stored about an address, as JSON.

    Example: gymletter members show jan@example.org
    """
    from gymletter.cli import member_rights

    print_json(member_rights.show(context.workspace(), address))


@members.command()
@click.argument("address")
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.pass_obj
def forget(context: Context, *, address: str, yes: bool) -> None:
    """Erase an address everywhere; a keyed hash keeps it from being mailed again.

    Example: gymletter members forget jan@example.org
    """
    from gymletter.cli import member_rights

    workspace = context.workspace()
    if not yes:
        click.confirm(f"Erase {address} for good?", abort=True)
    for line in member_rights.forget(workspace, address):
        click.echo(line)


@members.command()
@click.argument("address")
@click.option("--reason", metavar="TEXT", default="", help="Who asked, for the record.")
@click.option("--lift", is_flag=True, help="Take the suppression back, because they asked.")
@click.pass_obj
def suppress(context: Context, *, address: str, reason: str, lift: bool) -> None:
    """Never mail an address again, whatever is imported.

    Example: gymletter members suppress jan@example.org --reason "belde op 3 mei"
    """
    from gymletter.cli import member_rights

    act = member_rights.lift if lift else member_rights.suppress
    click.echo(act(context.workspace(), address, reason))


def _confirm(many: MemberError) -> None:
    """Ask, while nothing is locked; raises `many` where nobody says yes."""
    with contextlib.suppress(click.Abort):
        if click.confirm(f"{many.message}. Import it?", err=True):
            return
    raise many


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
