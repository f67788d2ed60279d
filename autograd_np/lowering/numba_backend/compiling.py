"""Compiling the source with numba, which is imported here and nowhere else."""

# numba has no type hints.
# mypy: disable-error-code="import-untyped, import-not-found, unused-ignore"
from __future__ import annotations

import linecache
from collections.abc import Callable
from typing import Any

import numpy as np

from autograd_np.lowering.numba_backend.form import Form
from autograd_np.lowering.numba_backend.source import Native
from autograd_np.lowering.numba_backend.templates import KNOWN

_MISSING = (
    "backend='numba' needs numba, and SciPy for its BLAS. Install them with "
    "pip install 'autograd-np[numba]', or write backend='numpy'."
)


def available() -> Any:
    """The module numba.

    Raises
    ------
    ImportError
        If it is not installed, or SciPy is not.
    """
    try:
        import numba
        import scipy.linalg.cython_blas  # noqa: F401
    except ImportError as error:
        raise ImportError(_MISSING) from error
    return numba


def compiled(native: Native, form: Form, filename: str) -> Callable[..., None]:
    """The native function, for arrays that lie row by row.

    NaN and infinity are what they are in NumPy: the only liberty that the compiler has is to fuse
    a product with a sum. Reductions say for themselves that their order is free.
    """
    numba = available()
    from autograd_np.lowering.numba_backend import functions, intrinsics

    scope: dict[str, Any] = {"inf": np.inf, "nan": np.nan, "N": ord("n"), "T": ord("t")}
    scope |= {ufunc.__name__: ufunc for ufunc in KNOWN} | intrinsics.SCOPE | functions.SCOPE
    remember(filename, native.source)
    exec(compile(native.source, filename, "exec"), scope)
    signature = numba.void(*_types(numba, native, form))
    jit = numba.njit([signature], fastmath={"contract"}, error_model="numpy", no_cfunc_wrapper=True)
    function: Callable[..., None] = jit(scope["step"])
    return function


def _types(numba: Any, native: Native, form: Form) -> list[Any]:
    written = set(form.updates)

    def array(shape: Any, dtype: Any, mutable: bool) -> Any:
        kind = numba.from_dtype(dtype)
        return numba.types.Array(kind, len(shape), "C", readonly=not mutable)

    values = [form.values[number] for number in native.arrays]
    arrays = [
        array(value.shape, value.dtype, number in written)
        for number, value in zip(native.arrays, values, strict=True)
    ]
    numbers = [numba.typeof(form.values[number].content()) for number in native.numbers]
    outputs = [form.values[number] for number in form.outputs]
    returned = [array(value.shape, value.dtype, True) for value in outputs]
    return [*arrays, array((1,), np.dtype(np.uint8), True), *numbers, *returned]


def remember(filename: str, source: str) -> None:
    """Let tracebacks and debuggers show the lines of generated source."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
