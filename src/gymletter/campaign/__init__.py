"""The ledger and the sender: what makes a campaign go out once, to everyone, and end."""

from gymletter.campaign.ledger import Ledger
from gymletter.campaign.status import Status, status

__all__ = ["Ledger", "Status", "status"]
