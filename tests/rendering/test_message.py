"""The MIME message: RFC-clean, whatever the values are."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage

import pytest
from hypothesis import given
from hypothesis import strategies as st

from gymletter.errors import TemplateError
from gymletter.rendering.email import Email
from gymletter.rendering.message import build_message

DATE = datetime(2025, 8, 31, 9, 30, tzinfo=UTC)
PLAIN = Email(
    subject="Sterker de zomer uit",
    preheader="",
    html="<!DOCTYPE html><p>Één</p>",
    text="Één\n",
    sender="Sportschool De Kade <nieuws@dekade.example>",
    reply_to="info@dekade.example",
    headers=(("List-Id", "<nieuws.dekade.example>"),),
)


def _parsed(email: Email, to: str = "lid@x.example", to_name: str = "") -> EmailMessage:
    raw = build_message(email, to, to_name=to_name, date=DATE).as_bytes()
    parsed = message_from_bytes(raw, policy=policy.default)
    assert isinstance(parsed, EmailMessage)
    assert max(map(len, raw.split(b"\r\n"))) <= 998
    return parsed


def test_both_parts_are_there_in_utf_8() -> None:
    """Text first, HTML last, quoted-printable, with a date and an identity."""
    message = _parsed(PLAIN, to_name="Zoë Ån")
    text, html = message.iter_parts()
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().split() == ["Één"]
    assert html.get_content().startswith("<!DOCTYPE html><p>Één</p>")
    assert html.get_content_charset() == "utf-8"
    assert message["To"] == "Zoë Ån <lid@x.example>"
    assert message["Date"] == "Sun, 31 Aug 2025 09:30:00 +0000"
    assert message["Message-ID"].endswith("@dekade.example>")
    assert message["MIME-Version"] == "1.0"


@pytest.mark.parametrize("name", ["subject", "to_name", "header", "reply_to"])
def test_a_line_break_in_a_value_makes_no_header(name: str) -> None:
    """What follows the break stays inside the value."""
    evil = "hoi\r\nBcc: iedereen@x.example\n\nbody"
    email = {
        "subject": dataclasses.replace(PLAIN, subject=evil),
        "header": dataclasses.replace(PLAIN, headers=(("X-A", evil),)),
        "reply_to": dataclasses.replace(PLAIN, reply_to=f'"{evil}" <a@x.example>'),
    }.get(name, PLAIN)
    message = _parsed(email, to_name=evil if name == "to_name" else "")
    assert message["Bcc"] is None
    assert len(list(message.iter_parts())) == 2


@pytest.mark.parametrize("length", [20, 80, 300, 900])
def test_a_long_link_stays_readable(length: int) -> None:
    """List-Unsubscribe is never folded inside its link or turned into encoded words."""
    link = f"<https://x.example/{'a' * length}>"
    raw = build_message(
        dataclasses.replace(PLAIN, headers=(("List-Unsubscribe", link),)), "l@x.example", date=DATE
    ).as_bytes()
    assert f"List-Unsubscribe: {link}\r\n".encode() in raw


def test_a_foreign_domain_is_written_in_ascii() -> None:
    """IDNA, so that every server takes it."""
    assert _parsed(PLAIN, to="lid@café.example")["To"] == "lid@xn--caf-dma.example"


@pytest.mark.parametrize("address", ["", "no-at-sign", "a@b\r\nBcc: c@d", "@"])
def test_what_is_no_address_is_an_error(address: str) -> None:
    """One line says which."""
    with pytest.raises(TemplateError, match="can't be an address"):
        build_message(PLAIN, address, date=DATE)


def test_what_is_no_header_name_is_an_error() -> None:
    """A name can't hold a colon, a blank or a line break."""
    with pytest.raises(TemplateError, match="name of a header"):
        build_message(dataclasses.replace(PLAIN, headers=(("X A:", "b"),)), "l@x.nl", date=DATE)


@given(st.text(max_size=300), st.text(max_size=80))
def test_any_subject_and_name_survive(subject: str, name: str) -> None:
    """Whatever the characters, the message has the same headers and two parts."""
    message = _parsed(dataclasses.replace(PLAIN, subject=subject), to_name=name)
    wanted = {"From", "To", "Reply-To", "Subject", "Date", "Message-ID", "List-Id"}
    assert set(message.keys()) == wanted | {"MIME-Version", "Content-Type"}
    assert len(list(message.iter_parts())) == 2
