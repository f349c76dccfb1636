"""Tests of exported tracks."""
