"""From an issue to an `Email`: the templates are rendered and inlined, once.

Invariant: the same workspace and issue give the same bytes.
"""

from __future__ import annotations

import dataclasses
from email.utils import parseaddr
from pathlib import Path
from typing import TYPE_CHECKING

from gymletter.errors import TemplateError
from gymletter.issue import Cta, DateItem, Dates, Quote
from gymletter.rendering import markdown, templates
from gymletter.rendering.clean import plain, plain_lines
from gymletter.rendering.colors import palette
from gymletter.rendering.email import Email
from gymletter.rendering.inline import inline
from gymletter.rendering.links import safe_url, tracked
from gymletter.rendering.plaintext import tidy
from gymletter.rendering.texts import TEXTS, day, period
from gymletter.rendering.tokens import Member, Tokens

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from jinja2 import Environment

    from gymletter.articles.article import Article, Image
    from gymletter.config import Config
    from gymletter.issue import Issue
    from gymletter.workspace import Workspace


@dataclasses.dataclass(frozen=True)
class Card:
    """An article as the templates show it. `url` is "" where the article's is not usable."""

    title: str
    url: str
    day: str
    label: str
    summary: str
    image: Image | None


@dataclasses.dataclass(frozen=True)
class _Draft:
    """What the templates are given, before any of them is rendered."""

    env: Environment
    tokens: Tokens
    member: Member
    context: dict[str, object]

    def html(self) -> str:
        return templates.render_file(self.env, "newsletter.html.j2", self.context)

    def text(self) -> str:
        return tidy(templates.render_file(self.env, "newsletter.txt.j2", self.context))


def render_newsletter(workspace: Workspace, issue: Issue, vary: Mapping[str, str]) -> Email:
    """See `gymletter.rendering.render`."""
    newsletter = workspace.config.newsletter
    draft = _draft(workspace, issue, vary)
    email = Email(
        subject=str(draft.context["subject"]),
        preheader=str(draft.context["preheader"]),
        html=inline(draft.html()),
        text=draft.text(),
        sender=newsletter.sender,
        reply_to=newsletter.reply_to,
        headers=_headers(workspace.config, str(draft.member.unsubscribe_url)),
    )
    for part in (email.subject, email.preheader, email.html, email.text):
        draft.tokens.count(part)
    return dataclasses.replace(email, fields=draft.tokens.fields)


def source_of(workspace: Workspace, issue: Issue) -> str:
    """The HTML as the templates write it, its style sheets not yet inlined."""
    return _draft(workspace, issue, {}).html()


def _draft(workspace: Workspace, issue: Issue, vary: Mapping[str, str]) -> _Draft:
    config = workspace.config
    tokens = Tokens(_seed(config, issue))
    member = Member(tokens, _chosen(issue, vary))
    env = templates.environment(workspace.templates)

    def say(text: str) -> str:
        return templates.render_text(env, text, {"member": member}, issue.path)

    def link(url: str) -> str:
        return _link(url, tokens, config, issue)

    body = say(plain_lines(issue.body))
    context = _context(config, _with_public_pictures(workspace, issue), link) | {
        "subject": plain(say(issue.subject)),
        "preheader": plain(say(issue.preheader)),
        "member": member,
        "intro_html": _safe(markdown.to_html(body, link)),
        "intro_text": markdown.to_text(body, link),
        **_blocks(issue, say, link),
    }
    return _Draft(env, tokens, member, context)


def _seed(config: Config, issue: Issue) -> str:
    return repr(dataclasses.replace(issue, path=Path())) + config.model_dump_json()


def _chosen(issue: Issue, vary: Mapping[str, str]) -> dict[str, str]:
    for name in vary:
        if name not in issue.vary_by:
            raise TemplateError(
                f"the newsletter does not vary by {name!r}",
                place=str(issue.path),
                remedy=f"Add {name} to vary_by in the issue's front matter",
            )
    return {name: vary.get(name, "") for name in issue.vary_by}


def _safe(html: str) -> object:
    from markupsafe import Markup

    return Markup(html)  # noqa: S704  (made by markdown-it with HTML switched off)


def _link(url: str, tokens: Tokens, config: Config, issue: Issue) -> str:
    """A link as it goes into the mail; one that begins with a merge field is the member's own."""
    if any(url.startswith(field.token) for field in tokens.fields):
        return url
    return tracked(safe_url(url), config.links.utm, issue.id)


def _context(config: Config, issue: Issue, link: Callable[[str], str]) -> dict[str, object]:
    language = issue.language or config.newsletter.language
    texts = TEXTS.get(language, TEXTS["en"])
    sender, address = parseaddr(config.newsletter.sender)
    return {
        "newsletter": config.newsletter,
        "brand": config.brand,
        "font": config.brand.font.translate(str.maketrans("", "", "<>{};\\")),
        "palette": palette(config.brand.color, config.brand.accent),
        "issue": issue,
        "language": language,
        "t": texts,
        "sender": sender or address,
        "period": period(issue.since, issue.until, language),
        "link": link,
        "website": link(config.newsletter.website),
        "articles": [_card(article, link, language) for article in issue.articles],
    }


def _with_public_pictures(workspace: Workspace, issue: Issue) -> Issue:
    """The issue with its converted pictures in place of the blog's."""
    if workspace.config.images.base_url is None:
        return issue
    from gymletter.rendering.pictures import public_pictures

    public = public_pictures(workspace, issue)
    articles = (
        dataclasses.replace(a, image=dataclasses.replace(a.image, src=public[a.image.src]))
        if a.image and a.image.src in public
        else a
        for a in issue.articles
    )
    return dataclasses.replace(issue, articles=tuple(articles))


def _blocks(
    issue: Issue, say: Callable[[str], str], link: Callable[[str], str]
) -> dict[str, object]:
    """The optional blocks, which a person wrote: merge fields are possible in them."""

    def words(text: str) -> str:
        return plain(say(text))

    cta, dates, quote = issue.cta, issue.dates, issue.quote
    return {
        "cta": cta and Cta(words(cta.text), link(words(cta.url))),
        "dates": dates
        and Dates(
            words(dates.title),
            tuple(DateItem(words(item.when), words(item.what)) for item in dates.items),
        ),
        "quote": quote and Quote(words(quote.text), quote.by and words(quote.by)),
    }


def _card(article: Article, link: Callable[[str], str], language: str) -> Card:
    return Card(
        title=plain(article.title),
        url=link(article.url),
        day=day(article.date, language),
        label=plain(article.tags[0]) if article.tags else "",
        summary=plain(article.summary),
        image=_picture(article.image, plain(article.title)),
    )


def _picture(image: Image | None, title: str) -> Image | None:
    """The picture, if its address is usable; it is a link, so it never goes without words."""
    if image is None or not safe_url(image.src):
        return None
    return dataclasses.replace(image, src=safe_url(image.src), alt=plain(image.alt) or title)


def _headers(config: Config, unsubscribe: str) -> tuple[tuple[str, str], ...]:
    """RFC 2369, RFC 8058 (not where the way out is a mailto: address) and RFC 2919."""
    one_click = (("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"),)
    local, _, domain = parseaddr(config.newsletter.sender)[1].rpartition("@")
    return (
        ("List-Unsubscribe", f"<{unsubscribe}>"),
        *(one_click if config.unsubscribe.mode != "mailto" else ()),
        ("List-Id", f"<{local}.{domain}>"),
    )
