"""The guard answers to loopback names only, and every answer carries the headers of safety."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from gymletter.http import Client, Response
from gymletter.pages.guard import PAGE_POLICY, Guard
from gymletter.pages.serving import listen, serving

if TYPE_CHECKING:
    from collections.abc import Iterator


@pytest.fixture(scope="module")
def site() -> Iterator[str]:
    """A guarded site on loopback."""

    def hello(_: object) -> PlainTextResponse:
        return PlainTextResponse("hello")

    app = Guard(Starlette(routes=[Route("/", hello, methods=["GET", "POST"])]))
    with serving(app, listen()) as url:
        yield url


def ask(site: str, method: str = "GET", **headers: str) -> Response:
    """One request."""
    with Client() as client:
        return client.call(method, site, headers=headers)


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
    ],
)
def test_host(site: str, host: str, status: int) -> None:
    """A name that is not a loopback name is refused: it may have been rebound to us."""
    assert ask(site, host=host).status == status


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({}, 200),
        ({"origin": "SITE"}, 200),
        ({"sec-fetch-site": "same-origin"}, 200),
        ({"origin": "http://127.0.0.1:9"}, 403),
        ({"origin": "null"}, 403),
        ({"sec-fetch-site": "same-site"}, 403),
        ({"sec-fetch-site": "cross-site"}, 403),
    ],
)
def test_writes(site: str, headers: dict[str, str], status: int) -> None:
    """A write that another site starts is refused."""
    assert (
        ask(site, "POST", **{k: v.replace("SITE", site) for k, v in headers.items()}).status
        == status
    )


@pytest.mark.parametrize(
    ("host", "status"),
    [("192.0.2.7:8040", 200), ("[2001:db8::1]", 200), ("localhost", 200), ("evil.example", 403)],
)
def test_host_on_a_network(host: str, status: int) -> None:
    """Reached from other machines, a site answers to numbers: a name could have been rebound."""
    app = Guard(Starlette(routes=[Route("/", lambda _: PlainTextResponse("x"))]), network=True)
    with serving(app, listen()) as url:
        assert ask(url, host=host).status == status


def test_headers(site: str) -> None:
    """Every answer has the strict policy, unless it sets its own."""
    answer = ask(site)
    assert answer.headers["content-security-policy"] == PAGE_POLICY
    assert answer.headers["x-content-type-options"] == "nosniff"
