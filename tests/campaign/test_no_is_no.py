"""Doubt that must stay doubt, settled mail that must stay settled, and people who said no."""

from __future__ import annotations

import threading
from collections import Counter
from dataclasses import replace
from datetime import timedelta
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import select, update

from gymletter.campaign import Ledger
from gymletter.campaign.calling import Caller
from gymletter.campaign.campaign import ClaimedBatch
from gymletter.campaign.claiming import look
from gymletter.campaign.clock import Clock
from gymletter.campaign.pace import Pace
from gymletter.campaign.planning import Maker
from gymletter.campaign.reconcile import Reconciler
from gymletter.campaign.standing import state_of
from gymletter.campaign.tables import batches, deliveries
from gymletter.database import reading
from gymletter.errors import InDoubt
from gymletter.http import Client
from gymletter.providers.base import Answer, BatchRefused, Call, Capabilities, Outcome, TryLater
from gymletter.rendering.merge import values_of
from tests.campaign.people import EMAIL, address, gym, link
from tests.campaign.runs import NAME, frozen, send
from tests.campaign.scripted import (
    ASKED,
    PLAIN,
    WITH_KEY,
    LateClock,
    Scripted,
    all_of,
    leave,
    reconcile,
)
from tests.providers.fake import Call as Heard
from tests.providers.fake import Fake, Reply, running
from tests.providers.opening import opened
from tests.providers.shapes import BrevoShape

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from gymletter.campaign.reconcile import Choice
    from gymletter.providers.base import Batch


def every_second_in_doubt(_: int, call: Call) -> Answer:
    """Accepted, unknown, accepted, unknown …"""
    outcomes = (Outcome("accepted", "id"), Outcome("unknown"))
    return Answer(tuple(outcomes[n % 2] for n in range(call.recipients)))


def states(engine: Engine) -> list[str]:
    """The deliveries' states in their order."""
    with reading(engine) as connection:
        query = select(state_of()).order_by(deliveries.c.position)
        return list(connection.execute(query).scalars())


@pytest.mark.parametrize("capabilities", [PLAIN, WITH_KEY, ASKED])
@pytest.mark.parametrize("choice", ["resend", "skip"])
def test_settling_what_is_in_doubt_leaves_alone_who_was_accepted(
    tmp_path: Path, capabilities: Capabilities, choice: Choice
) -> None:
    """Between the unknown of a batch stand the accepted: they are never sent to again."""
    engine = gym(tmp_path / "db", 10)
    send(engine, Scripted(every_second_in_doubt, capabilities))
    provider = Scripted(all_of("accepted"), capabilities)
    late = LateClock(timedelta(hours=2) if capabilities is WITH_KEY else timedelta(0))
    assert reconcile(engine, provider, late)["unknown"] == 5
    assert states(engine) == ["accepted", "unknown"] * 5
    moved = reconcile(engine, provider, late, choice)
    assert moved == {"pending" if choice == "resend" else "rejected": 5, "unknown": 0}
    counts, _ = send(engine, provider)
    assert counts["accepted"] == (10 if choice == "resend" else 5)
    again = [address(n) for n in range(1, 10, 2)] if choice == "resend" else []
    assert [to for call in provider.calls for to in call] == again


def test_a_provider_is_not_believed_too_early_because_the_clock_was_set(tmp_path: Path) -> None:
    """A search that finds nobody makes nobody pending before the provider had its time."""
    engine = gym(tmp_path / "db", 10)
    provider = Scripted(all_of("unknown"), ASKED)
    send(engine, provider)
    forward = LateClock(timedelta(hours=2), wall_only=True)
    assert reconcile(engine, provider, forward)["unknown"] == 10
    assert reconcile(engine, provider, LateClock(timedelta(hours=2)))["pending"] == 10


