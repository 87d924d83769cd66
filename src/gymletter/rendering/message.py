"""The MIME message of a filled-in email: what `render` writes as .eml and `inbox` shows."""

from __future__ import annotations

from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime, make_msgid, parseaddr
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.rendering.email import Email


def build_message(
    email: Email, to: str, *, to_name: str = "", date: datetime, message_id: str | None = None
) -> EmailMessage:
    """A multipart/alternative message. `email` holds no tokens any more; `date` is aware."""
    message = EmailMessage(policy=SMTP)
    message["From"] = _address(*parseaddr(email.sender))
    message["To"] = _address(to_name, to)
    if email.reply_to:
        message["Reply-To"] = _address(*parseaddr(email.reply_to))
    message["Subject"] = email.subject
    message["Date"] = format_datetime(date)
    message["Message-ID"] = message_id or make_msgid(domain=_domain(email.sender))
    for name, value in email.headers:
        message[name] = value
    message.set_content(email.text, cte="quoted-printable")
    message.add_alternative(email.html, subtype="html", cte="quoted-printable")
    return message


def _domain(sender: str) -> str:
    return parseaddr(sender)[1].rpartition("@")[2]


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(display_name=name, username=local, domain=domain)
