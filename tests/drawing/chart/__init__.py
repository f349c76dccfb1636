"""Tests of the picture of a session."""
