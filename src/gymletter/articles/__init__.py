"""Articles: where they come from and how they are collected.

What reads them is imported when it is used, so that an issue can be read without it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.articles.article import (
    Article,
    Collection,
    Image,
    Skipped,
    SourceFailure,
    Window,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from datetime import date
    from pathlib import Path

    from gymletter.http import Client
    from gymletter.workspace import Workspace

__all__ = [
    "Article",
    "Collection",
    "Image",
    "Skipped",
    "SourceFailure",
    "Window",
    "collect",
    "local_pictures",
]


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
    day after which an article counts as not yet published; by default the gym's own today.
    """
    from gymletter.articles import collecting

    return collecting.collect(
        workspace, window, sent=sent, include_sent=include_sent, client=client, today=today
    )


def local_pictures(workspace: Workspace) -> Callable[[str], Path | None]:
    """A function from a picture's address to its file in a configured folder source, if any.

    It opens nothing outside those folders; an address that is not theirs gives None.
    """
    from gymletter.articles import files

    return files.local_pictures(workspace)
