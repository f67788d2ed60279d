"""Factorisations of matrices and eigenvalues."""
