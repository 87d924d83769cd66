"""Tests of the member store."""
