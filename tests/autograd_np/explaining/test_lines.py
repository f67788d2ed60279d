"""The lines of NumPy on a page, run in order, compute what was computed."""

import numpy as np
import pytest

import autograd_np as ag
import nn
from autograd_np.ancestry import program_of
from autograd_np.explaining.numpy_lines import NumpyLines
from examples import article_000_mnist as mnist
from examples import article_001_random_regression as random_regression
from examples import article_002_sum_difference_distance as sum_difference
from examples import article_003_two_moons as two_moons
from examples import article_004_iris as iris
from tests.autograd_np.explaining.pages import check_function, check_lines

rng = np.random.default_rng(0)
X, W, w = rng.normal(size=(4, 3)), rng.normal(size=(3, 2)), rng.normal(size=3)
P, y = rng.random((4, 3)) + 0.5, np.array([0, 1, 1, 0])


def residual(x, w):
    h = x + w
    z = h + np.tanh(h)
    return (z + h).sum() + z.mean()


def assigned(x):
    z = x * 1.0
    z[0] = 2 * x[1]
    z[np.array([1, 2]), 1] = 0.0
    return (z * z).sum()


def penalised(x):
    slope = ag.grad(lambda v: np.sum(v**3))(x)
    return np.sum(slope**2)


CASES = {
    "matmul": (lambda w, x: np.mean((x @ w - 1.0) ** 2), w, X),
    "cross_entropy": (lambda W, x, y: ag.cross_entropy(x @ W, y), W, X, y),
    "logits": (lambda W: ag.binary_cross_entropy_with_logits(X @ W, X[:, :2] > 0), W),
    "probabilities": (lambda x: ag.binary_cross_entropy(ag.sigmoid(x), 0.3 * np.ones((4, 3))), X),
    "softmax": (lambda x: np.sum(ag.softmax(x) * ag.log_softmax(x)) + ag.logsumexp(x), X),
    "relu, not a number": (ag.relu, X),
    "ties": (lambda x: np.max(x, axis=0) + np.maximum(x, 0).sum(), X),
    "indices": (lambda x: x[1:, ::2].sum() + x[np.array([0, 0]), 1].sum() + x[x > 0].sum(), X),
    "assignment": (assigned, X),
    "joining": (lambda x: np.concatenate([x, x * 2], axis=1).sum() + np.stack([x[0]]).prod(), X),
    "splitting": (lambda x: np.split(x, 3, axis=1)[1].sum() * x.std(), X),
    "einsum": (lambda x, W: np.einsum("ij,jk->ik", x, W).sum(), X, W),
    "linear algebra": (lambda x: np.linalg.det(x.T @ x) + np.linalg.inv(x.T @ x).sum(), X),
    "several outputs": (lambda x: np.linalg.eigh(x.T @ x)[0].sum() + np.linalg.svd(x)[1].sum(), X),
    "cumulative": (lambda x: np.cumsum(x, axis=0).sum() + np.var(x, axis=1, ddof=1).sum(), X),
    "single precision": (lambda x: (x * 0.1 / 3 + np.float32(2.5)).sum(), X.astype(np.float32)),
    "casts": (lambda x, w: (x + w).astype(np.float32).sum(), X.astype(np.float32), w),
    "complex": (lambda x: np.abs(np.fft.fft(x)).sum() + np.real(x * 1j).sum(), X),
    "powers": (lambda p: np.power(p, 2.5).sum() + (p**3).sum() + np.power(p, p).sum(), P),
    "choices": (lambda x: np.where(x > 0, x, 0.1 * x).sum() + np.clip(x, -1, 1).sum(), X),
    "handed on": (residual, X, w),
    "numbers": (lambda a, b: a * b + np.sin(a), 2.0, -3.0),
    "signs and infinities": (lambda x: np.minimum(x, np.inf).sum() + (x * -2.0).sum(), X),
    "arranging": (lambda x: np.pad(x, 1).sum() + np.roll(x, 1).sum() + np.tile(x, 2).sum(), X),
    "quantiles": (lambda x: np.median(x) + np.quantile(x, 0.3), X),
    "a gradient inside": (penalised, X),
    "containers": (lambda p, x: np.sum(np.tanh(x @ p["W"] + p["b"])), {"W": W, "b": w[:2]}, X),
}


