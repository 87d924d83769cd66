"""The pages in a real browser: readable, usable by keyboard, not hindered by their own policy."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.web.pages import readable_on
from tests.browser import violations, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser

    from tests.web.conftest import Endpoint

COLORS = {"#c2410c": "#ffffff", "#facc15": "#111111", "#000000": "#ffffff", "#ffffff": "#111111"}


@pytest.mark.parametrize("color", COLORS)
def test_the_button_is_readable_in_any_brand_colour(color: str) -> None:
    """White or near black, whichever contrasts more."""
    assert readable_on(color) == COLORS[color]


@pytest.mark.browser
@pytest.mark.slow
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_a_member_pauses_and_leaves_by_keyboard_on_a_phone(
    endpoint: Endpoint, browser: Browser, scheme: str
) -> None:
    """No sideways scrolling, nothing that axe objects to, and the buttons do what they say."""
    with visit(browser, endpoint.url(), width=320, color_scheme=scheme) as page:
        said: list[str] = []
        page.on("console", lambda message: said.append(message.text))
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
        assert violations(page) == []
        page.get_by_role("link").click()
        page.get_by_role("radio", name="3 maanden").check()
        assert violations(page) == []
        page.get_by_role("button").press("Enter")
        page.get_by_role("heading", name="Bewaard").wait_for()
        page.goto(endpoint.url())
        page.keyboard.press("Tab")
        page.keyboard.press("Enter")
        page.get_by_role("heading", name="Je bent afgemeld").wait_for()
        assert said == []
    assert endpoint.statuses()["jan@x.example"] == "unsubscribed"
