"""Merge fields in templates and issues become tokens."""

from __future__ import annotations

import dataclasses

import pytest

from gymletter.errors import TemplateError
from gymletter.rendering import render
from gymletter.rendering.merge import fill
from tests.rendering.issues import article, issue, workspace

NAME = '{{ member.first_name | default("sporter") }}'


def test_a_field_stands_as_a_token_in_every_part() -> None:
    """Subject, preheader, HTML and text hold the same ASCII token, and no name or brace."""
    email = render(workspace(), issue(subject=f"Hoi {NAME}", preheader=NAME, body=NAME))
    field = next(f for f in email.fields if f.name == "first_name")
    assert field.default == "sporter"
    assert field.token.isascii()
    assert field.token.isalnum()
    for part in (email.subject, email.preheader, email.html, email.text):
        assert field.token in part
        assert "{{" not in part


def test_the_way_out_is_a_field_of_its_own() -> None:
    """The footer's link is exactly the token that List-Unsubscribe holds."""
    email = render(workspace(), issue())
    token = next(f.token for f in email.fields if f.name == "unsubscribe_url")
    assert f'href="{token}"' in email.html
    assert dict(email.headers)["List-Unsubscribe"] == f"<{token}>"


def test_rendering_again_gives_the_same_bytes() -> None:
    """A resumed campaign and a preview see the same email."""
    assert render(workspace(), issue(12)) == render(workspace(), issue(12))


def test_an_article_that_holds_a_known_token_stays_text() -> None:
    """Tokens depend on every word of the issue, so a copied one is not a merge field."""
    token = render(workspace(), issue()).fields[0].token
    forged = dataclasses.replace(issue(), articles=(article(0, title=f"Win {token}"),))
    email = render(workspace(), forged)
    assert token not in {field.token for field in email.fields}
    assert f"Win {token}" in fill(email, {"unsubscribe_url": "https://x.example/u"}).html


def test_the_same_field_with_two_defaults_is_two_tokens() -> None:
    """Each place keeps its own default."""
    body = NAME + ' {{ member.first_name | default("lid") }} ' + NAME
    email = render(workspace(), issue(body=body))
    assert [f.default for f in email.fields if f.name == "first_name"] == ["sporter", "lid"]


def test_a_field_in_an_address_is_percent_encoded() -> None:
    """`urlencode` makes a token whose value can't break out of the address."""
    body = "[Rooster](https://dekade.example/?wie={{ member.email | urlencode }})"
    email = render(workspace(), issue(body=body))
    values = {"email": 'a&b"@x.example', "unsubscribe_url": "https://x.example/u"}
    assert 'href="https://dekade.example/?wie=a%26b%22%40x.example"' in fill(email, values).html


@pytest.mark.parametrize(
    "body",
    [
        '{% if member.language == "en" %}Hi{% endif %}',
        "{% if member.first_name %}Hoi{% endif %}",
        "{{ member.first_name or 'jij' }}",
        "{% for letter in member.first_name %}{{ letter }}{% endfor %}",
        "{{ 'x' if member.age > 3 else 'y' }}",
        "{{ member.first_name | length }}",
    ],
)
def test_a_condition_on_a_member_is_refused(body: str) -> None:
    """The email is rendered once: a condition needs vary_by, and the error says so."""
    with pytest.raises(TemplateError, match="vary_by"):
        render(workspace(), issue(body=body))


@pytest.mark.parametrize("change", ["upper", "capitalize", "truncate(5, true, '')", "reverse"])
def test_a_filter_that_breaks_a_token_is_refused(change: str) -> None:
    """A filter would change the token instead of the name."""
    with pytest.raises(TemplateError, match="default and urlencode"):
        render(workspace(), issue(body=f"{{{{ member.first_name | {change} }}}}"))


@pytest.mark.parametrize(
    ("language", "greeting"), [("en", "Hello"), ("nl", "Hallo"), ("", "Hallo")]
)
def test_a_field_in_vary_by_can_decide(language: str, greeting: str) -> None:
    """One rendering per value, each with the value itself in place."""
    body = '{{ "Hello" if member.language | default("nl") == "en" else "Hallo" }} daar'
    varied = issue(body=body, vary_by=("language",))
    email = render(workspace(), varied, vary={"language": language})
    assert f"{greeting} daar" in email.text
    assert "language" not in {field.name for field in email.fields}


def test_varying_by_what_the_issue_does_not_name_is_refused() -> None:
    """A caller's mistake is not swallowed."""
    with pytest.raises(TemplateError, match="does not vary by 'city'"):
        render(workspace(), issue(), vary={"city": "Schiedam"})


def test_member_itself_is_not_a_value() -> None:
    """`{{ member }}` names no field."""
    with pytest.raises(TemplateError, match="Name a field"):
        render(workspace(), issue(body="{{ member }}"))
