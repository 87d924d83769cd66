"""gymletter turns a gym's blog into its monthly newsletter."""

__version__ = "0.1.0"
