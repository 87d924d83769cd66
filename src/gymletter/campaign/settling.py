"""Settling: what became of batches, written inside the one transaction that the sender gives.

Invariant: only what is on its way or in doubt is written over; what was accepted, rejected or
excluded stays so, whatever is said about its batch later.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import bindparam, or_, update

from gymletter.campaign.claiming import OF_BATCH, span, write_batches
from gymletter.campaign.tables import batches, deliveries

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from sqlalchemy import Connection

    from gymletter.campaign.campaign import Campaign, ClaimedBatch, Result
    from gymletter.campaign.clock import Instant

_UNSETTLED = or_(deliveries.c.state == "sending", deliveries.c.state == "unknown")
_SETTLE_ALL = (
    update(deliveries)
    .where(OF_BATCH, deliveries.c.batch == bindparam("b_number"), _UNSETTLED)
    .values(state=bindparam("b_state"), message_id=bindparam("b_id"), reason=bindparam("b_reason"))
)
_SETTLE_ONE = (
    update(deliveries)
    .where(
        deliveries.c.campaign_id == bindparam("b_campaign"),
        deliveries.c.position == bindparam("b_position"),
        deliveries.c.batch == bindparam("b_number"),
        _UNSETTLED,
    )
    .values(
        state=bindparam("b_state"),
        batch=bindparam("b_batch"),
        message_id=bindparam("b_id"),
        reason=bindparam("b_reason"),
    )
)
_MOVE = (
    update(deliveries)
    .where(OF_BATCH, deliveries.c.batch == bindparam("b_old"))
    .values(batch=bindparam("b_number"))
)
_RELEASE = (
    update(deliveries)
    .where(OF_BATCH, deliveries.c.batch == bindparam("b_number"), _UNSETTLED)
    .values(state="pending", batch=None)
)
_CLOSE_BATCH = (
    update(batches)
    .where(
        batches.c.campaign_id == bindparam("b_campaign"),
        batches.c.number == bindparam("b_number"),
    )
    .values(state=bindparam("b_state"), reason=bindparam("b_reason"))
)


def settle(connection: Connection, campaign: Campaign, results: Iterable[Result]) -> None:
    """Write what became of batches; not for those that are halved."""
    closed, alike, single, released = [], [], [], []
    for result in results:
        closed.append(_closing(campaign, result))
        if result.verdict == "released":
            released.append(span(campaign, result.batch))
        elif (uniform := _uniform(campaign, result)) is not None:
            alike.append(uniform)
        else:
            single += _one_by_one(campaign, result)
    for statement, parameters in (
        (_RELEASE, released),
        (_SETTLE_ALL, alike),
        (_SETTLE_ONE, single),
        (_CLOSE_BATCH, closed),
    ):
        if parameters:
            connection.execute(statement, parameters)


def moved(results: Iterable[Result], excluded: int) -> Mapping[str, int]:
    """How many deliveries came into each state."""
    found = Counter({"excluded": excluded})
    for result in results:
        if result.verdict == "settled":
            found.update(each.state for each in result.outcomes if each.state != "pending")
        elif result.verdict in ("unknown", "unclear"):
            found["unknown"] += len(result.batch.deliveries)
    return found


def halve(
    connection: Connection, campaign: Campaign, result: Result, number: int, now: Instant
) -> tuple[ClaimedBatch, ...]:
    """Put two batches, `number` and the next, in the place of one that was refused whole."""
    batch = result.batch
    middle = len(batch.deliveries) // 2
    halves = tuple(
        replace(
            batch,
            number=number + n,
            deliveries=part,
            started=now,
            checked=batch.checked or batch.started,
        )
        for n, part in enumerate((batch.deliveries[:middle], batch.deliveries[middle:]))
    )
    write_batches(connection, campaign, halves)
    connection.execute(_MOVE, [{**span(campaign, half), "b_old": batch.number} for half in halves])
    connection.execute(_CLOSE_BATCH, _closing(campaign, result))
    return halves


def _closing(campaign: Campaign, result: Result) -> dict[str, Any]:
    doubtful = any(outcome.state == "unknown" for outcome in set(result.outcomes))
    return {
        "b_campaign": campaign.id,
        "b_number": result.batch.number,
        "b_state": "unknown" if doubtful else result.verdict,
        "b_reason": result.reason,
    }


def _uniform(campaign: Campaign, result: Result) -> dict[str, Any] | None:
    """One set of parameters for a batch whose deliveries all fared alike."""
    if result.verdict in ("unknown", "unclear"):
        state, message_id, reason = "unknown", None, result.reason
    elif len(distinct := set(result.outcomes)) == 1 and result.outcomes[0].state != "pending":
        outcome = distinct.pop()
        state, message_id, reason = outcome.state, outcome.message_id, outcome.reason
    else:
        return None
    return {
        **span(campaign, result.batch),
        "b_state": state,
        "b_id": message_id,
        "b_reason": reason,
    }


def _one_by_one(campaign: Campaign, result: Result) -> list[dict[str, Any]]:
    return [
        {
            "b_campaign": campaign.id,
            "b_position": delivery.position,
            "b_number": result.batch.number,
            "b_state": outcome.state,
            "b_batch": None if outcome.state == "pending" else result.batch.number,
            "b_id": outcome.message_id,
            "b_reason": outcome.reason,
        }
        for delivery, outcome in zip(result.batch.deliveries, result.outcomes, strict=True)
    ]
