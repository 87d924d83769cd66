"""Articles as the YAML of an issue, and the issue's file."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import yaml

from gymletter.articles.identity import canonical
from gymletter.errors import IssueError, not_written

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.articles.article import Article


def write_text(path: Path, text: str) -> None:
    """Whole or not at all; raises `IssueError` where it cannot be written."""
    partial = path.with_name(f".{path.name}.partial")
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        partial.write_bytes(text.encode())
        partial.replace(path)
    except OSError as error:
        raise not_written(path, error, kind=IssueError) from error


def article_lines(articles: Sequence[Article], indent: int = 2) -> str:
    """The articles as the lines of a YAML list."""
    return "".join(_article(article, " " * indent) for article in articles)


def _article(article: Article, indent: str) -> str:
    lines = [f"{indent}- title: {scalar(article.title)}"]
    if article.url:
        lines.append(f"url: {scalar(article.url)}")
    lines.append(f"date: {article.date.isoformat()}")
    if article.summary:
        lines.append(f"summary: {scalar(article.summary)}")
    if article.image:
        image = article.image
        lines.append(f"image: {{src: {scalar(image.src, flow=True)}, alt: {_alt(image.alt)}}}")
    if canonical(article.id) != canonical(article.url):
        lines.append(f"id: {scalar(article.id)}")
    return f"\n{indent}  ".join(lines) + "\n"


def _alt(alt: str) -> str:
    return scalar(alt, flow=True) if alt else '""'


def flow_article(article: Article) -> str:
    """One article as a flow mapping; JSON is YAML."""
    value = {"title": article.title, "url": article.url, "date": article.date.isoformat()}
    image = article.image
    extra = {
        "summary": article.summary,
        "image": {"src": image.src, "alt": image.alt} if image else None,
        "id": article.id if canonical(article.id) != canonical(article.url) else None,
    }
    return json.dumps(value | {k: v for k, v in extra.items() if v}, ensure_ascii=False)


def scalar(text: str, *, flow: bool = False) -> str:
    """A text as a YAML scalar on one line: bare where that reads back the same, else quoted."""
    sample = f"{{k: {text}}}" if flow else f"k: {text}"
    try:
        if yaml.load(sample, Loader=yaml.SafeLoader) == {"k": text}:
            return text
    except (yaml.YAMLError, ValueError):
        pass
    return json.dumps(text, ensure_ascii=False)
