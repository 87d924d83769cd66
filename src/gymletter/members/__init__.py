"""The member store: who may get it and who may not."""

from gymletter.members.mailable import mailable
from gymletter.members.store import Member, Members

__all__ = ["Member", "Members", "mailable"]
