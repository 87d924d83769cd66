"""Tests of the preview site."""
