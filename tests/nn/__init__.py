"""Tests of `nn`, one file for each of its own."""
