"""What the tests of compiled steps share: networks, losses, and a step as `fit` takes it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest

import autograd_np as ag
import nn
from tests.nn.optimizer_cases import CASES

Array = np.ndarray[Any, Any]
Make = Callable[[nn.Module], nn.optim.Optimizer]

#: Of numba, for each array relative to its largest element, after one step.
TOLERANCE = {"float32": 1e-5, "float64": 1e-12}


def _numba() -> bool:
    try:
        import numba  # noqa: F401

        from autograd_np.lowering.numba_backend import lower  # noqa: F401
    except ImportError:
        return False
    return True


BACKENDS = [
    "numpy",
    pytest.param("numba", marks=pytest.mark.skipif(not _numba(), reason="numba is missing")),
]

BOTH = pytest.mark.parametrize("backend", BACKENDS)

_rng = np.random.default_rng(0)
X = _rng.normal(size=(40, 3))
TARGETS = np.tanh(X @ _rng.normal(size=(3, 4)))
#: Of 40 rows: the last one is smaller, as in `fit`.
BATCHES = [slice(0, 16), slice(16, 32), slice(32, 40)]

#: A loss, and what makes its targets of `TARGETS`.
LOSSES: dict[str, tuple[Callable[[Any, Any], Any], Callable[[Array], Array]]] = {
    "mse": (nn.MSELoss(), lambda t: t),
    "mse_sum": (nn.MSELoss("sum"), lambda t: t),
    "sum_squared": (nn.SumSquaredError(), lambda t: t),
    "sum_squared_mean": (nn.SumSquaredError("mean"), lambda t: t),
    "cross_entropy": (nn.CrossEntropyLoss(), lambda t: t.argmax(1)),
    "cross_entropy_sum": (nn.CrossEntropyLoss("sum"), lambda t: t.argmax(1)),
    "cross_entropy_soft": (
        nn.CrossEntropyLoss(),
        lambda t: np.exp(t) / np.exp(t).sum(1, keepdims=True),
    ),
    "bce": (lambda p, t: nn.BCELoss()(ag.sigmoid(p), t), lambda t: (t > 0).astype(t.dtype)),
    "bce_logits": (nn.BCEWithLogitsLoss(), lambda t: (t > 0).astype(t.dtype)),
    "bce_logits_sum": (nn.BCEWithLogitsLoss("sum"), lambda t: (t + 1) / 2),
    "of_one's_own": (lambda p, t: np.mean(np.sqrt(np.abs(p - t) + 0.1) ** 3), lambda t: t),
}

ACTIVATIONS: dict[str, Callable[[], nn.Module]] = {
    "relu": nn.ReLU,
    "sigmoid": nn.Sigmoid,
    "tanh": nn.Tanh,
    "softmax": nn.Softmax,
    "log_softmax": nn.LogSoftmax,
    "identity": nn.Identity,
}


def network(
    dtype: Any = np.float64, activation: str = "tanh", dropout: float = 0.0, width: int = 6
) -> nn.Sequential:
    rng = np.random.default_rng(1)
    return nn.Sequential(
        nn.Linear(3, width, rng=rng, dtype=dtype),
        ACTIVATIONS[activation](),
        nn.Dropout(dropout, rng=2),
        nn.Linear(width, 4, rng=rng, dtype=dtype),
    )


def eager_step(
    model: nn.Module,
    loss: Callable[[Any, Any], Any],
    optimizer: nn.optim.Optimizer,
    x: Any,
    y: Any,
    clip_norm: float | None = None,
) -> Any:
    optimizer.zero_grad()
    value = loss(model(x), y)
    if not np.isfinite(value.numpy()):
        raise FloatingPointError
    value.backward()
    try:
        if clip_norm is not None:
            nn.clip_grad_norm(optimizer.parameters(), clip_norm)
        optimizer.step()
    finally:
        optimizer.zero_grad()
    return value.numpy()


class Twins:
    """A network trained eagerly, and an equal one that is trained by a compiled step."""

    def __init__(
        self,
        make: Callable[[], nn.Module],
        optimizer: Make,
        loss: Callable[[Any, Any], Any],
        backend: str = "numpy",
        clip_norm: float | None = None,
    ) -> None:
        self.loss, self.backend, self.clip_norm = loss, backend, clip_norm
        self.eager, self.compiled = make(), make()
        self.eager_optimizer = optimizer(self.eager)
        self.compiled_optimizer = optimizer(self.compiled)
        self.step = nn.compile_step(
            self.compiled, loss, self.compiled_optimizer, backend=backend, clip_norm=clip_norm
        )

    def take(self, x: Any, y: Any) -> bool:
        """Take one step each, and compare everything; return whether the loss was finite."""
        arguments = self.eager, self.loss, self.eager_optimizer, x, y, self.clip_norm
        finite = True
        with np.errstate(all="ignore"):
            try:
                expected = eager_step(*arguments)
            except FloatingPointError:
                finite = False
                with pytest.raises(FloatingPointError):
                    self.step(x, y)
            else:
                assert_same(self.step(x, y).numpy(), expected, self.backend)
        self.compare()
        return finite

    def each(self, change: Callable[[nn.Module, nn.optim.Optimizer], Any]) -> None:
        """Do something to both networks."""
        change(self.eager, self.eager_optimizer)
        change(self.compiled, self.compiled_optimizer)

    def set(self, group: int = 0, **settings: Any) -> None:
        """Change settings of a group of both optimizers."""
        for optimizer in (self.eager_optimizer, self.compiled_optimizer):
            optimizer.param_groups[group].update(settings)

    def compare(self) -> None:
        assert_same(self.compiled.state_dict(), self.eager.state_dict(), self.backend)
        assert_same(
            self.compiled_optimizer.state_dict(), self.eager_optimizer.state_dict(), self.backend
        )

    @property
    def traces(self) -> int:
        """How often the step has been traced, as far as it is kept."""
        return len(self.step.compiled._entries)


def assert_same(mine: Any, expected: Any, backend: str = "numpy") -> None:
    """Equal to the bit with the numpy backend, nearly with numba; containers too."""
    if isinstance(expected, dict):
        assert list(mine) == list(expected)
        for key, value in expected.items():
            assert_same(mine[key], value, backend)
    elif isinstance(expected, (list, tuple)):
        assert len(mine) == len(expected)
        for one, other in zip(mine, expected, strict=True):
            assert_same(one, other, backend)
    elif not hasattr(expected, "dtype") or expected.dtype.name not in TOLERANCE:
        assert np.array_equal(mine, expected)
    else:
        assert mine.dtype == expected.dtype
        assert mine.shape == expected.shape
        if backend == "numpy":
            assert np.array_equal(mine, expected, equal_nan=True)
            return
        # The steps of a test add up.
        tolerance = 10 * TOLERANCE[expected.dtype.name] * np.abs(expected).max(initial=0.0)
        np.testing.assert_allclose(mine, expected, rtol=0.0, atol=tolerance)


def changed(model: nn.Module, before: dict[str, Array]) -> bool:
    return any(not np.array_equal(value, before[key]) for key, value in model.state_dict().items())


def optimizer_of(case: str) -> Make:
    kind, settings = CASES[case]
    return lambda model: getattr(nn, kind)(model, **settings)


def take(twins: Twins, steps: int, loss: str = "mse", dtype: Any = np.float64) -> Twins:
    """Take so many steps on batches in turn, the last of which is smaller."""
    targets = LOSSES[loss][1](TARGETS.astype(dtype))
    for step in range(steps):
        rows = BATCHES[step % 3]
        twins.take(X[rows].astype(dtype), targets[rows])
    return twins
