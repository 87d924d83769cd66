"""Planning goes through what is pending once, whatever is pending, and writes nothing."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.campaign import Ledger
from gymletter.campaign.clock import Clock
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.planning import Maker, Plan, Planner
from gymletter.providers.base import Capabilities
from tests.campaign.people import address, gym, link
from tests.campaign.runs import frozen
from tests.campaign.scripted import Scripted, all_of

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from gymletter.campaign.standing import Span


def planner(engine: Engine, per_call: int, *spans: Span) -> Planner:
    """One over these spans of a campaign."""
    ledger, campaign = Ledger(engine), frozen(engine)
    emails = ledger.emails(campaign)
    can = Capabilities(per_call, 10**9, substitutes=True)
    maker = Maker(campaign, emails, Scripted(all_of("accepted"), can), link)
    return Planner(engine, maker, Cutter(can, emails, 100), spans, 5)


def everything(planner: Planner) -> list[Plan]:
    """All its plans."""
    found = []
    while not planner.is_at_end():
        if plan := planner.next(Clock().now()):
            found.append(plan)
    return found


@pytest.mark.parametrize("per_call", [1, 7, 64, 100, 1000])
def test_everyone_is_planned_once_in_full_batches(tmp_path: Path, per_call: int) -> None:
    """Pages that are looked up leave no small batch behind, and numbers are never used twice."""
    plans = everything(planner(gym(tmp_path / "db", 300), per_call, (1, 300)))
    sizes = [plan.call.recipients for plan in plans]
    assert [d.position for plan in plans for d in plan.batch.deliveries] == [*range(1, 301)]
    assert sizes == [per_call] * (300 // per_call) + [300 % per_call] * bool(300 % per_call)
    assert [plan.batch.number for plan in plans] == [*range(5, 5 + len(plans))]


def test_only_open_spans_are_looked_at_and_again_when_reopened(tmp_path: Path) -> None:
    """Between spans lie deliveries that batches hold."""
    found = planner(gym(tmp_path / "db", 30), 10, (3, 5), (8, 21))
    plans = everything(found)
    spans = [(plan.batch.first, plan.batch.last) for plan in plans]
    assert spans == [(3, 5), (8, 17), (18, 21)]
    assert address(2).encode() in plans[0].call.body
    found.reopen([plans[1].batch])
    assert [plan.batch.first for plan in everything(found)] == [8]
    assert found.is_at_end()


def test_what_was_sent_meanwhile_is_not_planned(tmp_path: Path) -> None:
    """A span of deliveries that are settled gives nothing, and comes to its end."""
    from tests.campaign.runs import send

    engine = gym(tmp_path / "db", 10)
    send(engine, Scripted(all_of("rejected")))
    assert everything(planner(engine, 5, (1, 10))) == []
