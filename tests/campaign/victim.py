"""A sender in a process of its own that can be killed, forked from one that has imported all.

`python -m tests.campaign.victim DATABASE SHAPE URL` reads lines of JSON from standard input, forks
a sender for each, prints its process id and, when it has ended, how. Only the forked process opens
the database: a connection to a server cannot be shared.
"""

from __future__ import annotations

import json
import os
import signal
import sys
import threading
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any

from sqlalchemy import event

from gymletter.campaign import Ledger
from gymletter.campaign.clock import Clock
from gymletter.campaign.freeze import Edition, freeze
from gymletter.campaign.pace import Pace
from gymletter.campaign.reconcile import Reconciler
from gymletter.campaign.running import run_to_end, stopped_by_signals
from gymletter.campaign.sender import Run
from gymletter.database import open_database
from gymletter.errors import CampaignError
from gymletter.http import Client
from tests.campaign.people import EMAIL, link
from tests.providers.opening import opened

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.providers.base import Answer, Call, Provider

BUSY = 75  # it ended so because another process sends that campaign
STEPS = ("statement", "commit", "before call", "after call")


class Doomed:
    """Kills its own process at the `nth` time that `step` is come to."""

    def __init__(self, step: str | None, nth: int) -> None:
        self.step = step
        self.left = nth
        self.lock = threading.Lock()

    def reach(self, step: str) -> None:
        """Note that a step is come to."""
        if step == self.step:
            with self.lock:
                self.left -= 1
                if self.left < 0:
                    os.kill(os.getpid(), signal.SIGKILL)


def watch(provider: Any, doomed: Doomed) -> Provider:
    """The provider, with steps before and after each call."""
    send: Callable[[Call], Answer] = provider.send

    def watched(call: Call) -> Answer:
        doomed.reach("before call")
        answer = send(call)
        doomed.reach("after call")
        return answer

    provider.send = watched
    return provider  # type: ignore[no-any-return]


def work(database: str, shape: str, url: str, order: dict[str, Any]) -> int:
    """Send or reconcile the campaign that is named; 0 when nothing is pending."""
    doomed = Doomed(order.get("step"), order.get("nth", 0))
    engine = open_database(database)
    event.listen(engine, "before_cursor_execute", lambda *_: doomed.reach("statement"))
    event.listen(engine, "commit", lambda _: doomed.reach("commit"))
    ledger = Ledger(engine)
    name = order["campaign"]
    campaign = ledger.find(name) or freeze(
        ledger, Edition(name, name, [({}, EMAIL)], (name,), shape), None, datetime.now(UTC)
    )
    stop = threading.Event()
    with Client(timeout=5) as client:
        provider = watch(opened(shape, client, url), doomed)
        provider.capabilities = replace(
            provider.capabilities,
            messages_per_call=min(order["per_call"], provider.capabilities.messages_per_call),
            asks_after=timedelta(0),
        )
        emails = ledger.emails(campaign)
        if order.get("reconcile"):
            Reconciler(ledger, campaign, emails, provider, link, Clock()).run()
            return 0
        with stopped_by_signals(stop):
            pace = Pace(1e9, stop)
            plan = Run(ledger, campaign, emails, provider, link, pace, stop)
            counts, fault = run_to_end(plan)
    return 1 if fault or counts["pending"] or counts["sending"] else 0


def main(database: str, shape: str, url: str) -> None:
    """Fork a sender per line."""
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            code = 70
            try:
                code = work(database, shape, url, json.loads(line))
            except CampaignError as error:
                code = BUSY if "another process" in error.message else 70
                sys.stderr.write(f"{error}\n" if code != BUSY else "")
            finally:
                sys.stderr.flush()
                os._exit(code)
        sys.stdout.write(f"{child}\n")
        sys.stdout.flush()
        sys.stdout.write(f"{os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main(*sys.argv[1:])