class SaysDuplicate(BrevoShape):
    """A Brevo that calls every key a duplicate and takes nothing."""

    def take(self, call: Heard) -> tuple[Reply, tuple[()]]:
        """Refuse."""
        return Reply(400, {"code": "duplicate_parameter", "message": "something is double"}), ()


def test_a_refused_repeat_proves_nothing_about_a_first_call(tmp_path: Path) -> None:
    """Nobody is called accepted; it stops with the provider's words, and no repeat settles it."""
    engine = gym(tmp_path / "db", 50)
    fake = Fake(SaysDuplicate())
    with running(fake) as url, Client() as client:
        provider = opened("brevo", client, url)
        provider.capabilities = replace(provider.capabilities, messages_per_call=5)
        counts, stopped = send(engine, provider)
        assert "something is double" in str(stopped)
        assert counts["accepted"] == 0
        assert counts["unknown"] == 5 * len(fake.calls) <= 20
        ledger = Ledger(engine)
        campaign = ledger.get(NAME)
        settle = Reconciler(ledger, campaign, ledger.emails(campaign), provider, link, Clock())
        assert settle.run()["unknown"] == counts["unknown"]
        assert replace(settle, choice="resend").run()["pending"] == counts["unknown"]
    assert ledger.counts(campaign)["pending"] == 50


def test_a_call_is_not_repeated_to_who_has_left_since(tmp_path: Path) -> None:
    """With a key a repeat would be harmless but for somebody who said no meanwhile."""
    engine = gym(tmp_path / "db", 10)

    def doubt(_: int, call: Call) -> Answer:
        raise InDoubt("no answer")

    send(engine, Scripted(doubt, WITH_KEY), patience=1)
    leave(engine, 3)
    provider = Scripted(all_of("accepted"), WITH_KEY)
    assert reconcile(engine, provider)["unknown"] == 10
    with engine.begin() as connection:  # as if the sender had died in the call
        connection.execute(update(deliveries).values(state="pending", batch=None))
        connection.execute(update(batches).values(state="sending", holds=True))
    counts, _ = send(engine, provider)
    assert provider.calls == []
    assert counts["unknown"] == 10


def test_a_long_wait_is_followed_by_another_look_at_who_has_left(tmp_path: Path) -> None:
    """A provider that asks for an hour gets everyone pending again, and then not who left."""
    engine = gym(tmp_path / "db", 10)
    clock = LateClock(timedelta(0))

    def busy_once(number: int, call: Call) -> Answer:
        if number == 0:
            leave(engine, 3)
            raise TryLater("busy", seconds=1)
        return all_of("accepted")(number, call)

    provider = Scripted(busy_once)
    waits: list[float] = []

    class Stop(threading.Event):
        def wait(self, timeout: float | None = None) -> bool:
            waits.append(timeout or 0)
            clock._later += timedelta(hours=1)
            return super().wait(timeout)

    counts, fault = send(engine, provider, clock=clock, stop=Stop())
    assert fault is None
    assert waits
    assert (counts["accepted"], counts["excluded"]) == (9, 1)
    assert address(3) not in provider.calls[1]


def test_a_key_that_dies_while_its_repeat_waits_is_not_used(tmp_path: Path) -> None:
    """Its lifetime is looked at after waiting for one's turn, not before."""
    engine = gym(tmp_path / "db", 10)
    clock = LateClock(timedelta(0))
    can = replace(WITH_KEY, repeat_window=timedelta(minutes=4))

    class Slow(Pace):
        def wait(self) -> bool:
            clock._later += timedelta(minutes=4, seconds=30)
            return super().wait()

    def doubt(_: int, call: Call) -> Answer:
        raise InDoubt("no answer")

    provider = Scripted(doubt, can)
    stop = threading.Event()
    caller = Caller(provider, Slow(1e9, stop), stop, clock, patience=3)
    campaign = frozen(engine)
    with reading(engine) as connection:
        rows = look(connection, campaign, (1, 10), 10)
    batch = ClaimedBatch(1, "", rows, clock.now())
    plan = Maker(campaign, Ledger(engine).emails(campaign), provider, link).plan(batch)
    result, _ = caller.make(batch, plan.call)
    assert result.verdict == "unknown"
    assert len(provider.calls) == 1


