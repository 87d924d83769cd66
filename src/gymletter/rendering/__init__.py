"""Rendering: an issue becomes an `Email`, once."""
