"""Modules as functions of their parameters."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.testing import GradcheckError, gradcheck

X = np.random.default_rng(3).normal(size=(5, 2))
Y = np.random.default_rng(4).normal(size=(5, 1))


class Pair(NamedTuple):
    left: nn.Parameter
    right: nn.Parameter


class Nested(nn.Module):
    """Parameters in every kind of container, one of them shared, and one that is not called."""

    def __init__(self) -> None:
        self.first = nn.Linear(2, 2, rng=0)
        self.scales = [nn.Parameter(2.0), nn.Parameter(3.0)]
        self.same_list = self.scales
        self.offsets: Any = {"in": nn.Parameter([0.5, 0.25]), "deep": [(nn.Parameter(1.0), "text")]}
        self.pair = Pair(nn.Parameter(0.1), nn.Parameter(0.2))
        self.heads = (nn.Linear(2, 1, bias=False, rng=1), nn.Dense(1, "tanh", in_features=2, rng=2))
        self.tied = nn.Linear(2, 2, rng=3)
        self.tied.weight = self.first.weight
        self.fail = False

    def forward(self, x: Any, *, power: int = 1) -> Any:
        x = self.first(x) * self.scales[0] + self.offsets["in"]
        x = self.tied(x) * self.same_list[1] + self.offsets["deep"][0][0]
        if self.fail:
            raise FloatingPointError("as told")
        first, second = self.heads
        return (first(x) * self.pair.left + second(x) * self.pair.right) ** power


def mean_square(model: nn.Module) -> Callable[[Any], Any]:
    """Return the loss as a function of the parameters."""
    return lambda p: np.mean((nn.functional_call(model, p, X) - Y) ** 2)


def places(value: Any) -> Any:
    """Return the identity of all that a module holds."""
    if isinstance(value, nn.Module):
        return id(value), {name: places(each) for name, each in vars(value).items()}
    if isinstance(value, dict):
        return id(value), {name: places(each) for name, each in value.items()}
    if isinstance(value, (list, tuple)):
        return id(value), [places(each) for each in value]
    return id(value)


def moved(model: nn.Module) -> dict[str, Any]:
    """Return other values for all parameters."""
    return {path: value + 0.25 for path, value in model.state_dict().items()}


def test_values_take_the_place_of_the_parameters_in_every_container() -> None:
    model, other = Nested(), Nested()
    values = moved(model)
    other.load_state_dict(values)
    before, state = places(model), model.state_dict()
    out = nn.functional_call(model, values, X, power=2)
    assert np.array_equal(out.numpy(), other(X, power=2).numpy())
    assert places(model) == before
    assert all(np.array_equal(value, state[path]) for path, value in model.state_dict().items())


@pytest.mark.parametrize("path", [path for path, _ in Nested().named_parameters()])
def test_parameters_left_out_keep_their_own(path: str) -> None:
    model, other = Nested(), Nested()
    values = {path: moved(model)[path]}
    other.load_state_dict({**model.state_dict(), **values})
    assert np.array_equal(model.functional_call(values, X).numpy(), other(X).numpy())
    assert not np.array_equal(model.functional_call({}, X).numpy(), other(X).numpy())


def test_the_module_is_as_it_was_when_forward_raises() -> None:
    model = Nested()
    model.fail = True
    before = places(model)
    with pytest.raises(FloatingPointError, match="as told"):
        model.functional_call(moved(model), X)
    assert places(model) == before
    assert len(list(model.parameters())) == 12


def test_parameters_can_be_exchanged() -> None:
    class Held(nn.Module):
        def __init__(self) -> None:
            self.held = [nn.Parameter(2.0), nn.Parameter(3.0)]
            self.again = (self.held, self.held[0])

        def forward(self) -> list[float]:
            return [each.item() for each in (*self.held, *self.again[0], self.again[1])]

    model = Held()
    exchanged = {"held.0": model.held[1], "held.1": model.held[0]}
    assert model.functional_call(exchanged) == [3.0, 2.0, 3.0, 2.0, 3.0]
    assert model() == [2.0, 3.0, 2.0, 3.0, 2.0]


def test_arrays_become_tensors_of_their_own() -> None:
    class Scaled(nn.Module):
        def __init__(self) -> None:
            self.scale = nn.Parameter([1.0, 1.0])

        def forward(self, x: Any) -> Any:
            self.seen = self.scale
            return self.scale.relu() * x

    model, value = Scaled(), np.array([1.0, -1.0])
    out = model.functional_call({"scale": value}, X)
    assert type(out) is ag.Tensor
    assert not out.requires_grad
    assert not np.shares_memory(model.seen.numpy(), value)
    assert np.array_equal(model.functional_call({"scale": [1, -1]}, X).numpy(), out.numpy())


def test_gradients_are_those_of_backward() -> None:
    model = Nested()
    mean_square(model)({}).backward()
    expected = {path: parameter.grad for path, parameter in model.named_parameters()}
    model.zero_grad()
    loss = mean_square(model)
    plain = ag.grad(loss)(model.state_dict())
    tensors = ag.grad(loss)(dict(model.named_parameters()))
    assert list(plain) == list(tensors) == list(expected)
    for path, gradient in expected.items():
        np.testing.assert_allclose(plain[path], gradient, rtol=1e-14, atol=1e-16)
        np.testing.assert_array_equal(tensors[path].numpy(), plain[path])
        assert type(plain[path]) is np.ndarray
    assert all(parameter.grad is None for parameter in model.parameters())


def test_only_what_is_given_has_a_gradient() -> None:
    model = nn.Linear(2, 1, rng=0)
    gradient = ag.grad(mean_square(model))({"bias": np.zeros(1)})
    residual = X @ model.weight.numpy().T - Y
    np.testing.assert_allclose(gradient["bias"], 2 * residual.mean(axis=0), rtol=1e-14)


def test_jvp_and_hessian() -> None:
    model = nn.Linear(2, 1, rng=0)
    loss, state = mean_square(model), model.state_dict()
    tangent = {"weight": np.array([[1.0, -2.0]]), "bias": np.array([0.5])}
    value, slope = ag.jvp(loss, (state,), (tangent,))
    gradient = ag.grad(loss)(state)
    assert value == pytest.approx(mean_square(model)({}).item(), rel=1e-15)
    assert slope == pytest.approx(sum(np.sum(gradient[p] * tangent[p]) for p in state), rel=1e-13)

    rows = np.column_stack([X, np.ones(5)])
    second = ag.hessian(loss)(state)
    found = np.block(
        [
            [second["weight"]["weight"].reshape(2, 2), second["weight"]["bias"].reshape(2, 1)],
            [second["bias"]["weight"].reshape(1, 2), second["bias"]["bias"].reshape(1, 1)],
        ]
    )
    np.testing.assert_allclose(found, 2 / 5 * rows.T @ rows, rtol=1e-13, atol=1e-15)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_a_gradient_through_an_update() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Tanh(), nn.Linear(3, 1, rng=1))
    loss, state = mean_square(model), model.state_dict()

    def after_a_step(rate: Any) -> Any:
        gradient = ag.grad(loss)(state)
        return loss({path: value - rate * gradient[path] for path, value in state.items()})

    steps = [after_a_step(0.1 + sign * 1e-5).item() for sign in (1, -1)]
    assert ag.grad(after_a_step)(0.1) == pytest.approx((steps[0] - steps[1]) / 2e-5, rel=1e-6)


def test_a_penalty_on_its_own_parameters_sees_the_values() -> None:
    class Penalized(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(2, 1, rng=0)

        def forward(self, x: Any) -> Any:
            return np.sum(self.layer(x)) + sum(np.sum(p * p) for p in self.parameters())

    model = Penalized()
    gradient = ag.grad(lambda p: model.functional_call(p, X))(model.state_dict())
    expected = X.sum(axis=0) + 2 * model.layer.weight.numpy()
    np.testing.assert_allclose(gradient["layer.weight"], expected, rtol=1e-14)


def test_a_call_within_a_call() -> None:
    class Inner(nn.Module):
        def __init__(self) -> None:
            self.layer = nn.Linear(2, 1, rng=0)

        def forward(self, x: Any) -> Any:
            doubled = {path: 2.0 * p for path, p in self.layer.named_parameters()}
            return self.layer.functional_call(doubled, x) + self.layer(x)

    model = Inner()
    before, state = places(model), model.state_dict()
    out = model.functional_call({path: 10 * value for path, value in state.items()}, X)
    np.testing.assert_allclose(out.numpy(), 10 * model(X).numpy(), rtol=1e-14)
    assert places(model) == before


def test_a_deep_model_needs_no_recursion() -> None:
    class Around(nn.Module):
        def __init__(self, inner: nn.Module) -> None:
            self.inner = inner

        def forward(self) -> dict[str, float]:
            return {path: parameter.item() for path, parameter in self.named_parameters()}

    model: nn.Module = nn.Linear(1, 1, bias=False)
    for _ in range(5000):
        model = Around(model)
    values = {"inner." * 5000 + "weight": 7.0}
    assert model.functional_call({path: [[value]] for path, value in values.items()}) == values


def test_names_of_arguments_are_free() -> None:
    class Named(nn.Module):
        def forward(self, module: Any, parameters: Any) -> Any:
            return module, parameters

    assert nn.functional_call(Named(), {}, module=1, parameters=2) == (1, 2)
    assert Named().functional_call({}, module=1, parameters=2) == (1, 2)


def test_all_faults_come_in_one_message_that_says_what_is_there() -> None:
    values = {"wieght": np.ones((1, 2)), "weight": np.ones((2, 1)), "bias": np.ones((1, 1))}
    with pytest.raises(ValueError, match="do not fit Linear") as caught:
        nn.functional_call(nn.Linear(2, 1), values, X)
    assert str(caught.value).split("\n") == [
        "the values do not fit Linear:",
        "  unknown: 'wieght'; is it 'weight'?",
        "  'weight': given shape (2, 1), expected (1, 2); write value.T",
        "  'bias': given shape (1, 1), expected (1,); write value.reshape((1,))",
        "It has 'weight' (1, 2), 'bias' (1,).",
    ]


def test_a_value_that_would_broadcast_is_refused() -> None:
    with pytest.raises(ValueError, match=r"'bias': given shape \(\), expected \(3,\)\n"):
        nn.functional_call(nn.Linear(2, 3), {"bias": 1.0}, X)


def test_a_large_model_is_not_listed_whole() -> None:
    model = nn.Sequential([nn.Linear(1, 1) for _ in range(9)])
    with pytest.raises(ValueError, match=r"'3.bias' \(1,\), and 10 more\."):
        nn.functional_call(model, {"none": 1.0}, X)
    with pytest.raises(ValueError, match=r"It has no parameters\."):
        nn.functional_call(nn.ReLU(), {"none": 1.0}, X)


def test_what_is_no_mapping_is_refused() -> None:
    model = nn.Linear(2, 1)
    with pytest.raises(TypeError, match=r"a list\. Write .*dict\(module\.named_parameters\(\)\)"):
        nn.functional_call(model, list(model.parameters()), X)  # type: ignore[arg-type]


def test_a_layer_that_is_not_built_says_what_to_write() -> None:
    model = nn.Sequential(nn.Dense(3, "relu"), nn.Dense(1))
    with pytest.raises(ValueError, match=r"layer '0' \(Dense\) has no .*the module once: module"):
        nn.functional_call(model, {}, X)
    model(X)
    assert np.array_equal(nn.functional_call(model, {}, X).numpy(), model(X).numpy())


@pytest.mark.parametrize(
    "make",
    [
        lambda: nn.Linear(2, 3, rng=0),
        lambda: nn.Dense(3, "tanh", rng=0),
        lambda: nn.Sequential(nn.Dense(4, "sigmoid", rng=0), nn.Linear(4, 2, rng=1), nn.Softmax()),
        lambda: nn.Sequential(nn.Linear(2, 3, rng=0), nn.Dropout(0.5, rng=0), nn.Tanh()).eval(),
        Nested,
    ],
)
@pytest.mark.parametrize("order", [1, 2])
def test_the_checker_checks_all_parameters(make: Callable[[], nn.Module], order: int) -> None:
    model = make()
    gradcheck(model, X, order=order)
    assert all(parameter.grad is None for parameter in model.parameters())


def test_the_checker_finds_a_parameter_that_is_cut_off() -> None:
    class Cut(nn.Linear):
        def forward(self, x: Any) -> Any:
            return ag.linear(x, self.weight, self.bias.detach())  # type: ignore[union-attr]

    with pytest.raises(GradcheckError) as caught:
        gradcheck(Cut(2, 1, rng=0), X)
    assert caught.value.report.input == "parameter 'bias'"


def test_the_checker_refuses_dropout_in_training_as_random() -> None:
    model = nn.Sequential(nn.Linear(2, 3, rng=0), nn.Dropout(0.5, rng=0))
    with pytest.raises(GradcheckError) as caught:
        gradcheck(model, X)
    assert caught.value.diagnosis is not None
    assert caught.value.diagnosis.kind == "random"
