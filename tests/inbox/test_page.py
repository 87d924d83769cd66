"""The inbox's page in a real browser: like a mail program, and nothing in a mail can harm it."""

from __future__ import annotations

import base64
import json
from io import BytesIO
from typing import TYPE_CHECKING, Any

import pytest
from PIL import Image

from gymletter.http import Client
from gymletter.inbox.server import running
from tests.browser import violations, visit
from tests.inbox.test_api import MAIL, post
from tests.serving import Answer, Request, serve

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Frame, Page

    from gymletter.workspace import Workspace

pytestmark = pytest.mark.browser

HOSTILE = """<!DOCTYPE html><html><head><title>Sterk</title>
<meta http-equiv="refresh" content="0;url=REMOTE/refresh">
<link rel="stylesheet" href="REMOTE/style.css">
<style>@import "REMOTE/import.css"; .a{background:url(REMOTE/back.png)}</style></head>
<body onload="parent.document.title='evil'"><div style="display:none">Voorproefje</div>
<p class="a">Beste Jan</p><img src="REMOTE/pixel.png" alt="Een halter">
<script>fetch("REMOTE/script"); parent.document.title="evil"; top.location="REMOTE/top"</script>
<form action="REMOTE/form"><button>Klik</button></form>
<iframe src="REMOTE/frame"></iframe><object data="REMOTE/object"></object>
<svg onload="fetch('REMOTE/svg')"></svg><a href="https://dekade.example">Lees</a></body></html>"""


@pytest.fixture
def inbox(workspace: Workspace) -> Iterator[str]:
    """The address of a running inbox."""
    with running(workspace) as url:
        yield url


def put(inbox: str, **changes: Any) -> str:
    """Send `MAIL` with changes; returns the id."""
    with Client() as client:
        found: str = json.loads(post(client, inbox, MAIL | changes).body)["ID"]
        return found


def mail_frame(page: Page) -> Frame:
    """The frame that shows the mail, loaded."""
    element = page.wait_for_selector("iframe")
    assert element
    frame = element.content_frame()
    assert frame
    frame.wait_for_load_state()
    return frame


def test_the_list(inbox: str, browser: Browser) -> None:
    """A line has the sender, subject and preheader, whom it went to, and whether it is new."""
    put(inbox)
    with visit(browser, inbox) as page:
        row = page.locator(".row")
        assert row.locator(".who").inner_text().endswith("Sportschool De Kade")
        assert row.locator(".subject").inner_text() == MAIL["Subject"]
        assert row.locator(".snippet").inner_text().startswith("Voorproefje Beste Jan")
        assert row.locator(".to").inner_text() == "aan <b>Jan & Söhne"
        assert "ongelezen" in row.inner_text()
        row.click()
        assert page.locator("h1").inner_text() == MAIL["Subject"]
        assert "new" not in (page.locator(".row").get_attribute("class") or "")


@pytest.mark.parametrize(
    ("view", "shown"),
    [
        ("Tekst", "Beste Jan,"),
        ("Headers", "https://nieuws.dekade.example/u/abc"),
        ("Bron", "Content-Transfer-Encoding: quoted-printable"),
    ],
)
def test_views(inbox: str, browser: Browser, view: str, shown: str) -> None:
    """The text, the headers and the source of a message are a tab away."""
    one = put(inbox)
    with visit(browser, f"{inbox}/message/{one}") as page:
        page.get_by_role("link", name=view, exact=True).click()
        page.wait_for_load_state()
        assert shown in page.locator("#content").inner_text()


