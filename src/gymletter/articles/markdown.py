"""Markdown in: the body of an article as HTML, with what blog engines add to it taken out."""

from __future__ import annotations

import re

from markdown_it import MarkdownIt

# Hugo's {{< x >}} and {{% x %}}, Jekyll's and Eleventy's {% x %} and {{ x }}.
# Lengths are bounded: signs that are opened a hundred thousand times and never closed cost little.
_SHORTCODE = re.compile(r"\{\{[<%].{,999}?[>%]\}\}|\{%.{,999}?%\}|\{\{.{,999}?\}\}", re.S)
_FIGURE = re.compile(r"\{\{<\s{,9}figure\s(.{,999}?)>\}\}", re.S)
_ATTRIBUTE = re.compile(r'(\w+)\s*=\s*"([^"]*)"')
_EMBED = re.compile(r"!\[\[([^][|\n]{1,999})(?:\|([^][\n]{,999}))?\]\]")
_WIKI_LINK = re.compile(r"\[\[([^][|\n]{1,999})(?:\|([^][\n]{,999}))?\]\]")
_IMAGE_NAME = re.compile(r"\.(jpe?g|png|gif|webp|avif|svg)$", re.I)
_KRAMDOWN = re.compile(r"\{:[^{}\n]{,999}\}")
_MORE = re.compile(r"<!--\s*more\s*-->|^\s*<!--\s*excerpt\s*-->|^---\s*more\s*---$", re.I | re.M)


def to_html(markdown: str) -> str:
    """CommonMark as HTML; raw HTML passes, it becomes text later."""
    return str(MarkdownIt("commonmark", {"html": True}).enable("table").render(_common(markdown)))


def before_more(markdown: str) -> str | None:
    """What stands above `<!--more-->`, or None where there is no such line."""
    found = _MORE.search(markdown)
    return markdown[: found.start()] if found else None


def _common(markdown: str) -> str:
    text = _FIGURE.sub(_figure, markdown)
    text = _KRAMDOWN.sub("", _SHORTCODE.sub("", text))
    return _WIKI_LINK.sub(lambda link: link[2] or link[1], _EMBED.sub(_embed, text))


def _figure(match: re.Match[str]) -> str:
    found = dict(_ATTRIBUTE.findall(match[1]))
    return f"![{found.get('alt', '')}](<{found['src']}>)" if found.get("src") else ""


def _embed(match: re.Match[str]) -> str:
    """Obsidian's `![[picture.jpg|alt or width]]`; other embedded notes are left out."""
    if not _IMAGE_NAME.search(match[1]):
        return ""
    alt = match[2] or ""
    return f"![{'' if re.fullmatch(r'[0-9x]+', alt) else alt}](<{match[1].strip()}>)"
