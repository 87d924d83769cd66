"""From the bytes of a message to what a mail program shows of it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.utils import collapse_rfc2231_value, getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING

from lxml import etree, html

if TYPE_CHECKING:
    from collections.abc import Iterator
    from datetime import datetime
    from email.message import Message

SNIPPET = 250  # characters, as in Mailpit
# Senders pad the preheader with invisible characters, so that no other text follows it in a list.
_PADDING = re.compile("[\u00ad\u034f\u061c\u180e\u200b-\u200f\u2007\u2060-\u2064\ufeff]")
_NOT_TEXT = ("head", "style", "script", "title")


@dataclass(frozen=True)
class Person:
    """An address, and the name that stands before it, if any."""

    name: str
    address: str


@dataclass(frozen=True)
class Enclosure:
    """An attachment or an inline picture."""

    part: int
    name: str
    media_type: str
    content_id: str
    content: bytes


@dataclass(frozen=True)
class Mail:
    """A message, decoded. `headers` are in their order, decoded, one line each."""

    sender: Person
    to: tuple[Person, ...]
    cc: tuple[Person, ...]
    bcc: tuple[Person, ...]
    reply_to: tuple[Person, ...]
    subject: str
    date: datetime | None
    message_id: str
    tags: tuple[str, ...]
    headers: tuple[tuple[str, str], ...]
    html: str
    text: str
    enclosures: tuple[Enclosure, ...]
    size: int

    @property
    def snippet(self) -> str:
        """What a mail program shows behind the subject: the first words of the message."""
        words = _visible(self.html) if self.html.strip() else self.text
        return " ".join(_PADDING.sub(" ", words).split())[:SNIPPET]


def read_mail(content: bytes) -> Mail:
    """Decode a message; what cannot be decoded is replaced, never an error."""
    message = message_from_bytes(content)
    headers = tuple((name, decoded(str(value))) for name, value in message.items())
    first = {name.lower(): value for name, value in reversed(headers)}
    return Mail(
        sender=(*_people(message, "from"), Person("", ""))[0],
        to=_people(message, "to"),
        cc=_people(message, "cc"),
        bcc=_people(message, "bcc"),
        reply_to=_people(message, "reply-to"),
        subject=first.get("subject", ""),
        date=_date(first.get("date", "")),
        message_id=first.get("message-id", "").strip("<>"),
        tags=tuple(tag.strip() for tag in first.get("x-tags", "").split(",") if tag.strip()),
        headers=headers,
        html=_body(message, "text/html"),
        text=_body(message, "text/plain"),
        enclosures=tuple(_enclosures(message)),
        size=len(content),
    )


def decoded(value: str) -> str:
    """A header value on one line, its encoded words (RFC 2047) as text."""
    try:
        value = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        value = value.encode("ascii", "replace").decode()
    return " ".join(value.split())


def _people(message: Message, name: str) -> tuple[Person, ...]:
    raw = [str(value) for value in message.get_all(name, [])]
    return tuple(Person(decoded(shown), address) for shown, address in getaddresses(raw) if address)


def _date(value: str) -> datetime | None:
    try:
        return parsedate_to_datetime(value)
    except (ValueError, TypeError, IndexError):
        return None


def _body(message: Message, media_type: str) -> str:
    for part in message.walk():
        if part.get_content_type() == media_type and not part.get_filename():
            return _text(part)
    return ""


def _text(part: Message) -> str:
    content = part.get_payload(decode=True)
    if not isinstance(content, bytes):
        return ""
    try:
        return content.decode(part.get_content_charset("utf-8"), "replace")
    except LookupError:
        return content.decode("utf-8", "replace")


def _enclosures(message: Message) -> Iterator[Enclosure]:
    for number, part in enumerate(message.walk()):
        content_id = str(part.get("content-id", "")).strip("<> ")
        name = part.get_filename()
        content = part.get_payload(decode=True)
        if isinstance(content, bytes) and (content_id or name):
            shown = collapse_rfc2231_value(name) if name else content_id
            yield Enclosure(number, shown, part.get_content_type(), content_id, content)


def _visible(markup: str) -> str:
    """The words of an HTML text in reading order, the hidden preheader first where there is one."""
    try:
        root = html.document_fromstring(markup.encode(), parser=html.HTMLParser(encoding="utf-8"))
    except (etree.ParserError, ValueError):
        return ""
    words: list[str] = []
    for node in root.xpath("//body//text()"):
        if node.getparent().tag not in _NOT_TEXT and isinstance(node.getparent().tag, str):
            words.append(node)
        if sum(map(len, words)) > 8 * SNIPPET:
            break
    return " ".join(words)
