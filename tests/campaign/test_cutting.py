"""Batches fit into a call, and hold one rendering."""

from __future__ import annotations

import random
import uuid
from typing import TYPE_CHECKING

from gymletter.campaign import claiming
from gymletter.campaign.campaign import Delivery
from gymletter.campaign.cutting import Cutter
from gymletter.campaign.recipients import recipients
from gymletter.database import reading
from gymletter.http import Client
from gymletter.providers.base import Batch, Capabilities
from tests.campaign.people import EMAIL, gym, link
from tests.campaign.runs import frozen
from tests.providers.fake import Fake, running
from tests.providers.opening import opened
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from pathlib import Path


def test_batches_are_never_heavier_than_a_call_may_be(tmp_path: Path) -> None:
    """The weight by which batches are cut is at least that of the call that is made of them."""
    engine = gym(tmp_path / "db", 400)
    campaign = frozen(engine)
    for shape in ("brevo", "mailgun", "resend", "postmark"):
        fake = Fake(SHAPES[shape]())
        with running(fake) as url, Client() as client:
            provider = opened(shape, client, url)
            limit = random.Random(shape).randrange(20_000, 60_000)
            can = Capabilities(500, limit, substitutes=provider.capabilities.substitutes)
            cutter = Cutter(can, {"": EMAIL}, len(link(1)))
            with reading(engine) as connection:
                rows = claiming.look(connection, campaign, (1, 400), 400)
            for number, group in enumerate(cutter.cut(rows)[:4]):
                people = recipients(EMAIL, group[:100], link)
                batch = Batch(str(uuid.UUID(int=number)), "0" * 32, EMAIL, people)
                provider.send(provider.prepare(batch))
        assert len(fake.calls) == 4
        assert max(len(call.body) for call in fake.calls) <= limit


def test_a_batch_holds_one_rendering_and_no_more_than_a_call() -> None:
    """Where the rendering changes a new batch begins; nobody is left out or comes twice."""
    rows = [
        Delivery(n, n, f"lid{n}@x.example", "Jan", "", "nl", None, "ab"[n >= 5]) for n in range(9)
    ]
    can = Capabilities(3, 10**9, substitutes=True)
    groups = Cutter(can, {"a": EMAIL, "b": EMAIL}, 100).cut(rows)
    assert [[row.position for row in group] for group in groups] == [
        [0, 1, 2],
        [3, 4],
        [5, 6, 7],
        [8],
    ]
    assert Cutter(can, {"a": EMAIL}, 100).cut([]) == []
