"""From a delivery in the ledger to what a provider is given: the address, the name, the values."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.providers.base import Recipient

if TYPE_CHECKING:
    from collections.abc import Callable

    from gymletter.campaign.campaign import Delivery


def recipient_maker(link: Callable[[int], str]) -> Callable[[Delivery], Recipient]:
    """A function that makes recipients. `link(member_id)` is where that member leaves.

    The same delivery always gives the same recipient, so that a repeated call has the same bytes.
    """

    def make(delivery: Delivery) -> Recipient:
        values = {
            **(delivery.fields or {}),
            "first_name": delivery.first_name,
            "last_name": delivery.last_name,
            "language": delivery.language,
            "email": delivery.address,
            "unsubscribe_url": link(delivery.member_id),
        }
        name = f"{delivery.first_name} {delivery.last_name}".strip()
        return Recipient(delivery.address, name, values)

    return make
