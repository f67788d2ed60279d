"""Convolution and correlation of vectors."""

from __future__ import annotations

from typing import Any

import numpy as np

from autograd_np.rules.registry import composite, dispatched, rule, written

_MODES = ("valid", "same", "full")


@dispatched
def convolve_full(a: Any, v: Any) -> Any:
    """The convolution of two vectors wherever they overlap."""
    return np.convolve(a, v)


@dispatched
def convolve_valid(a: Any, v: Any) -> Any:
    """The convolution where all of `v` lies within `a`, which is not the shorter one."""
    return np.convolve(a, v, "valid")


written("convolve", convolve_full)
rule(
    convolve_full,
    a=lambda g, v: convolve_valid(g, v[::-1]),
    v=lambda g, a: convolve_valid(g, a[::-1]),
)
rule(
    convolve_valid,
    a=lambda g, v: convolve_full(g, v[::-1]),
    v=lambda g, a: convolve_valid(a, g[::-1])[::-1],
)


@composite(np.convolve)
def convolve(a: Any, v: Any, mode: Any = "full") -> Any:
    """`numpy.convolve` in its three modes."""
    a, v = _vector("convolve", a), _vector("convolve", v)
    mode = _mode("convolve", mode)
    if len(v) > len(a):
        a, v = v, a
    return convolve_valid(a, v) if mode == "valid" else _cut(a, v, mode, (len(v) - 1) // 2)


@composite(np.correlate)
def correlate(a: Any, v: Any, mode: Any = "valid") -> Any:
    """`numpy.correlate`: a convolution with `v` conjugated and turned round."""
    a, v = _vector("correlate", a), _vector("correlate", v)
    mode = _mode("correlate", mode)
    turned = (np.conj(v) if v.dtype.kind == "c" else v)[::-1]
    if mode == "valid":
        return convolve_valid(*((turned, a) if len(v) > len(a) else (a, turned)))
    # The middle is that of the longer vector sliding over the shorter one, from its end.
    return _cut(a, turned, mode, len(a) // 2 if len(v) > len(a) else (len(v) - 1) // 2)


def _cut(a: Any, v: Any, mode: str, start: int) -> Any:
    result = convolve_full(a, v)
    return result if mode == "full" else result[start : start + max(len(a), len(v))]


def _vector(name: str, x: Any) -> Any:
    x = x if hasattr(x, "dtype") else np.asarray(x)
    if x.ndim > 1 or not x.size or (not x.ndim and name == "correlate"):
        raise ValueError(
            f"{name} was given an array of shape {x.shape}, expected a vector that is not empty."
        )
    return np.reshape(x, (1,)) if not x.ndim else x


def _mode(name: str, mode: Any) -> str:
    if isinstance(mode, int) and 0 <= mode < len(_MODES):
        return _MODES[mode]
    if not isinstance(mode, str):
        raise (ValueError if isinstance(mode, int) else TypeError)(_refused(name, mode))
    if mode not in _MODES:
        raise ValueError(_refused(name, mode))
    return mode


def _refused(name: str, mode: Any) -> str:
    return f"{name} was given mode={mode!r}, expected 'valid', 'same' or 'full'."
