"""Checks on an `Email`, one file per family."""
