"""The email in a real browser: inlining changes no look, nothing sticks out, all can be read."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Literal

import pytest

from gymletter.rendering import inline, render
from gymletter.rendering.newsletter import source_of
from gymletter.rendering.sample import sample
from tests.browser import violations
from tests.rendering.issues import BLOCKS, BODY, article, issue, workspace

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser, Page

Scheme = Literal["light", "dark"]
pytestmark = pytest.mark.browser
LONG = "Waarom de arbeidsongeschiktheidsverzekering van je langeafstandswandelvereniging je " * 2
RICH = BODY + "\n## Kop\n\n> citaat\n\n1. een\n2. twee\n\n`code` *schuin*\n\n    blok\n\n---\n"
LOGOS = {
    "logo": "https://dekade.example/logo.png",
    "logo_dark": "https://dekade.example/dark.png",
    "accent": "#0f766e",
}
COMPUTED = """() => [...document.body.querySelectorAll('*'), document.body].map(element => {
  const style = getComputedStyle(element);
  return [element.tagName, ...[...style].map(name => name + ':' + style.getPropertyValue(name))];
})"""


@contextmanager
def opened(browser: Browser, html: str, *, width: int, scheme: Scheme = "light") -> Iterator[Page]:
    """A page with this HTML at a width; nothing is loaded from the network."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=scheme, bypass_csp=True
    )
    context.route("**/*", lambda route: route.abort())
    page = context.new_page()
    page.set_content(html)
    try:
        yield page
    finally:
        context.close()


@pytest.mark.parametrize(
    ("width", "scheme"), [(800, "light"), (375, "light"), (375, "dark"), (800, "dark")]
)
def test_inlining_changes_no_computed_style(browser: Browser, width: int, scheme: Scheme) -> None:
    """Every element has the same computed style, all properties, before and after premailer."""
    full = issue(6, body=RICH, **BLOCKS)
    source = source_of(workspace(brand=LOGOS), full)
    found = []
    for html in (source, inline.inline(source)):
        with opened(browser, html, width=width, scheme=scheme) as page:
            found.append(page.evaluate(COMPUTED))
    before, after = found
    assert len(before) > 100
    different = [
        (one[0], set(one) ^ set(other))
        for one, other in zip(before, after, strict=True)
        if one != other
    ]
    assert different == []


@pytest.mark.parametrize("width", [320, 375, 600, 1200])
@pytest.mark.parametrize("articles", [1, 3, 12])
def test_nothing_sticks_out(browser: Browser, width: int, articles: int) -> None:
    """No sideways scrolling, with 120-character titles of long Dutch words and a bare address."""
    wide = issue(
        subject=LONG[:120],
        body=BODY + "\nhttps://dekade.example/" + "lang" * 40 + "\n",
        articles=tuple(article(n, title=LONG[:120], picture=n % 3 != 1) for n in range(articles)),
        **BLOCKS,
    )
    html = sample(workspace(), render(workspace(), wide)).html
    with opened(browser, html, width=width) as page:
        assert page.evaluate("document.documentElement.scrollWidth") == width


def test_the_dark_logo_takes_the_place_of_the_light_one(browser: Browser) -> None:
    """Exactly one of the two is seen in each mode."""
    html = render(workspace(brand=LOGOS), issue()).html
    for scheme, seen in (("light", "logo.png"), ("dark", "dark.png")):
        with opened(browser, html, width=800, scheme=scheme) as page:  # type: ignore[arg-type]
            shown = page.evaluate(
                "[...document.images].filter(i => getComputedStyle(i).display != 'none')"
                ".map(i => i.src).filter(s => !s.includes('/p'))"
            )
        assert shown == [f"https://dekade.example/{seen}"]


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("color", ["#c2410c", "#facc15", "#1e3a8a"])
def test_axe_finds_nothing(browser: Browser, scheme: Scheme, color: str) -> None:
    """No violation, contrast included, but for the landmarks that mail programs strip."""
    full = issue(3, body=RICH, **BLOCKS)
    html = sample(workspace(), render(workspace(brand={**LOGOS, "color": color}), full)).html
    with opened(browser, html, width=800, scheme=scheme) as page:
        found = [v for v in violations(page) if not v.startswith(("region:", "landmark-one-main:"))]
    assert found == []
