"""The ledger and the sender."""
