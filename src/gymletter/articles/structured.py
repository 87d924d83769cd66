"""Structured data of a page: JSON-LD, OpenGraph and other `<meta>`, microdata.

It was written for machines, so it is asked before any selector or guess.
"""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from gymletter.articles.article import Image
from gymletter.articles.identity import canonical
from gymletter.articles.markup import absolute, image_of, plain
from gymletter.articles.text import words

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.articles.markup import Element

_ARTICLE_TYPES = words(
    "Article BlogPosting NewsArticle SocialMediaPosting Report TechArticle LiveBlogPosting "
    "ScholarlyArticle AdvertiserContentArticle"
)
_DATE_META = words(
    "article:published_time og:published_time article.published date pubdate publishdate "
    "publish-date publish_date publication_date dc.date dc.date.issued dcterms.created "
    "dcterms.date dcterms.issued sailthru.date parsely-pub-date datepublished citation_date"
)
_DEEPEST = 20


@dataclass(frozen=True)
class Facts:
    """What a page's structured data says; "" where it says nothing."""

    title: str = ""
    url: str = ""
    date: str = ""
    summary: str = ""
    image: Image | None = None
    tags: tuple[str, ...] = ()

    def over(self, other: Facts) -> Facts:
        """These facts, completed by others."""
        return Facts(
            self.title or other.title,
            self.url or other.url,
            self.date or other.date,
            self.summary or other.summary,
            _better(self.image, other.image),
            self.tags or other.tags,
        )


def _better(one: Image | None, other: Image | None) -> Image | None:
    """The first picture; the other's alternative text where only that has one."""
    if one and other and one.src == other.src and not one.alt:
        return other
    return one or other


def page_facts(root: Element, url: str) -> Facts:
    """What an article's own page says of itself."""
    articles = json_ld_articles(root, url)
    same = [facts for facts in articles if canonical(facts.url) == canonical(url)]
    json_ld = (same or (articles if len(articles) == 1 else []) or [Facts()])[0]
    return json_ld.over(_meta(root, url)).over(microdata(root, url))


def json_ld_articles(root: Element, url: str) -> list[Facts]:
    """Every article that the page's JSON-LD describes, in its order."""
    found: list[Facts] = []
    for script in root.xpath('//script[@type="application/ld+json"]'):
        nodes = _nodes(_loads(script.text or ""))
        found.extend(_facts(node, url) for node in nodes if _types(node) & _ARTICLE_TYPES)
    return found


def _loads(text: str) -> Any:
    text = re.sub(r"^\s*(<!\[CDATA\[|//<!\[CDATA\[)|(//)?\]\]>\s*$", "", text).strip().rstrip(";")
    try:
        return json.loads(text, strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(value: Any, depth: int = 0) -> Iterator[dict[str, Any]]:
    if depth > _DEEPEST:
        return
    if isinstance(value, list):
        for item in value:
            yield from _nodes(item, depth + 1)
    elif isinstance(value, dict):
        yield value
        for key, item in value.items():
            if key in ("@graph", "mainEntity", "blogPost", "blogPosts", "itemListElement", "item"):
                yield from _nodes(item, depth + 1)


def _types(node: dict[str, Any]) -> set[str]:
    kinds = node.get("@type")
    return {
        str(kind).rsplit("/", 1)[-1] for kind in (kinds if isinstance(kinds, list) else [kinds])
    }


def _facts(node: dict[str, Any], url: str) -> Facts:
    page = node.get("mainEntityOfPage")
    return Facts(
        title=plain(_text(node.get("headline")) or _text(node.get("name"))),
        url=absolute(_text(node.get("url")) or _text(page, "@id") or _text(page, "url"), url),
        date=_text(node.get("datePublished")),
        summary=plain(_text(node.get("description"))),
        image=_image(node.get("image"), url) or _image(node.get("thumbnailUrl"), url),
        tags=_tags(node.get("keywords")),
    )


def _text(value: Any, key: str = "@value") -> str:
    """A JSON-LD value as text: itself, the first of a list, or a key of an object."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, dict):
        value = value.get(key, "")
    return str(value) if isinstance(value, str | int | float) else ""


def _image(value: Any, url: str) -> Image | None:
    if isinstance(value, list):
        value = value[0] if value else None
    alt = ""
    if isinstance(value, dict):
        alt = plain(_text(value.get("caption")) or _text(value.get("description")))
        value = value.get("url") or value.get("contentUrl") or value.get("@id")
    src = absolute(_text(value), url)
    return Image(src, alt) if src else None


def _tags(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return tuple(part.strip() for part in value.split(","))
    return tuple(_text(item) for item in value) if isinstance(value, list) else ()


def _meta(root: Element, url: str) -> Facts:
    said: dict[str, list[str]] = {}
    for meta in root.iter("meta"):
        name = (meta.get("property") or meta.get("name") or "").strip().casefold()
        if name and meta.get("content", "").strip():
            said.setdefault(name, []).append(meta.get("content").strip())

    def first(*names: str) -> str:
        return next((said[name][0] for name in names if name in said), "")

    links = root.xpath('//link[@rel="canonical"]/@href')
    src = absolute(first("og:image:secure_url", "og:image", "og:image:url", "twitter:image"), url)
    return Facts(
        title=plain(first("og:title", "twitter:title")),
        url=absolute(first("og:url") or (links[0] if links else ""), url),
        date=next((texts[0] for name, texts in said.items() if name in _DATE_META), ""),
        summary=plain(first("og:description", "description", "twitter:description")),
        image=Image(src, plain(first("og:image:alt", "twitter:image:alt"))) if src else None,
        tags=tuple(said.get("article:tag", ())),
    )


def microdata(element: Element, url: str) -> Facts:
    """The `itemprop`s of an article below `element`, if there is exactly one article."""

    def prop(name: str) -> list[Element]:
        return list(element.xpath(f'.//*[contains(concat(" ", @itemprop, " "), " {name} ")]'))

    dates = prop("datePublished")
    if len(dates) > 1 and len({_value(found) for found in dates}) > 1:
        return Facts()
    titles, summaries = prop("headline"), prop("description")
    images = [found for found in prop("image") if found.tag == "img"]
    return Facts(
        title=plain(_value(titles[0])) if len(titles) == 1 else "",
        date=_value(dates[0]) if dates else "",
        summary=plain(_value(summaries[0])) if len(summaries) == 1 else "",
        image=image_of(images[0], url) if images else None,
    )


def _value(element: Element) -> str:
    found = element.get("content") or element.get("datetime") or element.text_content()
    return str(found).strip()
