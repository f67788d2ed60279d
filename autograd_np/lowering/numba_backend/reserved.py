"""Names of the generated source that no value may have."""

from __future__ import annotations

from autograd_np.lowering.numba_backend.templates import KNOWN

# The variables of nested loops, from outside in.
INDEX = ("i", "j", "k", "l", "m", "n")

RESERVED = frozenset(
    {
        *INDEX, *(ufunc.__name__ for ufunc in KNOWN), "N", "T", "row", "column", "inner", "inf",
        "nan", "step", "scratch", "shared", "written", "given", "rows", "by_rows", "give_back",
        "error", "pointer", "part", "moved", "rounds", "plus", "times", "maximum", "minimum",
        "gemm", "int8", "int16", "int32",
        "int64", "uint8", "uint16", "uint32", "uint64", "float32", "float64", "abs", "bool",
        "range", "empty", "asarray", "run",
    }
)  # fmt: skip
