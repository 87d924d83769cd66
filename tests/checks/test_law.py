"""What law and mailbox providers ask, on the built message."""

from __future__ import annotations

import dataclasses

import pytest

from tests.checks.looking import found, in_html, without_header
from tests.rendering.issues import workspace


@pytest.mark.parametrize(
    ("header", "code"),
    [
        ("List-Unsubscribe", "law-list-unsubscribe"),
        ("List-Unsubscribe-Post", "law-one-click"),
        ("List-Id", "law-list-id"),
    ],
)
def test_a_missing_list_header_is_an_error(header: str, code: str) -> None:
    """Each on its own."""
    assert code not in found()
    finding = found(change=without_header(header))[code]
    assert (finding.severity, finding.place) == ("error", f"header {header}")


@pytest.mark.parametrize(
    ("text", "code"),
    [("3111 AB Schiedam", "law-postal-address"), ("Sportschool De Kade", "law-sender")],
)
def test_who_sends_it_must_stand_in_both_parts(text: str, code: str) -> None:
    """The HTML and the text part are looked at one by one."""
    assert found(change=in_html(text, "x"))[code].place == "html:1"
    blank = found(change=lambda e: dataclasses.replace(e, text=e.text.replace(text, "x")))
    assert blank[code].place == "text:1"


def test_a_way_out_must_be_visible_in_both_parts() -> None:
    """A List-Unsubscribe header alone is not enough."""
    assert found(change=in_html('href="gm', 'title="gm'))["law-unsubscribe"].place == "html:1"
    bare = found(change=lambda e: dataclasses.replace(e, text=e.text.rpartition("gm")[0]))
    assert bare["law-unsubscribe"].place == "text:1"


def test_a_stub_of_a_text_part_is_an_error() -> None:
    """It must say what the HTML says."""
    stub = found(change=lambda e: dataclasses.replace(e, text="Bekijk online"))
    assert stub["law-text-part"].severity == "error"


def test_a_hosted_way_out_needs_https() -> None:
    """RFC 8058 asks for an https address."""
    plain = workspace(unsubscribe={"mode": "hosted", "base_url": "http://x.example"})
    assert "law-list-unsubscribe" in found(space=plain)


def test_mailto_needs_no_one_click_header() -> None:
    """In that mode the header holds a mailto: address only."""
    mailto = workspace(unsubscribe={"mode": "mailto", "address": "af@dekade.example"})
    assert not {code for code in found(space=mailto) if code.startswith("law-")}


def test_a_free_address_is_warned_of() -> None:
    """Gmail's DMARC policy refuses its addresses from other servers."""
    free = workspace(newsletter={"from": "Sportschool De Kade <dekade@gmail.com>"})
    assert found(space=free)["law-free-address"].severity == "warning"
