"""A repeated call is the first one again: the same people, within its time, or it is not made."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING

from gymletter.campaign import erasing, status
from gymletter.errors import InDoubt
from gymletter.providers.base import Answer, Call, Outcome
from tests.campaign.people import address, populated
from tests.campaign.runs import NAME, send
from tests.campaign.scripted import ASKED, WITH_KEY, LateClock, Scripted, all_of, leave, reconcile

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine


def in_doubt(_: int, call: Call) -> Answer:
    """No answer comes."""
    raise InDoubt("no answer")


def states(*named: str) -> Callable[[int, Call], Answer]:
    """These outcomes in their order."""
    outcomes = tuple(Outcome(state) for state in named)  # type: ignore[arg-type]
    return lambda _, call: Answer(outcomes[: call.recipients])


def test_a_key_that_dies_while_others_are_settled_is_not_used(engine: Engine) -> None:
    """The lifetime of a key is looked at right before its call: settling can take long."""
    populated(engine, 20)
    send(engine, Scripted(in_doubt, WITH_KEY), patience=1)
    clock = LateClock(timedelta(0))

    def slow(number: int, call: Call) -> Answer:
        clock._later += timedelta(hours=2)
        return all_of("accepted")(number, call)

    provider = Scripted(slow, WITH_KEY)
    assert reconcile(engine, provider, clock) == {"accepted": 10, "unknown": 10}
    assert len(provider.calls) == 1


def test_who_leaves_while_others_are_settled_is_not_called_again(engine: Engine) -> None:
    """Who has left is looked at right before the call."""
    populated(engine, 20)
    send(engine, Scripted(in_doubt, WITH_KEY), patience=1)

    def meanwhile(number: int, call: Call) -> Answer:
        leave(engine, 15)
        return all_of("accepted")(number, call)

    provider = Scripted(meanwhile, WITH_KEY)
    assert reconcile(engine, provider)["unknown"] == 10
    assert [to for call in provider.calls for to in call] == [address(n) for n in range(10)]


def test_a_call_is_not_repeated_without_who_was_put_off(engine: Engine) -> None:
    """Who is pending again goes in another call: the rest under the old key were another body."""
    populated(engine, 3)
    send(engine, Scripted(states("accepted", "pending", "unknown"), WITH_KEY))
    provider = Scripted(all_of("accepted"), WITH_KEY)
    reconcile(engine, provider)
    assert provider.calls == []


def test_a_call_is_not_repeated_without_who_was_forgotten(engine: Engine) -> None:
    """Whoever of it was accepted and erased since has no address that the call could name."""
    populated(engine, 4)
    send(engine, Scripted(states("accepted", "rejected", "accepted", "unknown"), WITH_KEY))
    for number in (0, 1):
        leave(engine, number)
        with engine.begin() as connection:
            assert erasing.forget(connection, address(number), f"hmac:{number}") == 0
    provider = Scripted(all_of("accepted"), WITH_KEY)
    assert reconcile(engine, provider) == {"unknown": 1}
    assert provider.calls == []


def test_who_turns_out_not_to_have_got_it_is_sent_it_between_others(engine: Engine) -> None:
    """Those around them who were accepted meanwhile do not make them seem accepted."""
    populated(engine, 5)
    answers = [states("pending", "unknown", "pending", "accepted", "pending"), all_of("accepted")]
    first = Scripted(lambda number, call: answers[number > 0](number, call), ASKED)
    assert send(engine, first)[0]["accepted"] == 4
    assert reconcile(engine, first, LateClock(timedelta(hours=1)))["pending"] == 1
    assert status(engine, NAME).pending == 1
    counts, _ = send(engine, first)
    assert counts["accepted"] == 5
    assert first.calls[-1] == [address(1)]
