"""Sample inputs for every function: what its tests, and any checker, run on."""

from __future__ import annotations

from autograd_np.testing.catalogue import (
    arithmetic,
    arranging,
    contractions,
    cumulative,
    decompositions,
    fourier,
    grids,
    indexing,
    joining,
    norms,
    operations,
    parts,
    polynomials,
    powers,
    products,
    reductions,
    rounding,
    selection,
    shapes,
    solving,
    sorting,
    special,
    statistics,
    trigonometric,
    ufunc_methods,
)
from autograd_np.testing.catalogue.sample import Sample, Samples, imaginary, label, positive, real

__all__ = ["CATALOGUE", "Sample", "imaginary", "label", "positive", "real"]

CATALOGUE: Samples = {}
for _family in (
    arithmetic,
    powers,
    trigonometric,
    rounding,
    parts,
    ufunc_methods,
    selection,
    sorting,
    reductions,
    cumulative,
    statistics,
    shapes,
    joining,
    arranging,
    grids,
    indexing,
    products,
    contractions,
    solving,
    decompositions,
    norms,
    polynomials,
    fourier,
    operations,
    special,
):
    CATALOGUE |= _family.SAMPLES
