"""The public endpoint over real HTTP: who presses is out, who only looks is not."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest

from gymletter.members import mailable
from tests.members.helpers import store

if TYPE_CHECKING:
    from tests.web.conftest import Endpoint

pytestmark = pytest.mark.slow

MULTIPART = (
    b'--x\r\nContent-Disposition: form-data; name="List-Unsubscribe"\r\n\r\nOne-Click\r\n--x--\r\n'
)


def test_a_get_shows_one_button_in_the_members_language_and_changes_nothing(
    endpoint: Endpoint,
) -> None:
    """Mail scanners follow links."""
    for member_id, language, button in ((1, "nl", "Meld me af"), (2, "en", "Unsubscribe me")):
        page = endpoint.get(endpoint.url(member_id)).text
        assert f'<html lang="{language}">' in page
        assert page.count("<button") == 1
        assert button in page
    assert endpoint.statuses() == {"jan@x.example": "active", "jane@x.example": "active"}


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        (b"List-Unsubscribe=One-Click", "application/x-www-form-urlencoded"),
        (MULTIPART, "multipart/form-data; boundary=x"),
        (b"action=leave", "application/x-www-form-urlencoded"),
    ],
    ids=["urlencoded", "multipart", "button"],
)
def test_a_post_unsubscribes_at_once_and_again_changes_nothing(
    endpoint: Endpoint, body: bytes, kind: str
) -> None:
    """RFC 8058: no cookie, no log-in, no redirect, either encoding; idempotent."""
    for _ in range(2):
        answer = endpoint.post(endpoint.url(), body, content_type=kind)
        assert (answer.status, "location" in answer.headers) == (200, False)
        assert "set-cookie" not in answer.headers
    assert endpoint.statuses() == {"jan@x.example": "unsubscribed", "jane@x.example": "active"}


def test_a_strange_token_gets_the_same_answers(endpoint: Endpoint) -> None:
    """Nobody learns from an answer whether a token is ours."""
    for member_id, token in ((1, "A" * 40), (2, "")):
        ours = endpoint.url(member_id)
        strange = f"{endpoint.base}/u/{token}" if token else endpoint.url(999)
        assert _page(endpoint, strange) == _page(endpoint, endpoint.url(1))
        assert endpoint.post(strange).body == endpoint.post(ours).body
        assert endpoint.post(strange, b"action=leave").status == 200


def _page(endpoint: Endpoint, url: str) -> tuple[int, str]:
    """Status and page, without the token in it."""
    answer = endpoint.get(url)
    return answer.status, answer.text.replace(url.rpartition("/")[2], "TOKEN")


def test_a_post_that_is_no_answer_changes_nothing(endpoint: Endpoint) -> None:
    """Neither a foreign form, nor a body that is too large, nor another method."""
    for body in (b"", b"x=y", b"List-Unsubscribe=" + b"x" * 9000, b"action=pause&months=99"):
        assert endpoint.post(endpoint.url(), body).status == 400
    assert endpoint.post(endpoint.url() + "/pause", b"action=pause&months=99").status == 400
    assert endpoint.client.call("DELETE", endpoint.url()).status == 404
    assert endpoint.statuses()["jan@x.example"] == "active"


def test_a_pause_keeps_mail_away_and_can_be_ended(endpoint: Endpoint) -> None:
    """A paused member is not mailable, and is again when the pause is over."""
    members = store(endpoint.workspace)
    assert "2 maanden" in endpoint.get(endpoint.url() + "/pause").text
    assert "bewaard" in endpoint.post(endpoint.url() + "/pause", b"action=pause&months=2").text
    assert endpoint.statuses()["jan@x.example"] == "paused"
    assert members.count(mailable()) == 1
    assert "Geen pauze meer" in endpoint.get(endpoint.url() + "/pause").text
    endpoint.post(endpoint.url() + "/pause", b"action=pause&months=0")
    assert members.count(mailable()) == 2


def test_who_has_left_cannot_pause_back_in(endpoint: Endpoint) -> None:
    """A link only ever takes away."""
    endpoint.post(endpoint.url())
    answer = endpoint.post(endpoint.url() + "/pause", b"action=pause&months=0")
    assert "afgemeld" in answer.text
    assert endpoint.statuses()["jan@x.example"] == "unsubscribed"


def test_strangers_are_limited_and_members_are_not(endpoint: Endpoint) -> None:
    """A mailbox provider sends the requests of many members from one machine."""
    strange = [endpoint.post(f"{endpoint.base}/u/guess{n}").status for n in range(60)]
    assert strange.count(429) > 20
    assert [endpoint.post(endpoint.url(2, f"2025-{n:02}")).status for n in range(60)] == [200] * 60


def test_headers_keep_the_token_and_the_page_to_themselves(endpoint: Endpoint) -> None:
    """No script, no frame, no referrer, no cache, no index."""
    headers = endpoint.get(endpoint.url()).headers
    assert "default-src 'none'" in headers["content-security-policy"]
    assert "frame-ancestors 'none'" in headers["content-security-policy"]
    assert headers["referrer-policy"] == "no-referrer"
    assert headers["cache-control"] == "no-store"
    assert "server" not in headers


def test_logs_are_json_without_addresses_or_tokens(endpoint: Endpoint) -> None:
    """What was asked is there by route; who asked is not. A stop by signal loses no line."""
    endpoint.post(endpoint.url())
    endpoint.get(endpoint.base + "/jan@x.example")
    assert endpoint.get(endpoint.base + "/healthz").text == "ok"
    logged = endpoint.stop()
    lines = [json.loads(line) for line in logged.splitlines() if line.startswith("{")]
    assert {"leave", "health", "none"} <= {line.get("route") for line in lines}
    assert "jan@" not in logged
    assert "127.0.0.1:" not in logged.partition("\n")[2]
    assert endpoint.url().rpartition("/")[2] not in logged
