"""From the JSON of Mailpit's `POST /api/v1/send` to the bytes of a MIME message.

Built by hand, for a campaign of many thousands: the standard library's quoted-printable takes
ten times as long as the copy in C that is used here. No value can begin a header line of its own.
"""

from __future__ import annotations

import base64
import binascii
import re
import secrets
from email.header import Header
from email.utils import encode_rfc2231, format_datetime, make_msgid
from functools import lru_cache
from typing import TYPE_CHECKING

from pydantic import BaseModel, ConfigDict, Field

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime

_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]+")
_HEADER_NAME = re.compile(r"[!-9;-~]+")
_MEDIA_TYPE = re.compile(r"[\w.+-]+/[\w.+-]+", re.ASCII)
_SPECIALS = re.compile(r'[()<>@,:;".\[\]\\]')
# Set from the fields of the request, or by us; in Headers they would stand twice.
_OURS = frozenset(
    ("from", "to", "cc", "bcc", "reply-to", "subject", "x-tags", "mime-version", "content-type")
) | {"content-transfer-encoding", "content-disposition"}


class _Model(BaseModel):
    model_config = ConfigDict(frozen=True)


class Person(_Model):
    """An address and a name to show."""

    Email: str = Field(pattern=r"^[^\s<>,;]+@[^\s<>,;@]+$")
    Name: str = ""


class Enclosed(_Model):
    """An attachment, its content in base64; with a `ContentID` it belongs to the HTML."""

    Content: str
    Filename: str
    ContentID: str = ""
    ContentType: str = ""


class Sent(_Model):
    """The body of `POST /api/v1/send`, with Mailpit's names."""

    From: Person
    To: tuple[Person, ...] = ()
    Cc: tuple[Person, ...] = ()
    Bcc: tuple[str, ...] = ()
    ReplyTo: tuple[Person, ...] = ()
    Subject: str = ""
    HTML: str = ""
    Text: str = ""
    Headers: dict[str, str] = Field(default_factory=dict)
    Tags: tuple[str, ...] = ()
    Attachments: tuple[Enclosed, ...] = ()


def to_message(sent: Sent, now: datetime) -> bytes:
    """The MIME message. Raises `ValueError` for a header name or base64 that is none."""
    lines = "".join(f"{name}: {value}\r\n" for name, value in _header_lines(sent, now))
    return lines.encode() + _content(sent)


def _header_lines(sent: Sent, now: datetime) -> Iterable[tuple[str, str]]:
    yield "From", _people((sent.From,))
    for name, people in (("To", sent.To), ("Cc", sent.Cc), ("Reply-To", sent.ReplyTo)):
        if people:
            yield name, _people(people)
    if sent.Bcc:
        yield "Bcc", ", ".join(_clean(address) for address in sent.Bcc)
    yield "Subject", _encoded("Subject", sent.Subject)
    given = {name.lower() for name in sent.Headers}
    if "date" not in given:
        yield "Date", format_datetime(now)
    if "message-id" not in given:
        yield "Message-ID", make_msgid(domain=sent.From.Email.rpartition("@")[2])
    yield from ((name, value) for name, value in _extra(sent.Headers))
    if sent.Tags:
        yield "X-Tags", _encoded("X-Tags", ", ".join(sent.Tags))
    yield "MIME-Version", "1.0"


def _extra(headers: dict[str, str]) -> Iterable[tuple[str, str]]:
    for name, value in headers.items():
        if not _HEADER_NAME.fullmatch(name):
            raise ValueError(f"{name!r} is not a header name")
        if name.lower() not in _OURS:
            yield name, _encoded(name, value)


def _clean(value: str) -> str:
    return _CONTROL.sub(" ", value).strip()


@lru_cache(maxsize=1024)
def _encoded(name: str, value: str) -> str:
    """A header value: ASCII as it is, the rest in encoded words (RFC 2047), folded."""
    value = _clean(value)
    if value.isascii():
        return value
    return Header(value, "utf-8", header_name=name).encode(linesep="\r\n")


def _people(people: Iterable[Person]) -> str:
    return ",\r\n ".join(_person(person) for person in people)


def _person(person: Person) -> str:
    name, address = _clean(person.Name), _clean(person.Email)
    if not name:
        return address
    if not name.isascii():
        return f"{_encoded('From', name)} <{address}>"
    if _SPECIALS.search(name):
        name = '"' + re.sub(r'(["\\])', r"\\\1", name) + '"'
    return f"{name} <{address}>"


def _content(sent: Sent) -> bytes:
    """text, html or both; related to the inline enclosures, mixed with the others."""
    given = (("plain", sent.Text), ("html", sent.HTML))
    texts = [_text_part(subtype, text) for subtype, text in given if text]
    body = _multipart("alternative", texts or [_text_part("plain", "")])
    inline = [_enclosure(one) for one in sent.Attachments if one.ContentID]
    others = [_enclosure(one) for one in sent.Attachments if not one.ContentID]
    return _multipart("mixed", [_multipart("related", [body, *inline]), *others])


def _text_part(subtype: str, text: str) -> bytes:
    lines = text.replace("\r\n", "\n").replace("\r", "\n").replace("\n", "\r\n")
    return (
        f"Content-Type: text/{subtype}; charset=utf-8\r\n"
        "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
    ).encode() + binascii.b2a_qp(lines.encode("utf-8", "replace"))


def _multipart(subtype: str, parts: list[bytes]) -> bytes:
    if len(parts) == 1:
        return parts[0]
    boundary = f"=_{secrets.token_hex(16)}".encode()  # "=_" never occurs in quoted-printable
    head = b'Content-Type: multipart/%b; boundary="%b"\r\n\r\n' % (subtype.encode(), boundary)
    return head + b"".join(b"--%b\r\n%b\r\n" % (boundary, p) for p in parts) + b"--%b--" % boundary


def _enclosure(one: Enclosed) -> bytes:
    kind = one.ContentType if _MEDIA_TYPE.fullmatch(one.ContentType) else "application/octet-stream"
    name = encode_rfc2231(_clean(one.Filename), "utf-8")
    where = "inline" if one.ContentID else "attachment"
    content_id = f"Content-ID: <{_clean(one.ContentID)}>\r\n" if one.ContentID else ""
    content = base64.encodebytes(base64.b64decode(one.Content, validate=True))
    return (
        f"Content-Type: {kind}\r\nContent-Transfer-Encoding: base64\r\n{content_id}"
        f"Content-Disposition: {where}; filename*={name}\r\n\r\n"
    ).encode() + content.replace(b"\n", b"\r\n")
