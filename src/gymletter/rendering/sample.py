"""A made-up member's values: what a rendering is looked at and checked with.

Invariant: nothing here belongs to a real member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from gymletter.rendering.merge import fill

if TYPE_CHECKING:
    from gymletter.config import Config
    from gymletter.rendering.email import Email
    from gymletter.workspace import Workspace

ADDRESS = "member@gymletter.invalid"


def sample_values(workspace: Workspace, email: Email) -> dict[str, str]:
    """A value for each field of `email`: its default, else its name in brackets."""
    values = {field.name: "" if field.default else f"[{field.name}]" for field in email.fields}
    return values | {"email": ADDRESS, "unsubscribe_url": _way_out(workspace.config)}


def sample(workspace: Workspace, email: Email) -> Email:
    """The email as the made-up member would get it."""
    return fill(email, sample_values(workspace, email))


def _way_out(config: Config) -> str:
    if config.unsubscribe.mode == "mailto":
        return f"mailto:{config.unsubscribe.address or 'unsubscribe@gymletter.invalid'}"
    base = config.unsubscribe.base_url or "https://gymletter.invalid"
    return f"{base.rstrip('/')}/unsubscribe/sample"
