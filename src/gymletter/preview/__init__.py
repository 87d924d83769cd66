"""The local preview site."""
