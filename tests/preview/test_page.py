"""The preview's page in a real browser: every view, and live."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import pytest

from tests.browser import violations, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Frame, Page

    from tests.preview.conftest import Preview

BAND = "getComputedStyle(document.querySelector('.band')).backgroundColor"
pytestmark = pytest.mark.browser


def mails(page: Page) -> list[Frame]:
    """The frames that show the mail, loaded."""
    page.wait_for_function(
        "() => document.querySelectorAll('.screen').length &&"
        " [...document.querySelectorAll('.screen')].every((one) => 'ready' in one.dataset)"
    )
    frames = [one.content_frame() for one in page.query_selector_all("iframe")]
    return [frame for frame in frames if frame]


def ground(frame: Frame) -> str:
    """The colour behind the mail."""
    found: str = frame.evaluate("getComputedStyle(document.querySelector('.page')).backgroundColor")
    return found


@pytest.mark.parametrize(
    ("query", "widths"),
    [
        ({}, [900]),
        ({"width": "tablet"}, [768]),
        ({"width": "phone"}, [375]),
        ({"width": "narrow"}, [320]),
        ({"width": "517"}, [517]),
        ({"width": "pair"}, [900, 375]),
        ({"width": "phone", "scheme": "both"}, [375, 375]),
    ],
)
def test_widths(
    preview: Preview, browser: Browser, query: dict[str, str], widths: list[int]
) -> None:
    """The mail is laid out at the width that was chosen, and nothing of it is wider."""
    with visit(browser, preview.at(**query)) as page:
        frames = mails(page)
        assert [frame.evaluate("innerWidth") for frame in frames] == widths
        for frame in frames:
            assert frame.evaluate("document.documentElement.scrollWidth <= innerWidth")


def test_a_phone_starts_as_a_phone(preview: Preview, browser: Browser) -> None:
    """A window as wide as a phone starts at the phone's width; what is chosen there stays there."""
    with visit(browser, preview.at(), width=390) as page:
        [frame] = mails(page)
        assert frame.evaluate("innerWidth") == 375
        page.get_by_role("radio", name="320").check()
        page.reload()
        [frame] = mails(page)
        assert frame.evaluate("innerWidth") == 320
        page.set_viewport_size({"width": 1280, "height": 800})
        page.goto(preview.at())
        [frame] = mails(page)
        assert frame.evaluate("innerWidth") == 900


def test_dragging(preview: Preview, browser: Browser) -> None:
    """The grip beside the frame changes its width, by mouse and by keys."""
    with visit(browser, preview.at(width="phone")) as page:
        [frame] = mails(page)
        grip = page.get_by_role("slider")
        grip.press("ArrowRight")
        assert frame.evaluate("innerWidth") == 385
        box = grip.bounding_box()
        assert box
        page.mouse.move(box["x"] + 5, box["y"] + 300)
        page.mouse.down()
        page.mouse.move(box["x"] + 55, box["y"] + 300)
        page.mouse.up()
        assert frame.evaluate("innerWidth") == pytest.approx(485, abs=4)


def test_light_and_dark(preview: Preview, browser: Browser) -> None:
    """Both show at once, whatever this machine prefers."""
    with visit(browser, preview.at(width="phone", scheme="both"), color_scheme="dark") as page:
        light, dark = mails(page)
        assert ground(light) != ground(dark)
    with visit(browser, preview.at(width="phone"), color_scheme="dark") as page:
        [alone] = mails(page)
        assert ground(alone) == "rgb(244, 239, 236)" or ground(alone).startswith("rgb(2")


def test_pictures(preview: Preview, browser: Browser) -> None:
    """Pictures of the blog's folder are shown from there, and can be turned off."""
    shown = "[...document.images].filter((one) => one.naturalWidth).length"
    with visit(browser, preview.at()) as page:
        [frame] = mails(page)
        assert frame.evaluate(shown) > 3
        page.get_by_label("Afbeeldingen").uncheck()
        page.wait_for_timeout(300)
        [frame] = mails(page)
        assert frame.evaluate(shown) == 0


