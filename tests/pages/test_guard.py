"""The guard answers to loopback names only, and every answer carries the headers of safety."""

from __future__ import annotations

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from starlette.testclient import TestClient

from gymletter.pages.guard import PAGE_POLICY, Guard


def _client() -> TestClient:
    def hello(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Guard(Starlette(routes=[Route("/", hello, methods=["GET", "POST"])]))
    return TestClient(app, base_url="http://127.0.0.1:8025")


@pytest.mark.parametrize(
    ("host", "status"),
    [
        ("127.0.0.1:8025", 200),
        ("localhost:1", 200),
        ("LOCALHOST", 200),
        ("[::1]:8025", 200),
        ("evil.example", 403),
        ("127.0.0.1.evil.example", 403),
        ("evil.example:127.0.0.1", 403),
        ("localhost@evil.example", 403),
        ("[", 403),
        ("", 403),
    ],
)
def test_host(host: str, status: int) -> None:
    """A name that is not a loopback name is refused: it may have been rebound to us."""
    assert _client().get("/", headers={"host": host}).status_code == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "http://127.0.0.1:8025"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:9"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_writes(headers: dict[str, str], status: int) -> None:
    """A write that another site starts is refused."""
    assert _client().post("/", headers=headers).status_code == status


def test_headers() -> None:
    """Every answer has the strict policy, unless it sets its own."""
    answer = _client().get("/")
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
