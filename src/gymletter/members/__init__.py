"""The member store: who may get it and who may not."""

from gymletter.members.mailable import mailable, mailable_one
from gymletter.members.store import Member, Members

__all__ = ["Member", "Members", "mailable", "mailable_one"]