def test_a_hostile_mail_loads_and_runs_nothing(inbox: str, browser: Browser) -> None:
    """No script, frame, form, style sheet or picture of a mail reaches the network or the page."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer(b"")

    with serve(answer) as remote:
        one = put(inbox, HTML=HOSTILE.replace("REMOTE", remote))
        with visit(browser, f"{inbox}/message/{one}") as page:
            frame = mail_frame(page)
            frame.get_by_role("button").click()
            page.wait_for_timeout(500)
            assert page.title().startswith(MAIL["Subject"])
            assert "Beste Jan" in frame.locator("body").inner_text()
    assert asked == []


def test_pictures_when_asked_for(inbox: str, browser: Browser) -> None:
    """A remote picture loads after asking, and still nothing else does."""
    asked: list[str] = []

    def answer(request: Request) -> Answer:
        asked.append(request.path)
        return Answer(b"")

    with serve(answer) as remote:
        one = put(inbox, HTML=HOSTILE.replace("REMOTE", remote))
        with visit(browser, f"{inbox}/message/{one}") as page:
            with page.expect_request(f"{remote}/pixel.png"):
                page.get_by_role("link", name="Toon afbeeldingen").click()
            page.wait_for_timeout(500)
    assert set(asked) == {"/pixel.png", "/back.png"}


def test_pictures_of_the_workspace_and_of_the_message(
    inbox: str, browser: Browser, workspace: Workspace
) -> None:
    """A picture of the blog's folder is shown from there, an enclosed one from the message."""
    Image.new("RGB", (7, 5)).save(workspace.root / "articles" / "a.png")
    Image.new("RGB", (9, 5)).save(enclosed := BytesIO(), "PNG")
    content = base64.b64encode(enclosed.getvalue()).decode()
    inline = {"Content": content, "Filename": "b", "ContentID": "b", "ContentType": "image/png"}
    html = '<img src="https://dekade.example/blog/a.png"><img src="cid:b">'
    one = put(inbox, HTML=html, Attachments=[inline])
    with visit(browser, f"{inbox}/message/{one}") as page:
        widths = "[...document.images].map((one) => one.naturalWidth)"
        assert mail_frame(page).evaluate(widths) == [0, 9]
        page.get_by_role("link", name="Toon afbeeldingen").click()
        page.wait_for_load_state()
        assert mail_frame(page).evaluate(widths) == [7, 9]


def test_new_mail_appears(inbox: str, browser: Browser) -> None:
    """Mail that arrives while the page is open is listed without a reload."""
    with visit(browser, inbox) as page:
        assert "Nog geen post" in page.locator("#list").inner_text()
        put(inbox)
        page.wait_for_selector(".row.new")


def test_keys(inbox: str, browser: Browser) -> None:
    """J and k walk through the list, Enter opens."""
    put(inbox, Subject="eerste")
    put(inbox, Subject="tweede")
    with visit(browser, inbox) as page:
        for key in "jjk":
            page.keyboard.press(key)
        page.keyboard.press("Enter")
        page.wait_for_url("**/message/**")
        assert page.locator("h1").inner_text() == "tweede"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 375])
def test_accessible(inbox: str, browser: Browser, scheme: str, width: int) -> None:
    """axe-core has nothing to say, and nothing is wider than the screen."""
    one = put(inbox, HTML="<html lang='nl'><title>x</title><h1>Hallo</h1></html>")
    put(inbox)
    for path in ("", f"/message/{one}", f"/message/{one}?view=headers", "/message/nothing"):
        with visit(browser, inbox + path, width=width, color_scheme=scheme) as page:
            assert violations(page) == []
            assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_english(inbox: str, browser: Browser) -> None:
    """The page speaks English to a browser that asks for it."""
    with visit(browser, inbox, locale="en-GB") as page:
        assert "No mail yet" in page.locator("#list").inner_text()


def test_many_messages_come_in_pages(inbox: str, browser: Browser) -> None:
    """Fifty to a page, the rest behind a link."""
    for number in range(53):
        put(inbox, Subject=f"nummer {number}")
    with visit(browser, inbox) as page:
        assert page.locator(".row").count() == 50
        page.get_by_role("link", name="Ouder").click()
        page.wait_for_url("**page=2")
        assert page.locator(".row .subject").all_inner_texts() == [
            "nummer 2",
            "nummer 1",
            "nummer 0",
        ]
