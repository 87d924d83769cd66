"""What already went out, for the commands that offer articles."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


def sent_articles(workspace: Workspace) -> dict[str, str]:
    """Identity keys of articles → the issue that they went out in."""
    from gymletter.campaign import Ledger
    from gymletter.database import open_database

    return Ledger(open_database(workspace.database_url)).sent_articles()
