"""What must hold before a campaign is frozen, or goes on: else an error says what to do."""

from __future__ import annotations

import json
import shlex
from datetime import timedelta
from typing import TYPE_CHECKING

from gymletter.campaign.audience import without_value
from gymletter.campaign.running import require_young
from gymletter.campaign.stored import content_hash, differences, variant_of
from gymletter.cli.edition import render_each
from gymletter.cli.providing import linker, opened
from gymletter.database import reading
from gymletter.errors import CampaignError, IssueError
from gymletter.issue import read_issue

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from gymletter.campaign.campaign import Campaign
    from gymletter.campaign.freeze import Edition
    from gymletter.campaign.ledger import Ledger
    from gymletter.workspace import Workspace


def members(count: int) -> str:
    """So many members, in words."""
    return "1 member" if count == 1 else f"{count} members"


def listing(segment: str | None, *more: str) -> str:
    """The command that lists who may be mailed, of a segment or all."""
    both = [f"({segment})" if segment and more else segment or "", *more]
    expression = " and ".join(filter(None, both))
    chosen = f" --segment {shlex.quote(expression)}" if expression else ""
    return f"`gymletter members list --mailable{chosen}`"


def require_values(
    ledger: Ledger, edition: Edition, segment: ColumnElement[bool] | None, audience: int, place: str
) -> None:
    """Raise `CampaignError` where somebody would get an empty place: all such fields at once."""
    fields = {field for _, email in edition.emails for field in email.fields}
    with reading(ledger.engine) as connection:
        lacking = without_value(connection, fields, segment)
    if not lacking:
        return
    written = ", ".join(f'{{{{ member.{name} | default("…") }}}}' for name in lacking)
    some = [name for name, count in lacking.items() if count < audience]
    lists = listing(edition.segment, f'{some[0]} = ""') if some else ""
    raise CampaignError(
        ", ".join(f"{members(count)} without a {name}" for name, count in lacking.items())
        + ", and the newsletter gives no default; nothing was sent",
        place=place,
        remedy=f"Write {written}" + (f"; {lists} lists who has no {some[0]}" if some else ""),
    )


def require_way_out(workspace: Workspace, issue_id: str) -> None:
    """Raise `ConfigError` where the provider lacks a setting, or members could not leave.

    Looked at before a campaign is frozen: settings that are put right later would change it.
    """
    with opened(workspace) as provider:
        linker(workspace, provider, issue_id)


def require_resumable(
    workspace: Workspace, campaign: Campaign, now: datetime, *, though_old: bool
) -> None:
    """Raise `CampaignError` for a campaign past its age."""
    if not though_old:
        require_young(campaign, now, timedelta(days=workspace.config.campaign.max_age_days))


def require_unedited(workspace: Workspace, ledger: Ledger, campaign: Campaign) -> None:
    """Raise `CampaignError` where the issue now renders to something else than was frozen."""
    path = workspace.issue_path(campaign.issue_id)
    go_on = "Go on as it was frozen with --frozen"
    if not path.exists():
        message = f"the issue is not there any more; {campaign.name!r} was frozen from it"
        raise IssueError(message, place=str(path), remedy=go_on)
    before = ledger.emails(campaign)
    wanted = [json.loads(variant or "{}") for variant in before]
    issue = read_issue(workspace, campaign.issue_id)
    now = {variant_of(values): email for values, email in render_each(workspace, issue, wanted)}
    if content_hash(now) == campaign.content_hash:
        return
    differing = sorted({part for name in before for part in differences(before[name], now[name])})
    raise CampaignError(
        f"{campaign.name!r} was edited after it was frozen: its {', '.join(differing)} differ",
        place=str(path),
        remedy=f"{go_on}, or send a new campaign with --as {campaign.issue_id}-b",
    )


def require_same(campaign: Campaign, segment: str | None, at: datetime | None) -> None:
    """Raise `CampaignError` where a later flag is not what the campaign was frozen with."""
    frozen = campaign.scheduled_for
    if at and at != frozen:
        when = f"{frozen:%Y-%m-%d %H:%M} UTC" if frozen else "at once"
        raise CampaignError(
            f"{campaign.name!r} was begun to be delivered {when}; --at does not change it",
            remedy=f"Go on without --at: `{campaign.command}`",
        )
    if segment not in (None, campaign.segment):
        whom = f"the segment {campaign.segment!r}" if campaign.segment else "all members"
        raise CampaignError(
            f"{campaign.name!r} was begun for {whom}; --segment does not change it",
            remedy=f"Go on with `{campaign.command}`, or name a further one with --as",
        )
