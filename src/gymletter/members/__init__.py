"""The member store: who may get it and who may not."""

from gymletter.members.mailable import mailable, no_longer_mailable
from gymletter.members.store import Member, Members

__all__ = ["Member", "Members", "mailable", "no_longer_mailable"]
