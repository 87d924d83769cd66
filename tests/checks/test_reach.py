"""Online: whether links and pictures answer."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

from gymletter.checks import check_all
from gymletter.rendering import render
from tests.checks.looking import found, in_body
from tests.rendering.issues import issue, workspace
from tests.rendering.test_pictures import encoded
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from gymletter.rendering.email import Email

PAGES = {
    "/here": Answer(b"hallo"),
    "/guarded": Answer(b"", 403),
    "/moved": Answer(b"", 301, {"Location": "/here"}),
    "/gone": Answer(b"", 410),
    "/good.jpg": Answer(encoded("JPEG")),
    "/small.jpg": Answer(encoded("JPEG", (40, 20))),
    "/heavy.bmp": Answer(encoded("BMP", (900, 600))),
    "/text.jpg": Answer(b"geen plaat"),
}


def test_what_does_not_answer_is_found() -> None:
    """Gone pages, pictures that are none, heavy and small ones; the way out is never asked for."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return PAGES.get(request.path, Answer(b"", 404))

    with serve(answer) as url:
        links = "".join(
            f'<a href="{url}{path}">Naar {path}</a>'
            for path in ("/here", "/here#deel", "/guarded", "/moved", "/gone")
        )
        images = "".join(
            f'<img src="{url}{path}" alt="" width="576">' for path in PAGES if "." in path
        )
        space = workspace(
            newsletter={"website": f"{url}/here"},
            unsubscribe={"mode": "hosted", "base_url": f"{url}/out"},
        )
        seen = _messages(links + images, space)
    assert seen == {
        "link-unreachable": f"{url}/gone answers with 410",
        "picture-unreachable": f"{url}/text.jpg is refused: it is not a JPEG, PNG, GIF, WebP"
        " or AVIF picture",
        "picture-large": f"{url}/heavy.bmp weighs 1.5 MB",
        "picture-blurry": f"{url}/small.jpg is 40 px, shown at 576 px",
    }
    assert not any(path.startswith("/out") for path in asked)


def _messages(markup: str, space: object) -> dict[str, str]:
    from gymletter.workspace import Workspace

    assert isinstance(space, Workspace)

    def change(email: Email) -> Email:
        return dataclasses.replace(in_body(markup)(email))

    only = dataclasses.replace(issue(0), body="Hoi")
    seen = found(only, space, change, online=True)
    wanted = ("link-unreachable", "picture-unreachable", "picture-large", "picture-blurry")
    return {code: seen[code].message for code in wanted if code in seen}


def test_nothing_is_asked_without_online() -> None:
    """Checking is pure unless told otherwise."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer(b"")

    with serve(answer) as url:
        found(change=in_body(f'<a href="{url}/x">Naar x</a>'))
    assert asked == []


def test_renderings_share_the_answers() -> None:
    """A link in two renderings is asked for once, and found in both."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer(b"", 404)

    with serve(answer) as url:
        space = workspace(newsletter={"website": f"{url}/here"})
        email = render(space, issue(1))
        again = dataclasses.replace(email, subject="Another")
        found_ = check_all(
            space,
            issue(1),
            [({"language": "nl"}, email), ({"language": "en"}, again)],
            online=True,
        )
    gone = [f for f in found_ if f.code == "link-unreachable" and url in f.message]
    assert gone
    assert all("(" not in finding.place for finding in gone)
    assert len(asked) == len(set(asked))
