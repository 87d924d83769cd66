"""The response that shows a mail: pictures of the workspace come from there, and only those."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest
from starlette.applications import Starlette
from starlette.testclient import TestClient

from gymletter.pages.mailframe import mail_frame, picture_route, policy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

ADDRESS = "https://dekade.example/blog/pictures/a b.jpg?x=1&y=2"


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[TestClient]:
    """A site that knows the file behind `ADDRESS`."""
    known = {ADDRESS: tmp_path / "a.jpg", "https://dekade.example/page": tmp_path / "p.html"}
    for path in known.values():
        path.write_bytes(b"content")
    with TestClient(Starlette(routes=[picture_route(known.get)])) as client:
        yield client


def shown(markup: str, *, pictures: bool) -> str:
    """The markup of the frame, with `ADDRESS` known to lie in the workspace."""
    find = {ADDRESS: object()}.get
    response = mail_frame(markup, pictures=pictures, find=find, headers={})  # type: ignore[arg-type]
    return bytes(response.body).decode()


@pytest.mark.parametrize(
    "markup",
    [
        '<img src="https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2">',
        "<td background='https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2'>",
        "<p style=\"background:url('https://dekade.example/blog/pictures/a%20b.jpg?x=1&amp;y=2')\">",
    ],
)
def test_a_picture_of_the_workspace(markup: str) -> None:
    """Wherever a mail names it, the address leads to the file; elsewhere addresses stay."""
    find = {ADDRESS.replace(" ", "%20"): object()}.get
    response = mail_frame(markup + '<img src="https://other.example/x.png">', pictures=True, find=find, headers={})  # type: ignore[arg-type]
    text = bytes(response.body).decode()
    assert "/picture?address=https%3A%2F%2Fdekade.example" in text
    assert "https://dekade.example" not in text
    assert "https://other.example/x.png" in text


def test_without_asking_nothing_changes() -> None:
    """While pictures are off, addresses stay as they are and the policy allows none of them."""
    assert ADDRESS in shown(f'<img src="{ADDRESS}">', pictures=False)
    assert "img-src 'self' data:;" in policy(pictures=False)


def test_the_doctype_stays_first() -> None:
    """Links open in new tabs, and the mail is not shown in quirks mode."""
    text = shown("<!DOCTYPE html><html><head><title>x</title></head>", pictures=False)
    assert text.startswith('<!DOCTYPE html><html><head><base target="_blank">')


def test_only_pictures_are_served(folder: TestClient) -> None:
    """A known address that is no picture, and an unknown one, are not found."""
    assert folder.get("/picture", params={"address": ADDRESS}).content == b"content"
    assert folder.get("/picture", params={"address": "https://dekade.example/page"}).status_code == 404
    assert folder.get("/picture", params={"address": "file:///etc/passwd"}).status_code == 404
    assert folder.get("/picture").status_code == 404
