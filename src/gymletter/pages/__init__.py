"""What the two sites on this machine, `inbox` and `preview`, share: safety, serving, look.

Invariant: a page here is reached through a loopback name only, runs no script but its own, and
is written to by nobody but itself.
"""
