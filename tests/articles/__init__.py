"""Tests of collecting articles."""
