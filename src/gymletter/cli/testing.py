"""What `gymletter send --test` does: the same render, checks and call, to a few addresses alone."""

from __future__ import annotations

import uuid
from typing import TYPE_CHECKING

import click

from gymletter.cli.edition import members_engine, render_all, require_checked
from gymletter.cli.output import note
from gymletter.cli.providing import linker, opened
from gymletter.errors import ProviderError
from gymletter.issue import read_issue
from gymletter.members.address import parse_typed
from gymletter.providers.base import Batch, Recipients

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from gymletter.providers.base import Outcome
    from gymletter.workspace import Workspace

_NOBODY = 0  # the member id whose link works and unsubscribes nobody
_MOST_RENDERINGS = 5


def send_test(
    workspace: Workspace, issue_id: str, addresses: Sequence[str], ignored: tuple[str, ...]
) -> None:
    """Send the issue to `addresses` alone, and say what became of each."""
    for address, outcome in deliver_test(workspace, issue_id, addresses, ignored):
        click.echo(f"{address}: {outcome.state}")
        if outcome.state != "accepted":
            raise ProviderError(f"a test mail was not accepted: {outcome.reason}")


def deliver_test(
    workspace: Workspace, issue_id: str, addresses: Sequence[str], ignored: tuple[str, ...]
) -> Iterator[tuple[str, Outcome]]:
    """Send the issue to `addresses` alone; no campaign is made or touched.

    Where it varies, each address gets one mail per rendering that members would get.
    """
    addresses = [parse_typed(address) for address in addresses]
    issue = read_issue(workspace, issue_id)
    emails = render_all(workspace, issue, members_engine(workspace, issue))
    require_checked(workspace, issue, emails, ignored)
    if len(emails) > _MOST_RENDERINGS:
        note(f"it has {len(emails)} renderings; the first {_MOST_RENDERINGS} are sent as a test")
    with opened(workspace) as provider:
        url = linker(workspace, provider, issue.id)(_NOBODY)
        for address in addresses:
            for vary, email in emails[:_MOST_RENDERINGS]:
                values = {**vary, "email": address, "unsubscribe_url": url}
                to = Recipients.one(address, values)
                call = provider.prepare(Batch(str(uuid.uuid4()), "test", email, to))
                yield address, provider.send(call).outcomes[0]
