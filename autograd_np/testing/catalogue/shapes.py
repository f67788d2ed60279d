"""Moving elements about, joining and splitting."""

from __future__ import annotations

import numpy as np

from autograd_np.testing.catalogue.sample import Sample, Samples, real, unary

SAMPLES: Samples = {
    np.reshape: [
        Sample("flat", (real(2, 3), (6,)), {}),
        Sample("unknown length", (real(2, 3), (3, -1)), {}),
        Sample("order F", (real(2, 3), (3, 2)), {"order": "F"}),
        Sample("empty", (real(0, 3), (3, 0)), {}),
        Sample("to 0-d", (real(1), ()), {}),
    ],
    np.ravel: [
        Sample("rows", (real(2, 3),), {}),
        Sample("order F", (real(2, 3),), {"order": "F"}),
        Sample("0-d", (real(),), {}),
    ],
    np.squeeze: [
        Sample("all", (real(1, 3, 1),), {}),
        Sample("axis", (real(1, 3, 1),), {"axis": -1}),
    ],
    np.expand_dims: [
        Sample("front", (real(2, 3), 0), {}),
        Sample("several", (real(2, 3), (0, -1)), {}),
    ],
    np.transpose: [
        Sample("reversed", (real(2, 3, 4),), {}),
        Sample("axes", (real(2, 3, 4),), {"axes": (1, 2, 0)}),
        Sample("negative axes", (real(2, 3, 4),), {"axes": (-1, 0, -2)}),
        Sample("0-d", (real(),), {}),
    ],
    np.swapaxes: [Sample("negative", (real(2, 3, 4), 0, -1), {})],
    np.broadcast_to: [
        Sample("new axis", (real(3), (2, 3)), {}),
        Sample("stretched", (real(2, 1), (2, 3)), {}),
        Sample("0-d", (real(), (2, 2)), {}),
        Sample("empty", (real(1, 3), (0, 3)), {}),
    ],
    np.copy: unary(),
    np.astype: [Sample("same", (real(3), np.float64), {})],
    np.concatenate: [
        Sample("rows", ([real(2, 3), real(1, 3)],), {}),
        Sample("negative axis", ([real(2, 1), real(2, 3)],), {"axis": -1}),
        Sample("flattened", ([real(2, 2), real(3)],), {"axis": None}),
        Sample("with a constant", ([real(2), np.arange(3)],), {}),
        Sample("with an empty", ([real(0, 2), real(1, 2)],), {}),
    ],
    np.stack: [
        Sample("front", ([real(3), real(3, seed=1)],), {}),
        Sample("back", ([real(2, 3), real(2, 3, seed=1)],), {"axis": -1}),
        Sample("0-d", ([real(), real(seed=1)],), {}),
    ],
}
