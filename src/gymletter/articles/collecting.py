"""All sources of a workspace read side by side, without doubles, without what went out already.

Invariant: a broken source or article never hides the others; ties keep the sources' order.
"""

from __future__ import annotations

import importlib
from concurrent.futures import ThreadPoolExecutor
from contextlib import ExitStack
from datetime import datetime
from typing import TYPE_CHECKING

from gymletter.articles.article import Article, Collection, Skipped, SourceFailure
from gymletter.articles.dates import Calendar
from gymletter.articles.identity import keys
from gymletter.articles.merging import merge
from gymletter.articles.reading import Reading
from gymletter.errors import GymletterError

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    from gymletter.articles.article import Window
    from gymletter.config import Source
    from gymletter.http import Client
    from gymletter.workspace import Workspace

_AT_A_TIME = 8


def collect(
    workspace: Workspace,
    window: Window,
    *,
    sent: Mapping[str, str] | None = None,
    include_sent: bool = False,
    client: Client | None = None,
    today: date | None = None,
) -> Collection:
    """The articles of the window, newest first, with all that was skipped and why.

    `sent` maps the identity keys of what already went out to the issue it was in. `today` is the
    day after which an article counts as not yet published.
    """
    with ExitStack() as stack:
        if client is None and any(s.kind != "folder" for s in workspace.config.sources):
            from gymletter.http import Client

            client = stack.enter_context(Client())
        reading = _reading(workspace, window, client, today)
        with ThreadPoolExecutor(_AT_A_TIME) as pool:
            found = list(pool.map(lambda s: _read(s, reading), workspace.config.sources))
    articles = [article for one in found for article in one.articles]
    fresh, old = _apart(merge(articles), {} if include_sent else sent or {})
    return Collection(
        tuple(sorted(fresh, key=lambda article: article.date, reverse=True)),
        (*(skipped for one in found for skipped in one.skipped), *old),
        tuple(failure for one in found for failure in one.errors),
    )


def _reading(
    workspace: Workspace, window: Window, client: Client | None, today: date | None
) -> Reading:
    newsletter = workspace.config.newsletter
    return Reading(
        root=workspace.root,
        state=workspace.state,
        website=newsletter.website.rstrip("/"),
        calendar=Calendar(newsletter.zone, tuple(dict.fromkeys((newsletter.language, "en")))),
        window=window,
        today=today or datetime.now(newsletter.zone).date(),
        client=client,
    )


def _read(source: Source, reading: Reading) -> Collection:
    name = source.path if source.kind == "folder" else source.url
    try:
        module = importlib.import_module(f"gymletter.articles.{source.kind}")
        found: Collection = module.read(source, reading)
    except GymletterError as error:
        return Collection((), errors=(SourceFailure(name, str(error)),))
    return found


def _apart(
    articles: list[Article], sent: Mapping[str, str]
) -> tuple[list[Article], tuple[Skipped, ...]]:
    """What is new, and what went out already."""
    fresh, old = [], []
    for article in articles:
        issue = next((sent[key] for key in keys(article) if key in sent), None)
        if issue is None:
            fresh.append(article)
        else:
            reason = f"went out in issue {issue}"
            old.append(Skipped(article.title, article.url, article.source, reason))
    return fresh, tuple(old)
