"""Tests of the printed sheet."""
