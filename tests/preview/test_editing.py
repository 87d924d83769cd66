"""Editing in place: what is typed into the page is in the file, and can be taken back."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from gymletter.issue import read_issue
from gymletter.workspace import open_workspace
from tests.browser import violations, visit
from tests.preview.conftest import freeze_issue, import_members

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from gymletter.issue import Issue
    from tests.preview.conftest import Preview

pytestmark = pytest.mark.browser


def saved(preview: Preview) -> Issue:
    """The issue as its file has it."""
    return read_issue(open_workspace(preview.root), "2025-08")


def type_into(page: Page, label: str, text: str) -> None:
    """Replace what a field holds and leave it, and wait until it is saved."""
    field = page.get_by_label(label, exact=True)
    field.fill(text)
    with page.expect_response("**/edit"):
        field.press("Enter")
    page.wait_for_load_state("networkidle")


def test_texts(preview: Preview, browser: Browser) -> None:
    """Subject, preheader, a title and a summary are saved; a comment in the file stays."""
    text = preview.issue.read_text("utf-8")
    preview.issue.write_text(text.replace("since:", "# van ons\nsince:"), "utf-8")
    with visit(browser, preview.at()) as page:
        type_into(page, "Onderwerp", "Nieuw: “onderwerp”")
        type_into(page, "Preheader", "Voorproefje")
        type_into(page, "Titel 2", "Andere titel")
        type_into(page, "Samenvatting 2", "Andere samenvatting")
    issue = saved(preview)
    assert (issue.subject, issue.preheader) == ("Nieuw: “onderwerp”", "Voorproefje")
    assert (issue.articles[1].title, issue.articles[1].summary) == (
        "Andere titel",
        "Andere samenvatting",
    )
    assert "# van ons\nsince:" in preview.issue.read_text("utf-8")


def test_the_mail_follows(preview: Preview, browser: Browser) -> None:
    """What was edited shows in the mail."""
    with visit(browser, preview.at()) as page:
        page.wait_for_selector(".screen[data-ready]")
        type_into(page, "Titel 1", "Dit is nieuw")
        page.frame_locator("iframe").get_by_text("Dit is nieuw").first.wait_for()


def test_undo(preview: Preview, browser: Browser) -> None:
    """Each edit can be taken back, the last one first, to the byte."""
    before = preview.issue.read_bytes()
    with visit(browser, preview.at()) as page:
        type_into(page, "Onderwerp", "Een")
        type_into(page, "Onderwerp", "Twee")
        for subject in ("Een", "Het nieuwe seizoen en meer"):
            with page.expect_response("**/edit"):
                page.get_by_role("button", name="Maak ongedaan").click()
            page.wait_for_load_state("networkidle")
            assert saved(preview).subject == subject
        page.locator("#undo").wait_for(state="hidden")
    assert preview.issue.read_bytes() == before


def test_picking(preview: Preview, browser: Browser) -> None:
    """Articles are taken out, put in and moved; what was skipped is listed with the reason."""
    titles = [article.title for article in saved(preview).articles]
    with visit(browser, preview.at()) as page:
        with page.expect_response("**/edit"):
            page.get_by_label(f"Opnemen: {titles[0]}").uncheck()
        page.wait_for_load_state("networkidle")
        assert [a.title for a in saved(preview).articles] == titles[1:]
        with page.expect_response("**/edit"):
            page.get_by_label(f"Opnemen: {titles[0]}").check()
        page.wait_for_load_state("networkidle")
        assert [a.title for a in saved(preview).articles] == [*titles[1:], titles[0]]
        with page.expect_response("**/edit"):
            page.get_by_label(f"Omhoog: {titles[0]}").click()
        page.wait_for_load_state("networkidle")
        assert [a.title for a in saved(preview).articles][-2] == titles[0]
        page.get_by_text("Overgeslagen").click()
        assert page.locator(".skipped").first.inner_text()


def test_dragging_an_article(preview: Preview, browser: Browser) -> None:
    """An article that is dragged by its handle lands where it is dropped, down and up."""
    from playwright.sync_api import expect

    titles = [article.title for article in saved(preview).articles]
    with visit(browser, preview.at(), viewport={"width": 1280, "height": 1600}) as page:
        page.wait_for_load_state("networkidle")
        for start, end in ((0, 2), (2, 1)):
            handle = page.locator(".taken .handle").nth(start)
            with page.expect_response("**/articles"), page.expect_response("**/edit"):
                handle.drag_to(page.locator(".taken > li").nth(end))
            titles.insert(end, titles.pop(start))
            assert [article.title for article in saved(preview).articles] == titles
            expect(page.get_by_label(f"Titel {end + 1}")).to_have_value(titles[end])


def test_what_was_sent_is_fixed(preview: Preview, browser: Browser) -> None:
    """An issue that has a campaign says so, calmly, and nothing in its panel can be changed."""
    freeze_issue(preview.root)
    before = preview.issue.read_bytes()
    with visit(browser, preview.at()) as page:
        page.get_by_text("Verstuurd: deze editie ligt vast").wait_for()
        controls = page.locator(".editing :is(textarea, input, button)")
        assert controls.count() > 6
        assert all(one.is_disabled() for one in controls.all())
        assert page.locator(".handle[draggable=true]").count() == 0
        assert page.locator("#undo").is_hidden()
        assert page.get_by_role("button", name="Stuur een test").is_enabled()
        assert violations(page) == []
    with visit(browser, preview.at(), locale="en-GB") as page:
        page.get_by_text("Sent: this issue is fixed").wait_for()
    assert preview.issue.read_bytes() == before


def test_sent_while_it_is_edited(preview: Preview, browser: Browser) -> None:
    """An edit that comes too late is refused with the same words; what was typed stays."""
    before = preview.issue.read_bytes()
    with visit(browser, preview.at()) as page:
        field = page.get_by_label("Onderwerp", exact=True)
        field.fill("Te laat")
        freeze_issue(preview.root)
        with page.expect_response("**/edit") as answer:
            field.press("Enter")
        assert answer.value.status == 409
        page.locator(".fixed", has_text="Verstuurd: deze editie ligt vast").wait_for()
        assert field.is_disabled()
        assert field.input_value() == "Te laat"
    assert preview.issue.read_bytes() == before


def test_the_file_has_changed(preview: Preview, browser: Browser) -> None:
    """An edit of what another changed meanwhile is refused first; what was typed stays."""
    with visit(browser, preview.at()) as page:
        field = page.get_by_label("Onderwerp", exact=True)
        field.fill("Van de pagina")
        text = preview.issue.read_text("utf-8")
        preview.issue.write_text(text.replace("subject: Het", "subject: Ons"), "utf-8")
        page.wait_for_selector("text=intussen veranderd")
        with page.expect_response("**/edit") as answer:
            field.press("Enter")
        assert answer.value.status == 409
        page.wait_for_load_state("networkidle")
        assert saved(preview).subject == "Ons nieuwe seizoen en meer"
        assert field.input_value() == "Van de pagina"
        with page.expect_response("**/edit") as answer:
            field.press("Enter")
        assert answer.value.status == 200
    assert saved(preview).subject == "Van de pagina"


def test_typing_while_the_file_changes(preview: Preview, browser: Browser) -> None:
    """What is being typed is not overwritten by the page that follows the file."""
    with visit(browser, preview.at()) as page:
        field = page.get_by_label("Onderwerp", exact=True)
        field.fill("Half getypt")
        text = preview.issue.read_text("utf-8")
        preview.issue.write_text(text.replace("Beste", "Dag"), "utf-8")
        page.frame_locator("iframe").get_by_text("Dag Sanne").wait_for()
        assert field.input_value() == "Half getypt"
        with page.expect_response("**/edit"):
            field.press("Enter")
        page.wait_for_load_state("networkidle")
    assert saved(preview).subject == "Half getypt"
    assert "Dag " in preview.issue.read_text("utf-8")


def test_a_finding_leads_to_its_place(preview: Preview, browser: Browser) -> None:
    """A click on a finding marks its place in the mail, and its line in the source."""
    text = preview.issue.read_text("utf-8")
    preview.issue.write_text(text.replace("url: https:", "url: http:"), "utf-8")
    with visit(browser, preview.at(panel="findings")) as page:
        page.wait_for_selector(".screen[data-ready]")
        place = page.locator("[data-place^='html:']").first
        place.click()
        page.locator(".mark").first.wait_for()
        page.get_by_role("tab", name="Bron").click()
        place.click()
        line = page.locator(".lines .here")
        line.wait_for()
        assert f"html:{line.get_attribute('data-number')}" == place.get_attribute("data-place")


def test_as_a_member(preview: Preview, browser: Browser) -> None:
    """The mail as a made-up member without a name, and as a member of the store."""
    import_members(preview.root)
    with visit(browser, preview.at()) as page:
        page.locator("#as").click()
        page.get_by_role("button", name="Zonder voornaam").click()
        page.frame_locator("iframe").get_by_text("Beste sporter,").wait_for()
        page.locator("#as").click()
        page.get_by_label("Zoek een lid").fill("anna de v")
        page.get_by_role("button", name="Anna de Vries").click()
        page.frame_locator("iframe").get_by_text("Beste Anna,").wait_for()
        assert page.locator("#as-name").inner_text() == "Anna de Vries"


def test_a_test_mail(preview: Preview, browser: Browser) -> None:
    """One test goes to one address, and its result is told."""
    with visit(browser, preview.at()) as page:
        page.get_by_role("button", name="Stuur een test").click()
        page.get_by_label("Naar", exact=True).fill("jij@dekade.example")
        page.get_by_role("button", name="Stuur", exact=True).click()
        page.wait_for_selector("text=jij@dekade.example: accepted")
    assert preview.tests == [("2025-08", "jij@dekade.example")]
