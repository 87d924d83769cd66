"""What `gymletter send` does: read, render, check, ask, freeze, send, count."""

from __future__ import annotations

import os
import shlex
import sys
import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from gymletter.articles.identity import keys
from gymletter.campaign.clock import Clock
from gymletter.campaign.freeze import Edition, count_audience, freeze
from gymletter.campaign.ledger import Ledger, is_complete
from gymletter.campaign.pace import Pace
from gymletter.campaign.running import run_to_end, stopped_by_signals
from gymletter.campaign.scheduling import require_schedulable
from gymletter.campaign.sender import Run
from gymletter.cli.conditions import (
    listing,
    members,
    require_resumable,
    require_same,
    require_unedited,
    require_values,
    require_way_out,
)
from gymletter.cli.edition import render_all, require_checked
from gymletter.cli.output import note
from gymletter.cli.progress import shown
from gymletter.cli.providing import linker, opened
from gymletter.database import open_database, reading
from gymletter.errors import Incomplete, NothingToDo
from gymletter.issue import read_issue
from gymletter.members import Members
from gymletter.members.segment import resolve

if TYPE_CHECKING:
    from datetime import datetime

    from sqlalchemy import ColumnElement

    from gymletter.campaign.campaign import Campaign
    from gymletter.errors import GymletterError
    from gymletter.workspace import Workspace


@dataclass(frozen=True)
class Options:
    """The flags of `send`."""

    segment: str | None = None
    ignored: tuple[str, ...] = ()
    name: str | None = None
    canary: int | None = None
    at: datetime | None = None
    frozen: bool = False
    even_though_old: bool = False


