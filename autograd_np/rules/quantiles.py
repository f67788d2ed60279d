"""Medians, quantiles and percentiles."""