@pytest.mark.parametrize("name", CASES)
def test_lines_compute_every_value(name):
    check_function(*CASES[name])


def test_functions_of_the_users_own_are_called_by_their_names():
    @ag.custom_op(x=lambda g, x: g * 3 * x**2)
    def cubed(x):
        return x**3

    items, _, _ = check_function(lambda x: cubed(x).sum(), w)
    assert items["steps"][1]["lines"] == ["t1 = cubed(x)"]
    assert items["steps"][-2]["lines"] == ["dx = dt1 * 3 * np.square(x)"]


def mnist_loss():
    x, targets = rng.random((20, 784)), np.eye(10)[rng.integers(0, 10, 20)]
    return mnist.batch_loss(mnist.network()(x), targets)


def regression_loss():
    return np.sum(random_regression.Network.draw().residuals() ** 2)


def difference_loss():
    task = sum_difference.Task.draw()
    return sum_difference.minimised(sum_difference.network(task.random)(task.x[:50]) - task.y[:50])


def moons_loss():
    logits = two_moons.network()[:-1](rng.normal(size=(30, 2)))
    return nn.BCEWithLogitsLoss()(logits, rng.integers(0, 2, (30, 1)).astype(float))


def iris_loss():
    return ag.cross_entropy(iris.network()(rng.normal(size=(30, 4))), rng.integers(0, 3, 30))


LOSSES = [mnist_loss, regression_loss, difference_loss, moons_loss, iris_loss]


@pytest.mark.parametrize("loss_of", LOSSES)
def test_lines_of_the_articles_networks(loss_of):
    with ag.record():
        loss = loss_of()
    program = program_of((loss,), None, "explain", backward=True)
    items, _, data = check_lines(program)
    parameters = [ref for ref in program.inputs if program.variables[ref.index].requires_grad]
    assert len(parameters) >= 2
    phases = [step["phase"] for step in items["steps"]]
    assert phases.count("forward") == len(data.walk.forward)
    assert phases[0] == "start"
    assert phases[-1] == "done"
    assert len(items["steps"][-1]["writes"]) == len(parameters)
    assert not any("?" in line for step in items["steps"] for line in step["lines"])


def test_a_reverse_pass_that_the_user_recorded():
    w = ag.Tensor(W, requires_grad=True, name="W")
    with ag.record():
        loss = np.sum(np.tanh(X @ w) ** 2)
        loss.backward()
    _, namespace, _ = check_lines(program_of((loss,), None, "explain", backward=True))
    np.testing.assert_allclose(namespace["dW"], w.grad, rtol=1e-12)


def lines(function, *args):
    items, _, _ = check_function(function, *args)
    return [line for step in items["steps"] for line in step["lines"]]


def test_lines_read_as_a_person_would_write_them():
    def loss(W, b, x):
        z = x @ W + b
        return np.sum(ag.relu(z))

    assert lines(loss, W, w[:2], X) == [
        "t1 = x @ W",
        "z = t1 + b",
        "t2 = np.maximum(z, 0)",
        "result = np.sum(t2)",
        "dt2 = np.broadcast_to(dresult.reshape((1, 1)), (4, 2))",
        "dz = dt2 * (t2 > 0)",
        "db = np.dot(ones, dz)",
        "dt1 = dz",
        "dx = np.dot(dz, W.T)",
        "dW = np.dot(x.T, dz)",
    ]


def test_numbers_stand_where_they_are_used():
    assert lines(lambda x: (x - 0.25) * 3 / -1.5, w)[:3] == [
        "t1 = x - 0.25",
        "t2 = t1 * 3",
        "result = t2 / (-1.5)",
    ]


def test_arrays_are_told_where_they_are_first_used():
    x = ag.Tensor(rng.normal(size=200), name="x")
    few, many = np.arange(30) * 3, rng.integers(0, 200, 100)
    with ag.record() as program:
        first, second, third = x[few], x[many], x[few + 0]
    names = {
        program.ref(tensor).index: name
        for tensor, name in zip((x, first, second, third), "xabc", strict=True)
    }
    written = NumpyLines(program, names)
    found = [written.of([call], {call.outputs[0].index}) for call in program.calls]
    assert found[0] == [f"array = np.array({few.tolist()}, np.int64)", "a = x[array]"]
    assert found[1] == ["# array_2: int64 (100,)", "b = x[array_2]"]
    assert written.namespace["array_2"] is many
