"""Inverses, determinants and linear systems."""