def test_outlook_and_gmail(preview: Preview, browser: Browser) -> None:
    """The imitations say that they are, and drop what those programs drop."""
    with visit(browser, preview.at(scheme="dark")) as page:
        mails(page)
        page.get_by_label("Mailprogramma").select_option("outlook")
        page.wait_for_selector("text=Een benadering van Outlook")
        page.wait_for_timeout(200)
        [frame] = mails(page)
        assert frame.evaluate("document.querySelectorAll('style').length") == 1
        page.get_by_label("Mailprogramma").select_option("gmail")
        page.wait_for_selector("text=Een benadering van Gmail")


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("In de inbox", "Het nieuwe seizoen en meer"),
        ("Tekst", "Beste Sanne,"),
        ("Headers", "List-Unsubscribe-Post"),
        ("Bron", "<!DOCTYPE html>"),
    ],
)
def test_views(preview: Preview, browser: Browser, tab: str, shown: str) -> None:
    """The mail in an inbox's list, its text, headers and source are a tab away."""
    with visit(browser, preview.at()) as page:
        mails(page)
        page.get_by_role("tab", name=tab).click()
        page.locator("#canvas", has_text=shown).wait_for()


def test_saved_and_shown(preview: Preview, browser: Browser) -> None:
    """A saved issue shows without a reload, where one was reading, in every open browser."""
    with visit(browser, preview.at()) as one, visit(browser, preview.at(width="phone")) as two:
        frames = [*mails(one), *mails(two)]
        one.evaluate("document.getElementById('canvas').scrollTop = 400")
        one.evaluate("window.notReloaded = true")
        began = time.monotonic()
        preview.issue.write_text(preview.issue.read_text("utf-8").replace("Beste", "Dag"), "utf-8")
        for frame in frames:
            frame.get_by_text("Dag Sanne").wait_for()
        assert time.monotonic() - began < 5
        assert one.evaluate("document.getElementById('canvas').scrollTop") == 400
        assert one.evaluate("window.notReloaded")


def test_a_broken_template(preview: Preview, browser: Browser) -> None:
    """Its error stands in place of the mail, with file, line and excerpt, until it is mended."""
    template = preview.root / "templates" / "footer.html.j2"
    with visit(browser, preview.at()) as page:
        mails(page)
        template.write_text("een\n{% if %}\ndrie\n", "utf-8")
        page.wait_for_selector(".broken")
        assert "footer.html.j2:2" in page.locator(".broken .place").inner_text()
        assert "{% if %}" in page.locator(".excerpt .here").inner_text()
        template.write_text("<tr><td>Mijn voettekst</td></tr>", "utf-8")
        [frame] = mails(page)
        frame.wait_for_selector("text=Mijn voettekst")


def test_the_configuration(preview: Preview, browser: Browser) -> None:
    """A changed brand colour shows; a mistake in the configuration is told, and mended."""
    config = preview.root / "gymletter.toml"
    good = config.read_text("utf-8")
    with visit(browser, preview.at()) as page:
        mails(page)
        config.write_text(good.replace("color =", "colour ="), "utf-8")
        page.wait_for_selector(".broken")
        assert "brand.colour" in page.locator(".broken").inner_text()
        config.write_text(good.replace("#c2410c", "#0b5fa5"), "utf-8")
        [frame] = mails(page)
        for _ in range(100):
            if frame.evaluate(BAND) == "rgb(11, 95, 165)":
                break
            page.wait_for_timeout(50)
        assert frame.evaluate(BAND) == "rgb(11, 95, 165)"


def test_an_issue_that_goes_and_comes(preview: Preview, browser: Browser) -> None:
    """A deleted issue is told; when it is back, so is the mail."""
    text = preview.issue.read_text("utf-8")
    with visit(browser, preview.at()) as page:
        mails(page)
        preview.issue.unlink()
        page.wait_for_selector("text=there is no such issue")
        preview.issue.write_text(text, "utf-8")
        page.wait_for_selector(".device")
        mails(page)


