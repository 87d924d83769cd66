"""The ways out: one file per provider, all of one shape."""

from gymletter.providers.opening import open_provider

__all__ = ["open_provider"]
