"""The provider for as long as a command needs it; the embedded inbox is started when none runs."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from gymletter.providers.base import Provider
    from gymletter.workspace import Workspace

_TIMEOUT = 60  # seconds for a provider to take a batch


@contextmanager
def opened(workspace: Workspace) -> Iterator[Provider]:
    """The configured provider, with its connections open."""
    from gymletter.http import Client
    from gymletter.providers import open_provider

    with ExitStack() as stack:
        client = stack.enter_context(Client(timeout=_TIMEOUT))
        inbox_url = None
        if workspace.config.provider.name == "inbox" and not workspace.config.provider.base_url:
            from gymletter.inbox.server import running

            inbox_url = stack.enter_context(running(workspace))
        yield open_provider(workspace, client, inbox_url=inbox_url)
