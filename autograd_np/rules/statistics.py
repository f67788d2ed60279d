"""Averages, quantiles and covariances."""
