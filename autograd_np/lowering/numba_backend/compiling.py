"""Compiling the source with numba, which is imported here and nowhere else."""

# numba has no type hints.
# mypy: disable-error-code="import-untyped, import-not-found, unused-ignore"
from __future__ import annotations

import linecache
from typing import Any

import numpy as np

from autograd_np.lowering.numba_backend.assembly import Function, Native
from autograd_np.lowering.numba_backend.form import Form
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


def compiled(native: Native, form: Form, filename: str) -> list[Any]:
    """The native functions, for arrays that lie row by row.

    NaN and infinity are what they are in NumPy: the only liberty that the compiler has is to fuse
    a product with a sum. Reductions say for themselves that their order is free.
    """
    numba = available()
    from autograd_np.lowering.numba_backend import functions, intrinsics

    settings = {"fastmath": {"contract"}, "error_model": "numpy", "no_cfunc_wrapper": True}
    scope: dict[str, Any] = {"inf": np.inf, "nan": np.nan, "N": ord("n"), "T": ord("t")}
    scope |= {ufunc.__name__: ufunc for ufunc in KNOWN} | intrinsics.SCOPE | functions.SCOPE
    scope["shared"] = numba.njit(**settings)
    remember(filename, native.source)
    exec(compile(native.source, filename, "exec"), scope)
    return [
        numba.njit([numba.void(*_types(numba, each, form))], **settings)(scope[each.name])
        for each in native.functions
    ]


def _types(numba: Any, function: Function, form: Form) -> list[Any]:
    written = set(form.updates)

    def array(number: int, mutable: bool) -> Any:
        value = form.values[number]
        kind = numba.from_dtype(value.dtype)
        return numba.types.Array(kind, len(value.shape), "C", readonly=not mutable)

    arrays = [array(number, number in written) for number in function.arrays]
    scratch = numba.types.Array(numba.uint8, 1, "C")
    numbers = [numba.typeof(form.values[number].content()) for number in function.numbers]
    outputs = [array(form.outputs[number], True) for number in function.outputs]
    return [*arrays, scratch, *numbers, *outputs]


def remember(filename: str, source: str) -> None:
    """Let tracebacks and debuggers show the lines of generated source."""
    linecache.cache[filename] = (len(source), None, source.splitlines(keepends=True), filename)
