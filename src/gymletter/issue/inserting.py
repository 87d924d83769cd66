"""Adding articles to the text of an issue.

Invariant: what stood in the text stands there still, byte for byte.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import yaml

from gymletter.issue.reading import head_of, parse_head
from gymletter.issue.writing import article_lines, flow_article

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.articles.article import Article


def insert(text: str, articles: Sequence[Article], path: Path) -> str:
    """The text with articles added at the end of its list."""
    match = head_of(text, path)
    head, start = match[1], match.start(1)
    newline = "\r\n" if "\r\n" in text else "\n"
    node = parse_head(head, path)
    found = next((value for key, value in node.value if key.value == "articles"), None)
    if found is None:
        new = "articles:\n" + article_lines(articles)
        return spliced(text, match.end(1), match.end(1), new.replace("\n", newline))
    if not isinstance(found, yaml.SequenceNode):
        at, end = start + found.start_mark.index, start + found.end_mark.index
        new = "\n" + article_lines(articles).rstrip("\n")
        return spliced(text, at, end, new.replace("\n", newline))
    if found.flow_style:
        at = start + found.end_mark.index - 1
        comma = ", " if found.value else ""
        return spliced(text, at, at, comma + ", ".join(map(flow_article, articles)))
    last = found.value[-1]
    indent = found.start_mark.column
    at = start + end_of_line(head, last)
    lead = "" if text[at - 1] == "\n" else "\n"
    return spliced(text, at, at, (lead + article_lines(articles, indent)).replace("\n", newline))


def spliced(text: str, start: int, end: int, new: str) -> str:
    """The text with `new` in place of what stands from `start` to `end`."""
    return text[:start] + new + text[end:]


def end_of_line(head: str, node: yaml.Node) -> int:
    """The index behind the line on which a node's last word stands, comments behind it included."""
    leaf = node
    while isinstance(leaf, yaml.CollectionNode) and leaf.value and not leaf.flow_style:
        leaf = leaf.value[-1][1] if isinstance(leaf, yaml.MappingNode) else leaf.value[-1]
    end = leaf.end_mark.index
    if end and head[end - 1] == "\n":  # a block text ends behind its last line
        return len(head[:end].rstrip()) + _newline_after(head, len(head[:end].rstrip()))
    return end + _newline_after(head, end)


def _newline_after(head: str, at: int) -> int:
    found = head.find("\n", at)
    return (len(head) if found < 0 else found + 1) - at
