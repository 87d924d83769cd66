"""The MIME message of a filled-in email: what `render` writes as .eml and `inbox` shows.

Invariant: no value of a member, an issue or the configuration can begin a header line of its own.
"""

from __future__ import annotations

import re
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import EmailPolicy
from email.utils import format_datetime, make_msgid, parseaddr
from typing import TYPE_CHECKING

from gymletter.errors import TemplateError

if TYPE_CHECKING:
    from datetime import datetime

    from gymletter.rendering.email import Email

_NAME = re.compile(r"[!-9;-~]+")  # RFC 5322 section 3.6.8
_BROKEN = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029\ud800-\udfff]+")
_ADDRESS = re.compile(r"[^\x00-\x1f\x7f-\x9f]+@[^\x00-\x20\x7f-\x9f@<>,;:()\"\\]+")
_WORD, _LINE = 76, 998


class _Policy(EmailPolicy):
    """RFC 5322 folding, but a long word such as a link is never made an encoded word.

    The library encodes what doesn't fit a line; List-Unsubscribe would be unreadable then.
    """

    def fold(self, name: str, value: str) -> str:
        whole = f"{name}: {value}"
        if whole.isascii() and len(whole) <= _LINE and _is_long(value):
            return whole + self.linesep
        return str(super().fold(name, value))

    def fold_binary(self, name: str, value: str) -> bytes:
        return self.fold(name, value).encode("ascii", "surrogateescape")


def _is_long(value: str) -> bool:
    return any(len(word) >= _WORD for word in str(value).split())


_POLICY = _Policy(linesep="\r\n")


def build_message(
    email: Email, to: str, *, to_name: str = "", date: datetime, message_id: str | None = None
) -> EmailMessage:
    """A multipart/alternative message. `email` holds no tokens any more; `date` is aware.

    Raises `TemplateError` for an address or a header name that no message can carry.
    """
    message = EmailMessage(policy=_POLICY)
    message["From"] = _address(*parseaddr(email.sender))
    message["To"] = _address(to_name, to)
    if email.reply_to:
        message["Reply-To"] = _address(*parseaddr(email.reply_to))
    message["Subject"] = _line(email.subject)
    message["Date"] = format_datetime(date)
    message["Message-ID"] = _line(message_id or make_msgid(domain=_domain(email.sender)))
    for name, value in email.headers:
        if not _NAME.fullmatch(name):
            raise TemplateError(f"{name!r} can't be the name of a header")
        message[name] = _line(value)
    message.set_content(_body(email.text), cte="quoted-printable")
    message.add_alternative(_body(email.html), subtype="html", cte="quoted-printable")
    return message


def _line(value: str) -> str:
    """A header's value on one line."""
    return _BROKEN.sub(" ", value).strip()


def _body(text: str) -> str:
    return text.encode("utf-8", "replace").decode()


def _domain(sender: str) -> str:
    domain = parseaddr(sender)[1].rpartition("@")[2]
    return domain if domain.isascii() else domain.encode("idna").decode("ascii")


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    try:
        if not _ADDRESS.fullmatch(address):
            raise ValueError("it is not of the form name@domain")  # noqa: TRY301
        ascii_domain = domain if domain.isascii() else domain.encode("idna").decode("ascii")
        return Address(display_name=_line(name), username=local, domain=ascii_domain)
    except (ValueError, IndexError) as error:
        raise TemplateError(
            f"{address!r} can't be an address of a message: {error}", remedy="Correct the address"
        ) from error
