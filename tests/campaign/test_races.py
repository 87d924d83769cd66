"""Two transactions at once: whichever comes second sees what the first has written."""

from __future__ import annotations

import threading
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from sqlalchemy import update

from gymletter.campaign import Ledger, claiming, erasing, status
from gymletter.members.tables import members
from tests.campaign.people import address, populated
from tests.campaign.runs import NAME, frozen, send
from tests.campaign.scripted import Scripted, all_of, leave
from tests.campaign.test_databases import plan

if TYPE_CHECKING:
    from collections.abc import Callable

    from sqlalchemy import Engine


def meanwhile(act: Callable[[], None]) -> threading.Thread:
    """Begun in another thread, which gets some time to come as far as it can."""
    thread = threading.Thread(target=act)
    thread.start()
    thread.join(0.5)
    return thread


def test_who_is_forgotten_while_a_batch_is_claimed_stays_in_it(engine: Engine) -> None:
    """The forgetting waits for the claim: then what becomes of the address is in doubt."""
    campaign = frozen(populated(engine, 3))
    (planned,) = plan(engine, campaign, 1)
    word = Ledger(engine).take(campaign)
    kept: list[int] = []

    def forget() -> None:
        leave(engine, 1)
        with engine.begin() as connection:
            kept.append(erasing.forget(connection, address(1), "hmac:1"))

    with engine.begin() as connection:
        claiming.require_sender(connection, campaign, word)
        claiming.claim(connection, campaign, [planned])
        thread = meanwhile(forget)
        assert thread.is_alive()
    thread.join()
    assert kept == [1]
    found = status(engine, NAME)
    assert (found.sending, found.excluded) == (3, 0)


def test_who_is_being_forgotten_is_not_claimed(engine: Engine) -> None:
    """The claim waits for the forgetting, and then leaves them out."""
    campaign = frozen(populated(engine, 3))
    (planned,) = plan(engine, campaign, 1)
    word = Ledger(engine).take(campaign)
    claims: list[claiming.Claim] = []
    leave(engine, 1)

    def claim() -> None:
        with engine.begin() as connection:
            claiming.require_sender(connection, campaign, word)
            claims.append(claiming.claim(connection, campaign, [planned]))

    with engine.begin() as connection:
        erasing.forget(connection, address(1), "hmac:1")
        thread = meanwhile(claim)
        assert thread.is_alive()
    thread.join()
    assert claims[0].taken == ()
    found = status(engine, NAME)
    assert (found.pending, found.excluded) == (2, 1)


def test_a_pause_that_ends_while_it_is_sent_holds_nobody_up(engine: Engine) -> None:
    """Who is left out is who was not counted: their batch is not planned without end."""
    populated(engine, 3)
    frozen(engine)
    claiming._stands()
    until = update(members).where(members.c.email == address(1))
    with engine.begin() as connection:
        connection.execute(until.values(paused_until=datetime.now(UTC)))
    stop = threading.Event()
    guard = threading.Timer(5, stop.set)
    guard.start()
    counts, _ = send(engine, Scripted(all_of("accepted")), stop=stop)
    guard.cancel()
    assert not stop.is_set()
    assert (counts["accepted"], counts["excluded"]) == (2, 1)
