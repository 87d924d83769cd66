"""`gymletter reconcile`: what is in doubt, settled."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from gymletter.cli.context import Context


@click.command()
@click.argument("issue")
@click.option(
    "--resend", "choice", flag_value="resend", help="Send again to all that stay unknown."
)
@click.option("--skip", "choice", flag_value="skip", help="Leave out all that stay unknown.")
@click.pass_obj
def reconcile(context: Context, *, issue: str, choice: str | None) -> None:
    """Settle the deliveries that are in doubt.

    The provider is asked first, by its key or its search. What it does not know of is pending
    again; what it cannot tell stays unknown, unless you say --resend (it may arrive twice) or
    --skip (it may never arrive).

    Example: gymletter reconcile 2025-08
    """
    from gymletter.campaign.clock import Clock
    from gymletter.campaign.ledger import Ledger, is_complete
    from gymletter.campaign.reconcile import Reconciler
    from gymletter.cli.providing import linker, opened
    from gymletter.database import open_database
    from gymletter.errors import Incomplete

    workspace = context.workspace()
    ledger = Ledger(open_database(workspace.database_url))
    campaign = ledger.get(workspace.issue_path(issue).stem)
    with opened(workspace, campaign.provider) as provider:
        moved = Reconciler(
            ledger,
            campaign,
            ledger.emails(campaign),
            provider,
            linker(workspace, provider, campaign.issue_id),
            Clock(),
            "resend" if choice == "resend" else "skip" if choice == "skip" else None,
        ).run()
    states = [f"{moved[state]} {state}" for state in moved if moved[state]]
    click.echo(f"{campaign.name}: {', '.join(states) or 'nothing was in doubt'}")
    if moved["unknown"]:
        raise Incomplete(
            f"{moved['unknown']} are still unknown",
            remedy="Run it again in half an hour, or decide with --resend or --skip",
        )
    if not is_complete(ledger.counts(campaign)):
        raise Incomplete(
            f"{campaign.name} is not complete",
            remedy=f"Run `{campaign.command}`; it goes on where it stopped",
        )
