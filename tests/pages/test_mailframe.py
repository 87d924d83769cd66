"""The response that shows a mail: pictures of the workspace come from there, and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlencode

import pytest
from starlette.applications import Starlette

from gymletter.http import Client
from gymletter.pages.mailframe import mail_frame, picture_route, policy
from gymletter.pages.serving import listen, serving

if TYPE_CHECKING:
    from pathlib import Path

ADDRESS = "https://dekade.example/blog/pictures/a%20b.jpg?x=1&y=2"
PAGE = "https://dekade.example/page"


@pytest.fixture
def known(tmp_path: Path) -> dict[str, Path]:
    """Two addresses that lie in the workspace: a picture, and a page."""
    files = {ADDRESS: tmp_path / "a.jpg", PAGE: tmp_path / "p.html"}
    for path in files.values():
        path.write_bytes(b"content")
    return files


def shown(markup: str, known: dict[str, Path], *, pictures: bool) -> str:
    """The markup of the frame."""
    response = mail_frame(markup, pictures=pictures, find=known.get)
    return bytes(response.body).decode()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2">',
        "<td background='https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2'>",
        "<p style=\"background:url('https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2')\">",
    ],
)
def test_a_picture_of_the_workspace(markup: str, known: dict[str, Path]) -> None:
    """Wherever a mail names it, the address leads to the file; elsewhere addresses stay."""
    text = shown(markup + '<img src="https://other.example/x.png">', known, pictures=True)
    assert "/picture?address=https%3A%2F%2Fdekade.example" in text
    assert "https://dekade.example" not in text
    assert "https://other.example/x.png" in text


def test_without_asking_nothing_changes(known: dict[str, Path]) -> None:
    """While pictures are off, addresses stay as they are and the policy allows none of them."""
    assert ADDRESS in shown(f'<img src="{ADDRESS}">', known, pictures=False)
    assert "img-src 'self' data:;" in policy(pictures=False)


def test_the_doctype_stays_first(known: dict[str, Path]) -> None:
    """Links open in new tabs, and the mail is not shown in quirks mode."""
    text = shown("<!DOCTYPE html><html><head><title>x</title></head>", known, pictures=False)
    assert text.startswith('<!DOCTYPE html><html><head><base target="_blank">')


@pytest.mark.parametrize(
    ("address", "status"),
    [(ADDRESS, 200), (PAGE, 404), ("file:///etc/passwd", 404), ("https://x.example", 404)],
)
def test_only_pictures_are_served(known: dict[str, Path], address: str, status: int) -> None:
    """A known address that is no picture, and an unknown one, are not found."""
    app = Starlette(routes=[picture_route(known.get)])
    with serving(app, listen()) as url, Client() as client:
        assert (
            client.call("GET", f"{url}/picture?{urlencode({'address': address})}").status == status
        )
