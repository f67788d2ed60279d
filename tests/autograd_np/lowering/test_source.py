"""The NumPy source of a step: runs by itself, is readable, and stands in tracebacks."""

import itertools
import json
import os
import re
import subprocess
import sys
import traceback
from pathlib import Path

import numpy as np
import pytest

import autograd_np as ag

GOLDEN = Path(__file__).with_name("article_003.py.txt")

# Write the golden file anew with
#     UPDATE_GOLDEN=1 python -m pytest tests/autograd_np/lowering/test_source.py
UPDATE = "UPDATE_GOLDEN" in os.environ


def network(widths, rng):
    """Weights and biases by name, as article 003 draws them."""
    return {
        f"{letter}{layer}": ag.Tensor(
            rng.normal(scale=0.1, size=shape), requires_grad=True, name=f"{letter}{layer}"
        )
        for layer, (before, after) in enumerate(itertools.pairwise(widths), 1)
        for letter, shape in (("W", (before, after)), ("b", (after,)))
    }


def article_003():
    """One step of the two moons' network, and what it is called with."""
    rng = np.random.default_rng(0)
    parameters = network((2, 25, 50, 50, 25, 1), rng)

    @ag.compile
    def step(x, y):
        for p in parameters.values():
            p.grad = None
        h = x
        for layer in range(1, 6):
            z = h @ parameters[f"W{layer}"] + parameters[f"b{layer}"]
            h = ag.relu(z)
        loss = ag.binary_cross_entropy_with_logits(z, y)
        loss.backward()
        for p in parameters.values():
            p.data -= 0.01 * p.grad
            p.grad = None
        return loss

    x = rng.normal(size=(900, 2))
    return step, parameters, (x, (x[:, :1] * x[:, 1:] > 0).astype(float))


def test_golden():
    step, _, (x, y) = article_003()
    step(x, y)
    # Which line of this file a number is from is not its business.
    source = re.sub(r"test_source\.py:\d+", "test_source.py", step.source)
    if UPDATE:
        GOLDEN.write_text(source)
    assert source == GOLDEN.read_text(), "see how to write it anew at the top of this file"


def test_names_and_sections():
    step, parameters, (x, y) = article_003()
    step(x, y)
    source = step.source
    for name in parameters:
        assert f"d{name} = " in source
    sections = [line.strip() for line in source.splitlines() if line.startswith("    # ")]
    assert sections == ["# forward", "# backward", "# update"]
    for number in range(1, 6):
        assert f"@ W{number}" in source or f", W{number}, out=" in source
    top, _, body = source.partition("def step(")
    assert "0.01" in top.partition("# Constants of the trace.")[2]
    assert "0.01" not in body
    assert f"{os.path.basename(__file__)}:" in top


def test_every_line_has_its_shape():
    step, _, (x, y) = article_003()
    step(x, y)
    body = step.source.partition("# forward")[2]
    lines = [line for line in body.splitlines() if " = " in line]
    assert len(lines) > 30
    assert all("  # (" in line for line in lines)


RUN = """
import json, sys
import numpy as np
sys.modules["autograd_np"] = None
given = dict(np.load("given.npz"))
for flat, names in json.load(open("packs.json")).items():
    # Parameters that lie in one array, and that array.
    given[flat] = np.concatenate([given[name].ravel() for name in names])
    start = 0
    for name in names:
        stop = start + given[name].size
        given[name] = given[flat][start:stop].reshape(given[name].shape)
        start = stop
source = {}
exec(compile(open("pasted.py").read(), "pasted.py", "exec"), source)
for _ in range(3):
    results = source["step"](**given)
np.savez("out.npz", *results, **given)
"""


def run_alone(step, given, folder):
    """Three calls of the source in a Python that knows NumPy only; results and arguments."""
    (folder / "pasted.py").write_text(step.source)
    (folder / "run.py").write_text(RUN)
    names = re.findall(r"\w+", step.source.partition("def step(")[2].partition("):")[0])
    by_index = {ref.index: n for ref, n in zip(step.program.inputs, names, strict=True)}
    packs = {
        by_index[flat]: [by_index[ref.index] for ref in refs]
        for flat, refs in step.program.packs.items()
    }
    (folder / "packs.json").write_text(json.dumps(packs))
    np.savez(folder / "given.npz", **given)
    environment = {name: v for name, v in os.environ.items() if name != "PYTHONPATH"}
    subprocess.run([sys.executable, "run.py"], check=True, cwd=folder, env=environment)
    return dict(np.load(folder / "out.npz"))


def test_runs_when_it_is_pasted_into_a_file(tmp_path):
    step, parameters, (x, y) = article_003()
    step(x, y)
    given = {"x": x, "y": y} | {name: p.numpy() for name, p in parameters.items()}
    for _ in range(3):
        loss = step(x, y)
    found = run_alone(step, given, tmp_path)
    assert found["arr_0"] == loss.item()
    for name, p in parameters.items():
        assert np.array_equal(found[name], p.numpy())


def plain_step():
    """A step of plain arrays, whose constants are of every kind."""

    def step(w, x, rate):
        def loss(w):
            z = np.tanh(x @ w) * np.float32(0.5) + np.array([0.0, -0.0, 2.0])
            z = np.where(z > -np.inf, z, complex(1.0, -0.0).real) + np.zeros((0, 3)).sum(axis=0)
            return ag.logsumexp(z, axis=1).sum() + (z[:2, 1:] ** 2).mean()

        value, gradient = ag.value_and_grad(loss)(w)
        return value, w - rate * gradient

    return step


def test_constants_of_every_kind(tmp_path):
    function = plain_step()
    step = ag.compile(function)
    rng = np.random.default_rng(0)
    w, x = rng.normal(size=(4, 3)), rng.normal(size=(5, 4))
    step(w, x, 0.1)
    value, new = step(w, x, 0.1)
    found = run_alone(step, {"w": w, "x": x, "rate": 0.1}, tmp_path)
    assert found["arr_0"] == value == function(w, x, 0.1)[0]
    assert np.array_equal(found["arr_1"], new)


@pytest.mark.parametrize(
    "name",
    ["σ²", "W₁", "a b", "lambda", "np", "1", "buffer", "print", "t1", "class.weight", "_", "", "x"],
)
def test_any_name_will_do(name):
    p, q = (ag.Tensor([float(v)], requires_grad=True, name=name) for v in (2, 3))
    step = ag.compile(lambda x: p * x + q)
    for _ in range(2):
        assert step(np.ones(1)).item() == 5


def test_names_that_python_takes_for_the_same():
    p, q = (ag.Tensor([v], requires_grad=True, name=n) for v, n in ((2.0, "fi"), (3.0, "ﬁ")))
    step = ag.compile(lambda x: p * x + q * 3)
    for _ in range(2):
        assert step(np.ones(1)).item() == 11


def test_an_error_at_a_call_shows_the_line():
    calls = []

    def fail():
        calls.append(None)
        if len(calls) > 1:
            raise ValueError("later")
        return np.ones(2)

    step = ag.compile(lambda x: x * ag.callback(fail))
    step(np.ones(2))
    with pytest.raises(ValueError, match="later") as raised:
        step(np.ones(2))
    shown = "".join(traceback.format_exception(raised.value))
    assert "<autograd_np " in shown
    assert "t1 = fail()" in shown


def test_the_program_has_no_values_left():
    step, _, (x, y) = article_003()
    step(x, y)
    assert "forward" in step.source
    assert all(variable.value is None for variable in step.program.variables.values())
    assert "multiply" in str(step.program)
