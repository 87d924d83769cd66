"""An issue's Markdown as HTML for an email, and as plain text.

Invariant: HTML in the Markdown is text; headings start below the email's own and skip no level.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from markdown_it import MarkdownIt

from gymletter.rendering.clean import plain_lines
from gymletter.rendering.plaintext import wrap

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from markdown_it.token import Token

_LOWEST = 4


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    return MarkdownIt("commonmark", {"html": False})


def _parse(text: str) -> list[Token]:
    tokens = _parser().parse(plain_lines(text))
    _shift_headings(tokens)
    return tokens


def to_html(text: str, link: Callable[[str], str]) -> str:
    """HTML without classes or styles; `link` says what an address becomes ("" drops it)."""
    tokens = _parse(text)
    for token in _all(tokens):
        name = {"link_open": "href", "image": "src"}.get(token.type)
        if name:
            token.attrSet(name, link(str(token.attrGet(name) or "")))
    rendered: str = _parser().renderer.render(tokens, _parser().options, {})
    return rendered


def to_text(text: str, link: Callable[[str], str]) -> str:
    """Paragraphs wrapped at 72, lists with dashes or numbers, links in full behind their text."""
    return _Writer(link).write(_parse(text))


def _all(tokens: Sequence[Token]) -> list[Token]:
    return [each for token in tokens for each in (token, *_all(token.children or ()))]


def _shift_headings(tokens: Sequence[Token]) -> None:
    """The first used level becomes h2, each deeper one the next."""
    used = sorted({token.tag for token in tokens if token.type == "heading_open"})
    levels = {tag: f"h{min(2 + n, _LOWEST)}" for n, tag in enumerate(used)}
    for token in tokens:
        if token.type in {"heading_open", "heading_close"}:
            token.tag = levels[token.tag]


class _Writer:
    """Walks the tokens of one text, writing lines."""

    def __init__(self, link: Callable[[str], str]) -> None:
        self._link = link
        self._blocks: list[str] = []
        self._lists: list[int | None] = []
        self._marker = ""
        self._quotes = 0

    def write(self, tokens: Sequence[Token]) -> str:
        for token in tokens:
            getattr(self, f"_{token.type}", self._other)(token)
        return "".join(self._blocks).strip("\n")

    def _other(self, token: Token) -> None:
        """Nothing to say for an opening or closing of what carries its text inside."""

    def _inline(self, token: Token) -> None:
        text = self._words(token.children or ())
        lead = "> " * self._quotes + "  " * max(len(self._lists) - 1, 0)
        self._add(wrap(text, first=lead + self._marker, rest=lead + " " * len(self._marker)))
        self._marker = " " * len(self._marker)

    def _add(self, block: str) -> None:
        self._blocks.append(block + ("\n" if self._lists else "\n\n"))

    def _code_block(self, token: Token) -> None:
        self._add("\n".join(f"    {line}" for line in token.content.rstrip("\n").split("\n")))

    _fence = _code_block

    def _hr(self, _: Token) -> None:
        self._add("-" * 12)

    def _blockquote_open(self, _: Token) -> None:
        self._quotes += 1

    def _blockquote_close(self, _: Token) -> None:
        self._quotes -= 1

    def _bullet_list_open(self, _: Token) -> None:
        self._lists.append(None)

    def _ordered_list_open(self, token: Token) -> None:
        self._lists.append(int(token.attrGet("start") or 1))

    def _list_item_open(self, _: Token) -> None:
        number = self._lists[-1]
        self._marker = "- " if number is None else f"{number}. "
        if number is not None:
            self._lists[-1] = number + 1

    def _bullet_list_close(self, _: Token) -> None:
        self._lists.pop()
        self._marker = ""
        if not self._lists:
            self._blocks.append("\n")

    _ordered_list_close = _bullet_list_close

    def _words(self, tokens: Sequence[Token]) -> str:
        """Inline text; a link's address follows its text unless it is the text."""
        parts: list[str] = []
        starts: list[tuple[int, str]] = []
        for token in tokens:
            if token.type == "link_open":
                starts.append((len(parts), self._link(str(token.attrGet("href") or ""))))
            elif token.type == "link_close":
                start, url = starts.pop()
                shown = "".join(parts[start:])
                parts[start:] = [shown if shown == url or not url else f"{shown} <{url}>".lstrip()]
            elif token.type in {"softbreak", "hardbreak"}:
                parts.append(" " if token.type == "softbreak" else "\n")
            elif token.type == "image":
                parts.append(self._words(token.children or ()))
            else:
                parts.append(token.content)
        return "".join(parts)
