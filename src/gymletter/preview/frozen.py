"""Which issues are fixed: those that a campaign was frozen with."""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.campaign import Ledger
from gymletter.database import is_there, open_database

if TYPE_CHECKING:
    from gymletter.workspace import Workspace


def frozen_issues(workspace: Workspace) -> set[str]:
    """The ids of issues that have a campaign; raises `ConfigError` where nobody can tell."""
    if not is_there(workspace.database_url):
        return set()
    engine = open_database(workspace.database_url)
    try:
        return {campaign.issue_id for campaign in Ledger(engine).all()}
    finally:
        engine.dispose()
