"""The embedded inbox: a small mail server on loopback, and its page."""
