"""compile_step: what it computes is what the eager step computes."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import nn
from nn.optim import packing
from tests.nn.compiling_cases import (
    ACTIVATIONS,
    BACKENDS,
    BOTH,
    LOSSES,
    TARGETS,
    Twins,
    X,
    network,
    optimizer_of,
    take,
)
from tests.nn.optimizer_cases import CASES

DTYPES = pytest.mark.parametrize("dtype", [np.float32, np.float64])


@DTYPES
@pytest.mark.parametrize("case", CASES)
def test_every_optimizer(case: str, dtype: Any) -> None:
    twins = Twins(partial(network, dtype), optimizer_of(case), LOSSES["mse"][0])
    take(twins, 25, dtype=dtype)
    assert twins.traces == 2


@pytest.mark.parametrize("backend", BACKENDS[1:])
@pytest.mark.parametrize(
    ("case", "dtype"),
    [(case, np.float64) for case in CASES] + [("sgd", np.float32), ("adam_all", np.float32)],
)
def test_every_optimizer_natively(case: str, dtype: Any, backend: str) -> None:
    twins = Twins(partial(network, dtype), optimizer_of(case), LOSSES["mse"][0], backend)
    # Two batches of one shape: numba takes its time for each.
    take(twins, 2, dtype=dtype)


@DTYPES
@pytest.mark.parametrize("activation", ACTIVATIONS)
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_after_every_activation(loss: str, activation: str, dtype: Any) -> None:
    make = partial(network, dtype, activation, dropout=0.25)
    take(Twins(make, optimizer_of("adam"), LOSSES[loss][0]), 20, loss, dtype)


@BOTH
@pytest.mark.parametrize("loss", LOSSES)
def test_every_loss_without_more(loss: str, backend: str) -> None:
    make = partial(network, np.float64, "relu")
    take(Twins(make, optimizer_of("sgd_momentum"), LOSSES[loss][0], backend), 2, loss)


@BOTH
@DTYPES
@pytest.mark.parametrize("clip_norm", [1e-3, 0.5, 1e6])
def test_clipping(clip_norm: float, dtype: Any, backend: str) -> None:
    make = partial(network, dtype)
    twins = Twins(make, optimizer_of("adam"), LOSSES["mse"][0], backend, clip_norm)
    take(twins, 20 if backend == "numpy" else 2, dtype=dtype)


@BOTH
def test_dropout_draws_what_it_would_have_drawn(backend: str) -> None:
    make = partial(network, dropout=0.4, width=30)
    twins = take(Twins(make, optimizer_of("sgd"), LOSSES["mse"][0], backend), 2)
    layers = [each for m in (twins.eager, twins.compiled) for each in m.modules()]
    drawing = [each for each in layers if isinstance(each, nn.Dropout)]
    assert drawing[0].random_state() == drawing[1].random_state()


@pytest.mark.parametrize("width", [packing.SMALL // 4 + 1, 30_000])
@pytest.mark.parametrize("case", ["sgd", "adam_all", "rmsprop_all"])
def test_large_parameters(case: str, width: int) -> None:
    """Those that are updated by themselves, in eager mode block by block."""
    make = partial(network, width=width)
    take(Twins(make, optimizer_of(case), LOSSES["mse"][0]), 4)


@BOTH
def test_dense_layers_that_find_their_width(backend: str) -> None:
    def make() -> nn.Module:
        rng = np.random.default_rng(3)
        return nn.Sequential(
            nn.Dense(7, "relu", rng=rng), nn.Dense(5, np.tanh, rng=rng), nn.Dense(4, rng=rng)
        )

    twins = take(Twins(make, optimizer_of("adam"), LOSSES["mse"][0], backend), 5)
    assert twins.traces == 2


@pytest.mark.parametrize("dtype", [np.float16, np.longdouble, np.complex64, np.complex128])
@pytest.mark.parametrize("case", ["sgd_nesterov", "adam"])
def test_other_dtypes(case: str, dtype: Any) -> None:
    def loss(predictions: Any, targets: Any) -> Any:
        return np.mean(np.abs(predictions - targets) ** 2)

    take(Twins(partial(network, dtype), optimizer_of(case), loss, clip_norm=0.5), 6, dtype=dtype)


def test_inputs_of_other_dtypes_and_layouts() -> None:
    twins = Twins(network, optimizer_of("adam"), LOSSES["mse"][0])
    wide = np.repeat(X, 2, axis=1)
    inputs: list[Any] = [
        X,
        np.asfortranarray(X),
        wide[:, ::2],
        X[::-1],
        X.astype(np.float32),
        X.astype(int),
        X > 0,
    ]
    for x in [*inputs, *inputs]:
        twins.take(x, TARGETS)
    assert twins.traces == len(inputs)


LAYERS: dict[str, Callable[[int, int, Any, Any], nn.Module]] = {
    "linear": lambda i, o, rng, dtype: nn.Linear(i, o, rng=rng, dtype=dtype),
    "unbiased": lambda i, o, rng, dtype: nn.Linear(i, o, bias=False, rng=rng, dtype=dtype),
    "dense": lambda i, o, rng, dtype: nn.Dense(o, "tanh", rng=rng, dtype=dtype),
    "softmax": lambda i, o, rng, dtype: nn.Dense(o, "softmax", i, rng=rng, dtype=dtype),
    "dropout": lambda i, o, rng, dtype: nn.Sequential(
        nn.Linear(i, o, rng=rng, dtype=dtype), nn.Dropout(0.3, rng=rng), nn.ReLU()
    ),
}


@settings(max_examples=40, deadline=None)
@given(
    layers=st.lists(
        st.tuples(st.sampled_from(list(LAYERS)), st.integers(1, 9)), min_size=0, max_size=4
    ),
    last=st.sampled_from(["linear", "unbiased", "dense"]),
    case=st.sampled_from(list(CASES)),
    loss=st.sampled_from([name for name in LOSSES if name != "cross_entropy_soft"]),
    dtype=st.sampled_from([np.float32, np.float64]),
    clip_norm=st.sampled_from([None, 0.1]),
    rows=st.lists(st.integers(1, 40), min_size=1, max_size=6),
)
def test_any_network(
    layers: list[tuple[str, int]],
    last: str,
    case: str,
    loss: str,
    dtype: Any,
    clip_norm: float | None,
    rows: list[int],
) -> None:
    def make() -> nn.Module:
        rng, model, width = np.random.default_rng(5), nn.Sequential(), 3
        for kind, units in [*layers, (last, 4)]:
            model.add(LAYERS[kind](width, units, rng, dtype))
            width = units
        return model

    twins = Twins(make, optimizer_of(case), LOSSES[loss][0], clip_norm=clip_norm)
    targets = LOSSES[loss][1](TARGETS.astype(dtype))
    for count in rows:
        if not twins.take(X[:count].astype(dtype), targets[:count]):
            break
