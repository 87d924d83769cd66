"""`gymletter send`: an issue, to everyone who wants it, once."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from gymletter.cli.moments import TIME

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.cli.context import Context


@click.command()
@click.argument("issue")
@click.option(
    "--test", "addresses", metavar="ADDRESS", multiple=True, help="Send it to ADDRESS alone."
)
@click.option("--dry-run", is_flag=True, help="Say what would be sent; send nothing.")
@click.option("--segment", metavar="EXPR", help="Send it to a part of the members.")
@click.option(
    "--canary", metavar="N", type=click.IntRange(min=1), help="Send it to N first, then ask."
)
@click.option(
    "--at",
    metavar="TIME",
    type=TIME,
    help="Let the provider deliver it then, on the gym's clock (2025-09-01T08:00).",
)
@click.option("--yes", is_flag=True, help="Do not ask.")
@click.option("--ignore", "ignored", metavar="CODE", multiple=True, help="Send despite this check.")
@click.option("--as", "name", metavar="NAME", help="Name a further campaign of the same issue.")
@click.option("--frozen", is_flag=True, help="Go on with what was frozen, though it was edited.")
@click.option("--even-though-old", is_flag=True, help="Go on with a campaign past its age.")
@click.pass_obj
def send(
    context: Context,
    *,
    issue: str,
    addresses: tuple[str, ...],
    dry_run: bool,
    segment: str | None,
    canary: int | None,
    at: datetime | None,
    yes: bool,
    ignored: tuple[str, ...],
    name: str | None,
    frozen: bool,
    even_though_old: bool,
) -> None:
    """Send an issue; run again, it continues.

    Nobody gets it twice. Ctrl-C finishes what is on its way and stops; a second one stops at once.

    Example: gymletter send 2025-08 --test me@example.org
    """
    from gymletter.cli import sending, testing
    from gymletter.cli.member_rights import expire_addresses

    workspace = context.workspace()
    if addresses:
        testing.send_test(workspace, issue, addresses, ignored)
        return
    run = sending.Sending(
        workspace,
        issue,
        sending.Options(
            segment=segment,
            canary=canary,
            at=at,
            ignored=ignored,
            name=name,
            frozen=frozen,
            even_though_old=even_though_old,
        ),
    )
    if dry_run:
        run.dry_run()
    else:
        run.run(yes=yes)
        expire_addresses(workspace)
