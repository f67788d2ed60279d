"""predict and evaluate."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

import autograd_np as ag
import nn

X = np.random.default_rng(0).normal(size=(11, 3))
Y = X.sum(axis=1, keepdims=True)


@given(st.integers(1, 15))
def test_batches_do_not_matter(batch_size: int) -> None:
    model = nn.Sequential(nn.Linear(3, 4, rng=0), nn.Dropout(0.5), nn.Linear(4, 1, rng=1))
    expected = model.eval()(X).numpy()
    np.testing.assert_allclose(nn.predict(model.train(), X, batch_size), expected, rtol=1e-13)


def test_outputs_are_plain_arrays_and_nothing_is_recorded() -> None:
    recording: list[bool] = []

    class Spy(nn.Linear):
        def forward(self, x: object) -> object:
            recording.append(ag.is_grad_enabled() or self.training)
            return super().forward(x)

    model = Spy(3, 1)
    assert type(nn.predict(model, X)) is np.ndarray
    assert recording == [False]
    assert model.training
    assert nn.predict(model, ag.Tensor(X)).shape == (11, 1)


def test_evaluate() -> None:
    model = nn.Linear(3, 1, weight_init=nn.init.ones, bias_init=nn.init.ones)
    numbers = nn.evaluate(
        model, nn.MSELoss(), X, Y, batch_size=4, metrics=[nn.metrics.mean_absolute_error]
    )
    assert numbers == pytest.approx({"loss": 1.0, "mean_absolute_error": 1.0})


def test_data_is_checked() -> None:
    model = nn.Linear(3, 1)
    with pytest.raises(ValueError, match="x has 11 rows and y has 3"):
        nn.evaluate(model, nn.MSELoss(), X, Y[:3])
    with pytest.raises(ValueError, match="there are no rows"):
        nn.predict(model, X[:0])
