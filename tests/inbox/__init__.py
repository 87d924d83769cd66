"""Tests of the embedded inbox."""
