"""Tests of reading, writing and composing issues."""
