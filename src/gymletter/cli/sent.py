"""What already went out, for the commands that offer articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


def has_campaign(workspace: Workspace, issue_id: str) -> bool:
    """Whether an issue is frozen: a campaign of it exists, be it for one segment."""
    from gymletter.campaign import Ledger
    from gymletter.database import open_database

    name = workspace.issue_path(issue_id).stem
    ledger = Ledger(open_database(workspace.database_url))
    return any(campaign.issue_id == name for campaign in ledger.all())


def sent_articles(workspace: Workspace) -> dict[str, str]:
    """Identity keys of articles → the issue that they went out in."""
    from gymletter.campaign import Ledger
    from gymletter.database import open_database

    return Ledger(open_database(workspace.database_url)).sent_articles()
