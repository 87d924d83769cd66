"""The article picker: what the sources hold in the issue's days, and what the issue takes of it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from gymletter.articles import Window, collect
from gymletter.articles.identity import keys
from gymletter.campaign import Ledger
from gymletter.database import open_database
from gymletter.errors import IssueError
from gymletter.issue import arrange
from gymletter.issue.reading import parse_issue

if TYPE_CHECKING:
    from pathlib import Path

    from gymletter.articles import Article, Collection
    from gymletter.issue import Issue
    from gymletter.workspace import Workspace


class Picker:
    """What was collected, remembered per window until it is asked for afresh."""

    def __init__(self) -> None:
        self._found: dict[Window, Collection] = {}

    def look(self, workspace: Workspace, issue: Issue, *, fresh: bool) -> dict[str, Any]:
        """Articles that the issue could take, and what was skipped and why."""
        collection = self._collection(workspace, issue, fresh=fresh)
        taken = {key for article in issue.articles for key in keys(article)}
        offered = [a for a in collection.articles if not taken & set(keys(a))]
        return {
            "offered": [article_json(article) for article in offered],
            "skipped": [
                {"title": s.title, "url": s.url, "source": s.source, "reason": s.reason}
                for s in collection.skipped
            ],
            "errors": [{"source": e.source, "message": e.message} for e in collection.errors],
        }

    def arranged(self, workspace: Workspace, text: str, path: Path, order: list[int | str]) -> str:
        """The issue's text with these articles: numbers of those it has, ids of collected ones."""
        collection = self._collection(workspace, parse_issue(text, path), fresh=False)
        by_id = {article.id: article for article in collection.articles}
        unknown = [one for one in order if isinstance(one, str) and one not in by_id]
        if unknown:
            raise IssueError("an article is not offered any more", remedy="Collect again")
        return arrange(text, path, [a if isinstance(a, int) else by_id[a] for a in order])

    def _collection(self, workspace: Workspace, issue: Issue, *, fresh: bool) -> Collection:
        window = Window(issue.since, issue.until)
        if fresh or window not in self._found:
            self._found[window] = collect(workspace, window, sent=_sent(workspace))
        return self._found[window]


def _sent(workspace: Workspace) -> dict[str, str]:
    engine = open_database(workspace.database_url)
    try:
        return Ledger(engine).sent_articles()
    finally:
        engine.dispose()


def article_json(article: Article) -> dict[str, Any]:
    """An article as the page takes it."""
    return {
        "id": article.id,
        "title": article.title,
        "url": article.url,
        "date": article.date.isoformat(),
        "summary": article.summary,
        "image": article.image.src if article.image else None,
        "alt": article.image.alt if article.image else "",
        "source": article.source,
    }
