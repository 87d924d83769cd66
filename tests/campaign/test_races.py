"""Two transactions at once: whichever comes second sees what the first has written."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

from gymletter.campaign import Ledger, claiming, erasing, status
from tests.campaign.people import address, populated
from tests.campaign.runs import NAME, frozen
from tests.campaign.scripted import leave
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
