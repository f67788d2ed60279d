"""Splitting arrays."""
