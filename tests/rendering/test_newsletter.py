"""From an issue to an email: what stands in it, and what of a blog never does."""

from __future__ import annotations

import dataclasses
import re
import textwrap
from typing import TYPE_CHECKING, Any

import lxml.html
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from gymletter.rendering import render
from gymletter.rendering.inline import visible
from gymletter.rendering.sample import sample
from tests.rendering.issues import BLOCKS, TITLES, article, issue, workspace

if TYPE_CHECKING:
    from gymletter.rendering.email import Email

HOSTILE = (
    "<script>alert(1)</script><img src=x onerror=alert(1)>\"'>",
    "{{ member.email }}{% for x in y %}",
    "</style></title><!-- --> <![endif]-->",
    "a\x00b\x0bc\x92d\u202ee\u200bf\ud800g\ufeff",
    "&lt;b&gt; &amp;amp; &#60;",
    "<b>" * 400 + "diep",
)


def _body(email: Email) -> Any:
    return lxml.html.document_fromstring(email.html.encode()).find("body")


@pytest.mark.parametrize("count", [0, 1, 2, 3, 12])
@pytest.mark.parametrize("pictures", [True, False])
def test_every_article_is_there_once_with_its_link(count: int, pictures: bool) -> None:
    """Title, summary, date and address, in the HTML and in the text part."""
    made = issue(count, pictures=pictures)
    email = render(workspace(), made)
    words = " ".join(_body(email).text_content().split())
    text = " ".join(email.text.split())
    for each in made.articles:
        assert words.count(each.title) == text.count(each.title) == 1
        assert f'href="{each.url}"' in email.html
        assert each.url in email.text
        assert each.summary in words
        assert each.summary in text
        assert f"{each.date.day} augustus 2025" in words
    assert len(_body(email).findall(".//img")) == (count if pictures else 0)


@pytest.mark.parametrize("hostile", HOSTILE)
def test_text_of_a_blog_is_text(hostile: str) -> None:
    """No markup, script, merge field, comment or invisible character of an article gets through."""
    bad = dataclasses.replace(
        article(0, title=f"T {hostile}", summary=f"S {hostile}", tags=(hostile,)),
        image=dataclasses.replace(article(0).image, alt=hostile),  # type: ignore[type-var]
    )
    calm = issue(articles=(article(0),))
    email = render(workspace(), dataclasses.replace(calm, articles=(bad,)))
    tags = [element.tag for element in _body(email).iter()]
    assert tags == [element.tag for element in _body(render(workspace(), calm)).iter()]
    assert {field.name for field in email.fields} == {"first_name", "unsubscribe_url"}
    assert "onerror=alert(1)>" not in re.sub("&[a-z#0-9]+;", "", email.html)
    for part in (email.html, email.text):
        assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\u202e\u200b\ud800-\udfff]", part)


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(max_size=200), st.text(max_size=200), st.text(max_size=80))
def test_any_text_of_a_blog_makes_a_whole_email(title: str, summary: str, url: str) -> None:
    """Fuzzed: the structure is the same, the visible text is the article's, nothing is lost."""
    bad = article(0, title=title, summary=summary, url=url)
    email = render(workspace(), issue(articles=(bad, article(1))))
    assert email.html.startswith("<!DOCTYPE html>")
    assert [h.tag for h in _body(email).iter("h1", "h2", "h3")] == ["h1", "h2", "h2", "h3"]
    assert TITLES[1].replace(" ", "") in visible(email.html)
    email.html.encode("utf-8")
    email.text.encode("utf-8")
    for a in _body(email).iter("a"):
        assert re.match(r"https?://|mailto:|tel:|gm[0-9a-f]{22}$", a.get("href"))


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.text(alphabet=st.sampled_from("*_`[]()<>!#-+>|\\&;:/.\"' \n\tab1é\x00"), max_size=300))
def test_any_markdown_makes_a_whole_email(body: str) -> None:
    """Fuzzed: no element or link that Markdown doesn't have."""
    email = render(workspace(), issue(1, body=body))
    assert not list(_body(email).iter("script", "iframe", "style", "form"))
    assert TITLES[0].replace(" ", "") in visible(email.html)


