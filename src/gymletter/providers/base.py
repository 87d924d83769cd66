"""What every provider is: data about what it can, and one call that sends one batch.

Invariant: the answer has one outcome per recipient, in order; what the provider did not say is
`unknown`, never guessed. An error says whether the whole batch is surely unsent, in doubt, or
refused for a fault of the campaign.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta
from typing import TYPE_CHECKING, Literal, Protocol

from gymletter.errors import ProviderError

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from gymletter.rendering.email import Email

State = Literal["accepted", "rejected", "unknown"]
Repeat = Literal["replays", "refuses"]


@dataclass(frozen=True)
class Capabilities:
    """What a provider can do; the source of each figure stands beside it in its own module.

    `messages_per_call` and `bytes_per_call` bound a batch. `substitutes`: the email goes over the
    wire once per call with values per recipient; else every message is whole. `repeat`: what the
    same idempotency key does within `repeat_window` ("replays" the first answer, "refuses" the
    repeat; None: there is no key and an ambiguous call stays in doubt). `partial`: one call can
    accept some recipients and reject others. `unsubscribe`: the provider offers its own link.
    `headers_per_recipient`: List-Unsubscribe may differ per recipient in one call.
    """

    messages_per_call: int
    bytes_per_call: int
    substitutes: bool
    repeat: Repeat | None = None
    repeat_window: timedelta = timedelta(0)
    partial: bool = False
    schedules: bool = False
    unsubscribe: bool = False
    headers_per_recipient: bool = True
    can_be_asked: bool = False


@dataclass(frozen=True)
class Recipient:
    """One delivery: the address, the display name and the merge values by field name."""

    address: str
    name: str = ""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Batch:
    """The deliveries of one call. `key` (a UUID) is the idempotency key, stable over retries.

    `campaign` is an opaque id that the provider is given, so that it can be asked about it later.
    """

    key: str
    campaign: str
    email: Email
    recipients: Sequence[Recipient]


@dataclass(frozen=True)
class Outcome:
    """What became of one recipient; `reason` in the provider's words."""

    state: State
    message_id: str | None = None
    reason: str | None = None


class CampaignFault(ProviderError):
    """Key, sender, quota or account: every further call would fail too."""


class TryLater(ProviderError):
    """Surely not accepted; the same call may succeed after `seconds` (None: not said)."""

    def __init__(
        self,
        message: str,
        *,
        seconds: float | None = None,
        place: str | None = None,
        remedy: str | None = None,
    ) -> None:
        super().__init__(message, place=place, remedy=remedy)
        self.seconds = seconds


class Provider(Protocol):
    """A way out. `send` raises `CampaignFault`, `TryLater`, `NotSent` or `InDoubt`."""

    name: str
    capabilities: Capabilities

    def send(self, batch: Batch) -> tuple[Outcome, ...]:
        """Send one batch; one outcome per recipient, in order."""
        ...
