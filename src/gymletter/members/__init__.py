"""The member store: who may get it and who may not."""