def test_a_provider_that_refuses_each_alone_stops_the_campaign(tmp_path: Path) -> None:
    """Nobody is rejected while nobody was taken: the sender may be the one that is refused."""
    engine = gym(tmp_path / "db", 20)

    def refuse(_: int, call: Call) -> Answer:
        raise BatchRefused("something is not valid")

    counts, fault = send(engine, Scripted(refuse))
    assert "something is not valid" in str(fault)
    assert (counts["pending"], counts["rejected"]) == (20, 0)


def test_answers_that_say_nothing_stop_the_campaign(tmp_path: Path) -> None:
    """A wall between us and the provider does not turn the whole audience into unknown."""
    engine = gym(tmp_path / "db", 200)
    counts, fault = send(engine, Scripted(all_of("unknown")))
    assert "no usable answer" in str(fault)
    assert (counts["unknown"], counts["pending"]) == (50, 150)


def test_a_member_without_a_value_stops_before_the_call(tmp_path: Path) -> None:
    """An email that cannot be filled leaves everyone pending, and says which field is lacking."""
    engine = gym(tmp_path / "db", 3)

    class Fills(Scripted):
        def prepare(self, batch: Batch) -> Call:
            lacking = replace(EMAIL.fields[1], name="club", default=None)
            values_of(lacking, batch.recipients.column("club"), "plain")
            raise AssertionError

    counts, fault = send(engine, Fills(all_of("accepted")))
    assert "club" in str(fault)
    assert counts["pending"] == 3


@pytest.mark.parametrize(
    ("shape", "words", "verdict"),
    [
        ("brevo", "email is not valid in to", "BatchRefused"),
        ("brevo", "sender email is not valid", "CampaignFault"),
        ("brevo", "email is not valid in replyTo", "CampaignFault"),
        ("mailgun", "'to' parameter is not a valid address", "BatchRefused"),
        ("mailgun", "h:Reply-To is not a valid address", "CampaignFault"),
        ("mailgun", "'from' parameter is not a valid address", "CampaignFault"),
    ],
)
def test_a_bad_sender_is_not_taken_for_a_bad_recipient(
    tmp_path: Path, shape: str, words: str, verdict: str
) -> None:
    """Only words about the recipient reject a recipient."""
    from gymletter.providers.base import Batch, Recipients

    class Refuses:
        def take(self, call: Heard) -> tuple[Reply, tuple[()]]:
            return Reply(400, {"code": "invalid_parameter", "message": words}), ()

    with running(Fake(Refuses())) as url, Client() as client:
        to = Recipients.one("a@x.example", {"unsubscribe_url": link(1)})
        provider = opened(shape, client, url)
        with pytest.raises(Exception, match="valid") as told:
            provider.send(provider.prepare(Batch("k", "c", EMAIL, to)))
    assert type(told.value).__name__ == verdict


def test_a_sender_that_fails_waits_for_its_calls(tmp_path: Path) -> None:
    """The campaign is given away only when no call of it is on its way or will be tried again."""
    engine = gym(tmp_path / "db", 40)
    ledger = Ledger(engine)
    campaign = frozen(engine)
    running_calls: Counter[str] = Counter()

    def slow(number: int, call: Call) -> Answer:
        running_calls["now"] += 1
        if number == 1:
            ledger.take(campaign)
        threading.Event().wait(0.1 * (number + 1))
        running_calls["now"] -= 1
        return all_of("accepted")(number, call)

    provider = Scripted(slow, replace(PLAIN, calls_at_once=3))
    with pytest.raises(Exception, match="took over"):
        send(engine, provider)
    assert running_calls["now"] == 0
    assert 2 <= len(provider.calls) <= 3
