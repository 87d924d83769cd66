"""Links: usable addresses, names that say where they go, and (online) an answer."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, urlsplit

from gymletter.checks.finding import Code
from gymletter.network import is_private_host
from gymletter.rendering.links import safe_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.checks.page import Link, Page

_BARE = re.compile(
    r"(lees|bekijk|ontdek|read|see|view|learn)?\s*(meer|verder|hier|more|on|here)|klik( hier)?|"
    r"click( here)?|link|deze link|this link|https?://\S+",
    re.IGNORECASE,
)

CODES = {
    "link-address": Code(
        "error",
        "A link's address is not a complete http(s), mailto or tel address",
        "Write the whole address, beginning with https://",
    ),
    "link-article": Code(
        "error",
        "An article's address is unusable, so its title is not a link",
        "Correct its url in the issue's front matter",
    ),
    "link-insecure": Code(
        "warning", "A link goes over http, without encryption", "Use https:// if the site has it"
    ),
    "link-local": Code(
        "error",
        "A link goes to a machine that members can't reach",
        "Use the address under which the site is public",
    ),
    "link-empty": Code("error", "A link has no words and no alternative text", "Give it words"),
    "link-bare": Code(
        "warning",
        "A link's words don't say where it goes, such as 'lees meer'",
        "Use the title, or say what is behind it",
    ),
    "link-ambiguous": Code(
        "warning",
        "Two links with the same words go to different places",
        "Give each its own words",
    ),
    "link-utm": Code(
        "note",
        "A link lacks the UTM parameters that [links] asks for",
        "Write it as {{ link(address) }} in the template",
    ),
}


def find(page: Page) -> Iterator[tuple[str, str, str]]:
    """Yield code, message and place."""
    shown = {link.url for link in page.links}
    for article in page.issue.articles:
        if not any(url.startswith(_stem(article.url)) for url in shown):
            yield "link-article", f"{article.title!r} links to {article.url!r}", "html:1"
    for link in page.links:
        yield from _address(link)
        yield from _name(link)
        if page.workspace.config.links.utm and _lacks_utm(link.url, page.way_out):
            yield "link-utm", f"{link.name!r} goes to {link.url}", link.place
    yield from _ambiguous(page.links)


def _stem(url: str) -> str:
    """What an article's link must begin with; impossible for an unusable address."""
    return safe_url(url).partition("#")[0] or "\0"


def _address(link: Link) -> Iterator[tuple[str, str, str]]:
    said = f"{link.name!r} goes to {link.url!r}"
    if not safe_url(link.url):
        yield "link-address", said, link.place
    elif link.url.lower().startswith("http"):
        if is_private_host(urlsplit(link.url).hostname or ""):
            yield "link-local", said, link.place
        elif link.url.lower().startswith("http:"):
            yield "link-insecure", said, link.place


def _lacks_utm(url: str, way_out: str) -> bool:
    if not url.lower().startswith("http") or url == way_out:
        return False
    return "utm_source" not in parse_qs(urlsplit(url).query)


def _name(link: Link) -> Iterator[tuple[str, str, str]]:
    if not link.name:
        yield "link-empty", f"the link to {link.url} has no words", link.place
    elif _BARE.fullmatch(link.name.rstrip(" .…→>»")):
        yield "link-bare", f"{link.name!r} doesn't say where it goes", link.place


def _ambiguous(links: tuple[Link, ...]) -> Iterator[tuple[str, str, str]]:
    first: dict[str, str] = {}
    for link in links:
        other = first.setdefault(link.name.casefold(), link.url)
        if link.name and other != link.url:
            said = f"{link.name!r} goes to {link.url} and to {other}"
            yield "link-ambiguous", said, link.place
