"""Waiting times in every form, and words without addresses and keys."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.http import Response
from gymletter.providers.answers import MOST_WAIT, pause_of, said, wait_of
from gymletter.providers.postmark import Postmark
from gymletter.providers.resend import outcomes
from gymletter.rendering.merge import fill
from tests.campaign.people import EMAIL, link
from tests.providers.shapes import SHAPES

if TYPE_CHECKING:
    from collections.abc import Mapping

    from gymletter.rendering.email import Email

DATE = "Wed, 21 Oct 2026 07:28:00 GMT"
LATER = "Wed, 21 Oct 2026 07:28:30 GMT"
EPOCH = 1792567680  # DATE


def _said(headers: Mapping[str, str], body: bytes = b"") -> Response:
    return Response(429, {"date": DATE, **headers}, body, "https://x.example")


@pytest.mark.parametrize(
    ("headers", "body", "seconds"),
    [
        ({"retry-after": "7"}, b"", 7),
        ({"retry-after": "1.5"}, b"", 1.5),
        ({"retry-after": LATER}, b"", 30),
        ({"retry-after": "Wed, 21 Oct 2026 07:27:00 GMT"}, b"", 0),
        ({"retry-after": "999999"}, b"", MOST_WAIT),
        ({"retry-after": "soon"}, b"", None),
        ({"x-sib-ratelimit-reset": "12"}, b"", 12),
        ({"ratelimit-reset": "3"}, b"", 3),
        ({"x-ratelimit-reset": str(EPOCH + 9)}, b"", 9),
        ({}, b"limit exceeded, try again after 120 seconds", 120),
        ({}, f"limit exceeded, try again after {LATER}".encode(), 30),
        ({}, b"slow down", None),
    ],
)
def test_how_long_to_wait(headers: Mapping[str, str], body: bytes, seconds: float | None) -> None:
    """Every documented form is understood, by the provider's clock and not ours."""
    assert wait_of(_said(headers, body)) == seconds


def test_nothing_left_of_the_rate_makes_a_pause() -> None:
    """An answer that took the call can still ask for a pause."""
    assert pause_of(_said({"ratelimit-remaining": "0", "ratelimit-reset": "2"})) == 2
    assert pause_of(_said({"ratelimit-remaining": "5", "ratelimit-reset": "2"})) == 0


def test_words_hold_no_address_and_no_key() -> None:
    """A provider that repeats an address or a key does not get it into our messages."""
    words = said("'jan@x.example' is bad; key xkeysib-0123456789abcdef0123456789abcdef\nno")
    assert "@" not in words
    assert "0123456789" not in words
    assert "\n" not in words


@pytest.mark.parametrize(
    ("answer", "states"),
    [
        ({"data": [{"id": "1"}, {"id": "2"}]}, ["accepted", "accepted"]),
        (
            {"data": [{"id": "1"}], "errors": [{"index": 0, "message": "no"}]},
            ["rejected", "accepted"],
        ),
        ({"data": [{"id": "1"}]}, ["unknown", "unknown"]),
        ({"data": [{"id": "1"}, {}]}, ["accepted", "unknown"]),
        ({"data": [{"id": "1"}], "errors": [{"index": 9}]}, ["unknown", "unknown"]),
        ({"data": None}, ["unknown", "unknown"]),
        (None, ["unknown", "unknown"]),
    ],
)
def test_an_answer_is_matched_by_index_or_not_at_all(answer: object, states: list[str]) -> None:
    """A list of another length is never cut to fit."""
    assert [outcome.state for outcome in outcomes(answer, 2)] == states


@pytest.mark.parametrize(
    ("entry", "state"),
    [
        ({"ErrorCode": 0, "Message": "OK", "MessageID": "1"}, "accepted"),
        ({"Message": "accepted, but delivery may be delayed", "MessageID": "1"}, "accepted"),
        ({"Message": "accepted, but delivery may be delayed"}, "unknown"),
        ({"ErrorCode": 406, "Message": "inactive"}, "rejected"),
        ({"ErrorCode": 300, "Message": "Invalid 'To' address"}, "rejected"),
        ({"ErrorCode": 300, "Message": "Invalid 'From' address"}, "pending"),
        ({"ErrorCode": 429, "Message": "slow"}, "pending"),
        ({"ErrorCode": 500, "Message": "broken"}, "pending"),
        ("what", "unknown"),
    ],
)  # fmt: skip
def test_an_entry_of_postmark(entry: object, state: str) -> None:
    """One recipient's fault rejects, a passing one is tried again, the campaign's stops."""
    answer = Postmark._answer(object.__new__(Postmark), [entry], 1)
    assert answer.outcomes[0].state == state
    fatal = isinstance(entry, dict) and "From" in str(entry.get("Message"))
    assert (answer.fault is not None) == fatal


@pytest.mark.parametrize("shape", SHAPES)
def test_template_signs_of_an_article_stay_text(shape: str) -> None:
    """What looks like a provider's own placeholder in an article is not replaced by it."""
    from dataclasses import replace

    from gymletter.http import Client
    from gymletter.providers.base import Batch, Recipients
    from tests.providers.fake import Fake, running
    from tests.providers.opening import opened

    odd = "{{params.p0}} {% if %} {# #} %recipient.p0% %unsubscribe_url% {{{ pm:unsubscribe }}}"
    email: Email = replace(EMAIL, html=EMAIL.html + odd, text=EMAIL.text + odd)
    values = {"first_name": "{{params.p1}} %recipient.p1%", "unsubscribe_url": link(1)}
    fake = Fake(SHAPES[shape]())
    with running(fake) as url, Client() as client:
        batch = Batch("key", "campaign", email, Recipients.one("a@x.example", values))
        provider = opened(shape, client, url)
        provider.send(provider.prepare(batch))
    filled = fill(email, values)
    assert (fake.letters[0].html, fake.letters[0].text) == (filled.html, filled.text)
