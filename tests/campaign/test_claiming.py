"""What is claimed is what was planned; what a dead sender left is neither sent anew nor lost."""

from __future__ import annotations

import threading
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from gymletter.campaign import Ledger, claiming, erasing, resuming
from gymletter.campaign.campaign import Result
from gymletter.campaign.clock import Clock
from gymletter.campaign.tables import batches
from gymletter.errors import CampaignError
from gymletter.providers.base import Batch, Call, Outcome
from tests.campaign.people import address, gym
from tests.campaign.runs import NAME, frozen, send
from tests.campaign.scripted import ASKED, WITH_KEY, LateClock, Scripted, all_of, leave, reconcile
from tests.campaign.test_databases import claim, outcomes, plan, settle

if TYPE_CHECKING:
    from pathlib import Path


def test_a_batch_is_claimed_only_with_all_that_is_pending_in_it(tmp_path: Path) -> None:
    """A batch over somebody who was not planned is not claimed: they would seem to be in it."""
    engine = gym(tmp_path / "db", 3)
    campaign = frozen(engine)
    (planned,) = plan(engine, campaign, 1)
    first, _, last = planned.deliveries
    without = replace(planned, deliveries=(first, last))
    leave(engine, 1)  # now as many may be mailed as were planned
    with engine.begin() as connection:
        assert claiming.claim(connection, campaign, [without]).taken == ()


def test_who_is_held_by_a_batch_is_not_looked_up(tmp_path: Path) -> None:
    """A span that a batch lies in is no open one: it stops there."""
    engine = gym(tmp_path / "db", 9)
    campaign = frozen(engine)
    claim(engine, campaign, 2)
    with (
        engine.begin() as connection,
        pytest.raises(CampaignError, match="in two batches"),
    ):
        claiming.look(connection, campaign, (6, 9), 9)


def test_a_batch_that_holds_fewer_than_it_was_claimed_for_is_told(tmp_path: Path) -> None:
    """Then it is not known who got it, and nothing more is sent."""
    engine = gym(tmp_path / "db", 3)
    campaign = frozen(engine)
    claim(engine, campaign, 1)
    with engine.begin() as connection:
        connection.execute(update(batches).values(size=4))
    with pytest.raises(CampaignError, match="does not add up"):
        Ledger(engine).counts(campaign)


@pytest.mark.parametrize("states", [["accepted"] * 3, ["rejected", "accepted", "unknown"]])
def test_a_resumed_campaign_knows_that_somebody_was_taken(
    tmp_path: Path, states: list[str]
) -> None:
    """Whether in a batch that was accepted whole, or one by one."""
    engine = gym(tmp_path / "db", 3)
    campaign = frozen(engine)
    (batch,) = claim(engine, campaign, 1).taken
    with engine.begin() as connection:
        assert not resuming.anyone_accepted(connection, campaign)
    settle(engine, campaign, outcomes(batch, *states))
    with engine.begin() as connection:
        assert resuming.anyone_accepted(connection, campaign)


def test_what_a_dead_sender_left_stays_in_doubt_when_it_is_stopped_at_once(tmp_path: Path) -> None:
    """It was not tried again, and it may have arrived: it is not pending."""
    engine = gym(tmp_path / "db", 3)
    claim(engine, frozen(engine), 1)
    stop = threading.Event()
    stop.set()
    provider = Scripted(all_of("accepted"), WITH_KEY)
    counts, _ = send(engine, provider, stop=stop)
    assert (counts["unknown"], provider.calls) == (3, [])


def test_what_a_dead_sender_left_is_repeated_while_its_key_lives(tmp_path: Path) -> None:
    """However long ago it was begun: who has left was looked at when it was taken over."""
    engine = gym(tmp_path / "db", 3)
    claim(engine, frozen(engine), 1)
    provider = Scripted(all_of("accepted"), WITH_KEY)
    counts, _ = send(engine, provider, clock=LateClock(timedelta(minutes=30)))
    assert (counts["accepted"], len(provider.calls)) == (3, 1)


def test_what_is_repeated_does_not_wait_for_its_turn(tmp_path: Path) -> None:
    """A slow pace would outlast the keys of what a dead sender left."""
    engine = gym(tmp_path / "db", 6)
    claim(engine, frozen(engine), 2)
    stop = threading.Event()
    guard = threading.Timer(5, stop.set)
    guard.start()
    provider = Scripted(all_of("accepted"), WITH_KEY)
    counts, _ = send(engine, provider, per_second=0.1, stop=stop)
    guard.cancel()
    assert not stop.is_set()
    assert (counts["accepted"], len(provider.calls)) == (6, 2)


def test_a_call_that_was_made_ready_long_ago_is_made_ready_anew(tmp_path: Path) -> None:
    """Its key would seem older than it is, and the moment for delivery past."""
    engine = gym(tmp_path / "db", 3)
    clock = LateClock(timedelta(0))
    begun: list[str] = []

    class Slow(Scripted):
        def prepare(self, batch: Batch) -> Call:
            begun.append(batch.key)
            if len(begun) == 1:
                clock._later += timedelta(minutes=2)
            return super().prepare(batch)

    counts, _ = send(engine, Slow(all_of("accepted")), clock=clock)
    assert counts["accepted"] == 3
    assert len(set(begun)) == 2


def test_each_batch_in_doubt_is_settled_alone(tmp_path: Path) -> None:
    """Those of another batch that lie between its own stay as they are."""
    engine = gym(tmp_path / "db", 3)
    campaign = frozen(engine)
    (batch,) = claim(engine, campaign, 1).taken
    settle(engine, campaign, outcomes(batch, "unknown", "pending", "unknown"))
    (other,) = claim(engine, campaign, 1).taken
    settle(engine, campaign, Result(other, "unknown", reason="time-out"))
    key = campaign.key(batch.number)

    class Knows(Scripted):
        def ask(self, batch: Batch, since: object) -> tuple[Outcome | None, ...]:
            found = Outcome("accepted") if batch.key == key else Outcome("unknown")
            return (found,) * len(batch.recipients)

    assert reconcile(engine, Knows(all_of("accepted"), ASKED)) == {"accepted": 2, "unknown": 1}
    missing = Ledger(engine).missing(Ledger(engine).get(NAME))
    assert [who for who, *_ in missing] == [address(1)]


def test_forgetting_one_leaves_the_id_that_stands_for_all(tmp_path: Path) -> None:
    """It names nobody, and the others still have theirs by it."""
    engine = gym(tmp_path / "db", 3)
    campaign = frozen(engine)
    (batch,) = claim(engine, campaign, 1).taken
    taken = (Outcome("accepted", "for all"),) * 3
    settle(engine, campaign, Result(batch, "settled", taken))
    with engine.begin() as connection:
        erasing.forget(connection, address(0), "hmac:0")
        (found,) = erasing.deliveries_of(connection, address(1))
    assert found["message_id"] == "for all"


def test_what_is_begun_after_the_moment_of_delivery_goes_at_once(tmp_path: Path) -> None:
    """A provider would refuse a moment that is past; a repeat names the one of the first call."""
    now = Clock().now()
    campaign = frozen(gym(tmp_path / "db", 1))
    for hours, expected in ((1, now.wall + timedelta(hours=1)), (-1, None)):
        later = replace(campaign, scheduled_for=now.wall + timedelta(hours=hours))
        assert later.at(now) == expected