class Sending:
    """One run of `send`."""

    def __init__(self, workspace: Workspace, issue_id: str, options: Options) -> None:
        self._workspace = workspace
        self._options = options
        self._issue_id = workspace.issue_path(issue_id).stem
        engine = open_database(workspace.database_url)
        Members(engine)
        self._ledger = Ledger(engine)
        self._clock = Clock()
        self._segment = _segment(workspace, self._ledger, options.segment)

    @property
    def _name(self) -> str:
        return self._options.name or self._issue_id

    def dry_run(self) -> None:
        """Say what would be sent, or why nothing would be."""
        campaign = self._ledger.find(self._name)
        if campaign:
            if not self._is_complete(campaign):
                self._require_resumable(campaign)
            counts = self._ledger.counts(campaign)
            click.echo(f"{self._name}: would send to the {counts['pending']} that are pending")
            return
        edition, count = self._ready()
        click.echo(f"Subject:  {edition.emails[0][1].subject}")
        click.echo(f"Provider: {edition.provider}")
        click.echo(f"Would send to {members(count)}")

    def run(self, *, yes: bool) -> None:
        """Freeze where that is still to be done, and send what is pending."""
        campaign = self._ledger.find(self._name)
        if campaign is None:
            campaign = self._freeze(ask=not yes)
        elif self._is_complete(campaign):
            click.echo(f"{self._name}: is complete; nobody was sent anything again")
            return
        else:
            self._require_resumable(campaign)
        self._tell_of_growth(campaign)
        self._send(campaign)

    def _is_complete(self, campaign: Campaign) -> bool:
        if not self._options.frozen:
            require_unedited(self._workspace, self._ledger, campaign)
        return is_complete(self._ledger.counts(campaign))

    def _edition(self) -> Edition:
        issue = read_issue(self._workspace, self._issue_id)
        emails = render_all(self._workspace, issue, self._ledger.engine, self._segment)
        require_checked(self._workspace, issue, emails, self._options.ignored)
        return Edition(
            name=self._name,
            issue_id=issue.id,
            emails=emails,
            articles=[key for article in issue.articles for key in keys(article)],
            provider=self._workspace.config.provider.account,
            segment=self._options.segment,
            scheduled_for=self._scheduled_for(),
        )

    def _scheduled_for(self) -> datetime | None:
        if self._options.at is None:
            return None
        at = self._on_our_clock(self._options.at)
        name = self._workspace.config.provider.name
        require_schedulable(name, at, self._clock.now().wall, self._cron(at))
        note(f"{name} is handed it now: who leaves before {at:%Y-%m-%d %H:%M} still gets it")
        return at

    def _cron(self, at: datetime) -> str:
        here = shlex.quote(str(self._workspace.root))
        return f"{at:%-M %-H %-d %-m} * gymletter -C {here} send {self._issue_id} --yes"

    def _tell_of_growth(self, campaign: Campaign) -> None:
        """The audience stays as it was frozen; say so where more members would match now."""
        segment = _segment(self._workspace, self._ledger, campaign.segment)
        grown = count_audience(self._ledger, segment) - campaign.audience
        if grown > 0:
            note(f"{members(grown)} more match now; they are not in {campaign.name}")

    def _ready(self) -> tuple[Edition, int]:
        """What would be frozen, and for how many; raises where anything stands in the way."""
        edition = self._edition()
        count = count_audience(self._ledger, self._segment)
        if not count:
            lists = listing(self._options.segment)
            raise NothingToDo("nobody to send to", remedy=f"{lists} lists who may be mailed")
        place = str(self._workspace.issue_path(self._issue_id))
        require_values(self._ledger, edition, self._segment, count, place)
        require_way_out(self._workspace, self._issue_id)
        return edition, count

    def _freeze(self, *, ask: bool) -> Campaign:
        edition, count = self._ready()
        if ask:
            click.confirm(f"Send {self._name} to {members(count)}?", abort=True)
        return freeze(self._ledger, edition, self._segment, self._clock.now().wall)

    def _require_resumable(self, campaign: Campaign) -> None:
        options, now = self._options, self._clock.now().wall
        require_resumable(self._workspace, campaign, now, though_old=options.even_though_old)
        at = self._on_our_clock(options.at) if options.at else None
        require_same(campaign, options.segment, at)

    def _on_our_clock(self, at: datetime) -> datetime:
        return at.replace(tzinfo=self._workspace.config.newsletter.zone)

    def _send(self, campaign: Campaign) -> None:
        first = self._options.canary
        if first and first < campaign.audience:
            self._run(campaign, until=first)
            self._ask_to_go_on(campaign, first)
        self._run(campaign, until=None)

    def _ask_to_go_on(self, campaign: Campaign, first: int) -> None:
        if not sys.stdin.isatty():
            raise Incomplete(
                f"{campaign.name} went to the first {first}",
                remedy=f"Look at it, then run `{campaign.command}` without --canary",
            )
        rest = self._ledger.counts(campaign)["pending"]
        click.confirm(f"Look at it. Send it to the other {rest}?", abort=True)

    def _run(self, campaign: Campaign, *, until: int | None) -> None:
        stop = threading.Event()
        with (
            opened(self._workspace, campaign.provider) as provider,
            shown(campaign.audience, lambda: self._settled(campaign)) as tell,
            stopped_by_signals(stop, _say_that_it_stops),
        ):
            link = linker(self._workspace, provider, campaign.issue_id)
            plan = Run(
                ledger=self._ledger,
                campaign=campaign,
                emails=self._ledger.emails(campaign),
                provider=provider,
                link=link,
                pace=Pace(self._workspace.config.provider.messages_per_second, stop),
                stop=stop,
                clock=self._clock,
                tell=tell,
                until=until,
            )
            try:
                counts, fault = run_to_end(plan)
            except KeyboardInterrupt:
                raise Incomplete(
                    "stopped at once: what was on its way may have arrived",
                    remedy=f"Run `{campaign.command}` again; it goes on where it stopped",
                ) from None
        self._conclude(campaign, counts, fault)
        if not is_complete(counts) and (until is None or stop.is_set() or counts["unknown"]):
            raise Incomplete(
                f"{campaign.name} is not complete", remedy=_next_step(counts, campaign)
            )

    def _settled(self, campaign: Campaign) -> int:
        counts = self._ledger.counts(campaign)
        return campaign.audience - counts["pending"] - counts["sending"]

    def _conclude(
        self, campaign: Campaign, counts: dict[str, int], fault: GymletterError | None
    ) -> None:
        said = ", ".join(f"{counts[state]} {state}" for state in counts if counts[state])
        click.echo(f"{campaign.name}: {said} of {members(campaign.audience)}")
        if counts["rejected"]:
            note(f"`gymletter status {campaign.name} --missing FILE` lists the rejected, and why")
        if fault:
            raise Incomplete(fault.message, place=fault.place, remedy=fault.remedy)


def _say_that_it_stops() -> None:
    """Straight to the terminal: a signal may come in the middle of a print."""
    os.write(2, b"\nStopping when what is on its way is done; Ctrl-C again stops at once.\n")


def _segment(
    workspace: Workspace, ledger: Ledger, expression: str | None
) -> ColumnElement[bool] | None:
    if expression is None:
        return None
    with reading(ledger.engine) as connection:
        return resolve(workspace, connection, expression)


def _next_step(counts: dict[str, int], campaign: Campaign) -> str:
    if counts["pending"] or counts["sending"]:
        return f"Run `{campaign.command}` again; it goes on where it stopped"
    return f"Settle the {counts['unknown']} unknown with `gymletter reconcile {campaign.name}`"
