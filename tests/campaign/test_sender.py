"""Sending a frozen campaign to a provider on loopback."""

from __future__ import annotations

import threading
from collections import Counter
from datetime import UTC, datetime
from typing import TYPE_CHECKING

import pytest
from sqlalchemy import update

from gymletter.campaign import Ledger, status
from gymletter.campaign.freeze import Edition, freeze
from gymletter.campaign.pace import Pace
from gymletter.campaign.running import run_to_end
from gymletter.campaign.sender import Run
from gymletter.http import Client
from gymletter.members.tables import members
from gymletter.providers.base import Answer, BatchRefused, Call, TryLater
from gymletter.providers.mailpit import Mailpit
from gymletter.rendering.merge import fill
from tests.campaign.people import EMAIL, address, gym, link
from tests.campaign.runs import send
from tests.campaign.scripted import Scripted, all_of, leave
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES, MailpitShape

if TYPE_CHECKING:
    from pathlib import Path

    from sqlalchemy import Engine

    from gymletter.errors import GymletterError
    from gymletter.providers.base import Provider


def _send(engine: Engine, provider: Provider) -> tuple[dict[str, int], GymletterError | None]:
    ledger = Ledger(engine)
    campaign = ledger.find("2025-08") or freeze(
        ledger, Edition("2025-08", "2025-08", [({}, EMAIL)], (), "any"), None, datetime.now(UTC)
    )
    stop = threading.Event()
    plan = Run(
        ledger,
        campaign,
        ledger.emails(campaign),
        provider,
        link,
        Pace(1e9, stop),
        stop,
    )
    return run_to_end(plan)


@pytest.mark.parametrize("shape", SHAPES)
def test_everyone_gets_one_letter_that_is_theirs(tmp_path: Path, shape: str) -> None:
    """Every member is sent exactly one letter, with the bytes that filling the email gives."""
    count = 60 if shape == "mailpit" else 2500
    engine = gym(tmp_path / "db", count)
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        counts, fault = _send(engine, opened(shape, client, url))
    assert fault is None
    assert counts["accepted"] == count == len(fake.letters)
    assert Counter(letter.to for letter in fake.letters) == Counter(map(address, range(count)))
    letter = next(letter for letter in fake.letters if letter.to == address(2))
    expected = fill(
        EMAIL, {"first_name": "<b>Zoë & 'co'", "unsubscribe_url": link(3), "email": address(2)}
    )
    assert (letter.subject, letter.html, letter.text) == (
        expected.subject,
        expected.html,
        expected.text,
    )
    assert letter.headers.items() >= dict(expected.headers).items()
    assert status(engine, "2025-08").state == "complete"


def test_a_second_run_sends_nothing(tmp_path: Path) -> None:
    """A campaign that is complete makes no call."""
    engine = gym(tmp_path / "db", 20)
    fake = Fake(MailpitShape())
    with running(fake) as url, Client() as client:
        _send(engine, Mailpit(client, url))
        _send(engine, Mailpit(client, url))
    assert len(fake.calls) == 20


def test_who_left_after_the_freeze_is_excluded(tmp_path: Path) -> None:
    """A resume re-selects nobody and takes away who has left since."""
    engine = gym(tmp_path / "db", 20)
    ledger = Ledger(engine)
    freeze(ledger, Edition("2025-08", "2025-08", [({}, EMAIL)], (), "x"), None, datetime.now(UTC))
    with engine.begin() as connection:
        connection.execute(
            update(members).where(members.c.email == address(7)).values(status="unsubscribed")
        )
    fake = Fake(MailpitShape())
    with running(fake) as url, Client() as client:
        counts, _ = _send(engine, Mailpit(client, url))
    assert counts["excluded"] == 1
    assert address(7) not in {letter.to for letter in fake.letters}
    assert next(iter(ledger.missing(ledger.get("2025-08"))))[:3] == (
        address(7),
        "excluded",
        "unsubscribed",
    )


def test_a_provider_that_asks_for_an_hour_is_not_called_for_the_other_half(tmp_path: Path) -> None:
    """What was claimed already waits too, and is pending again when it is stopped meanwhile."""
    engine = gym(tmp_path / "db", 4)
    stop = threading.Event()

    def refuse_then_wait(number: int, call: Call) -> Answer:
        if number == 0:
            raise BatchRefused("one of them")
        threading.Timer(0.6, stop.set).start()
        raise TryLater("busy", seconds=3600)

    provider = Scripted(refuse_then_wait)
    counts, fault = send(engine, provider, stop=stop)
    assert fault is None
    assert len(provider.calls) == 2
    assert counts["pending"] == 4


def test_who_leaves_before_a_half_is_claimed_is_not_in_it(tmp_path: Path) -> None:
    """A refused call mailed nobody: who left while it was made is left out of what follows."""
    engine = gym(tmp_path / "db", 8)

    def refuse(number: int, call: Call) -> Answer:
        if number == 0:
            leave(engine, 1)
            raise BatchRefused("one of them")
        return all_of("accepted")(number, call)

    provider = Scripted(refuse)
    counts, fault = send(engine, provider)
    assert fault is None
    assert (counts["accepted"], counts["excluded"]) == (7, 1)
    mailed = sorted(to for call in provider.calls[1:] for to in call)
    assert mailed == [address(n) for n in range(8) if n != 1]
