"""The provider of a shape, as the fakes know it: the key is `a-key`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.providers.brevo import Brevo
from gymletter.providers.mailgun import Mailgun
from gymletter.providers.mailpit import Mailpit
from gymletter.providers.postmark import Postmark
from gymletter.providers.resend import Resend

if TYPE_CHECKING:
    from gymletter.http import Client
    from gymletter.providers.base import Provider


def opened(shape: str, client: Client, url: str, key: str = "a-key") -> Provider:
    """The provider at `url`."""
    made: dict[str, Provider] = {
        "mailpit": Mailpit(client, url),
        "brevo": Brevo(client, key, url),
        "mailgun": Mailgun(client, key, "mg.dekade.example", base_url=url),
        "resend": Resend(client, key, url),
        "postmark": Postmark(client, key, url),
    }
    return made[shape]
