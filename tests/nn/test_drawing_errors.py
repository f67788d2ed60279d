"""Pictures of models: what wrong use is told."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn

X = np.random.default_rng(0).normal(size=(5, 4))


class Two(nn.Module):
    """What takes two inputs."""

    def forward(self, x: Any, ids: Any, scale: float = 1.0) -> Any:
        return x[ids] * scale


def network() -> nn.Sequential:
    return nn.Sequential(nn.Linear(4, 6, rng=0), nn.ReLU(), nn.Dropout(0.5, rng=0))


@pytest.mark.parametrize(
    ("draw", "kind", "message"),
    [
        (lambda: network().draw(), TypeError, r"missing .*'x'. Write model\.draw\(x\)\."),
        (lambda: Two().draw(X), TypeError, r"1 input: .*'ids'. Write model\.draw\(x, ids\)\."),
        (lambda: network().draw(X, X), TypeError, r"2 inputs: too many .*model\.draw\(x\)"),
        (lambda: Two().draw(X, ids=X), TypeError, r"Write model\.draw\(x, ids\)\."),
        (lambda: nn.MSELoss().draw(X, targets=X), TypeError, r"draw\(predictions, targets\)"),
        (lambda: network().draw(X, deepth=1), TypeError, r"draw\(\) got an unexpected .*'deepth'"),
        (lambda: network().eval()[2].draw(X), ValueError, r"Dropout computed nothing .*model\."),
        (lambda: network().draw(X[:, 1:]), ValueError, r"expected \(\.\.\., 4\)"),
        (lambda: nn.Module().draw(X), NotImplementedError, "has no forward"),
        (lambda: ag.draw(network()), TypeError, r"Sequential.*model\.draw\(x\)"),
    ],
)
def test_wrong_use_says_what_to_write(
    draw: Callable[[], Any], kind: type[Exception], message: str
) -> None:
    with pytest.raises(kind, match=message):
        draw()


def test_an_option_that_is_an_input() -> None:
    class Optional(nn.Module):
        def forward(self, x: Any, mask: Any = None) -> Any:
            return x * mask

    with pytest.raises(TypeError, match="'mask' is an input and no option"):
        Optional().draw(X, mask=X)
    assert "multiply" in Optional().draw(X, X).source


def test_an_input_that_is_only_given_by_name() -> None:
    class Named(nn.Module):
        def forward(self, x: Any, *, mask: Any) -> Any:
            return x * mask

    with pytest.raises(TypeError, match=r"`with ag\.record\(\): output = model\(x, mask=mask\)`"):
        Named().draw(X)


@pytest.mark.parametrize(("returned", "words"), [(None, "nothing"), (X, "a value of type ndarray")])
def test_a_forward_that_returns_no_tensor(returned: Any, words: str) -> None:
    class Cut(nn.Module):
        def forward(self, x: Any) -> Any:
            np.exp(x)
            return returned

    with pytest.raises(TypeError, match=f"Cut returned {words}. Return the Tensor from forward"):
        Cut().draw(X)
