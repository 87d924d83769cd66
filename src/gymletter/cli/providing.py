"""The provider for as long as a command needs it; the embedded inbox is started when none runs."""

from __future__ import annotations

from contextlib import ExitStack, contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from gymletter.providers.base import Provider
    from gymletter.workspace import Workspace

_TIMEOUT = 60  # seconds for a provider to take a batch


@contextmanager
def opened(workspace: Workspace, begun_with: str | None = None) -> Iterator[Provider]:
    """The configured provider, with its connections open.

    Raises `CampaignError` where a campaign was `begun_with` another one or at another
    place: asked there, it would know of nobody, and everybody in doubt would be mailed again.
    """
    from gymletter.errors import CampaignError
    from gymletter.http import Client
    from gymletter.providers import open_provider

    account = workspace.config.provider.account
    if begun_with not in (None, account):
        raise CampaignError(
            f"the campaign was begun with {begun_with}, not {account}",
            remedy="Put the settings of [provider] back to finish it",
        )
    with ExitStack() as stack:
        client = stack.enter_context(Client(timeout=_TIMEOUT))
        inbox_url = None
        if workspace.config.provider.name == "inbox" and not workspace.config.provider.base_url:
            from gymletter.inbox.server import running

            inbox_url = stack.enter_context(running(workspace))
        yield open_provider(workspace, client, inbox_url=inbox_url)


def linker(workspace: Workspace, provider: Provider, issue_id: str) -> Callable[[int], str]:
    """A function from a member's id to where that member leaves; checks that there is a way."""
    from gymletter.members.unsubscribe import link_maker
    from gymletter.providers.opening import require_leaving

    require_leaving(provider, ours=workspace.config.unsubscribe.mode != "provider")
    return link_maker(workspace, issue_id, provider_link=provider.capabilities.unsubscribe)
