"""The head of a Markdown file: YAML between `---`, TOML between `+++`, or Pelican's `Key: value`.

Invariant: values are texts, lists, mappings or what TOML has; YAML's dates stay texts, so that a
wrong one is an error with its line.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from typing import Any

import yaml

from gymletter.errors import SourceError

_FENCED = re.compile(
    r"\A(---|\+\+\+)[ \t]*\n(.*?)(?:\n)?^(?:\1|\.\.\.)[ \t]*(?:\n|\Z)", re.S | re.M
)
_PELICAN_LINE = re.compile(r"([A-Za-z][\w -]{0,30}):(?:[ \t]+(.*)|[ \t]*$)")


class TextLoader(yaml.SafeLoader):
    """YAML without dates: `2025-02-30` is a text here, not a crash."""


TextLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in found if tag != "tag:yaml.org,2002:timestamp"]
    for first, found in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


@dataclass(frozen=True)
class Page:
    """A file in two: `head` by lower-case key, `body` as it stands."""

    head: dict[str, Any]
    body: str
    _text: str = ""

    def line_of(self, key: str) -> int:
        """The line on which a key of the head stands, counted from 1."""
        pattern = re.compile(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[:=]", re.I)
        lines = self._text.splitlines()
        return next((n for n, line in enumerate(lines, 1) if pattern.match(line)), 1)


def split(text: str, place: str) -> Page:
    """Head and body; raises `SourceError` with the line of what is broken in the head."""
    text = text.removeprefix("\ufeff").replace("\r\n", "\n").replace("\r", "\n")
    fenced = _FENCED.match(text)
    if fenced:
        read = _yaml if fenced[1] == "---" else _toml
        head = read(fenced[2], place)
        return Page(_lowered(head), text[fenced.end() :], text[: fenced.end()])
    if text.startswith(("---\n", "+++\n")):
        raise SourceError(
            "the front matter does not end",
            place=f"{place}:1",
            remedy=f"Close it with a line {text[:3]}",
        )
    return _pelican(text)


def _lowered(head: dict[Any, Any]) -> dict[str, Any]:
    return {str(key).casefold().strip(): value for key, value in head.items()}


def _yaml(head: str, place: str) -> dict[Any, Any]:
    try:
        found = yaml.load(head, Loader=TextLoader)  # noqa: S506 - a SafeLoader
    except yaml.YAMLError as error:
        message, line, remedy = told(error)
        raise SourceError(message, place=f"{place}:{line}", remedy=remedy) from error
    except (ValueError, RecursionError) as error:
        raise SourceError(f"the front matter is not valid YAML: {error}", place=place) from error
    if found is not None and not isinstance(found, dict):
        raise SourceError("the front matter holds no `key: value` lines", place=f"{place}:1")
    return found or {}


def told(error: yaml.YAMLError) -> tuple[str, int, str]:
    """What is wrong with a head between `---`: the message, the file's line, the remedy."""
    problem = str(getattr(error, "problem", None) or "cannot be read")
    is_open = "end of stream" in problem or "expected ','" in problem
    mark = getattr(error, "problem_mark", None)
    if is_open:
        mark = getattr(error, "context_mark", None) or mark
        remedy = "Close the quote or bracket that is open"
    elif r"'\t'" in problem:
        remedy = "Indent with spaces, not with tabs"
    elif "mapping values" in problem:
        remedy = "Put a value with a colon between quotes"
    else:
        remedy = "Put the value between quotes, and close what is open"
    return f"the front matter is not valid YAML: {problem}", mark.line + 2 if mark else 1, remedy


def _toml(head: str, place: str) -> dict[str, Any]:
    try:
        return tomllib.loads(head)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"at line (\d+)", str(error))
        line = int(found[1]) + 1 if found else 1
        raise SourceError(
            f"the front matter is not valid TOML: {error}", place=f"{place}:{line}"
        ) from error
    except RecursionError as error:
        raise SourceError("the front matter is nested too deeply", place=f"{place}:1") from error


def _pelican(text: str) -> Page:
    """Lines `Key: value` up to the first empty one; only a head that names a title or a date."""
    lines = text.lstrip("\n").split("\n")
    head: dict[str, Any] = {}
    for line in lines:
        match = _PELICAN_LINE.fullmatch(line)
        if not match:
            break
        head[match[1].casefold().strip()] = (match[2] or "").strip()
    if not {"title", "date"} & set(head):
        return Page({}, text, text)
    return Page(head, "\n".join(lines[len(head) :]), text)
