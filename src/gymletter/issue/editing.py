"""Changing single values of an issue's text: its subject, a title, the order of its articles.

Invariant: all that was not asked to change stands there still, byte for byte; where that cannot be
had, nothing is changed and an `IssueError` says so.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import yaml

from gymletter.articles.identity import title_and_day
from gymletter.errors import IssueError
from gymletter.issue.inserting import end_of_line, insert, spliced
from gymletter.issue.reading import head_of, parse_head, parse_issue
from gymletter.issue.writing import article_lines, flow_article, scalar

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.articles.article import Article
    from gymletter.issue.model import Issue

IssueField = Literal["subject", "preheader"]
ArticleField = Literal["title", "summary"]


def set_text(text: str, path: Path, field: IssueField, value: str) -> str:
    """The text of the issue with another subject or preheader."""
    value = " ".join(value.split())
    node = parse_head(head_of(text, path)[1], path)
    changed = _put(text, path, node, field, value)
    issue = parse_issue(text, path)
    wanted = (
        replace(issue, subject=value) if field == "subject" else replace(issue, preheader=value)
    )
    return _verified(changed, path, wanted)


def set_article(text: str, path: Path, index: int, field: ArticleField, value: str) -> str:
    """The text with another title or summary of its `index`-th article, which stays the same one.

    An article that was known by its title keeps its identity in a line `id`.
    """
    value = " ".join(value.split())
    issue = parse_issue(text, path)
    before = _nth(issue.articles, index, path)
    after = replace(before, title=value) if field == "title" else replace(before, summary=value)
    changed = _put(text, path, _article_node(text, path, index), field, value)
    if field == "title" and before.id == title_and_day(before.title, before.date):
        changed = _put(changed, path, _article_node(changed, path, index), "id", before.id)
    articles = (*issue.articles[:index], after, *issue.articles[index + 1 :])
    return _verified(changed, path, replace(issue, articles=articles))


def arrange(text: str, path: Path, articles: Sequence[int | Article]) -> str:
    """The text with these articles in this order: numbers of those it has, and new ones."""
    issue = parse_issue(text, path)
    chosen = [_nth(issue.articles, a, path) if isinstance(a, int) else a for a in articles]
    wanted = replace(issue, articles=tuple(chosen))
    match = head_of(text, path)
    node = next((v for k, v in parse_head(match[1], path).value if k.value == "articles"), None)
    if not isinstance(node, yaml.SequenceNode) or not node.value:
        return _verified(insert(text, chosen, path), path, wanted) if chosen else text
    shift, newline = match.start(1), "\r\n" if "\r\n" in text else "\n"
    if node.flow_style:
        start, end = shift + node.start_mark.index, shift + node.end_mark.index
        parts = [text[shift + n.start_mark.index : shift + n.end_mark.index] for n in node.value]
        new = ", ".join(parts[a] if isinstance(a, int) else flow_article(a) for a in articles)
        return _verified(spliced(text, start, end, f"[{new}]"), path, wanted)
    chunks, start, end = _chunks(match[1], node)
    lines = [
        chunks[a] if isinstance(a, int) else _lines(a, node.start_mark.column, newline)
        for a in articles
    ]
    return _verified(spliced(text, shift + start, shift + end, "".join(lines)), path, wanted)


def _lines(article: Article, indent: int, newline: str) -> str:
    return article_lines([article], indent).replace("\n", newline)


def _nth(articles: tuple[Article, ...], index: int, path: Path) -> Article:
    if not 0 <= index < len(articles):
        raise IssueError(f"there is no article {index + 1}", place=str(path))
    return articles[index]


def _article_node(text: str, path: Path, index: int) -> yaml.MappingNode:
    node = parse_head(head_of(text, path)[1], path)
    found = next((value for key, value in node.value if key.value == "articles"), None)
    item = found.value[index] if isinstance(found, yaml.SequenceNode) else None
    if not isinstance(item, yaml.MappingNode):
        raise _not_editable(path)
    return item


def _put(text: str, path: Path, mapping: yaml.MappingNode, key: str, value: str) -> str:
    """The text with `key: value` in that mapping of its head, in place or behind its last key."""
    match = head_of(text, path)
    shift, flow = match.start(1), bool(mapping.flow_style)
    newline = "\r\n" if "\r\n" in text else "\n"
    written = scalar(value, flow=flow) if value else '""'
    for name, node in mapping.value:
        if name.value == key:
            return _replaced(text, shift, node, written, newline)
    if flow:
        at = shift + mapping.end_mark.index - 1
        return spliced(text, at, at, f", {key}: {written}")
    first, last = mapping.value[0][0], mapping.value[-1][1]
    at = shift + end_of_line(match[1], last)
    line = f"{' ' * first.start_mark.column}{key}: {written}{newline}"
    return spliced(text, at, at, line if text[at - 1] == "\n" else newline + line)


def _replaced(text: str, shift: int, node: yaml.Node, written: str, newline: str) -> str:
    start, end = shift + node.start_mark.index, shift + node.end_mark.index
    if start == end:  # `key:` with nothing behind it
        return spliced(text, start, end, f" {written}")
    kept = text[start:end]
    if kept.endswith("\n"):  # a block text (| or >) takes its line end along
        blank = kept[len(kept.rstrip("\r\n")) :]
        return spliced(text, start, end, written + (blank or newline))
    return spliced(text, start, end, written)


def _chunks(head: str, node: yaml.SequenceNode) -> tuple[list[str], int, int]:
    """Each item with the comments above it; where the first begins and the last ends."""
    starts = [_with_comments(head, item.start_mark.index) for item in node.value]
    end = end_of_line(head, node.value[-1])
    return (
        [head[a:b] for a, b in zip(starts, [*starts[1:], end], strict=True)],
        starts[0],
        end,
    )


def _with_comments(head: str, index: int) -> int:
    start = head.rfind("\n", 0, index) + 1
    while start:
        above = head.rfind("\n", 0, start - 1) + 1
        if not head[above:start].lstrip().startswith("#"):
            break
        start = above
    return start


def _verified(text: str, path: Path, wanted: Issue) -> str:
    """The text, if it reads as the issue that was wanted."""
    try:
        found = parse_issue(text, path)
    except IssueError as error:
        raise (_not_editable(path) if "YAML" in error.message else error) from error
    if _told(found) != _told(wanted):
        raise _not_editable(path)
    return text


def _told(issue: Issue) -> Issue:
    """The issue without what a source adds to an article but an issue does not keep."""
    kept = tuple(replace(a, tags=(), source="", body="") for a in issue.articles)
    return replace(issue, articles=kept)


def _not_editable(path: Path) -> IssueError:
    return IssueError(
        "is written in a way that cannot be changed here",
        place=str(path),
        remedy="Change it in your editor; the page follows",
    )
