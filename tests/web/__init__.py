"""Tests of the public endpoints."""
