"""Every function of NumPy and `scipy.special` that has a meaningful derivative, by family."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.rules import indexing
from autograd_np.testing import CATALOGUE
from autograd_np.testing.catalogue import label

FAMILIES = {
    "ufuncs": """
        negative positive absolute fabs square sqrt cbrt reciprocal exp exp2 expm1 log log2 log10
        log1p sin cos tan arcsin arccos arctan sinh cosh tanh arcsinh arccosh arctanh degrees
        radians rad2deg deg2rad sinc i0 nan_to_num conjugate real imag angle real_if_close sign
        floor ceil trunc rint fix round around add subtract multiply divide power float_power
        arctan2 hypot logaddexp logaddexp2 maximum minimum fmax fmin mod fmod divmod floor_divide
        copysign heaviside ldexp frexp modf ufunc.reduce ufunc.accumulate ufunc.outer
        ufunc.reduceat operators""",
    "reductions": """
        sum prod max min amax amin ptp cumsum cumprod cumulative_sum cumulative_prod nansum nanprod
        nanmax nanmin nancumsum nancumprod trapezoid""",
    "statistics": """
        mean var std nanmean nanvar nanstd average median nanmedian quantile percentile nanquantile
        nanpercentile cov corrcoef bincount""",
    "shapes and indexing": """
        reshape ravel transpose matrix_transpose swapaxes moveaxis rollaxis expand_dims squeeze
        broadcast_to broadcast_arrays atleast_1d atleast_2d atleast_3d concatenate stack vstack
        hstack dstack column_stack block split array_split hsplit vsplit dsplit unstack tile repeat
        flip fliplr flipud roll rot90 pad append insert delete resize trim_zeros take
        take_along_axis diag diagonal diagflat tril triu meshgrid copy astype linspace logspace
        geomspace apply_along_axis apply_over_axes diff ediff1d gradient __getitem__ iteration""",
    "sorting and selection": """
        sort partition where select piecewise choose compress extract clip interp unwrap""",
    "linear algebra": """
        dot vdot inner outer matmul matvec vecmat vecdot kron tensordot einsum cross trace convolve
        correlate linalg.det linalg.slogdet linalg.inv linalg.pinv linalg.solve linalg.lstsq
        linalg.cholesky linalg.qr linalg.eigh linalg.eigvalsh linalg.eigvals linalg.eig linalg.svd
        linalg.svdvals linalg.norm linalg.vector_norm linalg.matrix_norm linalg.cond
        linalg.matrix_power linalg.multi_dot linalg.tensorinv linalg.tensorsolve
        linalg.matrix_transpose linalg.diagonal linalg.trace linalg.outer linalg.cross
        linalg.matmul linalg.vecdot linalg.tensordot""",
    "polynomials": """
        polyval polyadd polysub polymul polydiv polyder polyint poly polyfit roots vander""",
    "Fourier transforms": """
        fft.fft fft.ifft fft.rfft fft.irfft fft.hfft fft.ihfft fft.fft2 fft.ifft2 fft.fftn
        fft.ifftn fft.rfft2 fft.rfftn fft.irfft2 fft.irfftn fft.fftshift fft.ifftshift""",
    "scipy.special": """
        expit logit log_expit erf erfc erfcx erfinv erfcinv gamma gammaln psi rgamma ndtr ndtri
        log_ndtr entr j0 j1 y0 y1 i0 i0e i1 i1e exp1 expi spence gammasgn dawsn beta betaln xlogy
        xlog1py rel_entr kl_div gammainc gammaincc jv yn iv ive expn polygamma zeta betainc
        multigammaln logsumexp softmax log_softmax""",
}

# What stands for a listed name that is no function of NumPy's.
_OPERATORS = (
    np.add,
    np.subtract,
    np.multiply,
    np.divide,
    np.power,
    np.floor_divide,
    np.mod,
    np.matmul,
    np.negative,
    np.positive,
    np.absolute,
)


def listed() -> dict[str, dict[str, list[Callable[..., Any]]]]:
    """By family and listed name, the functions of the catalogue that the name stands for."""
    by_label = {label(function): function for function in CATALOGUE}
    families: dict[str, dict[str, list[Callable[..., Any]]]] = {}
    for family, names in FAMILIES.items():
        families[family] = {name: _functions(family, name, by_label) for name in names.split()}
    return families


def _functions(
    family: str, name: str, by_label: dict[str, Callable[..., Any]]
) -> list[Callable[..., Any]]:
    if name == "operators":
        return list(_OPERATORS)
    if name == "__getitem__":
        return [indexing.getitem]
    if name == "iteration":
        return [np.unstack]
    if name.startswith("ufunc."):
        method = name.removeprefix("ufunc")
        return [function for key, function in by_label.items() if key.endswith(method)]
    if family == "scipy.special":
        names: tuple[str, ...] = (f"special.{name}", name)
    else:
        names = (f"np.{name}",)
        function = np.linalg if name.startswith("linalg.") else np
        # Aliases are one function object: np.around is np.round in some versions of NumPy.
        alias = getattr(function, name.removeprefix("linalg."), None)
        if alias in CATALOGUE:
            return [alias]
    return [by_label[each] for each in names if each in by_label][:1]
