"""Addresses: what is one, and when two are the same."""

from __future__ import annotations

import pytest
from email_validator import validate_email
from hypothesis import given
from hypothesis import strategies as st

from gymletter.errors import MemberError
from gymletter.members.address import address_key, is_plain, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("jan@dekade.example", ("", "jan@dekade.example")),
        (" Jan@DeKade.Example ", ("", "Jan@dekade.example")),
        ("Jan de Vries <jan@dekade.example>", ("Jan de Vries", "jan@dekade.example")),
        ('"Vries, Jan de" <jan@dekade.example>', ("Vries, Jan de", "jan@dekade.example")),
        ("mailto:jan@dekade.example", ("", "jan@dekade.example")),
        ("jan@xn--mller-kva.example", ("", "jan@müller.example")),
        ("josé@dekade.example", ("", "josé@dekade.example")),
    ],
)
def test_an_address_is_read_however_it_is_written(text: str, expected: tuple[str, str]) -> None:
    """Display names and mailto: are taken apart; the domain is in lower case."""
    assert parse(text) == expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "there is no e-mail address"),
        ("jan", "no @"),
        ("jan@dekade", "period"),
        ("jan..v@dekade.example", "two periods"),
        ("jan @dekade.example", "invalid characters"),
        ("jan@localhost", "period"),
        ("jan@dekade.local", "special-use"),
        ("jan@127.0.0.1", "top-level"),
        ("a" * 65 + "@dekade.example", "too long"),
        ("a" * 390 + "@x.example", "longer than 254"),
        ("jan@dekade.example\r\nBcc: piet@x.example", "is not an e-mail address"),
    ],
)
def test_what_is_no_address_is_refused_with_the_reason(text: str, reason: str) -> None:
    """No network is asked, and the reason is one a person understands."""
    with pytest.raises(MemberError, match=reason):
        parse(text)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Jan@DeKade.example", "jan@dekade.EXAMPLE"),
        ("jan@müller.example", "JAN@XN--MLLER-KVA.EXAMPLE"),
        ("jose\u0301@dekade.example", "JOSÉ@dekade.example"),
        ("Jan <jan@dekade.example>", "jan@dekade.example"),
    ],
)
def test_two_spellings_of_a_mailbox_have_one_key(one: str, other: str) -> None:
    """Case, Unicode form, punycode and display name make no second member."""
    assert address_key(one) == address_key(other)


def test_different_mailboxes_have_different_keys() -> None:
    """Dots and plus signs are the mailbox's own business."""
    assert len({address_key(a) for a in ("jan@x.nl", "j.an@x.nl", "jan+gym@x.nl")}) == 3


@given(st.from_regex(r"[a-z0-9.+_'-]{1,70}@([a-z0-9-]{1,12}\.){1,3}[a-z]{1,8}", fullmatch=True))
def test_the_fast_way_accepts_only_what_email_validator_leaves_as_it_is(address: str) -> None:
    """An address that skips email-validator would have passed it unchanged."""
    if is_plain(address):
        assert validate_email(address, check_deliverability=False).normalized == address
