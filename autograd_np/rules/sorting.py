"""Sorting, and choosing between values."""
