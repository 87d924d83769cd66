"""Tests of what the two local sites share."""
