"""Links to leave: the same each time, not to be made up, holding no address."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pytest

from gymletter.config import Unsubscribe
from gymletter.errors import ConfigError
from gymletter.members.unsubscribe import (
    Ticket,
    link,
    link_maker,
    make_token,
    read_token,
    token_maker,
)

if TYPE_CHECKING:
    from gymletter.workspace import Workspace

OLD, NEW = "an-old-key-for-tests", "a-new-key-for-tests!"


def with_mode(workspace: Workspace, **settings: Any) -> Workspace:
    """The workspace with another [unsubscribe]."""
    changed = {"unsubscribe": Unsubscribe(**settings)}
    return replace(workspace, config=workspace.config.model_copy(update=changed))


def test_a_link_is_the_same_each_time_and_differs_per_member_and_issue(
    workspace: Workspace,
) -> None:
    """A repeated call must be byte for byte the same."""
    assert link(workspace, 1, "2025-08") == link(workspace, 1, "2025-08")
    links = {link(workspace, n, issue) for n in (1, 2) for issue in ("2025-08", "2025-09")}
    assert len(links) == 4
    assert all(one.startswith("https://nieuws.dekade.example/u/") for one in links)


def test_tokens_of_an_older_key_are_understood_and_others_are_not() -> None:
    """Keys can be changed while old newsletters lie in inboxes."""
    token = make_token((OLD,), Ticket(7, "2025-08"))
    assert read_token((NEW, OLD), token) == Ticket(7, "2025-08")
    assert read_token((NEW,), token) is None
    assert read_token((OLD,), make_token((NEW, OLD), Ticket(7, "2025-08"))) is None
    for broken in ("", "x", token[:-1], token + "x", "A" * 10_000, token.replace(".", "")):
        assert read_token((OLD,), broken) is None


def test_mailto_and_provider_links(workspace: Workspace) -> None:
    """An address with a token; or the provider's own placeholder."""
    mailto = with_mode(workspace, mode="mailto", address="weg@dekade.example")
    assert link(mailto, 1, "2025-08").startswith("mailto:weg@dekade.example?subject=unsubscribe%20")
    provider = with_mode(workspace, mode="provider")
    assert link(provider, 1, "2025-08", provider_link="%unsubscribe_url%") == "%unsubscribe_url%"


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ({"mode": "hosted"}, "base_url is missing"),
        ({"mode": "hosted", "base_url": "http://dekade.example"}, "https://"),
        ({"mode": "mailto"}, "address is missing"),
        ({"mode": "provider"}, "no unsubscribe link of its own"),
    ],
)
def test_a_mode_that_cannot_be_honoured_is_refused(
    workspace: Workspace, settings: dict[str, str], says: str
) -> None:
    """Before anything is sent, with what to change."""
    with pytest.raises(ConfigError, match=says):
        link(with_mode(workspace, **settings), 1, "2025-08")


def test_a_weak_key_is_refused(workspace: Workspace) -> None:
    """A short key can be guessed, and with it every link."""
    weak = replace(workspace, environment={"GYMLETTER_SECRET_KEY": "short"})
    with pytest.raises(ConfigError, match="shorter than 16"):
        link(weak, 1, "2025-08")


@pytest.mark.parametrize("issue", ["2025-08", "août", 'a "quote"', "x" * 10, "x" * 400])
@pytest.mark.parametrize("keys", [(NEW,), (NEW, OLD)])
def test_the_fast_tokens_are_the_slow_ones(issue: str, keys: tuple[str, ...]) -> None:
    """Also for names that are compressed or must be escaped, and for members of any number."""
    fast = token_maker(keys, issue)
    for member_id in (0, 1, 99, 100, 12_345, 2**31, 10**12):
        assert fast(member_id) == make_token(keys, Ticket(member_id, issue))


@pytest.mark.parametrize(
    "settings",
    [
        {"mode": "hosted", "base_url": "https://nieuws.dekade.example/"},
        {"mode": "mailto", "address": "weg+nu@dekade.example"},
        {"mode": "provider"},
    ],
)
def test_the_fast_links_are_the_slow_ones(workspace: Workspace, settings: dict[str, Any]) -> None:
    """What many members get in one go is what each of them would get alone."""
    changed = with_mode(workspace, **settings)
    fast = link_maker(changed, "2025-08", provider_link="%unsubscribe_url%")
    for member_id in (0, 1, 12_345):
        slow = link(changed, member_id, "2025-08", provider_link="%unsubscribe_url%")
        assert fast(member_id) == slow
