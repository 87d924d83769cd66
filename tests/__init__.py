"""The tests mirror the modules they hold to their word."""
