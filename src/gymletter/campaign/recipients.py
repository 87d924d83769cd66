"""From deliveries in the ledger to what a provider is given: addresses, names, merge values."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gymletter.campaign.audience import LINK, STANDARD
from gymletter.campaign.campaign import Delivery
from gymletter.providers.base import Batch, Recipients

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from gymletter.campaign.campaign import Campaign, ClaimedBatch
    from gymletter.rendering.email import Email


def batch_of(
    campaign: Campaign,
    emails: Mapping[str, Email],
    link: Callable[[int], str],
    claimed: ClaimedBatch,
    whom: Sequence[Delivery] | None = None,
) -> Batch:
    """What a provider is to send to the deliveries of a claimed batch, or to those in `whom`.

    The same deliveries always give the same, so that a repeated call has the same bytes.
    """
    email = emails[claimed.variant]
    return Batch(
        key=campaign.key(claimed.number),
        campaign=campaign.uid,
        email=email,
        recipients=recipients(email, claimed.deliveries if whom is None else whom, link),
        at=campaign.at(claimed.started),
    )


def recipients(
    email: Email, deliveries: Sequence[Delivery], link: Callable[[int], str]
) -> Recipients:
    """Deliveries by column: `link(member_id)` is where that member leaves."""
    columns = by_column(deliveries)
    names = [
        f"{first} {last}".strip()
        for first, last in zip(columns["first_name"], columns["last_name"], strict=True)
    ]
    wanted = {field.name for field in email.fields}
    values = {name: values_of(name, columns) for name in wanted - {LINK}}
    if LINK in wanted:
        values[LINK] = [link(member_id) for member_id in columns["member_id"]]
    return Recipients(columns["address"], names, values)


def by_column(deliveries: Sequence[Delivery]) -> dict[str, tuple[Any, ...]]:
    """What `Delivery` names, each for all of them."""
    return dict(zip(Delivery._fields, zip(*deliveries, strict=True), strict=True))


def values_of(name: str, columns: Mapping[str, tuple[Any, ...]]) -> Sequence[str]:
    """A merge field other than the link, for all of them."""
    if name == "email":
        return columns["address"]
    if name in STANDARD:
        return columns[name]
    return [(fields or {}).get(name) or "" for fields in columns["fields"]]
