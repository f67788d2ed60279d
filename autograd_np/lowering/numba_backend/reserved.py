"""Names of the generated source that no value may have."""

from __future__ import annotations

RESERVED = frozenset(
    {
        *"ijklmn", "N", "T", "row", "column", "inner", "inf", "nan", "step", "scratch", "native",
        "pointer", "part", "moved", "rounds", "plus", "times", "maximum", "minimum", "gemm", "boolean",
        "int8", "int16", "int32", "int64", "uint8", "uint16", "uint32", "uint64", "float32",
        "float64", "abs", "bool", "range", "empty", "asarray", "run",
    }
)  # fmt: skip
