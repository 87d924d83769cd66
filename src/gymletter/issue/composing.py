"""Writing an issue from a collection, or adding to one that a person has worked on.

Invariant: nothing a person wrote changes, and what they took out stays out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from gymletter.articles.identity import keys
from gymletter.errors import IssueError
from gymletter.issue.inserting import insert
from gymletter.issue.offered import Offered
from gymletter.issue.proposals import propose
from gymletter.issue.reading import parse_issue, read_text
from gymletter.issue.writing import write_text

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from gymletter.articles.article import Article, Collection, Window
    from gymletter.workspace import Workspace

Order = Literal["newest", "oldest"]


@dataclass(frozen=True)
class Composed:
    """What composing did: the articles it added, how many stood there, whether it made the file."""

    path: Path
    added: tuple[Article, ...]
    kept: int
    created: bool


def compose(
    workspace: Workspace,
    issue_id: str,
    collection: Collection,
    window: Window,
    *,
    frozen: bool = False,
    order: Order = "newest",
    most: int | None = None,
    tags: Sequence[str] = (),
    without_tags: Sequence[str] = (),
) -> Composed:
    """Write the issue, or add what it lacks; nothing is written when there is nothing to add.

    An article that an earlier compose put in and a person took out stays out. `frozen` says that
    the issue's campaign exists: then it is not touched (`IssueError`). `most` is the largest
    number of articles the issue may come to hold; `tags` keeps articles with one of them.
    """
    path = workspace.issue_path(issue_id)
    if frozen:
        raise IssueError(
            "its campaign exists, so the issue is not changed any more",
            place=str(path),
            remedy="Compose another issue",
        )
    articles = select(collection.articles, order=order, tags=tags, without_tags=without_tags)
    offered = Offered(workspace.state / "composed" / f"{path.stem}.json")
    if path.exists():
        return _add(path, articles, offered, most)
    articles = articles[:most]
    if not articles:
        return Composed(path, (), 0, created=False)
    text = propose(workspace.config.newsletter, articles, window)
    parse_issue(text, path)
    write_text(path, text)
    offered.write(articles)
    return Composed(path, articles, 0, created=True)


def select(
    articles: Sequence[Article],
    *,
    order: Order = "newest",
    tags: Sequence[str] = (),
    without_tags: Sequence[str] = (),
) -> tuple[Article, ...]:
    """The articles with one of `tags` (any, where there are none) and none of `without_tags`.

    They come newest first; turned around, those of one day still keep the source's order.
    """
    wanted, unwanted = _folded(tags), _folded(without_tags)
    chosen = [
        article
        for article in articles
        if (not wanted or wanted & _folded(article.tags)) and not unwanted & _folded(article.tags)
    ]
    return tuple(sorted(chosen, key=lambda one: one.date, reverse=order == "newest"))


def _folded(tags: Sequence[str]) -> set[str]:
    return {tag.strip().casefold() for tag in tags}


def _add(path: Path, articles: Sequence[Article], offered: Offered, most: int | None) -> Composed:
    text = read_text(path)
    issue = parse_issue(text, path)
    known = offered.read() | {key for article in issue.articles for key in keys(article)}
    new = tuple(article for article in articles if not known & set(keys(article)))
    if most is not None:
        new = new[: max(0, most - len(issue.articles))]
    if new:
        added = insert(text, new, path)
        found = parse_issue(added, path)
        if len(found.articles) != len(issue.articles) + len(new) or found.body != issue.body:
            raise IssueError(
                "its list of articles cannot be added to",
                place=str(path),
                remedy="Write `articles:` as a list with one `- title: …` below another",
            )
        write_text(path, added)
    offered.write([*new, *issue.articles])
    return Composed(path, new, len(issue.articles), created=False)
