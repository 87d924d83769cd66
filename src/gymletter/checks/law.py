"""Law and mailbox providers: a way out, who sends it and from where, the List-* headers.

Looked for on the built message, so what leaves is what is checked (RFC 2369, 2919 and 8058;
directive 2002/58/EC article 13; Gmail's and Yahoo's rules for bulk senders).
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email.utils import parseaddr
from typing import TYPE_CHECKING

from gymletter.checks.finding import Code
from gymletter.checks.page import words_of
from gymletter.rendering.message import build_message
from gymletter.rendering.sample import ADDRESS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from email.message import EmailMessage

    from gymletter.checks.page import Page

_FREE = {
    "gmail.com",
    "hotmail.com",
    "outlook.com",
    "live.nl",
    "yahoo.com",
    "icloud.com",
    "ziggo.nl",
}

CODES = {
    "law-unsubscribe": Code(
        "error",
        "There is no visible link to unsubscribe, in the HTML or in the text part",
        "Put {{ member.unsubscribe_url }} in the footer",
    ),
    "law-list-unsubscribe": Code(
        "error",
        "The message has no usable List-Unsubscribe header",
        "Set [unsubscribe] in gymletter.toml; hosted needs a base_url with https",
    ),
    "law-one-click": Code(
        "error",
        "The message has no List-Unsubscribe-Post header, which Gmail and Yahoo ask for",
        "Leave the headers of the rendering as they are",
    ),
    "law-list-id": Code(
        "error",
        "The message has no List-Id header",
        "Leave the headers of the rendering as they are",
    ),
    "law-postal-address": Code(
        "error",
        "The postal address is missing from the HTML or the text part",
        "Put {{ newsletter.postal_address }} in the footer",
    ),
    "law-sender": Code(
        "error",
        "Who sends it is missing from the HTML or the text part",
        "Put {{ sender }} in the footer, and a name in [newsletter] from",
    ),
    "law-text-part": Code(
        "error", "The text part is empty or a stub", "Say in newsletter.txt.j2 what the HTML says"
    ),
    "law-free-address": Code(
        "warning",
        "The sender's address is at a free mail provider, whose DMARC policy refuses it",
        "Send from an address at the gym's own domain",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    yield from _parts(page)
    message = build_message(page.email, ADDRESS, date=datetime(2000, 1, 1, tzinfo=UTC))
    yield from _headers(message, page.workspace.config.unsubscribe.mode)
    domain = parseaddr(page.email.sender)[1].rpartition("@")[2].lower()
    if domain in _FREE:
        yield "law-free-address", f"the sender's address is at {domain}", "header From"


def _parts(page: Page) -> Iterator[tuple[str, str, str]]:
    newsletter = page.workspace.config.newsletter
    shown = {"html": words_of(page.tree.find("body")), "text": " ".join(page.email.text.split())}
    sender, address = parseaddr(newsletter.sender)
    for part, words in shown.items():
        if " ".join(newsletter.postal_address.split()) not in words:
            yield "law-postal-address", f"the {part} part lacks the postal address", f"{part}:1"
        if (sender or address) not in words:
            yield "law-sender", f"the {part} part lacks {sender or address!r}", f"{part}:1"
        if not _has_way_out(page, part):
            yield "law-unsubscribe", f"the {part} part has no link to unsubscribe", f"{part}:1"
    if len(shown["text"]) < len(shown["html"]) / 4:
        yield "law-text-part", "the text part says much less than the HTML part", "text:1"


def _has_way_out(page: Page, part: str) -> bool:
    tokens = [field.token for field in page.raw.fields if field.name == "unsubscribe_url"]
    if part == "text":
        return any(token in page.raw.text for token in tokens)
    return any(f'href="{token}"' in page.raw.html for token in tokens)


def _headers(message: EmailMessage, mode: str) -> Iterator[tuple[str, str, str]]:
    way_out = str(message["List-Unsubscribe"] or "")
    wanted = r"<mailto:[^>]+@[^>]+>" if mode == "mailto" else r"<https://[^>]+>"
    if not re.search(wanted, way_out):
        said = f"List-Unsubscribe is {way_out!r}" if way_out else "List-Unsubscribe is missing"
        yield "law-list-unsubscribe", said, "header List-Unsubscribe"
    if mode != "mailto" and message["List-Unsubscribe-Post"] != "List-Unsubscribe=One-Click":
        yield "law-one-click", "List-Unsubscribe-Post is missing", "header List-Unsubscribe-Post"
    if not re.fullmatch(r"(.* )?<[^<>@\s]+\.[^<>@\s]+>", str(message["List-Id"] or "")):
        yield "law-list-id", "List-Id is missing or malformed", "header List-Id"
