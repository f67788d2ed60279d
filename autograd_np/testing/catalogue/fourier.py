"""Discrete Fourier transforms."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from autograd_np.testing.catalogue.sample import Array, Sample, Samples, imaginary, real


def _along_one_axis(*domains: Callable[..., Array]) -> list[Sample]:
    samples = []
    for kind, domain in zip(("", " of complex"), domains, strict=False):
        samples += [
            Sample(f"even{kind}", (domain(6),), {}),
            Sample(f"odd{kind}", (domain(5),), {"n": 5}),
            Sample(f"cut{kind}", (domain(5),), {"n": 3, "norm": "forward"}),
            Sample(f"filled{kind}", (domain(3), 8), {"norm": "ortho"}),
            Sample(f"first axis{kind}", (domain(4, 2),), {"axis": 0, "norm": "backward"}),
            Sample(f"middle axis{kind}", (domain(2, 3, 2), 4, -2), {}),
            Sample(f"one{kind}", (domain(1),), {"n": 1}),
            Sample(f"empty{kind}", (domain(0, 3),), {"n": 4}),
        ]
    return samples


def _over_axes(*domains: Callable[..., Array]) -> list[Sample]:
    samples = []
    for kind, domain in zip(("", " of complex"), domains, strict=False):
        samples += [
            Sample(f"matrix{kind}", (domain(3, 4),), {}),
            Sample(f"one axis{kind}", (domain(3, 4),), {"axes": (0,), "norm": "forward"}),
            Sample(f"lengths{kind}", (domain(3, 4), (4, 3), (1, 0)), {"norm": "ortho"}),
            Sample(f"as long as it is{kind}", (domain(3, 4),), {"s": (-1, 5), "axes": (-2, -1)}),
            Sample(f"repeated axes{kind}", (domain(2, 3),), {"s": (3, 4), "axes": (1, 1)}),
        ]
    return samples


_DEEP = [
    Sample("three axes", (real(2, 3, 4),), {}),
    Sample("three axes of complex", (imaginary(2, 3, 4),), {"axes": (2, 0, 1)}),
]

_SHIFTS = [
    Sample("odd", (real(5),), {}),
    Sample("matrix", (real(2, 3),), {}),
    Sample("axis", (real(2, 3),), {"axes": 1}),
    Sample("axes", (real(2, 3, 4),), {"axes": (0, -1)}),
    Sample("complex", (imaginary(3),), {}),
]

SAMPLES: Samples = {
    **{
        transform: _along_one_axis(real, imaginary)
        for transform in (np.fft.fft, np.fft.ifft, np.fft.irfft, np.fft.hfft)
    },
    **{transform: _along_one_axis(real) for transform in (np.fft.rfft, np.fft.ihfft)},
    **{
        transform: _over_axes(real, imaginary)
        for transform in (np.fft.fft2, np.fft.ifft2, np.fft.irfft2)
    },
    **{
        transform: [*_over_axes(real, imaginary), *_DEEP]
        for transform in (np.fft.fftn, np.fft.ifftn, np.fft.irfftn)
    },
    np.fft.rfft2: _over_axes(real),
    np.fft.rfftn: [*_over_axes(real), _DEEP[0]],
    np.fft.fftshift: _SHIFTS,
    np.fft.ifftshift: _SHIFTS,
    np.unwrap: [
        Sample("vector", (np.array([0.0, 3, 6.5, 1, -4]),), {}),
        Sample("first axis", (4 * real(3, 2),), {"axis": 0}),
        Sample("period", (4 * real(5),), {"period": np.array(3.0)}),
        Sample("discont", (4 * real(5), 5.0), {"period": 2.5}),
        Sample("one", (real(1),), {}),
    ],
}