def test_hostile_names(preview: Preview, browser: Browser) -> None:
    """Markup in titles, subjects and names stays text, in the page and in the mail."""
    evil = "<img src=x onerror=alert(1)>"
    text = preview.issue.read_text("utf-8")
    title = "De kettlebell swing, stap voor stap"
    preview.issue.write_text(text.replace(f"title: {title}", f'title: "{evil}"'), "utf-8")
    with visit(browser, preview.at(**{"as": "odd"})) as page:
        [frame] = mails(page)
        assert evil in frame.locator("body").inner_text()
        assert "<b>Jan & Söhne" in frame.locator("body").inner_text()
        assert page.get_by_label("Titel 3").input_value() == evil
        assert page.locator("img[src=x]").count() == frame.locator("img[src=x]").count() == 0


def test_a_script_in_a_template_does_not_run(preview: Preview, browser: Browser) -> None:
    """The frame runs no script and sends no form, though the page looks into it."""
    (preview.root / "templates" / "footer.html.j2").write_text(
        "<tr><td><script>parent.document.title = 'evil'</script>"
        "<form action='/evil'><button>Klik</button></form>"
        "<a href='javascript:parent.evil = 1' target='_self'>los</a></td></tr>",
        "utf-8",
    )
    with visit(browser, preview.at()) as page:
        [frame] = mails(page)
        frame.get_by_role("button", name="Klik").click()
        frame.get_by_text("los", exact=True).click()
        page.wait_for_timeout(300)
        assert page.title() != "evil"
        assert page.evaluate("window.evil") is None
        assert frame.url.startswith(f"{preview.url}/issue/2025-08/mail")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1440, 375])
def test_accessible(preview: Preview, browser: Browser, scheme: str, width: int) -> None:
    """axe-core has nothing to say about any view, and nothing is wider than the screen."""
    text = preview.issue.read_text("utf-8")
    preview.issue.write_text(text.replace("url: https:", "url: http:"), "utf-8")
    with visit(browser, preview.at(), width=width, color_scheme=scheme) as page:
        mails(page)
        for tab in ("Mail", "In de inbox", "Tekst", "Headers", "Bron"):
            page.get_by_role("tab", name=tab).click()
            page.wait_for_timeout(200)
            assert violations(page) == []
        for number, name in enumerate(["Edities", "Bewerken", "Controle"]):
            if width < 800:
                page.locator(".below").get_by_role("button", name=name).click()
            elif number:
                page.get_by_role("tab", name=name).click()
            page.wait_for_timeout(200)
            assert violations(page) == []
        page.get_by_role("button", name="Stuur een test").click()
        assert violations(page) == []
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_english(preview: Preview, browser: Browser) -> None:
    """The page speaks English to a browser that asks for it."""
    with visit(browser, preview.at(), locale="en-GB") as page:
        assert page.get_by_role("tab", name="In the inbox").is_visible()


def test_two_hundred_issues(preview: Preview, browser: Browser) -> None:
    """They are all listed, with their state, and can be searched."""
    text = preview.issue.read_text("utf-8")
    for number in range(200):
        (preview.root / "issues" / f"extra-{number:03}.md").write_text(text, "utf-8")
    with visit(browser, preview.at()) as page:
        page.locator("#issues li").nth(200).wait_for()
        assert page.locator("#issues li").count() == 201
        page.get_by_label("Zoek een editie").fill("extra-199")
        assert page.locator("#issues li").count() == 1
        page.locator("#issues .chip.ok").wait_for()


def test_a_huge_issue(preview: Preview, browser: Browser) -> None:
    """Five megabytes are shown, and the page still answers."""
    body = f"{'Een lange alinea met tekst. ' * 4000}\n\n" * 47
    preview.issue.write_text(preview.issue.read_text("utf-8") + body, "utf-8")
    with visit(browser, preview.at(panel="findings")) as page:
        page.set_default_timeout(60_000)
        assert preview.issue.stat().st_size > 5_000_000
        page.wait_for_selector("text=size-clipped")
        page.get_by_role("tab", name="Tekst").click()
        page.wait_for_selector("text=De rest is te lang om hier te tonen.")