def test_the_text_part_is_wrapped_and_has_every_link_in_full() -> None:
    """72 characters at most but for addresses; nothing invisible; the same links as the HTML."""
    email = sample(workspace(), render(workspace(links={"utm": {}}), issue(6, **BLOCKS)))
    for line in email.text.split("\n"):
        assert len(line) <= 72 or re.search(r"https?://\S+", line)
        assert line == line.rstrip()
    links = {a.get("href") for a in _body(email).iter("a")}
    assert links
    assert [link for link in links if link not in email.text] == []
    assert "\ufeff" not in email.text
    assert "\n\n\n" not in email.text


def test_the_blocks_are_in_both_parts() -> None:
    """Call to action, agenda and quote; merge fields work in them."""
    blocks = {**BLOCKS, "cta": dataclasses.replace(BLOCKS["cta"], text="Hoi {{ member.city }}")}
    email = render(workspace(), issue(**blocks))
    token = next(f.token for f in email.fields if f.name == "city")
    for part in (" ".join(_body(email).text_content().split()), " ".join(email.text.split())):
        for words in (f"Hoi {token}", "za 6 september", "Open dag, 10.00", "Je moet beginnen"):
            assert words in part
    assert 'href="https://dekade.example/proefles"' in email.html
    assert "Agenda" not in render(workspace(), issue()).html


@pytest.mark.parametrize(
    ("language", "words", "month"),
    [("nl", "Afmelden voor deze nieuwsbrief", "augustus"), ("en", "Unsubscribe from", "August")],
)
def test_the_fixed_texts_follow_the_language(language: str, words: str, month: str) -> None:
    """The issue's own language goes before the configuration's."""
    for email in (
        render(workspace(newsletter={"language": language}), issue()),
        render(workspace(), issue(language=language)),
    ):
        assert words in email.html
        assert words in email.text
        assert month in email.html
        assert f'<html lang="{language}"' in email.html


def test_without_a_logo_the_senders_name_stands_there() -> None:
    """With one, it is the picture's alternative text."""
    assert "<img" not in render(workspace(), issue(0)).html
    branded = render(workspace(brand={"logo": "https://dekade.example/l.png"}), issue(0)).html
    assert 'src="https://dekade.example/l.png" width="160" alt="Sportschool De Kade"' in branded


@pytest.mark.parametrize("mode", ["hosted", "provider", "mailto"])
def test_the_headers_a_mailbox_asks_for(mode: str) -> None:
    """List-Unsubscribe-Post everywhere but in mailto mode; List-Id is stable per newsletter."""
    email = render(
        workspace(unsubscribe={"mode": mode, "base_url": "https://n.example", "address": "a@b.nl"}),
        issue(),
    )
    headers = dict(email.headers)
    assert headers["List-Id"] == "<nieuws.dekade.example>"
    assert ("List-Unsubscribe-Post" in headers) == (mode != "mailto")


def test_an_article_in_two_months_names_both() -> None:
    """The period in the header is the months of the issue's days."""
    wide = dataclasses.replace(issue(), since=issue().since.replace(month=7))
    assert "juli – augustus 2025" in render(workspace(), wide).html


def test_the_html_is_light_and_has_no_traces_of_its_making() -> None:
    """No indentation, no comment but Outlook's, no unused class, no template syntax."""
    html = render(workspace(), issue(12)).html
    assert len(html.encode()) < 40 * 1024
    assert not re.search(r"\n\s+<", html)
    assert not re.search(r"<!--(?!\[if|<!\[endif)", html)
    assert "{{" not in html
    assert "data-premailer" not in html
    assert textwrap.dedent(html) == html
