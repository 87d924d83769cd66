"""A real Chromium for tests marked `browser`; without one they are skipped, and that is said."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pytest

from gymletter.preview.chromium import HOW_TO_GET, find_chromium

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

# Root may start it only without the sandbox; the others keep it from asking for the network.
_FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
_REASON = "no Chromium on this machine"


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser per worker."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=find_chromium(), args=list(_FLAGS))
        yield found
        found.close()


@contextmanager
def visit(browser: Browser, url: str, *, width: int = 1280, **context: Any) -> Iterator[Page]:
    """A page at `url` in a context of its own; an error in our own scripts fails the test."""
    settings = {"viewport": {"width": width, "height": 800}, "locale": "nl-NL", **context}
    fresh = browser.new_context(**settings)
    fresh.set_default_timeout(10_000)
    page = fresh.new_page()
    errors: list[str] = []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.goto(url)
    try:
        yield page
    finally:
        fresh.close()
    assert not errors


def skip_without_browser(items: list[pytest.Item]) -> None:
    """Skip the marked tests where there is no Chromium."""
    if find_chromium() is None:
        for item in items:
            if item.get_closest_marker("browser"):
                item.add_marker(pytest.mark.skip(reason=_REASON))


def summary_line(skipped: list[Any]) -> str:
    """How many tests lacked a browser, and how to get one; "" for none."""
    count = sum(_REASON in str(report.longrepr) for report in skipped)
    return f"{count} browser tests were skipped: {_REASON}. {HOW_TO_GET}." if count else ""


def violations(page: Page) -> list[str]:
    """What axe-core finds wrong with a page, one line each."""
    from axe_playwright_python.sync_playwright import Axe

    found = Axe().run(page).response["violations"]
    return [f"{one['id']}: {[node['html'][:120] for node in one['nodes'][:3]]}" for one in found]
