"""Reading `issues/*.md`: what is wrong is told with its file and line."""

from __future__ import annotations

import re
from datetime import date
from typing import TYPE_CHECKING, Any

import yaml
from pydantic import ValidationError

from gymletter.articles.article import whole_month
from gymletter.articles.frontmatter import TextLoader, told
from gymletter.errors import IssueError, expected, not_read
from gymletter.issue.model import Issue
from gymletter.issue.schema import FrontMatter, nearest

if TYPE_CHECKING:
    from pathlib import Path

    from pydantic_core import ErrorDetails

    from gymletter.articles.article import Window
    from gymletter.workspace import Workspace

_SHOWN = 5
_HEAD = re.compile(r"\A\ufeff?---[ \t]*\r?\n(.*?)^---[ \t]*(?:\r?\n|\Z)", re.S | re.M)


def read_issue(workspace: Workspace, issue_id: str) -> Issue:
    """The issue with this id; raises `IssueError` with file and line."""
    path = workspace.issue_path(issue_id)
    return parse_issue(read_text(path), path)


def list_issues(workspace: Workspace) -> tuple[str, ...]:
    """The ids of all issues, in the order of their names."""
    return tuple(_ids(workspace.issues))


def _ids(folder: Path) -> list[str]:
    return sorted(path.stem for path in folder.glob("[0-9A-Za-z]*.md"))


def read_text(path: Path) -> str:
    """The file as it stands, line ends included."""
    try:
        return path.read_bytes().decode("utf-8")
    except FileNotFoundError as error:
        remedy = _remedy_without(path)
        raise IssueError("there is no such issue", place=str(path), remedy=remedy) from error
    except (OSError, UnicodeDecodeError) as error:
        remedy = "Look at what is there, and at its permissions"
        raise not_read(path, error, remedy, kind=IssueError) from error


def _remedy_without(path: Path) -> str:
    there = _ids(path.parent)
    if month_of(path.stem) or not there:
        return f"Write it with `gymletter compose {path.stem}`"
    return f"There is: {', '.join(there[-_SHOWN:])}"


def parse_issue(text: str, path: Path) -> Issue:
    """An issue out of a file's text."""
    match = head_of(text, path)
    node = parse_head(match[1], path)
    try:
        front = FrontMatter.model_validate(_constructed(node, path))
    except ValidationError as error:
        raise _explained(min(error.errors(), key=_telling), node, path) from error
    window = _window(front, node, path)
    return Issue(
        id=path.stem,
        path=path,
        subject=front.subject,
        preheader=front.preheader,
        since=window[0],
        until=window[1],
        articles=tuple(article.article() for article in front.articles),
        body=text[match.end() :].replace("\r\n", "\n").strip("\n") + "\n",
        vary_by=front.vary_by,
        language=front.language,
        cta=front.cta.block() if front.cta else None,
        dates=front.dates.block() if front.dates else None,
        quote=front.quote.block() if front.quote else None,
    )


def _window(front: FrontMatter, node: yaml.Node, path: Path) -> tuple[date, date]:
    """The issue's days; those of its month where it does not say."""
    month = month_of(path.stem)
    since = front.since or (month.since if month else None)
    until = front.until or (month.until if month else None)
    if since is None or until is None:
        missing = "since" if since is None else "until"
        raise IssueError(f"{missing!r} is missing", place=f"{path}:2", remedy="Add it")
    if since >= until:
        line = _line_of(node, ("until",))
        raise IssueError("`until` must be after `since`", place=f"{path}:{line}")
    return since, until


def month_of(issue_id: str) -> Window | None:
    """The days of the month that an id such as 2025-08 names."""
    if not re.fullmatch(r"[1-9]\d{3}-(0[1-9]|1[0-2])", issue_id):
        return None
    return whole_month(date.fromisoformat(f"{issue_id}-01"))


def head_of(text: str, path: Path) -> re.Match[str]:
    """The front matter: group 1 is what stands between the two lines `---`."""
    match = _HEAD.match(text)
    if not match:
        raise IssueError(
            "does not begin with front matter",
            place=f"{path}:1",
            remedy="Begin with a line ---, then `subject: …`, and close with a line ---",
        )
    return match


def parse_head(head: str, path: Path) -> yaml.MappingNode:
    """The YAML tree with its places."""
    try:
        node = yaml.compose(head, Loader=TextLoader)
    except yaml.YAMLError as error:
        raise _broken(error, path) from error
    except RecursionError as error:
        raise IssueError(
            "the front matter is nested too deeply",
            place=f"{path}:2",
            remedy="Look for brackets without an end",
        ) from error
    if not isinstance(node, yaml.MappingNode):
        raise IssueError("the front matter holds no `key: value` lines", place=f"{path}:2")
    _require_unique(node, path)
    return node


def _require_unique(node: yaml.Node, path: Path) -> None:
    """YAML would let the last of two equal keys win, and lose the other in silence."""
    waiting, seen = [node], set[int]()
    while waiting:
        each = waiting.pop()
        if id(each) in seen:
            continue
        seen.add(id(each))
        if isinstance(each, yaml.SequenceNode):
            waiting += each.value
        elif isinstance(each, yaml.MappingNode):
            waiting += [value for _, value in each.value]
            _require_unlike([key for key, _ in each.value], path)


def _require_unlike(keys: list[yaml.Node], path: Path) -> None:
    seen = set[str]()
    for key in keys:
        if not isinstance(key, yaml.ScalarNode):
            continue
        if key.value in seen:
            raise IssueError(
                f"{key.value!r} stands there twice",
                place=f"{path}:{key.start_mark.line + 2}",
                remedy="Leave one of them out",
            )
        seen.add(key.value)


def _broken(error: yaml.YAMLError, path: Path) -> IssueError:
    message, line, remedy = told(error)
    return IssueError(message, place=f"{path}:{line}", remedy=remedy)


def _constructed(node: yaml.MappingNode, path: Path) -> Any:
    loader = TextLoader("")
    try:
        return loader.construct_document(node)
    except yaml.YAMLError as error:
        raise _broken(error, path) from error
    finally:
        loader.dispose()


def _telling(error: ErrorDetails) -> bool:
    """A misspelt key before the missing one it makes."""
    return error["type"] != "extra_forbidden"


def _explained(error: ErrorDetails, node: yaml.Node, path: Path) -> IssueError:
    location = error["loc"]
    place = f"{path}:{_line_of(node, location)}"
    dotted = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        return IssueError(f"unknown key {dotted!r}", place=place, remedy=nearest(location))
    if error["type"] == "missing":
        return IssueError(f"{dotted!r} is missing", place=place, remedy="Add it")
    return IssueError(f"{dotted!r}: {expected(error['type'], error['msg'])}", place=place)


def _line_of(node: yaml.Node, location: tuple[int | str, ...]) -> int:
    """The line of the deepest part of `location` that the file has."""
    line = node.start_mark.line
    for part in location:
        if isinstance(node, yaml.MappingNode):
            found = [(k, v) for k, v in node.value if k.value == part]
            if not found:
                break
            line, node = found[0][0].start_mark.line, found[0][1]
        elif isinstance(node, yaml.SequenceNode) and isinstance(part, int):
            node = node.value[part]
            line = node.start_mark.line
    return line + 2
