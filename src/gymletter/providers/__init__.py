"""Ways out, one file per provider, all of one shape."""
