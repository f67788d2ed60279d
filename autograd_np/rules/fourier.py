"""Fourier transforms.

A gradient pairs with a change without conjugation, so the pullback of a transform is its plain
transpose. The matrix of `fft` is symmetric: the pullback of `fft` is `fft`, with the same norm.
That of `rfft` is `irfft` and the reverse, up to the frequencies that stand for two of them.
"""

import warnings
from typing import Any

import numpy as np

from autograd_np.rules.creation import arange_like
from autograd_np.rules.registry import composite, refuse_out, rule

_OPPOSITE = {None: "forward", "backward": "forward", "forward": "backward"}


def _opposite(norm: Any) -> Any:
    """The norm by which an inverse transform has the factor that a transform has by `norm`."""
    return _OPPOSITE.get(norm, norm)


def _fitted(x: Any, length: int, axis: int) -> Any:
    """`x` cut or filled up with zeros to `length` along `axis`: the transpose of what `n` does."""
    before = (slice(None),) * (axis % x.ndim)
    missing = length - x.shape[axis]
    if missing <= 0:
        return x[(*before, slice(length))] if missing else x
    shape = list(x.shape)
    shape[axis] = missing
    return np.concatenate([x, np.zeros_like(x, shape=tuple(shape))], axis=axis)


def _stands_alone(like: Any, length: int, axis: int) -> Any:
    """Which frequencies of a real signal of `length` stand for themselves only.

    The others stand for their negatives, too, which `rfft` leaves out.
    """
    frequency = arange_like(like, like.shape[axis])
    alone = np.logical_or(frequency == 0, 2 * frequency == length)
    return np.reshape(alone, (-1,) + (1,) * (like.ndim - 1 - axis % like.ndim))


def _fft(g: Any, a_like: Any, axis: Any, norm: Any) -> Any:
    return _fitted(np.fft.fft(g, axis=axis, norm=norm), a_like.shape[axis], axis)


def _ifft(g: Any, a_like: Any, axis: Any, norm: Any) -> Any:
    return _fitted(np.fft.ifft(g, axis=axis, norm=norm), a_like.shape[axis], axis)


def _rfft(g: Any, a_like: Any, n: Any, axis: Any, norm: Any) -> Any:
    length = a_like.shape[axis] if n is None else n
    g = np.conjugate(g)
    # irfft counts a frequency twice where rfft has it once.
    g = np.where(_stands_alone(g, length, axis), g, 0.5 * g)
    signal = np.fft.irfft(g, length, axis, _opposite(norm))
    return _fitted(signal, a_like.shape[axis], axis)


def _irfft(g: Any, a_like: Any, axis: Any, norm: Any) -> Any:
    spectrum = np.conjugate(np.fft.rfft(g, axis=axis, norm=_opposite(norm)))
    alone = _stands_alone(spectrum, g.shape[axis], axis)
    return _fitted(np.where(alone, spectrum, 2 * spectrum), a_like.shape[axis], axis)


rule(np.fft.fft, a=_fft)
rule(np.fft.ifft, a=_ifft)
rule(np.fft.rfft, a=_rfft)
rule(np.fft.irfft, a=_irfft)


@composite(np.fft.hfft)
def hfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.hfft` through `numpy.fft.irfft`."""
    refuse_out("hfft", out)
    return np.fft.irfft(np.conjugate(a), n, axis, _opposite(norm))


@composite(np.fft.ihfft)
def ihfft(a: Any, n: Any = None, axis: int = -1, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.ihfft` through `numpy.fft.rfft`."""
    refuse_out("ihfft", out)
    return np.conjugate(np.fft.rfft(a, n, axis, _opposite(norm)))


def _lines(a: Any, s: Any, axes: Any, inverse_of_real: bool = False) -> list[tuple[Any, int]]:
    """Length and axis of each of the transforms that make up one over several axes."""
    if s is not None and (axes is None or None in s):
        warnings.warn(
            "lengths `s` without `axes`, or with None among them, are deprecated in NumPy 2. "
            "Name the axes, and write -1 for an axis as long as it is.",
            DeprecationWarning,
            stacklevel=3,
        )
    if axes is None:
        axes = range(-a.ndim if s is None else -len(s), 0)
    if s is None:
        lengths = [a.shape[axis] for axis in axes]
        if inverse_of_real:
            lengths[-1] = 2 * (lengths[-1] - 1)
        return list(zip(lengths, axes, strict=True))
    if len(s) != len(axes):
        raise ValueError(
            f"a Fourier transform over several axes takes one length for each axis, and was given "
            f"lengths {tuple(s)} for axes {tuple(axes)}."
        )
    return [(a.shape[axis] if n == -1 else n, axis) for n, axis in zip(s, axes, strict=True)]


@composite(np.fft.fftn)
def fftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.fftn`, one axis after the other."""
    refuse_out("fftn", out)
    for length, axis in reversed(_lines(a, s, axes)):
        a = np.fft.fft(a, length, axis, norm)
    return a


@composite(np.fft.ifftn)
def ifftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.ifftn`, one axis after the other."""
    refuse_out("ifftn", out)
    for length, axis in reversed(_lines(a, s, axes)):
        a = np.fft.ifft(a, length, axis, norm)
    return a


@composite(np.fft.rfftn)
def rfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.rfftn`, one axis after the other; the last of them first."""
    refuse_out("rfftn", out)
    *others, (length, axis) = _lines(a, s, axes)
    a = np.fft.rfft(a, length, axis, norm)
    for length, axis in reversed(others):
        a = np.fft.fft(a, length, axis, norm)
    return a


@composite(np.fft.irfftn)
def irfftn(a: Any, s: Any = None, axes: Any = None, norm: Any = None, out: Any = None) -> Any:
    """`numpy.fft.irfftn`, one axis after the other."""
    refuse_out("irfftn", out)
    *others, last = _lines(a, s, axes, inverse_of_real=True)
    for length, axis in others:
        a = np.fft.ifft(a, length, axis, norm)
    return np.fft.irfft(a, *last, norm)


def _over_two_axes(function: Any, over_axes: Any) -> None:
    """Express a transform over two axes by the one over any."""

    @composite(function)
    def transform(
        a: Any, s: Any = None, axes: Any = (-2, -1), norm: Any = None, out: Any = None
    ) -> Any:
        return over_axes(a, s, axes, norm, out)


_over_two_axes(np.fft.fft2, fftn)
_over_two_axes(np.fft.ifft2, ifftn)
_over_two_axes(np.fft.rfft2, rfftn)
_over_two_axes(np.fft.irfft2, irfftn)


def _rolled(x: Any, axes: Any, direction: int) -> Any:
    """`x` rolled by half the length of each axis."""
    if axes is None:
        axes = tuple(range(x.ndim))
    elif isinstance(axes, int):
        axes = (axes,)
    shifts = tuple(direction * (x.shape[axis] // 2) for axis in axes)
    return np.roll(x, shifts, tuple(axes))


@composite(np.fft.fftshift)
def fftshift(x: Any, axes: Any = None) -> Any:
    """`numpy.fft.fftshift` through `numpy.roll`."""
    return _rolled(x, axes, 1)


@composite(np.fft.ifftshift)
def ifftshift(x: Any, axes: Any = None) -> Any:
    """`numpy.fft.ifftshift` through `numpy.roll`."""
    return _rolled(x, axes, -1)


# The corrections are whole numbers of periods, which do not change when the phase does a little.
rule(
    np.unwrap,
    p=lambda g: g,
    period=lambda g, p, out, period: g * np.rint((out - p) / period),
)
