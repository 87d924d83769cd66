"""`gymletter status`: the deliveries of a campaign by state, and who is missing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from gymletter.cli.output import json_option, note, print_json, print_table, private_file

if TYPE_CHECKING:
    from gymletter.campaign.ledger import Ledger
    from gymletter.campaign.status import Status
    from gymletter.cli.context import Context


@click.command()
@click.argument("issue", required=False)
@json_option
@click.option(
    "--missing",
    metavar="FILE",
    type=click.Path(dir_okay=False, path_type=Path),
    help="Write who has not got it to FILE, as CSV.",
)
@click.pass_obj
def status(context: Context, *, issue: str | None, as_json: bool, missing: Path | None) -> None:
    """Count the deliveries of a campaign by state.

    Without ISSUE, of every campaign. Works while another terminal sends.

    Example: gymletter status 2025-08 --missing missing.csv
    """
    from dataclasses import asdict

    from gymletter.campaign.ledger import Ledger
    from gymletter.campaign.status import status_of
    from gymletter.database import open_database

    if missing and not issue:
        raise click.UsageError("--missing needs an ISSUE")
    ledger = Ledger(open_database(context.workspace().database_url))
    campaigns = [ledger.get(_name(issue))] if issue else ledger.all()
    found = [status_of(ledger, campaign) for campaign in campaigns]
    if as_json:
        print_json(asdict(found[0]) if issue else [asdict(each) for each in found])
    else:
        _print(found)
    if missing and issue:
        _write_missing(ledger, _name(issue), missing)


def _name(issue: str) -> str:
    return Path(issue).name.removesuffix(".md")


def _print(found: list[Status]) -> None:
    if not found:
        click.echo("Nothing was sent yet. Send an issue with `gymletter send ISSUE`.")
        return
    counted = ("audience", "accepted", "rejected", "excluded", "unknown", "pending", "sending")
    if len(found) == 1:
        click.echo(f"{found[0].issue}: {found[0].state}")
        for name in counted:
            click.echo(f"{getattr(found[0], name):>9} {name}")
        return
    rows = [
        [each.issue, each.state, *(str(getattr(each, name)) for name in counted)] for each in found
    ]
    print_table(["campaign", "state", *counted], rows)


def _write_missing(ledger: Ledger, name: str, path: Path) -> None:
    import csv

    with private_file(path) as file:
        writer = csv.writer(file)
        writer.writerow(("email", "state", "reason", "sent_at"))
        count = 0
        for row in ledger.missing(ledger.get(name)):
            writer.writerow(row)
            count += 1
    note(f"{count} in {path}")
